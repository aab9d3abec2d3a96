#!/usr/bin/env bats
# Eight processes that start together on one database. MIGRATE_RACE_ROUNDS says how often (6).

load ../helpers/migrate

setup() {
    use_scratch
    rounds=${MIGRATE_RACE_ROUNDS:-6}
    racers=8
    export MIGRATE_LOCK_TIMEOUT=60000
    mkfifo ready go
    # Both ends are held open, so that nobody's opening waits and nobody's reading ends.
    exec 8<>ready 9<>go
}

teardown() {
    exec 8>&- 9>&-
}

# Twelve operations whose effect shows how often they ran.
counted_operations() {
    local number version
    operation 0001 TASK-1 create-runs 'CREATE TABLE runs (version INTEGER); INSERT INTO runs VALUES (1);' 'DROP TABLE runs;'
    for number in {2..12}; do
        version=$(printf '%04d' "$number")
        operation "$version" "TASK-$((number / 3 + 1))" "add-run-$number" "INSERT INTO runs VALUES ($number);
CREATE TABLE t$number (x);" "DELETE FROM runs WHERE version = $number; DROP TABLE t$number;"
    done
}

# Runs statements in a shell that is ready, and waits with all others for the word to go.
racer() { # <number> <sql>...
    local number=$1
    shift
    mig '.shell echo >ready; read -r _ <go' "$@" >"result.$number" 2>"error.$number" 3>&- 8>&- 9>&-
}

# Lets <racers> racers go at once and waits for them; fails when one of them did.
race() { # <sql>...
    local number status=0 pids=()
    for ((number = 0; number < racers; number++)); do
        racer "$number" "$@" &
        pids+=("$!")
    done
    for ((number = 0; number < racers; number++)); do
        read -r _ <&8
    done
    printf '\n%.0s' $(seq "$racers") >&9
    for number in "${!pids[@]}"; do
        wait "${pids[number]}" || {
            status=1
            cat "error.$number"
        }
    done
    return "$status"
}

# The last line of every racer's output, each different one once.
results() {
    tail -q -n 1 result.* | sort -u
}

@test "racers: each operation runs once and all processes end at the same version" {
    counted_operations
    for ((round = 0; round < rounds; round++)); do
        for mode in DELETE WAL; do
            rm -f "$db" "$db"-*
            plain "PRAGMA journal_mode = $mode" "CREATE TABLE mine (x)"
            race "SELECT migrate_apply()"
            [ "$(results)" = 12 ]
            [ "$(plain "SELECT group_concat(version) FROM runs")" = 1,2,3,4,5,6,7,8,9,10,11,12 ]
            [ "$(plain "SELECT count(*), count(DISTINCT version) FROM migration_log WHERE outcome = 'completed'")" = "12|12" ]
            [ "$(plain "SELECT count(*) FROM migration_log")" = 12 ]
        done
    done
}

@test "racers: the first run of all makes the tables once" {
    counted_operations
    for ((round = 0; round < rounds; round++)); do
        rm -f "$db" "$db"-*
        race "SELECT migrate_apply()"
        [ "$(results)" = 12 ]
        [ "$(plain "SELECT count(*), count(DISTINCT version) FROM migration_log")" = "12|12" ]
        [ "$(plain "PRAGMA integrity_check")" = ok ]
    done
}

@test "racers: processes that commit each operation alone run each once between them" {
    counted_operations
    for ((round = 0; round < rounds; round++)); do
        for mode in DELETE WAL; do
            rm -f "$db" "$db"-*
            plain "PRAGMA journal_mode = $mode" "CREATE TABLE mine (x)"
            race "SELECT migrate_config('commit_interval', 0)" "SELECT migrate_apply()"
            [ "$(results)" = 12 ]
            [ "$(plain "SELECT group_concat(version) FROM (SELECT version FROM runs ORDER BY version)")" = 1,2,3,4,5,6,7,8,9,10,11,12 ]
            [ "$(plain "SELECT count(*) FROM migration_log")" = 12 ]
        done
    done
}

@test "racers: an operation outside a transaction runs once" {
    counted_operations
    for number in 03 07; do
        sed -i '1s/^/-- migrate: no-transaction\n/' migrations/2025-01-10/00"$number"-*_up.sql
    done
    for ((round = 0; round < rounds; round++)); do
        rm -f "$db" "$db"-*
        # One that finds another at work in such an operation says so and does not wait.
        race "SELECT migrate_apply()" || true
        [ "$(mig "SELECT migrate_apply()")" = 12 ]
        [ "$(plain "SELECT group_concat(version) FROM (SELECT version FROM runs ORDER BY version)")" = 1,2,3,4,5,6,7,8,9,10,11,12 ]
        [ "$(plain "SELECT count(*) FROM migration_log WHERE outcome = 'completed'")" = 12 ]
    done
}

@test "racers: a program runs once" {
    operation 0001 TASK-1 create-runs 'CREATE TABLE runs (version INTEGER);'
    program 0002 TASK-1 add-run sh <<'END'
#!/bin/sh
echo run >>ran
echo "INSERT INTO runs VALUES (2);"
END
    race "SELECT migrate_config('scripts', 'on')" "SELECT migrate_apply()"
    [ "$(results)" = 2 ]
    [ "$(cat ran)" = run ]
    [ "$(plain "SELECT version FROM runs")" = 2 ]
}

@test "racers: processes that roll back all agree on nothing" {
    counted_operations
    for ((round = 0; round < rounds; round++)); do
        rm -f "$db" "$db"-*
        mig "SELECT migrate_apply()" >/dev/null
        race "SELECT migrate_config('commit_interval', 0)" "SELECT migrate_rollback('all')"
        [ "$(results)" = 0 ]
        [ "$(objects)" = "" ]
        [ "$(plain "SELECT count(*) FROM migration_log WHERE action = 'down'")" = 12 ]
    done
}

@test "racers: processes that each roll back one operation roll back as many as they are" {
    counted_operations
    for ((round = 0; round < rounds; round++)); do
        rm -f "$db" "$db"-*
        mig "SELECT migrate_apply()" >/dev/null
        race "SELECT migrate_rollback()"
        [ "$(cat result.* | sort -n | tr '\n' ' ')" = "4 5 6 7 8 9 10 11 " ]
        [ "$(completed)" = "1 2 3 4" ]
    done
}

@test "racers: processes that apply and processes that roll back never half do either" {
    counted_operations
    for ((round = 0; round < rounds; round++)); do
        rm -f "$db" "$db"-*
        plain "PRAGMA journal_mode = WAL" >/dev/null
        race "SELECT migrate_config('commit_interval', 0)" "SELECT migrate_apply()" \
            "SELECT migrate_rollback(2)" "SELECT migrate_redo(1)" "SELECT migrate_apply()" >/dev/null || true
        # A run whose ground another has taken away stops; nothing else may go wrong.
        unexpected=$(grep -Ehv '^(Error: stepping, operation [0-9]+ was (rolled back|applied again) by another run|hint: what was committed before stays;)' error.* || true)
        [ -z "$unexpected" ] || {
            printf '%s\n' "$unexpected"
            false
        }
        [ "$(mig "SELECT migrate_apply()")" = 12 ]
        [ "$(plain "SELECT group_concat(version) FROM (SELECT version FROM runs ORDER BY version)")" = 1,2,3,4,5,6,7,8,9,10,11,12 ]
        [ "$(plain "SELECT sum(CASE action WHEN 'up' THEN 1 ELSE -1 END) FROM migration_log WHERE outcome = 'completed'")" = 12 ]
    done
}
