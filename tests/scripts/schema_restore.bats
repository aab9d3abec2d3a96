#!/usr/bin/env bats
# schema-restore.sh: a dump into a database that is empty, or into none.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load front
load schema

setup() {
    use_scratch
    use_schema
    three_operations
    apply app.db
    dump default main -q
}

# What is in the working directory but for what the setup made.
left() {
    find . -maxdepth 1 -name '*new*' -o -path './tmp/*' | sort
}

# Refused with these lines, and no database comes of it.
refuses_dump() { # <status> <line>...
    local status_wanted=$1
    shift
    run --separate-stderr "-$status_wanted" restore sqlite:new.db main
    [ "$output" = "" ]
    [ "$stderr" = "$(printf '%s\n' "$@")" ] || {
        printf '%s\n' "$stderr"
        return 1
    }
    [ "$(left)" = "" ]
}

@test "schema-restore.sh: makes the database, and says which version it is at" {
    umask 027
    run --separate-stderr -0 restore sqlite:new.db main
    [ "$output" = "the database is at version 3" ]
    [ "$stderr" = "" ]
    [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ]
    [ "$(stat -c %a new.db)" = 640 ]
    [ "$(ask new.db 'PRAGMA integrity_check')" = ok ]
    [ "$(left)" = ./new.db ]
}

