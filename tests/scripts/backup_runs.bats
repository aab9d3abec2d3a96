#!/usr/bin/env bats
# backup-database.sh: runs at the same time, runs that are stopped or killed.

# shellcheck disable=SC2016,SC2119,SC2120 # quotes: for the stubs; `run` passes the arguments

load ../helpers/migrate
load front
load backup

setup() {
    use_scratch
    use_backup
}

# Whoever hangs is let go.
teardown() {
    [ ! -p let_go ] || {
        : 3<>let_go
        printf 'x\n' 1<>let_go &
    } 3>&-
}

# Starts the program in the background, which then hangs in gzip.
hang_in_gzip() {
    hanging gzip
    "$root/scripts/backup-database.sh" --compress gzip "$@" </dev/null >out 2>err 3>&- &
    program=$!
    read -r _ <ready
}

@test "backup-database.sh: of several that start at once, one runs, and the others end with 75" {
    lock_database
    local number programs=() status statuses=
    for number in 1 2 3 4; do
        "$root/scripts/backup-database.sh" </dev/null >"out.$number" 2>"err.$number" 3>&- &
        programs+=($!)
    done
    # Three of them end, while the one that runs waits for the database.
    for number in 1 2 3; do
        status=0
        wait -n "${programs[@]}" || status=$?
        statuses="$statuses $status"
    done
    unlock_database
    for number in 0 1 2 3; do
        wait "${programs[number]}" && statuses="$statuses 0"
    done
    [ "$statuses" = " 75 75 75 0" ]
    [ "$(cat err.* | sort | uniq -c | sed 's/^ *//')" = "3 backup-database.sh: another run works on the snapshots of default
3 hint: wait until it has ended" ]
    [ "$(snapshots | wc -l)" -eq 1 ]
    all_is_well
}

@test "backup-database.sh: runs of different connections do not wait for each other" {
    cp app.db other.db
    hang_in_gzip
    DATABASE_URL_OTHER=sqlite:other.db backup --connection other -q
    [ "$(rows)" = 1 ]
    kill "$program"
    wait "$program" || :
}

@test "backup-database.sh: a run that was killed does not block the next one, even when a child of it lives" {
    hang_in_gzip
    kill -9 "$program"
    wait "$program" || :
    rm stubs/gzip
    hash -r
    rm -r "$TMPDIR"
    mkdir "$TMPDIR"
    run --separate-stderr -0 backup --compress gzip
    [ "$stderr" = "" ]
    all_is_well
}

@test "backup-database.sh: a run that was killed while it copied does not block the next one" {
    without_extension
    hanging sqlite3
    "$root/scripts/backup-database.sh" </dev/null >out 2>err 3>&- &
    program=$!
    read -r _ <ready
    kill -9 "$program"
    wait "$program" || :
    rm -r stubs/sqlite3 "$TMPDIR"
    mkdir "$TMPDIR"
    hash -r
    backup -q
    all_is_well
}

@test "backup-database.sh: ends at once when it is stopped, in whatever it does, and leaves nothing" {
    local signal tool number
    for tool in sqlite3 openssl sync gzip; do
        rm -rf stubs ready let_go
        hash -r
        hanging "$tool"
        for signal in TERM INT HUP; do
            # Without -m, a job would ignore SIGINT.
            set -m
            "$root/scripts/backup-database.sh" --compress gzip </dev/null >out 2>err 3>&- &
            program=$!
            set +m
            read -r _ <ready
            kill -s "$signal" "$program"
            status=0
            wait "$program" || status=$?
            [ "$status" -eq $((128 + $(kill -l "$signal"))) ]
            [ "$(cat out err)" = "" ]
            [ "$(kept)" = "" ]
            nothing_is_left
        done
    done
}

@test "backup-database.sh: stops the copy that waits for a writer when it is stopped" {
    lock_database
    announce_copier
    "$root/scripts/backup-database.sh" </dev/null >out 2>err 3>&- &
    program=$!
    read -r copier <began
    kill "$program"
    status=0
    wait "$program" || status=$?
    [ "$status" -eq 143 ]
    run ! kill -0 "$copier"
    unlock_database
    [ "$(kept)" = "" ]
    nothing_is_left
}

@test "backup-database.sh: a copy that was killed is an error, and nothing is left" {
    without_extension
    stub sqlite3 'case "$*" in *.backup*) kill -9 $$ ;; *) exec "$real" "$@" ;; esac'
    run --separate-stderr -1 backup
    [ "$stderr" = "backup-database.sh: cannot copy app.db: the sqlite3 shell ended with status 137 and said nothing" ]
    [ "$(kept)" = "" ]
    nothing_is_left
}

@test "backup-database.sh: is never killed with a file under its name that is not good" {
    plain "PRAGMA page_size = 1024" "CREATE TABLE more (x)" "INSERT INTO more VALUES (randomblob(300000))"
    local round began took file
    began=$(date +%s%N)
    backup --compress gzip -q
    took=$((($(date +%s%N) - began) / 1000000))
    for round in $(seq 25); do
        setsid "$root/scripts/backup-database.sh" --compress gzip --name "n$round" </dev/null >out 2>err 3>&- &
        program=$!
        # Somewhere in the time that it takes.
        read -r -t "$(printf '%d.%03d' $((took / 1000)) $((RANDOM % (took % 1000 + 1))))" _ <> <(:) || :
        kill -9 -- "-$program" 2>/dev/null || :
        wait "$program" || :
    done
    for file in $(snapshots); do
        backup --verify "$file" -q
    done
    backup last -q
    [ "$(find backups -name '.new.*' -o -name '.register.*')" = "" ]
    for file in backups/*.sha256; do
        [ -e "${file%.sha256}" ]
    done
}

@test "backup-database.sh: rows of the register are not lost when connections are copied at the same time" {
    local number programs=()
    for number in 1 2 3 4 5 6; do
        cp app.db "db$number.db"
        "$root/scripts/backup-database.sh" --connection "sqlite:db$number.db" </dev/null >out 3>&- &
        programs+=($!)
    done
    for number in "${programs[@]}"; do
        wait "$number"
    done
    [ "$(rows)" = 6 ]
    all_is_well
}

@test "backup-database.sh: a snapshot whose run was killed before its row gets one with the next run" {
    backup first -q
    cp backups/REGISTER.md before.md
    backup second -q
    cp before.md backups/REGISTER.md
    backup third -q
    [ "$(sed -nE 's/^\| [0-9TZ:-]+ \| ([^|]*) \| ([^|]*) \| ([^|]*) \| everything \| default_[0-9TZ]+_([a-z]+)\.sqlite \|.*/\1,\2,\3,\4/p' backups/REGISTER.md)" = "carol,-,local,first
-,registered later,-,second
carol,-,local,third" ]
    [ "$(grep -c second backups/REGISTER.md)" = 1 ]
    (cd backups && sed -nE 's/^.*\| ([^ ]*\.sqlite) \| [0-9]+ \| ([0-9a-f]{64}) \|.*/\2  \1/p' REGISTER.md | sha256sum -c --quiet)
}

@test "backup-database.sh: what the engine was writing when it was killed is removed after a day" {
    mkdir -m 700 backups
    touch -d '25 hours ago' backups/.snapshot.aB3dEf backups/.snapshot.aB3dEf-journal backups/.snapshots
    touch backups/.snapshot.gH5iJk
    backup -q
    [ "$(find backups -name '.snap*' -printf '%P\n' | sort)" = ".snapshot.gH5iJk
.snapshots" ]
}

@test "backup-database.sh: what the engine has taken before a run gets a row with the next run, a damaged file none" {
    mkdir -m 700 backups
    mig "SELECT migrate_snapshot('backups/other_20260101T000000Z_before-apply.sqlite')" >/dev/null
    mig "SELECT migrate_snapshot('backups/other_20260101T000001Z_before-apply.sqlite')" >/dev/null
    printf x >>backups/other_20260101T000001Z_before-apply.sqlite
    backup -q
    grep -qE '^\| 2026-01-01T00:00:00Z \| - \| registered later \| - \| everything \| other_20260101T000000Z_before-apply.sqlite \|' backups/REGISTER.md
    run ! grep -q 000001Z backups/REGISTER.md
}
