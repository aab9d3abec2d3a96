#!/usr/bin/env bats
# backup-database.sh: copies of a database that others work with.

# shellcheck disable=SC2016,SC2119,SC2120 # quotes: for the stubs; `run` passes the arguments

load ../helpers/migrate
load front
load backup

setup() {
    use_scratch
    use_backup
}

# A writer ends when the file is gone.
teardown() {
    rm -f working
}

# A snapshot while a writer commits all the time is one moment of the database, and later than the
# first and earlier than the last of its commits.
under_load() { # <journal mode>
    bank "$1" 20000
    bank_open 20000
    local before after within
    before=$(sqlite3 -cmd '.timeout 20000' "$db" "SELECT n FROM counter")
    run --separate-stderr -0 backup
    [ "$stderr" = "" ]
    after=$(sqlite3 -cmd '.timeout 20000' "$db" "SELECT n FROM counter")
    bank_close
    [ "$(bank_audit "$output")" = "ok
balanced" ]
    within=$(sqlite3 "$output" "SELECT n FROM counter")
    [ "$before" -gt 0 ]
    [ "$within" -ge "$before" ]
    [ "$after" -ge "$within" ]
    [ "$(plain "SELECT n FROM counter")" -gt "$within" ]
    all_is_well
}

@test "backup-database.sh: a copy is one moment of a database in WAL mode that a writer fills" {
    under_load WAL
}

@test "backup-database.sh: a copy is one moment of a database in rollback mode that a writer fills" {
    under_load DELETE
}

@test "backup-database.sh: without the extension, a copy is one moment of a database in WAL mode" {
    without_extension
    under_load WAL
}

@test "backup-database.sh: without the extension, a copy is one moment of a database in rollback mode" {
    without_extension
    under_load DELETE
}

@test "backup-database.sh: tables that come and go meanwhile do no harm" {
    bank WAL 5000
    mkfifo begun
    : >working
    {
        awk 'BEGIN {
            for (n = 1; ; n++) {
                print "CREATE TABLE extra (x); INSERT INTO extra VALUES (1); CREATE INDEX extra_x ON extra (x);"
                print "DROP TABLE extra;"
                if (n == 20) print ".shell echo begun > begun"
                if (n % 20 == 0 && (getline line <"working") < 0) exit
                close("working")
            }
        }'
    } | sqlite3 -batch -bail -init /dev/null -cmd '.timeout 20000' "$db" 3>&- &
    teller=$!
    read -r _ <begun
    backup first -q
    backup second -q
    without_extension
    backup third -q
    backup fourth -q
    bank_close
    [ "$(snapshots | wc -l)" -eq 4 ]
    all_is_well
}

@test "backup-database.sh: a reader that stays, and one that was here before the last commits, does not matter" {
    plain "PRAGMA journal_mode = WAL" >mode
    mkfifo held let_go
    {
        printf 'BEGIN;\nSELECT count(*) FROM users;\n.shell echo held > held\n'
        cat let_go
    } | sqlite3 -batch -init /dev/null "$db" >out 3>&- &
    reader=$!
    read -r _ <held
    plain "INSERT INTO users (name) VALUES ('Carl')"
    run --separate-stderr -0 backup
    : >let_go
    wait "$reader"
    [ "$(sqlite3 "$output" "SELECT group_concat(name) FROM users")" = Ann,Bob,Carl ]
}

@test "backup-database.sh: gives up on a writer that lets nobody read, and keeps nothing" {
    lock_database
    run --separate-stderr -75 backup --lock-timeout 50
    [ "$stderr" = "backup-database.sh: cannot copy app.db: database is locked" ]
    without_extension
    run --separate-stderr -75 backup --lock-timeout=50
    unlock_database
    [ "$output" = "" ]
    [ "$stderr" = "backup-database.sh: cannot copy app.db: database is locked" ]
    [ "$(kept)" = "" ]
    nothing_is_left
    backup -q
    all_is_well
}

@test "backup-database.sh: waits for a writer that lets nobody read" {
    lock_database
    announce_copier
    "$root/scripts/backup-database.sh" </dev/null >out 3>&- &
    program=$!
    read -r copier <began
    kill -0 "$copier"
    unlock_database
    wait "$program"
    all_is_well
}

@test "backup-database.sh: takes what a killed application has left in its log" {
    plain "PRAGMA journal_mode = WAL" >mode
    plain "INSERT INTO users (name) VALUES ('Carl')" '.shell kill -9 $PPID' || :
    [ -s app.db-wal ]
    run --separate-stderr -0 backup
    [ "$(sqlite3 "$output" "SELECT group_concat(name) FROM users")" = Ann,Bob,Carl ]
}

# A transaction that was cut off when part of it was in the file.
cut_off() {
    plain "INSERT INTO users (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        SELECT hex(randomblob(100)) FROM n"
    plain "PRAGMA cache_size = 5" BEGIN "UPDATE users SET name = upper(name) || 'changed'" '.shell kill -9 $PPID' || :
    [ -s "$db-journal" ]
}

@test "backup-database.sh: does not take what a killed application has not committed" {
    cut_off
    run --separate-stderr -0 backup
    [ "$(sqlite3 "$output" "SELECT count(*), sum(name LIKE '%changed') FROM users")" = "2002|0" ]
    all_is_well
}

@test "backup-database.sh: without the extension, does not take what a killed application has not committed" {
    without_extension
    cut_off
    run --separate-stderr -0 backup
    [ "$(sqlite3 "$output" "SELECT count(*), sum(name LIKE '%changed') FROM users")" = "2002|0" ]
    all_is_well
}

@test "backup-database.sh: finds the database of that application whatever its name" {
    db='./odd %?#%41 name.db'
    plain "CREATE TABLE users (name)"
    cut_off
    export DATABASE_URL='sqlite:odd%20%25%3F%23%2541%20name.db'
    run --separate-stderr -0 backup
    [ "$(sqlite3 "$output" "SELECT count(*), sum(name LIKE '%changed') FROM users")" = "2000|0" ]
}

@test "backup-database.sh: is not disturbed by a migration that runs, and does not disturb it" {
    mkdir "$folder"
    three_operations
    rm app.db
    front up 2 -q
    plain "PRAGMA journal_mode = WAL" >mode
    mkfifo held let_go
    {
        printf 'BEGIN IMMEDIATE;\nINSERT INTO users (name) VALUES (1);\n.shell echo held > held\n'
        cat let_go
    } | sqlite3 -batch -init /dev/null "$db" 3>&- &
    writer=$!
    read -r _ <held
    run --separate-stderr -0 backup
    printf 'COMMIT;\n' >let_go
    wait "$writer"
    [ "$(sqlite3 "$output" "SELECT count(*) FROM users")" = 0 ]
    front up -q
}
