#!/usr/bin/env bats
# kill -9 of backup-database.sh, with compression and removal of old snapshots, and of restore-database.sh:
# of the program and all that it has started, at random moments. MIGRATE_KILL_RUNS says how many times in
# all (200). Then once in front of each program that changes a file.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate

setup() {
    use_scratch
    runs=$((${MIGRATE_KILL_RUNS:-200} / 4))
    RANDOM=20250110
    export MIGRATE_EXTENSION=$extension DATABASE_URL=sqlite:app.db TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$TMPDIR"
    operation 0001 TASK-1 create-marks 'CREATE TABLE marks (name TEXT, number INTEGER);
CREATE TABLE filling (x);
INSERT INTO filling WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT hex(i) FROM n;
CREATE INDEX filling_x ON filling (x);'
    "$root/scripts/sqlite-migrate" up -q
    plain "INSERT INTO marks VALUES ('first', 0)"
    declare -gA proven=()
    in_time=0
}

# What a database holds: which one it is, and whether it is sound.
content() { # [<database>]
    sqlite3 -batch -bail -init /dev/null -list "${1-$db}" 'SELECT name, number FROM marks' \
        'SELECT count(*) FROM filling' 'PRAGMA integrity_check' 2>&1 | tr '\n' ' '
}

backup() {
    "$root/scripts/backup-database.sh" --compress gzip --keep-last 3 >/dev/null
}

# Prints how long a run of a command takes, in microseconds: of three, neither the shortest nor the longest.
duration() { # <command>...
    local start trial
    for trial in 1 2 3; do
        start=${EPOCHREALTIME/./}
        "$@" >/dev/null </dev/null
        echo $((${EPOCHREALTIME/./} - start))
    done | sort -n | sed -n 2p
}

# Runs a program and kills it, with all that it has started, at a moment between 0 and a bit more than
# $long microseconds. All of them hold the pipe that the substitution reads, so it ends when they are dead.
# One that ends before that tells what a run takes now: how busy the machine is changes while a test runs.
killed() { # <program> <argument>...
    local moment=$((RANDOM * 32768 + RANDOM)) said status=0 start
    moment=$((moment % (long + long / 10) + 1))
    moment=$(printf '%d.%06d' "$((moment / 1000000))" "$((moment % 1000000))")
    start=${EPOCHREALTIME/./}
    said=$(timeout -s KILL "$moment" "$@" 2>&1 </dev/null 6>&1) || status=$?
    case $status in
    0) long=$((${EPOCHREALTIME/./} - start)) ;;
    137) in_time=$((in_time + 1)) ;;
    *)
        printf 'status %d: %s\n' "$status" "$said"
        return 1
        ;;
    esac
}

# The snapshots that are there under their final names.
snapshots() {
    find backups -name '[!.]*_*.sqlite*' ! -name '*.sha256' | sort
}

# Fails unless each snapshot has its checksum and holds what one of the patterns says.
whole() { # <content> [<content>]
    local file name held
    while IFS= read -r file; do
        name=${file##*/}
        (cd backups && sha256sum --quiet -c "$name.sha256") || return
        [ -z "${proven[$name]-}" ] || continue
        case $name in
        *.gz) gzip -dc "$file" >copy ;;
        *) cp "$file" copy ;;
        esac
        held=$(content copy)
        [ "$held" = "$1" ] || [ "$held" = "${2-$1}" ] || {
            printf '%s: %s\n' "$name" "$held"
            return 1
        }
        proven[$name]=yes
    done < <(snapshots)
}

