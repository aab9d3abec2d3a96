#!/usr/bin/env bats
# restore-database.sh: a database that others have open, and several runs at once.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load front
load restore

setup() {
    use_scratch
    use_restore
    take good.sqlite
    add Bob
}

# Fails unless nothing was replaced, taken or left over.
untouched() {
    [ "$(people)" = "Ann Bob" ] && [ "$(beside)$(before)" = "" ]
}

@test "restore-database.sh: refuses while an idle connection has the database open" {
    idle_connection
    run --separate-stderr -75 restore good.sqlite
    [ "$stderr" = "restore-database.sh: app.db is open in process $idle (sqlite3)
hint: stop what works with it, then start again; nothing was changed" ]
    end_connection
    untouched
    restore good.sqlite -q
    [ "$(people)" = Ann ]
}

@test "restore-database.sh: refuses while an idle connection has a database in WAL mode open" {
    plain 'PRAGMA journal_mode = WAL' >/dev/null
    idle_connection
    run --separate-stderr -75 restore good.sqlite
    [ "${stderr_lines[0]}" = "restore-database.sh: app.db is open in process $idle (sqlite3)" ]
    end_connection
    untouched
}

@test "restore-database.sh: finds who has the file open under another name" {
    ln app.db other.db
    db=other.db idle_connection
    run --separate-stderr -75 restore good.sqlite
    [ "${stderr_lines[0]}" = "restore-database.sh: app.db is open in process $idle (sqlite3)" ]
    end_connection
}

@test "restore-database.sh: finds a program that only reads the file" {
    mkfifo ready let_go
    bash -c 'echo ready >ready; read -r _ <let_go' <app.db 3>&- &
    reader=$!
    read -r _ <ready
    run --separate-stderr -75 restore good.sqlite
    [ "${stderr_lines[0]}" = "restore-database.sh: app.db is open in process $reader (bash)" ]
    printf '\n' >let_go
    wait "$reader"
    untouched
}

# Puts a sqlite3 in front of the real one, which runs a text before it takes the lock.
before_the_lock() { # <text>
    mkdir stubs
    printf '#!/bin/sh\ncase $* in *"BEGIN EXCLUSIVE"*)\n%s\n;; esac\nexec %s "$@"\n' "$1" "$(command -v sqlite3)" >stubs/sqlite3
    chmod +x stubs/sqlite3
    PATH=$PWD/stubs:$PATH
}

# A copy of the programs whose first look at the processes sees nobody; the second one is another process.
blind() {
    cp -R "$root/scripts" programs
    printf '%s\n' "$1" >>programs/engines/sqlite/restore.sh
}

@test "restore-database.sh: looks again when it has the lock" {
    blind 'case ${0##*/} in restore-database.sh) engine_in_use() { engine_users= engine_blind=; return 1; } ;; *) ;; esac'
    idle_connection
    run --separate-stderr -75 programs/restore-database.sh good.sqlite
    [ "$stderr" = "restore-database.sh: app.db is open in process $idle (sqlite3)
hint: stop what works with it, then start again; nothing was changed" ]
    end_connection
    [ "$(people)" = "Ann Bob" ]
    [ "$(beside)" = "" ]
}

@test "restore-database.sh: finds a connection in WAL mode by its lock, where the process cannot be seen" {
    blind 'engine_in_use() { engine_users= engine_blind=; return 1; }'
    plain 'PRAGMA journal_mode = WAL' >/dev/null
    idle_connection
    run --separate-stderr -75 programs/restore-database.sh good.sqlite
    [ "$stderr" = "restore-database.sh: app.db is locked: another process works with it
hint: stop what works with it, then start again; nothing was changed" ]
    end_connection
    [ "$(people)" = "Ann Bob" ]
    [ "$(plain 'PRAGMA journal_mode')" = wal ]
}

@test "restore-database.sh: finds who is writing, where the process cannot be seen" {
    blind 'engine_in_use() { engine_users= engine_blind=; return 1; }'
    idle_connection "BEGIN IMMEDIATE; INSERT INTO users (name) VALUES ('Carl');"
    run --separate-stderr -75 programs/restore-database.sh good.sqlite --no-snapshot
    [ "${stderr_lines[0]}" = "restore-database.sh: app.db is locked: another process works with it" ]
    end_connection
    untouched
}

@test "restore-database.sh: says who opened the old file at the last moment" {
    # The second look of the step is the first one that sees somebody.
    blind 'looks=0
engine_in_use() { engine_users=; engine_blind=; looks=$((looks + 1)); [ "$looks" -gt 1 ] && engine_users="process 42 (app)"; }'
    run --separate-stderr -0 programs/restore-database.sh good.sqlite
    [ "${stderr_lines[0]}" = "restore-database.sh: warning: process 42 (app) opened the old file at the last moment and works with it still: restart it" ]
    [ "$(people)" = Ann ]
}

@test "restore-database.sh: says when it cannot see who has the database open" {
    blind 'engine_in_use() { engine_users=; engine_blind="there is neither /proc nor lsof nor fuser"; return 1; }'
    run --separate-stderr -0 programs/restore-database.sh good.sqlite
    [ "${stderr_lines[0]}" = "restore-database.sh: warning: cannot see which processes have app.db open: there is neither /proc nor lsof nor fuser" ]
}

@test "restore-database.sh: one run at a time works on the snapshots of a connection" {
    mkdir -p backups/.lock/default
    exec 6<backups/.lock/default
    flock -n 6
    run --separate-stderr -75 restore --no-snapshot good.sqlite 6<&-
    exec 6<&-
    [ "$stderr" = "restore-database.sh: another run works on the snapshots of default
hint: wait until it has ended" ]
    untouched
}

@test "restore-database.sh: removes what a killed run has left, not what another run works with" {
    mkdir .app.db.restoring.abc123 .app.db.restoring.xyz789 .app.db.restoring.notours
    printf x >.app.db.restoring.abc123/new.sqlite
    exec 6<.app.db.restoring.xyz789
    flock -n 6
    restore good.sqlite -q 6<&-
    exec 6<&-
    [ "$(beside)" = "./.app.db.restoring.notours
./.app.db.restoring.xyz789" ]
}

@test "restore-database.sh: ends at once when it is stopped, and leaves nothing" {
    mkdir stubs
    mkfifo ready let_go
    printf '#!/bin/sh\necho ready >ready\nread -r _ <let_go\n' >stubs/gzip
    chmod +x stubs/gzip
    gzip -k backups/good.sqlite
    sum good.sqlite.gz
    local signal
    for signal in TERM INT HUP; do
        # What runs in the background ignores SIGINT from its birth on.
        PATH=$PWD/stubs:$PATH env --default-signal=INT "$root/scripts/restore-database.sh" good.sqlite.gz </dev/null 3>&- &
        program=$!
        read -r _ <ready
        kill -s "$signal" "$program"
        status=0
        wait "$program" || status=$?
        [ "$status" -eq $((128 + $(kill -l "$signal"))) ]
        untouched
        [ "$(ls -A "$TMPDIR")" = "" ]
    done
}
