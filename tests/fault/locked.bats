#!/usr/bin/env bats
# A database that another connection is using.

load ../helpers/migrate

setup() {
    use_scratch
}

# Lets the other process end where a test has failed before it did.
teardown() {
    if [ -n "${holder-}" ]; then
        kill "$holder" 2>/dev/null || true
        : 9<>going
    fi
}

# Runs a statement in another process, which then keeps its transaction open until let_go().
hold() { # <sql>
    mkfifo held going
    {
        printf '.timeout 60000\n%s\n.shell echo held >held\n' "$1"
        exec cat going
    } 3>&- | sqlite3 -batch -bail -init /dev/null "$db" >/dev/null 3>&- &
    holder=$!
    read -r _ <held
}

let_go() {
    echo 'COMMIT;' >going
    wait "$holder"
    holder=
}

locked_message="database is locked
hint: another connection is using the database; try again, or raise lock_timeout"

@test "locked: a write lock that is held for longer than lock_timeout stops the run" {
    three_operations
    plain "CREATE TABLE mine (x)"
    hold "BEGIN IMMEDIATE;"
    run --separate-stderr -5 mig "SELECT migrate_config('lock_timeout', 50)" "SELECT migrate_apply()"
    [ "$output" = 50 ]
    [ "$(error_text)" = "$locked_message" ]
    let_go
    [ "$(objects)" = mine ]
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
}

@test "locked: a write lock stops a roll back too" {
    three_operations
    mig "SELECT migrate_apply()"
    hold "BEGIN IMMEDIATE;"
    run --separate-stderr -5 mig "SELECT migrate_config('lock_timeout', 50)" "SELECT migrate_rollback()"
    [ "$(error_text)" = "$locked_message" ]
    let_go
    [ "$(completed)" = "1 2 3" ]
}

@test "locked: a write lock stops baseline and repair too" {
    three_operations
    plain "CREATE TABLE mine (x)"
    hold "BEGIN IMMEDIATE;"
    run --separate-stderr -5 mig "SELECT migrate_config('lock_timeout', 50)" "SELECT migrate_baseline(2)"
    [ "$(error_text)" = "$locked_message" ]
    run --separate-stderr -5 mig "SELECT migrate_config('lock_timeout', 50)" "SELECT migrate_repair(1, 'accept')"
    [ "$(error_text)" = "$locked_message" ]
    let_go
    [ "$(objects)" = mine ]
}

@test "locked: the run waits for a lock that is let go in time" {
    three_operations
    plain "CREATE TABLE mine (x)"
    hold "BEGIN IMMEDIATE; INSERT INTO mine VALUES (1);"
    mkfifo started
    mig "SELECT migrate_config('lock_timeout', 60000)" '.shell echo started >started' \
        "SELECT migrate_apply()" >result 3>&- &
    run_process=$!
    read -r _ <started
    let_go
    wait "$run_process"
    [ "$(tail -n 1 result)" = 3 ]
    [ "$(plain 'SELECT x FROM mine')" = 1 ]
}

@test "locked: what can be read while the lock is held is read" {
    three_operations
    mig "SELECT migrate_apply(NULL, 1)"
    hold "BEGIN IMMEDIATE; DELETE FROM users;"
    [ "$(mig "SELECT count(*) FROM migrations_pending")" = 2 ]
    [ "$(mig "SELECT migrate_verify()")" = 1 ]
    let_go
}

@test "locked: a reader keeps a run with a rollback journal from committing" {
    three_operations
    plain "CREATE TABLE mine (x)" "INSERT INTO mine VALUES (1)"
    hold "BEGIN; SELECT * FROM mine;"
    run --separate-stderr -5 mig "SELECT migrate_config('lock_timeout', 50)" "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operations 1 to 3: $locked_message" ]
    let_go
    [ "$(objects)" = mine ]
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
}

@test "locked: a reader does not keep a run with a write-ahead log from committing" {
    three_operations
    plain "PRAGMA journal_mode = WAL" "CREATE TABLE mine (x)" "INSERT INTO mine VALUES (1)"
    hold "BEGIN; SELECT * FROM mine;"
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
    let_go
}

@test "locked: a run that could not get the lock leaves no transaction open" {
    three_operations
    plain "CREATE TABLE mine (x)"
    hold "BEGIN IMMEDIATE;"
    run --separate-stderr -1 sqlite3 -batch -init /dev/null "$db" <<END
.load $extension
SELECT migrate_config('lock_timeout', 0);
SELECT migrate_apply();
BEGIN;
SELECT count(*) FROM mine;
COMMIT;
END
    [ "$output" = $'0\n0' ]
    let_go
}

@test "locked: the busy handler of the host is asked, and is there afterwards" {
    three_operations
    plain "CREATE TABLE mine (x)"
    run --separate-stderr -0 "$hosts/busy_handler" "$extension" "$db" 0
    [ "$output" = "5 $locked_message
10 calls" ]
    [ "$(objects)" = mine ]
}

@test "locked: the patience of the host's busy handler is enough" {
    three_operations
    plain "CREATE TABLE mine (x)"
    run --separate-stderr -0 "$hosts/busy_handler" "$extension" "$db" 4
    [ "$output" = $'3\n4 calls' ]
    [ "$(completed)" = "1 2 3" ]
}