# Prints what is left over of any run: temporary files, checksums without a snapshot.
leftovers() {
    local file
    find . -name '.new.*' -o -name '.register.*' -o -name '.app.db.*' -o -name 'app.db?*'
    for file in backups/*.sha256; do
        [ -e "${file%.sha256}" ] || printf '%s\n' "$file"
    done
}

# Fails when there is any.
tidy() {
    local left
    left=$(leftovers)
    [ "$left" = "" ] && return
    printf '%s\n' "$left"
    return 1
}

prepared() {
    "$prepare"
    backup
}

# True while a test has to go on: until the runs are done, and enough of them were killed in time; not
# for ever.
goes_on() {
    ((trial <= runs || (in_time <= runs / 4 && trial <= 4 * runs)))
}

# Kills snapshots, and completes every fifth one. In front of each, <prepare> is called.
kill_snapshots() { # <prepare>
    local long trial good prepare
    good=$(content)
    mkdir backups
    prepare=$1
    long=$(duration prepared)
    for ((trial = 1; ; trial++)); do
        goes_on || break
        "$1"
        killed "$root/scripts/backup-database.sh" --compress gzip --keep-last 3 -q || return
        whole "$good" || return
        [ "$(snapshots | wc -l)" -ge 3 ] || return
        [ "$(content)" = "$good" ] || return
        ((trial % 5)) && continue
        backup || return
        whole "$good" || return
        [ "$(snapshots | wc -l)" -eq 3 ] || return
        tidy || return
    done
    printf '# %s: %d runs, %d killed in time\n' "$BATS_TEST_DESCRIPTION" "$((trial - 1))" "$in_time" >&3
    ((in_time > runs / 4))
}

@test "operations: kill -9 of a snapshot leaves whole snapshots only, and the next run completes" {
    kill_snapshots :
}

# Twelve older snapshots, most of which are to be removed.
older_snapshots() {
    local number name
    for number in {10..21}; do
        name=default_202501${number}T000000Z_old.sqlite.gz
        cp old.gz "backups/$name"
        printf '%s  %s\n' "$old_sum" "$name" >"backups/$name.sha256"
    done
}

@test "operations: kill -9 while old snapshots are removed leaves whole snapshots only, and enough of them" {
    sqlite3 app.db '.backup old'
    gzip old
    old_sum=$(sha256sum <old.gz | cut -d ' ' -f 1)
    kill_snapshots older_snapshots
}

# Leaves the mark <number> in the database; in WAL mode it is in the log only, as a process that dies leaves it.
mark() { # <number>
    if [ "$mode" = WAL ]; then
        { sqlite3 -init /dev/null app.db "UPDATE marks SET number = $1; SELECT 1;" '.shell kill -9 $PPID' || :; } >/dev/null 2>&1
        [ -s app.db-wal ]
    else
        plain "UPDATE marks SET number = $1"
    fi
}

# Two snapshots, `first` and `second`, of which the database becomes the one and then the other.
two_snapshots() {
    local name
    mkdir backups
    for name in second first; do
        plain "UPDATE marks SET name = '$name'"
        sqlite3 app.db ".backup backups/$name.sqlite"
        (cd backups && sha256sum "$name.sqlite" >"$name.sqlite.sha256")
    done
    now=first other=second
    plain "PRAGMA journal_mode = $mode" >/dev/null
}

# Fails unless the database is whole, and either what it was or what it was to become; sets $now and $other.
settle() { # <number>
    local held
    held=$(content)
    case $held in
    "$now|$1 500 ok ") old=$((old + 1)) ;;
    "$other|0 500 ok ")
        held=$now now=$other other=$held
        new=$((new + 1))
        ;;
    *)
        printf 'number %s of %s: %s\n' "$1" "$now" "$held"
        return 1
        ;;
    esac
    [ "$(plain 'PRAGMA journal_mode')" = "${mode,,}" ]
}

# Restores the other snapshot, to the end.
complete() {
    local held
    "$root/scripts/restore-database.sh" "$other.sqlite" -q </dev/null || return
    held=$now now=$other other=$held
    [ "$(content)" = "$now|0 500 ok " ] || return
    tidy
    rm -f backups/*_before-restore*
}

# Kills restores, and completes every fifth one.
kill_restores() { # <journal mode>
    local long trial mode=$1 now other old=0 new=0
    two_snapshots
    long=$(duration "$root/scripts/restore-database.sh" first.sqlite -q)
    rm backups/*_before-restore*
    for ((trial = 1; ; trial++)); do
        goes_on || break
        mark "$trial" || return
        killed "$root/scripts/restore-database.sh" "$other.sqlite" -q || return
        whole "$now|$trial 500 ok " || return
        settle "$trial" || return
        rm -f backups/*_before-restore*
        ((trial % 5)) || complete || return
    done
    printf '# %s: %d runs, %d killed in time, the old database %d times and the new one %d times\n' \
        "$BATS_TEST_DESCRIPTION" "$((trial - 1))" "$in_time" "$old" "$new" >&3
    ((in_time > runs / 4 && old > 0))
}

@test "operations: kill -9 of a restore over a database with a journal leaves the old or the new one" {
    kill_restores DELETE
}

@test "operations: kill -9 of a restore over a database with a log leaves the old or the new one" {
    kill_restores WAL
}

# Puts in front of each program that changes a file one that counts its calls, and kills all at number
# $KILL_AT.
step_stubs() {
    local tool
    mkdir stubs
    for tool in sqlite3 mv ln rm sync chmod mkdir mktemp cat gzip; do
        printf '#!/bin/sh\nprintf . >>"$STEPS"\n[ "$(wc -c <"$STEPS")" -ne "$KILL_AT" ] || kill -s KILL 0\nexec %s "$@"\n' \
            "$(command -v "$tool")" >"stubs/$tool"
        chmod +x "stubs/$tool"
    done
    export STEPS=$BATS_TEST_TMPDIR/steps
}

# Runs a program that is killed at a step.
stepped() { # <step> <program> <argument>...
    local status=0 said
    : >"$STEPS"
    said=$(PATH=$PWD/stubs:$PATH KILL_AT=$1 timeout 60 "${@:2}" 2>&1 </dev/null 6>&1) || status=$?
    steps=$(wc -c <"$STEPS")
    [ "$status" -eq 137 ] || [ "$status" -eq 0 ] || {
        printf 'step %d: status %d: %s\n' "$1" "$status" "$said"
        return 1
    }
}

@test "operations: a restore that is killed at any of its steps leaves the old or the new database" {
    local steps all step mode=WAL now other old=0 new=0
    two_snapshots
    step_stubs
    mark 1
    stepped 0 "$root/scripts/restore-database.sh" second.sqlite -q
    all=$steps
    rm backups/*_before-restore*
    now=second other=first
    for ((step = 1; step <= all; step++)); do
        mark "$step"
        stepped "$step" "$root/scripts/restore-database.sh" "$other.sqlite" -q
        whole "$now|$step 500 ok "
        settle "$step"
        rm -f backups/*_before-restore*
    done
    complete
    printf '# a restore has %d steps: the old database %d times and the new one %d times\n' "$all" "$old" "$new" >&3
    ((all > 20 && old > 5 && new > 2))
}

@test "operations: a snapshot that is killed at any of its steps leaves whole snapshots only" {
    local steps all step good
    sqlite3 app.db '.backup old'
    gzip old
    old_sum=$(sha256sum <old.gz | cut -d ' ' -f 1)
    mkdir backups
    older_snapshots
    good=$(content)
    step_stubs
    stepped 0 "$root/scripts/backup-database.sh" --compress gzip --keep-last 3 -q
    all=$steps
    for ((step = 1; step <= all; step++)); do
        older_snapshots
        stepped "$step" "$root/scripts/backup-database.sh" --compress gzip --keep-last 3 -q
        whole "$good"
        [ "$(snapshots | wc -l)" -ge 3 ]
        [ "$(content)" = "$good" ]
    done
    backup
    whole "$good"
    tidy
    printf '# a snapshot has %d steps\n' "$all" >&3
    ((all > 20))
}
