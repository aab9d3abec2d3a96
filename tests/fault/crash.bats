#!/usr/bin/env bats
# kill -9 at random moments. MIGRATE_CRASH_RUNS says how many times in all (60).

load ../helpers/migrate

setup() {
    use_scratch
    runs=$((${MIGRATE_CRASH_RUNS:-60} / 3))
    RANDOM=20250110
    export MIGRATE_COMMIT_INTERVAL=5
}

# 24 operations, each with a table t<version> that the next one reads.
chain() {
    local version number
    for number in {1..24}; do
        version=$(printf '%04d' "$number")
        operation "$version" "TASK-$((number / 5 + 1))" "create-t$number" "CREATE TABLE t$number (x);
INSERT INTO t$number WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
SELECT hex(i) FROM n;
CREATE INDEX t${number}_x ON t$number (x);" "DROP TABLE t$number;"
    done
}

# Prints how long a command takes, in microseconds.
duration() { # <command>...
    local start=${EPOCHREALTIME/./}
    "$@" >/dev/null
    echo $((${EPOCHREALTIME/./} - start))
}

# Runs a statement that is killed at a moment between 0 and a bit more than <microseconds>, and waits
# until it is dead (which is what --foreground is for). The
# status is 137 when it was killed in time.
killed() { # <microseconds> <sql>
    local moment=$((RANDOM * 32768 + RANDOM))
    moment=$((moment % ($1 + $1 / 10) + 1))
    moment=$(printf '%d.%06d' "$((moment / 1000000))" "$((moment % 1000000))")
    timeout --foreground -s KILL "$moment" \
        sqlite3 -batch -bail -init /dev/null "$db" -cmd ".load $extension" "$2" >/dev/null || {
        # 124: it ended by itself just when its time was over.
        local status=$?
        [ "$status" = 124 ] || return "$status"
    }
}

# Fails unless the database is sound, and tables and completed operations are the same. Sets $done.
look() {
    local tables
    [ "$(plain 'PRAGMA integrity_check')" = ok ] || return
    done=$(completed)
    tables=$(plain "SELECT coalesce(group_concat(number, ' '), '') FROM (SELECT CAST(substr(name, 2) AS INTEGER) AS number
        FROM sqlite_schema WHERE type = 'table' AND name GLOB 't[0-9]*' ORDER BY number)")
    [ "$done" = "$tables" ] && return
    printf 'completed: %s\ntables: %s\n' "$done" "$tables"
    return 1
}

# Kills runs that apply and runs that roll back, and completes each.
crash() { # <journal mode>
    local long_up long_down sql in_time=0 part_way=0 trial status
    plain "PRAGMA journal_mode = $1"
    long_up=$(duration mig "SELECT migrate_apply()")
    long_down=$(duration mig "SELECT migrate_rollback('all')")
    for ((trial = 0; trial < runs; trial++)); do
        status=0
        if ((trial % 4 < 3)); then
            killed "$long_up" "SELECT migrate_apply()" || status=$?
        else
            mig "SELECT migrate_apply()" >/dev/null || return
            killed "$long_down" "SELECT migrate_rollback('all')" || status=$?
        fi
        [ "$status" = 0 ] || [ "$status" = 137 ] || return
        look || return
        ((status == 0)) || in_time=$((in_time + 1))
        [ "$done" = "" ] || [ "${done##* }" = 24 ] || part_way=$((part_way + 1))
        sql="SELECT migrate_apply()"
        [ "$(mig "$sql")" = 24 ] || return
        look || return
        mig "SELECT migrate_rollback('all')" >/dev/null || return
    done
    printf '# %s: %d runs, %d killed in time, %d left part way\n' "$1" "$runs" "$in_time" "$part_way" >&3
    ((in_time > 0 && part_way > 0))
}

@test "crash: kill -9 with a rollback journal loses nothing and the next run completes" {
    chain
    crash DELETE
}

@test "crash: kill -9 with a write-ahead log loses nothing and the next run completes" {
    chain
    crash WAL
}

# Settles what was found `running`, as somebody would who looks whether its table is there.
settle() {
    local version outcome
    version=$(mig "SELECT version FROM migrations_applied WHERE status = 'running'")
    [ -n "$version" ] || return 0
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "${stderr#*"operation $version "}" != "$stderr" ] || return
    outcome=rollback
    [ "$(plain "SELECT count(*) FROM sqlite_schema WHERE name = 't$version'")" = 0 ] || outcome=completed
    mig "SELECT migrate_repair($version, '$outcome')" >/dev/null
}

@test "crash: kill -9 leaves an operation outside a transaction running, and a repair settles it" {
    local number in_time=0 found=0 trial status long
    chain
    for number in 03 07 12 18 22; do
        sed -i '1s/^/-- migrate: no-transaction\n/; s/INSERT INTO t/INSERT OR IGNORE INTO t/' \
            migrations/2025-01-10/00"$number"-*_up.sql
    done
    long=$(duration mig "SELECT migrate_apply()")
    for ((trial = 0; trial < runs; trial++)); do
        rm -f "$db" "$db-journal"
        status=0
        killed "$long" "SELECT migrate_apply()" || status=$?
        [ "$status" = 0 ] || in_time=$((in_time + 1))
        [ "$(plain 'PRAGMA integrity_check')" = ok ]
        [ "$(plain "SELECT count(*) FROM sqlite_schema WHERE name = 'migration'")" = 0 ] ||
            [ "$(mig "SELECT count(*) FROM migrations_applied WHERE status = 'running'")" = 0 ] || found=$((found + 1))
        settle
        [ "$(mig "SELECT migrate_apply()")" = 24 ]
        [ "$(mig "SELECT count(*) FROM migrations_applied WHERE status = 'completed'")" = 24 ]
    done
    printf '# no-transaction: %d runs, %d killed in time, %d found running\n' "$runs" "$in_time" "$found" >&3
    ((in_time > 0 && found > 0))
}
