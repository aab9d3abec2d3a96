#!/usr/bin/env bats
# check-config-drift.sh --compare: what is configured differently in two environments, in words.

load ../helpers/migrate
load reports

setup() {
    use_scratch
    use_reports
    three_operations
    kept=storage/config-drift
    mig 'SELECT migrate_apply()' >out
}

@test "drift --compare: says when both are configured alike" {
    drift staging >out
    drift production >out
    run --separate-stderr -0 drift --compare staging production
    [ "$output" = "staging and production are configured alike (4 files)" ]
    [ "$stderr" = "" ]
    run --separate-stderr -0 drift --compare staging production schema
    [ "$output" = "staging and production are configured alike (1 file)" ]
    [ "$(ls -A tmp)" = "" ]
}

@test "drift --compare: says what differs in which key, and ends with 2" {
    drift staging >out
    plain 'PRAGMA user_version = 7' 'PRAGMA journal_mode = wal' 'DROP INDEX users_name' 'CREATE TABLE more (x)' >out
    mig 'SELECT migrate_rollback()' >out
    drift production >out
    run --separate-stderr -2 drift --compare staging production
    local index more old new sum
    index=$(sed -n 's/^  "index users_name": \(.*\),$/\1/p' "$kept"/staging/schema.json)
    more=$(sed -n 's/^  "table more": \(.*\),$/\1/p' "$kept"/production/schema.json)
    old=$(sed -n 's/^  "fingerprint": \(.*\),$/\1/p' "$kept"/staging/schema.json)
    new=$(sed -n 's/^  "fingerprint": \(.*\),$/\1/p' "$kept"/production/schema.json)
    sum=$(plain 'SELECT checksum FROM migration WHERE version = 3')
    [ "$output" = "database: journal_mode: staging has \"delete\", production has \"wal\"
database: user_version: staging has 0, production has 7
migrations: 0003-TASK-2-add-ann: staging has \"completed $sum\", production has \"rollback $sum\"
migrations: version: staging has 3, production has 2
schema: fingerprint: staging has $old, production has $new
schema: index users_name: staging has $index, production has nothing
schema: table more: staging has nothing, production has $more" ]
    [ "$stderr" = "" ]
}

@test "drift --compare: compares only the keys that are named" {
    drift staging >out
    plain 'PRAGMA user_version = 7' 'CREATE TABLE more (x)' >out
    drift production >out
    run --separate-stderr -2 drift --compare staging production database migrations
    [ "$output" = "database: user_version: staging has 0, production has 7" ]
    run --separate-stderr -0 drift --compare staging production migrations
}

@test "drift --compare: names the files that are missing" {
    drift staging database schema >out
    drift production database migrations >out
    run --separate-stderr -2 drift --compare staging production
    [ "$output" = "migrations: staging has no file storage/config-drift/staging/migrations.json
schema: production has no file storage/config-drift/production/schema.json" ]
    run --separate-stderr -2 drift --compare staging production file:app.ini
    [ "$output" = "file:app.ini: staging has no file storage/config-drift/staging/file%3Aapp.ini.json
file:app.ini: production has no file storage/config-drift/production/file%3Aapp.ini.json" ]
}

@test "drift --compare: shows that secrets differ, and takes the same secret for the same" {
    printf '[db]\nhost = a\npassword = hunter2\n' >'my app.ini'
    drift staging 'file:my app.ini' >out
    sed -i 's/host = a/host = b/' 'my app.ini'
    drift production 'file:my app.ini' >out
    run --separate-stderr -2 drift --compare staging production
    [ "$output" = 'file:my app.ini: db/host: staging has "a", production has "b"' ]
    sed -i 's/host = b/host = a/; s/hunter2/hunter3/' 'my app.ini'
    drift production 'file:my app.ini' >out
    run --separate-stderr -2 drift --compare staging production
    [ "$output" = "file:my app.ini: db/password: staging has \"sha256:$(printf hunter2 | sha256sum | cut -d' ' -f1)\", production has \"sha256:$(printf hunter3 | sha256sum | cut -d' ' -f1)\"" ]
}

@test "drift --compare: takes a text for something else than a number, and an empty text for something else than nothing" {
    echo '{"a": 1, "b": "", "c": null}' >app.json
    drift staging file:app.json >out
    echo '{"a": "1", "c": "null"}' >app.json
    drift production file:app.json >out
    run --separate-stderr -2 drift --compare staging production
    [ "$output" = 'file:app.json: a: staging has 1, production has "1"
file:app.json: b: staging has "", production has nothing
file:app.json: c: staging has null, production has "null"' ]
}

@test "drift --compare: shows names and values that hold everything, on one line each" {
    cat >$'new\nline.json' <<<'{"a\": b,\n": "x\",\n\u001b[2J \\"}'
    drift staging file:$'new\nline.json' >out
    echo '{}' >$'new\nline.json'
    drift production file:$'new\nline.json' >out
    run --separate-stderr -2 drift --compare staging production
    [ "$output" = 'file:new?line.json: a\": b,\n: staging has "x\",\n\u001b[2J \\", production has nothing' ]
}

@test "drift --compare: needs no connection and no database" {
    drift staging >out
    rm -r app.db migrations
    unset DATABASE_URL
    run --separate-stderr -0 drift --compare staging staging
}

@test "drift --compare: fails where an environment has no files" {
    drift staging >out
    run --separate-stderr -66 drift --compare staging production
    [ "$stderr" = "check-config-drift.sh: there is no folder storage/config-drift/production
hint: check-config-drift.sh production writes it" ]
    mkdir "$kept"/a "$kept"/b
    run --separate-stderr -66 drift --compare a b
    [ "$stderr" = "check-config-drift.sh: there is nothing to compare
hint: check-config-drift.sh a writes files" ]
}

@test "drift --compare: refuses a file that it did not write, or that was cut off" {
    drift staging database >out
    mkdir "$kept"/production
    local text
    head -n 3 "$kept"/staging/database.json >cut.json
    printf '{"page_size": 4096}\n' >text.json
    { cat "$kept"/staging/database.json && echo x; } >more.json
    : >empty.json
    for text in cut text more empty; do
        cp $text.json "$kept"/production/database.json
        run --separate-stderr -65 drift --compare staging production
        [ "$output" = "" ]
        [ "$stderr" = "check-config-drift.sh: storage/config-drift/production/database.json is not a file that check-config-drift.sh wrote
hint: write it anew: check-config-drift.sh production" ]
    done
}

@test "drift --compare: refuses a name that is not that of an environment" {
    run --separate-stderr -64 drift --compare staging ../production
    [ "$stderr" = "check-config-drift.sh: \"../production\" is not the name of an environment
hint: letters, digits, \".\" and \"-\", and a letter or digit first: staging is one" ]
}
