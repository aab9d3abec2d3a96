#!/usr/bin/env bats
# capture-migration-status.sh: what a capture holds, and under which name.

load ../helpers/migrate
load reports

setup() {
    use_scratch
    use_reports
    three_operations
    kept=storage/migration-status
}

# The checksum of one of the three operations.
checksum() { # <version>
    cat "$folder"/2025-01-10/000"$1"-*_up.sql "$folder"/2025-01-10/000"$1"-*_down.sql | sha256sum | cut -d' ' -f1
}

@test "capture: prints the path of the file that it has written" {
    mig 'SELECT migrate_apply()' >out
    clock 20261121T101500Z
    run --separate-stderr -0 capture staging
    [ "$output" = "storage/migration-status/staging_20261121T101500Z.txt" ]
    [ "$stderr" = "" ]
    [ "$(ls -A "$kept")" = "staging_20261121T101500Z.txt" ]
    [ "$(ls -A tmp)" = "" ]
}

@test "capture: has a header, an empty line, and a body with fixed columns" {
    mig 'SELECT migrate_apply(NULL, 2)' >out
    clock 20261121T101500Z
    capture staging
    run --separate-stderr -0 cat "$kept/staging_20261121T101500Z.txt"
    [ "$output" = "environment: staging
captured: 2026-11-21T10:15:00Z
connection: sqlite default

version: 2
fingerprint: $(mig 'SELECT migrate_fingerprint()')
operations: 3
completed: 2
pending: 1
rollback: 0
running: 0
failed: 0
problems: 0

version  task          description                       date        state      findings      checksum                                                          file
1        TASK-1        create-users                      2025-01-10  completed  -             $(checksum 1)  2025-01-10/0001-TASK-1-create-users_up.sql
2        TASK-1        add-users-index                   2025-01-10  completed  -             $(checksum 2)  2025-01-10/0002-TASK-1-add-users-index_up.sql
3        TASK-2        add-ann                           2025-01-10  pending    -             $(checksum 3)  2025-01-10/0003-TASK-2-add-ann_up.sql
end of capture" ]
}

@test "capture: is the same in two places with the same state, whatever was done to get there" {
    mkdir -p "other place"
    mig 'SELECT migrate_apply()' >out
    capture here
    cp -R migrations "other place/db"
    (
        cd "other place" || exit
        export MIGRATIONS_DIR=db MIGRATE_ACTOR=bob
        db=main.sqlite mig 'SELECT migrate_apply(NULL, 1)' 'SELECT migrate_apply()' 'SELECT migrate_redo()' >out
        capture there sqlite:main.sqlite
    )
    diff <(body "$kept"/here_*) <(body "other place/$kept"/there_*)
}

@test "capture: of a database without an operation has all of them pending" {
    plain 'PRAGMA user_version = 1'
    capture fresh
    [ "$(grep -E '^(version|completed|pending):' "$kept"/fresh_*)" = "version: 0
completed: 0
pending: 3" ]
}

@test "capture: tells a rolled back operation from one that never ran" {
    mig 'SELECT migrate_apply()' 'SELECT migrate_rollback()' >out
    capture local
    [ "$(row "$kept"/local_* 3)" = "3 TASK-2 add-ann 2025-01-10 rollback - $(checksum 3) 2025-01-10/0003-TASK-2-add-ann_up.sql" ]
    [ "$(grep rollback: "$kept"/local_*)" = "rollback: 1" ]
}

@test "capture: names an operation whose file is missing" {
    mig 'SELECT migrate_apply()' >out
    local sum
    sum=$(checksum 3)
    rm "$folder"/2025-01-10/0003-*
    run --separate-stderr -0 capture local
    [ "$(row "$kept"/local_* 3)" = "3 TASK-2 add-ann 2025-01-10 completed missing-file $sum 2025-01-10/0003-TASK-2-add-ann_up.sql" ]
    [ "$(grep -A1 problem "$kept"/local_*)" = "problems: 1

problem: error: missing file: operation 3 is applied, but 2025-01-10/0003-TASK-2-add-ann_up.sql is not there" ]
}

@test "capture: of a rolled back operation has the checksum of what would be applied now" {
    mig 'SELECT migrate_apply()' 'SELECT migrate_rollback()' >out
    operation 0003 TASK-2 add-ann "INSERT INTO users (name) VALUES ('Eve');" 'DELETE FROM users;'
    capture local
    [ "$(row "$kept"/local_* 3 | cut -d' ' -f5-7)" = "rollback - $(checksum 3)" ]
}

@test "capture: of a rolled back operation whose file is missing has it still" {
    mig 'SELECT migrate_apply()' 'SELECT migrate_rollback()' >out
    rm "$folder"/2025-01-10/0003-*
    capture local
    [ "$(row "$kept"/local_* 3 | cut -d' ' -f1-5)" = "3 TASK-2 add-ann 2025-01-10 rollback" ]
}

@test "capture: names a file that was changed, with the checksum of what was applied" {
    local sum
    sum=$(checksum 3)
    mig 'SELECT migrate_apply()' >out
    operation 0003 TASK-2 add-ann "INSERT INTO users (name) VALUES ('Eve');" "DELETE FROM users;"
    capture local
    [ "$(row "$kept"/local_* 3)" = "3 TASK-2 add-ann 2025-01-10 completed changed $sum 2025-01-10/0003-TASK-2-add-ann_up.sql" ]
}

@test "capture: shows an operation that failed, and one that is running" {
    operation 0001 TASK-1 create-users '-- migrate: no-transaction
CREATE TABLE users (id);
SELECT nosuch;'
    run mig 'SELECT migrate_apply()'
    capture failed
    plain "UPDATE migration SET status = 'running'"
    capture running
    [ "$(row "$kept"/failed_* 1 | cut -d' ' -f5-6)" = "failed failed" ]
    [ "$(row "$kept"/running_* 1 | cut -d' ' -f5-6)" = "running interrupted" ]
    [ "$(grep -E '^(failed|pending):' "$kept"/failed_*)" = "pending: 2
failed: 1" ]
}

@test "capture: names an operation that comes late" {
    mv "$folder"/2025-01-10/0002-* .
    mig "SELECT migrate_config('gaps', 'off')" 'SELECT migrate_apply()' >out
    mv 0002-* "$folder/2025-01-10"
    capture local
    [ "$(row "$kept"/local_* 2 | cut -d' ' -f5-6)" = "pending late" ]
}

@test "capture: does not depend on whether programs may run" {
    printf '#!/bin/sh\n' | program 0004 TASK-2 import-users sh
    plain 'PRAGMA user_version = 1'
    MIGRATE_SCRIPTS=off capture off
    MIGRATE_SCRIPTS=on capture on
    diff <(body "$kept"/off_*) <(body "$kept"/on_*)
}

@test "capture: does not let a hostile row break its lines" {
    mig 'SELECT migrate_apply()' >out
    plain "UPDATE migration SET description = 'x' || char(10) || '4  TASK-9  y' || char(31) || char(30) || char(27) || '[2J' WHERE version = 3"
    capture local
    [ "$(wc -l <"$(echo "$kept"/local_*)")" -eq "$(grep -c '' "$kept"/local_*)" ]
    run ! grep -qP '[\x00-\x09\x0b-\x1f\x7f]' "$kept"/local_*
    [ "$(row "$kept"/local_* 3)" = "3 TASK-2 x?4--TASK-9--y???[2J 2025-01-10 completed - $(checksum 3) 2025-01-10/0003-TASK-2-add-ann_up.sql" ]
    [ "$(grep -c '^[0-9]' "$kept"/local_*)" -eq 3 ]
    [ "$(tail -n 1 "$kept"/local_*)" = "end of capture" ]
}

@test "capture: never shows the URL of a connection" {
    plain 'PRAGMA user_version = 1'
    mkdir secret
    mv app.db secret/my.db
    capture local sqlite:secret/my.db
    DATABASE_URL_REPORTS=sqlite:secret/my.db capture other reports
    [ "$(grep connection: "$kept"/local_*)" = "connection: sqlite my.db" ]
    [ "$(grep connection: "$kept"/other_*)" = "connection: sqlite reports" ]
    run ! grep -r secret storage
}

@test "capture: reads .env" {
    plain 'PRAGMA user_version = 1'
    unset DATABASE_URL
    printf 'DATABASE_URL=sqlite:app.db\nMIGRATE_STATUS_DIR=kept/here\n' >.env
    clock 20261121T101500Z
    [ "$(capture local)" = "kept/here/local_20261121T101500Z.txt" ]
}

@test "capture: waits for another second where there is a capture of this one" {
    mig 'SELECT migrate_apply()' >out
    clock 20261121T101500Z 20261121T101500Z 20261121T101501Z
    capture staging
    cp "$kept"/staging_20261121T101500Z.txt first
    [ "$(capture staging)" = "$kept/staging_20261121T101501Z.txt" ]
    [ "$(cat stubs/slept)" = 1 ]
    cmp first "$kept"/staging_20261121T101500Z.txt
}

@test "capture: gives up where the clock stands" {
    mig 'SELECT migrate_apply()' >out
    clock 20261121T101500Z
    capture staging
    run --separate-stderr -75 capture staging
    [ "$stderr" = "capture-migration-status.sh: there is a capture of staging for each second
hint: look at the clock, and try again" ]
    [ "$(leftovers)" = "" ]
}

@test "capture: takes part in no race: captures of the same moment are all there" {
    mig 'SELECT migrate_apply()' >out
    local i runs=''
    for i in 1 2 3; do
        capture staging >"out.$i" 3>&- &
        runs="$runs $!"
    done
    # shellcheck disable=SC2086 # these are words
    wait $runs
    [ "$(sort -u out.[123] | wc -l)" -eq 3 ]
    cat out.[123] | while read -r i; do
        [ "$(tail -n 1 "$i")" = "end of capture" ] || exit
    done
}

@test "capture: never follows a link that somebody has put in its way" {
    mig 'SELECT migrate_apply()' >out
    mkdir -p "$kept" target
    echo precious >file
    ln -s ../../file "$kept"/staging_20261121T101500Z.txt
    ln -s nosuch "$kept"/staging_20261121T101501Z.txt
    ln -s ../../target "$kept"/staging_20261121T101502Z.txt
    clock 20261121T101500Z 20261121T101501Z 20261121T101502Z 20261121T101503Z
    [ "$(capture staging)" = "$kept/staging_20261121T101503Z.txt" ]
    [ "$(cat file)$(ls -A target)" = precious ]
    [ ! -e "$kept"/nosuch ]
}

@test "capture: gives its files the mode that the caller wants" {
    mig 'SELECT migrate_apply()' >out
    (umask 000 && capture open)
    (umask 027 && capture closed --output closed)
    [ "$(stat -c %a "$kept"/open_*)" = 666 ]
    [ "$(stat -c '%a' closed closed/closed_*)" = "750
640" ]
    [ "$(leftovers)" = "" ]
}

@test "capture: refuses a name that is not that of an environment" {
    local name
    for name in ../../x a/b .hidden -x a_b 'a b' $'a\nb' '*' é ''; do
        run --separate-stderr -64 capture -- "$name"
        [ "$stderr" = "capture-migration-status.sh: \"$name\" is not the name of an environment
hint: letters, digits, \".\" and \"-\", and a letter or digit first: staging is one" ]
    done
    run --separate-stderr -64 capture "$(printf '%101s' '' | tr ' ' a)"
    [ "$stderr" = "capture-migration-status.sh: the name of the environment is longer than 100 characters" ]
    [ ! -e storage ]
}

@test "capture: fails without a database, and does not make one" {
    run --separate-stderr -66 capture staging
    [ "$output" = "" ]
    [ "$stderr" = "capture-migration-status.sh: there is no database app.db
hint: check --connection, DATABASE_URL and the working directory" ]
    [ ! -e app.db ] && [ ! -e storage ]
}

@test "capture: fails without the folder of the operations" {
    mig 'SELECT migrate_apply()' >out
    rm -r "$folder"
    run --separate-stderr -66 capture staging
    [ "$stderr" = "capture-migration-status.sh: cannot read the migration folder migrations: No such file or directory
hint: create it, name it in the call, or set option dir; it is looked for from the working directory" ]
    [ ! -e storage ]
}

@test "capture: fails where the list of operations would be wrong" {
    mig 'SELECT migrate_apply()' >out
    operation 0003 TASK-9 other 'SELECT 1;'
    run --separate-stderr -65 capture staging
    [ "$stderr" = "capture-migration-status.sh: version 3 is used twice: 2025-01-10/0003-TASK-2-add-ann_up.sql and 2025-01-10/0003-TASK-9-other_up.sql
hint: give one of them the next free version" ]
    [ ! -e storage ]
}

@test "capture: fails where the database is none" {
    echo 'this is a text, and it is longer than the header of a database would be, which has 100 bytes in it' >app.db
    run --separate-stderr -65 capture staging
    [ "$stderr" = "capture-migration-status.sh: file is not a database" ]
    [ ! -e storage ]
}

@test "capture: waits for a lock only as long as it may" {
    mig 'SELECT migrate_apply()' >out
    mkfifo held let_go
    {
        printf 'BEGIN EXCLUSIVE;\n.shell echo held > held\n'
        cat let_go
    } | sqlite3 -batch -bail -init /dev/null app.db 3>&- &
    local holder=$!
    read -r _ <held
    MIGRATE_LOCK_TIMEOUT=10 run --separate-stderr -75 capture staging
    echo >let_go
    wait "$holder"
    [ "$stderr" = "capture-migration-status.sh: database is locked" ]
    [ ! -e storage ]
}

@test "capture: says when its folder cannot be made" {
    mig 'SELECT migrate_apply()' >out
    : >storage
    run --separate-stderr -73 capture staging
    [ "$stderr" = "capture-migration-status.sh: cannot create the folder storage/migration-status
hint: check its parent, the permissions and the free space" ]
    : >there
    run --separate-stderr -73 capture staging --output there
    [ "$stderr" = "capture-migration-status.sh: cannot create the folder there: there is a file of that name" ]
}

@test "capture --keep: leaves the newest captures of that environment, and everything else" {
    mig 'SELECT migrate_apply()' >out
    mkdir -p "$kept"/staging_20200105T000000Z.txt
    touch "$kept"/staging_2020010{1,2,3,4}T000000Z.txt "$kept"/prod_20200101T000000Z.txt \
        "$kept"/staging_20200101T000000Z.txt.old "$kept"/staging_20200101T0000Z.txt \
        "$kept"/xstaging_20200101T000000Z.txt "$kept"/staging-x_20200101T000000Z.txt "$kept/my notes"
    ln -s x "$kept"/staging_20200106T000000Z.txt
    clock 20261121T101500Z
    run --separate-stderr -0 capture staging --keep 3
    [ "$stderr" = "" ]
    [ "$(ls "$kept")" = "my notes
prod_20200101T000000Z.txt
staging-x_20200101T000000Z.txt
staging_20200101T000000Z.txt.old
staging_20200101T0000Z.txt
staging_20200103T000000Z.txt
staging_20200104T000000Z.txt
staging_20200105T000000Z.txt
staging_20200106T000000Z.txt
staging_20261121T101500Z.txt
xstaging_20200101T000000Z.txt" ]
}

@test "capture --keep: keeps the new capture where the clock went back" {
    mig 'SELECT migrate_apply()' >out
    mkdir -p "$kept"
    touch "$kept"/staging_2030010{1,2}T000000Z.txt
    clock 20261121T101500Z
    capture staging --keep 2
    [ "$(ls "$kept")" = "staging_20261121T101500Z.txt
staging_20300102T000000Z.txt" ]
}

@test "capture --keep: removes nothing where no capture could be taken" {
    mkdir -p "$kept"
    touch "$kept"/staging_2020010{1,2}T000000Z.txt
    run -66 capture staging --keep 1
    [ -e "$kept/staging_20200101T000000Z.txt" ] && [ -e "$kept/staging_20200102T000000Z.txt" ]
}

@test "capture: shows usage errors on standard error" {
    local args expected
    while IFS='|' read -r args expected; do
        # shellcheck disable=SC2086 # these are words
        run --separate-stderr -64 capture $args
        [ "$output" = "" ]
        [ "$stderr" = "capture-migration-status.sh: $expected
hint: capture-migration-status.sh --help" ]
    done <<'USAGE'
|the name of the environment is missing
--frobnicate|unknown option: --frobnicate
a --keep|option --keep needs a value
a --keep=|option --keep needs a value
a --keep 0|option --keep: "0" is not a number from 1 to 9999
a --keep 10000|option --keep: "10000" is not a number from 1 to 9999
a --keep -1|option --keep: "-1" is not a number from 1 to 9999
a --output|option --output needs a value
a b c|an environment and a connection are all it takes, not 3 words
a --check|--check goes with --diff
--diff a|--diff takes the names of two environments, not 1
--diff a b c|--diff takes the names of two environments, not 3
--diff a b --keep 1|--keep and --diff do not go together
USAGE
    [ ! -e storage ]
}

@test "capture --help: prints the manual on standard output" {
    run --separate-stderr -0 capture --help
    [ "$stderr" = "" ]
    [ "${lines[0]}" = "Writes down which operations an environment has, so that two environments can be compared." ]
    [ "$(capture -h)" = "$output" ]
}
