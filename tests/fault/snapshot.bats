#!/usr/bin/env bats
# migrate_snapshot() on a disk that is full or fails, when it is interrupted, and when it is killed.

load ../helpers/migrate

setup() {
    use_scratch
}

# A database of 100 or more pages of text.
some_rows() { # <rows>
    plain 'CREATE TABLE t (x)' "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
        INSERT INTO t SELECT printf('%.4000c', 'x') FROM n"
}

# A database that takes a while to copy.
many_pages() {
    plain 'PRAGMA page_size=65536' 'PRAGMA synchronous=OFF' 'CREATE TABLE t (x)' \
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
            INSERT INTO t SELECT zeroblob(1000000) FROM n"
}

# Waits until the process $1 has begun to copy, or is gone.
copy_begins() { # <process>
    local file
    while kill -0 "$1" 2>/dev/null; do
        for file in .snapshot.*; do
            if [ -s "$file" ]; then
                return
            fi
        done
    done
}

@test "snapshot: on a full disk there is a message, and nothing is left" {
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a small file system"
    some_rows 400
    mkdir small
    # shellcheck disable=SC2016 # the inner shell expands these
    run --separate-stderr -13 unshare -rm sh -c '
        mount -t tmpfs -o size=512k none small || exit
        sqlite3 -batch -bail -init /dev/null app.db -cmd ".load $1" "SELECT migrate_snapshot('"'small/copy.sqlite'"')"
        status=$?
        ls -A small
        exit "$status"
    ' sh "$extension"
    [ "$(error_text)" = "cannot take the snapshot: database or disk is full
hint: free some disk space and run again" ]
    [ "$output" = "" ]
}

@test "snapshot: each write and each sync of the copy may fail, and no bad file gets a name" {
    local file
    "$hosts/io_fault" "$extension" "$db" ioerr once DELETE "SELECT 1" 1 "CREATE TABLE t (x)" \
        "SELECT migrate_snapshot('s' || hex(randomblob(8)))" "SELECT 1" >&3
    run ! ls .snapshot.*
    sha256sum -c --quiet ./*.sha256
    for file in s????????????????; do
        [ "$(sqlite3 -init /dev/null "$file" 'PRAGMA integrity_check' 'SELECT count(*) FROM t')" = "ok
0" ]
    done
}

@test "snapshot: an interrupt ends it between two pages, and nothing is left" {
    local status=0 client
    many_pages
    sqlite3 -batch -bail -init /dev/null "$db" -cmd ".load $extension" \
        "SELECT migrate_snapshot('copy.sqlite')" >out 2>said 3>&- &
    client=$!
    copy_begins "$client"
    kill -INT "$client"
    wait "$client" || status=$?
    [ "$status" -eq 9 ]
    [ "$(sed 's/^Error: stepping, //' said)" = "cannot take the snapshot: interrupted
hint: what was committed before stays; run again to go on (9)" ]
    [ "$(ls -A -I 'separate-stderr-*')" = "app.db
migrations
out
said" ]
}

@test "snapshot: killed, it has left no file under its name, and the next one succeeds" {
    local status=0 client
    many_pages
    sqlite3 -batch -bail -init /dev/null "$db" -cmd ".load $extension" \
        "SELECT migrate_snapshot('copy.sqlite')" >out 2>said 3>&- &
    client=$!
    copy_begins "$client"
    kill -KILL "$client"
    wait "$client" || status=$?
    [ "$status" -eq 137 ]
    [ ! -e copy.sqlite ]
    [ ! -e copy.sqlite.sha256 ]
    mig "SELECT migrate_snapshot('copy.sqlite')" >out
    sha256sum -c --quiet copy.sqlite.sha256
}