@test "schema-restore.sh: takes the name from the connection, and any file with --file" {
    mv "$main" database/schema/new.sql
    restore sqlite:new.db -q
    mv new.db one.db
    mv database/schema/new.sql $'it\'s -a\n dump'
    restore sqlite:new.db --file $'it\'s -a\n dump' -q
    cmp one.db new.db
    mv $'it\'s -a\n dump' -- -x.sql
    restore sqlite:other.db --file=-x.sql -q
    run --separate-stderr -64 restore sqlite:new.db main --file x
    [ "$stderr" = "schema-restore.sh: --file and NAME do not go together
hint: schema-restore.sh --help" ]
}

@test "schema-restore.sh: what comes behind the dump can be applied" {
    operation 0004 TASK-2 more 'ALTER TABLE users ADD COLUMN mail TEXT;' 'ALTER TABLE users DROP COLUMN mail;'
    restore sqlite:new.db main -q
    front up --connection sqlite:new.db -q
    apply app.db
    [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ]
    front down all --connection sqlite:new.db -q
    [ "$(front current --connection sqlite:new.db)" = 0 ]
}

@test "schema-restore.sh: loads into a file that is empty, and keeps its mode" {
    : >new.db
    chmod 600 new.db
    inode=$(stat -c %i new.db)
    run --separate-stderr -0 restore sqlite:new.db main
    [ "$output" = "the database is at version 3" ]
    [ "$(stat -c '%a %i' new.db)" = "600 $inode" ]
    [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ]
}

@test "schema-restore.sh: loads into a database in which nothing is left" {
    ask new.db 'PRAGMA journal_mode = WAL' 'CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)' 'DROP TABLE a'
    restore sqlite:new.db main -q
    [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ]
}

@test "schema-restore.sh: refuses a database that is not empty, and says what is in it" {
    ask new.db 'CREATE TABLE a (b UNIQUE)' 'CREATE VIEW v AS SELECT 1' 'CREATE INDEX i ON a (b)' 'CREATE TABLE z (b)'
    cp new.db before
    run --separate-stderr -65 restore sqlite:new.db main
    [ "$output" = "" ]
    [ "$stderr" = "schema-restore.sh: the database new.db is not empty: it has index i, table a, table z and 1 more
hint: a dump is loaded into an empty database only" ]
    cmp before new.db
    run --separate-stderr -65 restore default main
    [ "${stderr_lines[0]}" = "schema-restore.sh: the database app.db is not empty: it has index migration_state, index users_name, table migration and 2 more" ]
}

@test "schema-restore.sh: the dump itself changes no database that is not empty, in the bare shell" {
    ask other.db 'CREATE TABLE a (b)'
    cp other.db before
    run -1 sqlite3 -batch -init /dev/null other.db <"$main"
    [[ $output == *"CHECK constraint failed: the database is not empty"* ]]
    cmp before other.db
    cp app.db before
    run -1 sqlite3 -batch -init /dev/null app.db <"$main"
    cmp before app.db
}

@test "schema-restore.sh: a dump of which one statement fails loads nothing, in the bare shell" {
    sed -i 's/^CREATE INDEX users_name ON users (name)/CREATE INDEX users_name ON nowhere (name)/' "$main"
    run -1 sqlite3 -batch -init /dev/null bare.db <"$main"
    [[ $output == *"CHECK constraint failed: not all of it was loaded, so nothing was"* ]]
    [ "$(ask bare.db 'SELECT count(*) FROM sqlite_schema')" = 0 ]
    refuses_dump 65 "schema-restore.sh: cannot load $main: line $(grep -n 'nowhere (name);' "$main" | head -n 1 | cut -d: -f1): no such table: main.nowhere" \
        "hint: new.db is as it was"
}

@test "schema-restore.sh: refuses a dump that is cut off anywhere" {
    local lines at
    cp "$main" whole
    lines=$(wc -l <"$main")
    for at in 0 1 3 5 6 7 20 $((lines / 2)) $((lines - 1)); do
        head -n "$at" whole >"$main"
        run -65 restore sqlite:new.db main
        [ ! -e new.db ]
    done
    head -c -9 whole >"$main"
    refuses_dump 65 "schema-restore.sh: the dump $main is cut off: its last line is not COMMIT;" "hint: take an undamaged copy"
    : >"$main"
    refuses_dump 65 "schema-restore.sh: $main does not begin as a dump does" "hint: schema-dump.sh writes dumps; take an undamaged copy"
}

@test "schema-restore.sh: refuses a dump in which the schema was changed" {
    sed -i 's/name TEXT NOT NULL/name TEXT/' "$main"
    refuses_dump 65 "schema-restore.sh: the dump $main is damaged: it does not give the schema and version that its head names" \
        "hint: take an undamaged copy"
}

@test "schema-restore.sh: refuses a dump in which a row is missing or changed" {
    cp "$main" whole
    sed -i 's/DROP TABLE users/DROP TABLE others/' "$main"
    refuses_dump 65 "schema-restore.sh: the dump $main is damaged: the code of operation 1 was changed" "hint: take an undamaged copy"
    sed "s/^    'completed',/    'rollback',/" whole >"$main"
    refuses_dump 65 "schema-restore.sh: the dump $main is damaged: it does not give the schema and version that its head names" \
        "hint: take an undamaged copy"
}

@test "schema-restore.sh: refuses a dump of another format" {
    sed -i 's/^-- format: 1/-- format: 2/' "$main"
    refuses_dump 65 "schema-restore.sh: the dump $main is of format 2; this version reads format 1"
}

@test "schema-restore.sh: refuses commands of the shell, not lines that begin with a dot" {
    operation 0004 TASK-2 dots $'CREATE TABLE dots (a DEFAULT \'\n.shell touch made\n\');'
    apply app.db
    dump default main -q
    restore sqlite:new.db main -q
    [ ! -e made ]
    rm new.db
    sed -i '$i .shell touch made' "$main"
    refuses_dump 65 "schema-restore.sh: line $(($(wc -l <"$main") - 1)) of the dump $main is a command of the sqlite3 shell" \
        "hint: a dump holds plain SQL"
    [ ! -e made ]
}

@test "schema-restore.sh: says when there is no dump" {
    rm "$main"
    refuses_dump 66 "schema-restore.sh: there is no dump $main" "hint: schema-dump.sh writes it"
    mkdir "$main"
    refuses_dump 66 "schema-restore.sh: the dump $main is not a file"
}

@test "schema-restore.sh: refuses a place where another database has left its log" {
    printf 'log\n' >new.db-wal
    run --separate-stderr -65 restore sqlite:new.db main
    [ "$stderr" = "schema-restore.sh: there is no database new.db, but new.db-wal, which belongs to one
hint: bring that database back, or move the file away" ]
    mv new.db-wal new.db-journal
    run --separate-stderr -65 restore sqlite:new.db main
    [ ! -e new.db ]
}

@test "schema-restore.sh: refuses a symbolic link that leads nowhere, and what is no file" {
    ln -s precious new.db
    run --separate-stderr -78 restore sqlite:new.db main
    [ "$stderr" = "schema-restore.sh: the database new.db is a symbolic link that leads nowhere" ]
    [ ! -e precious ]
    rm new.db
    mkdir new.db
    run --separate-stderr -78 restore sqlite:new.db main
    [ "$stderr" = "schema-restore.sh: the database new.db is not a file" ]
}

@test "schema-restore.sh: says when the database cannot be made" {
    run --separate-stderr -73 restore sqlite:nowhere/new.db main
    [ "$stderr" = "schema-restore.sh: cannot make a file beside nowhere/new.db
hint: check the folder, its permissions and the free space" ]
}

@test "schema-restore.sh: does not wait for ever for an empty database that is locked" {
    : >new.db
    mkfifo held let_go
    {
        printf 'BEGIN EXCLUSIVE;\n.shell echo held > held\n'
        cat let_go
    } | sqlite3 -batch -bail -init /dev/null new.db 3>&- &
    holder=$!
    read -r _ <held
    MIGRATE_LOCK_TIMEOUT=50 run --separate-stderr -75 restore sqlite:new.db main
    [ "$stderr" = "schema-restore.sh: database is locked" ]
    printf 'ROLLBACK;\n' >let_go
    wait "$holder"
    [ ! -s new.db ]
}

# Puts a sqlite3 in front of the real one that kills the program, with all that it has started, before
# or after the call of that number.
kill_at() { # <call> <before|after>
    rm -rf stubs
    mkdir stubs
    cat >stubs/sqlite3 <<STUB
#!/bin/sh
echo >>"$PWD/calls"
[ "\$(wc -l <"$PWD/calls")" -ne $1 ] || [ $2 = after ] || kill -9 0
"$(command -v sqlite3)" "\$@"
status=\$?
[ "\$(wc -l <"$PWD/calls")" -ne $1 ] || kill -9 0
exit \$status
STUB
    chmod +x stubs/sqlite3
    : >calls
}

# Restores in a process group of its own; prints nothing of its end.
killed() {
    PATH=$PWD/stubs:$PATH setsid -w "$root/scripts/schema-restore.sh" sqlite:new.db main -q </dev/null >out 2>&1 3>&- || :
}

@test "schema-restore.sh: a kill leaves no database or a whole one, and the next run makes it" {
    local call when
    for call in 1 2 3; do
        for when in before after; do
            rm -f new.db
            kill_at "$call" "$when"
            killed
            if [ -e new.db ]; then
                [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ]
            else
                restore sqlite:new.db main -q
            fi
            [ "$(ask new.db 'SELECT count(*) FROM migration')" = 3 ]
        done
    done
}

@test "schema-restore.sh: a kill leaves an empty database as it was, or fills it" {
    local call when objects
    for call in 1 2 3 4; do
        for when in before after; do
            rm -f new.db*
            : >new.db
            kill_at "$call" "$when"
            killed
            objects=$(ask new.db 'SELECT count(*) FROM sqlite_schema')
            [ "$objects" = 0 ] || [ "$objects" = 6 ]
            [ "$objects" = 6 ] || restore sqlite:new.db main -q
            [ "$(ask new.db 'SELECT count(*) FROM migration')" = 3 ]
        done
    done
}

@test "schema-restore.sh: two at once make one database" {
    restore sqlite:new.db main >one 2>&1 3>&- &
    first=$!
    restore sqlite:new.db main >two 2>&1 3>&- &
    second=$!
    status_one=0 status_two=0
    wait "$first" || status_one=$?
    wait "$second" || status_two=$?
    case $status_one:$status_two in
    0:65 | 65:0 | 0:75 | 75:0) ;;
    *)
        cat one two
        return 1
        ;;
    esac
    [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ]
    [ "$(left)" = ./new.db ]
}
