#!/usr/bin/env bats
# capture-migration-status.sh --diff: what two environments do not have in common, in words.

load ../helpers/migrate
load reports

setup() {
    use_scratch
    use_reports
    three_operations
    kept=storage/migration-status
}

# Takes a capture of a database at a version, under the name of an environment.
at() { # <version> <environment>
    mig "SELECT migrate_to($1)" >out
    capture "$2" >out
}

@test "capture --diff: says when both are at the same state" {
    at 3 staging
    at 3 production
    run --separate-stderr -0 capture --diff staging production --check
    [ "$output" = "staging and production are at the same state (version 3)" ]
    [ "$stderr" = "" ]
    [ "$(ls -A tmp)" = "" ]
}

@test "capture --diff: says which operations each lacks" {
    at 3 production
    rm "$folder"/2025-01-10/000[23]-*
    operation 0002 TASK-7 create-roles 'CREATE TABLE roles (id);'
    rm app.db
    at 2 staging
    run --separate-stderr -0 capture --diff staging production
    local mine theirs
    mine=$(sed -n 's/^fingerprint: //p' "$kept"/staging_*)
    theirs=$(sed -n 's/^fingerprint: //p' "$kept"/production_*)
    [ "$output" = "staging is at version 2, production at version 3
staging lacks 2 operations that production has:
  2  TASK-1  add-users-index  (not known in staging)
  3  TASK-2  add-ann  (not known in staging)
production lacks 1 operation that staging has:
  2  TASK-7  create-roles  (not known in production)
the schemas differ:
  fingerprint $mine in staging
  fingerprint $theirs in production" ]
    [ "$stderr" = "" ]
}

@test "capture --diff: says what is only pending or rolled back on one side" {
    at 3 production
    mig 'SELECT migrate_rollback()' >out
    capture staging
    run --separate-stderr -0 capture --diff staging production
    [ "$output" = "staging is at version 2, production at version 3
staging lacks 1 operation that production has:
  3  TASK-2  add-ann  (rollback in staging)" ]
    run --separate-stderr -0 capture --diff production staging
    [ "$output" = "production is at version 3, staging at version 2
staging lacks 1 operation that production has:
  3  TASK-2  add-ann  (rollback in staging)" ]
}

@test "capture --diff --check: ends with 2 when something differs, and says the same" {
    at 3 production
    at 2 staging
    run --separate-stderr -2 capture --check --diff staging production
    [ "$output" = "$(capture --diff staging production)" ]
}

@test "capture --diff: says which pending operations only one knows" {
    at 3 staging
    operation 0004 TASK-8 later 'SELECT 1;'
    capture local
    run --separate-stderr -0 capture --diff staging local
    [ "$output" = "staging does not know 1 operation that local knows:
  4  TASK-8  later  (pending in local)" ]
    run --separate-stderr -0 capture --diff local staging
    [ "$output" = "staging does not know 1 operation that local knows:
  4  TASK-8  later  (pending in local)" ]
}

@test "capture --diff: says which states differ where neither has applied an operation" {
    operation 0003 TASK-2 add-ann '-- migrate: no-transaction
SELECT nosuch;'
    at 2 staging
    run mig 'SELECT migrate_apply()'
    capture production
    run --separate-stderr -0 capture --diff staging production
    [ "$output" = "1 operation differs in state:
  3  TASK-2  add-ann  (pending in staging, failed in production)
1 operation differs in findings:
  3  TASK-2  add-ann  (- in staging, failed in production)
only production has 1 problem:
  $(sed -n 's/^problem: //p' "$kept"/production_*)" ]
}

@test "capture --diff: says which operations differ in checksum" {
    at 3 staging
    local old new
    old=$(row "$kept"/staging_* 2 | cut -d' ' -f7)
    operation 0002 TASK-1 add-users-index 'CREATE INDEX users_name ON users (name, id);'
    rm app.db
    at 3 production
    new=$(row "$kept"/production_* 2 | cut -d' ' -f7)
    run --separate-stderr -0 capture --diff staging production
    [ "${lines[0]}" = "1 operation differs in checksum:" ]
    [ "${lines[1]}" = "  2  TASK-1  add-users-index  ($old in staging, $new in production)" ]
    [ "${lines[2]}" = "the schemas differ:" ]
}

@test "capture --diff: says which files have another name" {
    at 3 staging
    mv "$folder/2025-01-10" "$folder/2025-01-12"
    rm app.db
    at 3 production
    run --separate-stderr -0 capture --diff staging production
    [ "${lines[0]}" = "3 operations differ in the name of the file:" ]
    [ "${lines[1]}" = "  1  TASK-1  create-users  (2025-01-10/0001-TASK-1-create-users_up.sql in staging, 2025-01-12/0001-TASK-1-create-users_up.sql in production)" ]
    [ "${#lines[@]}" -eq 4 ]
}

@test "capture --diff: takes the newest capture of each, and of no other environment" {
    at 1 staging
    mv "$kept"/staging_* "$kept"/staging_20200101T000000Z.txt
    at 3 production
    cp "$kept"/production_* "$kept"/staging_20200102T000000Z.txt
    cp "$kept"/staging_20200101T000000Z.txt "$kept"/staging-b_20300101T000000Z.txt
    cp "$kept"/staging_20200101T000000Z.txt "$kept"/staging_20300101T000000Z.txt.old
    run --separate-stderr -0 capture --diff staging production
    [ "$output" = "staging and production are at the same state (version 3)" ]
}

@test "capture --diff: needs no connection and no database" {
    at 3 staging
    rm -r app.db "$folder"
    unset DATABASE_URL
    run --separate-stderr -0 capture --diff staging staging
    [ "$output" = "staging and staging are at the same state (version 3)" ]
}

@test "capture --diff: fails where one of them has no capture" {
    at 3 staging
    run --separate-stderr -66 capture --diff staging production --check
    [ "$output" = "" ]
    [ "$stderr" = "capture-migration-status.sh: there is no capture of production in storage/migration-status
hint: capture-migration-status.sh production takes one" ]
    run --separate-stderr -66 capture --diff production staging
    [ "$stderr" = "capture-migration-status.sh: there is no capture of production in storage/migration-status
hint: capture-migration-status.sh production takes one" ]
}

@test "capture --diff: refuses a capture that was cut off, and what is none" {
    at 3 staging
    local file
    file=$(echo "$kept"/staging_*)
    head -n 15 "$file" >part
    printf 'a text\n\nend of capture\n' >text
    : >empty
    for other in part text empty; do
        cp $other "$kept"/production_20200101T000000Z.txt
        run --separate-stderr -65 capture --diff staging production
        [ "$output" = "" ]
        [ "$stderr" = "capture-migration-status.sh: storage/migration-status/production_20200101T000000Z.txt is not a whole capture
hint: remove it, or put back the file as it was" ]
    done
}

@test "capture --diff: does not say that captures are the same where it has no word for the difference" {
    at 3 staging
    sed 's/^operations: 3/operations: 4/' "$kept"/staging_* >"$kept"/production_20200101T000000Z.txt
    run --separate-stderr -2 capture --diff staging production --check
    [ "$output" = "the captures differ in another way: compare the files" ]
}

@test "capture --diff: refuses a name that is not that of an environment" {
    run --separate-stderr -64 capture --diff staging ../production
    [ "$stderr" = "capture-migration-status.sh: \"../production\" is not the name of an environment
hint: letters, digits, \".\" and \"-\", and a letter or digit first: staging is one" ]
}
