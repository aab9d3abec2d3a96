#!/usr/bin/env bats
# Six runs that start together on one database of a server. MIGRATE_RACE_ROUNDS says how often (5).

load ../helpers/migrate
load fault

setup() {
    use_scratch
    rounds=${MIGRATE_RACE_ROUNDS:-5}
    fault_operations=16
    export MIGRATE_LOCK_TIMEOUT=60000
    mkfifo ready go
    # Both ends are held open, so that nobody's opening waits and nobody's reading ends.
    exec 8<>ready 9<>go
}

teardown() {
    exec 8>&- 9>&-
    fault_stop
}

prepare() { # postgresql|mysql
    fault_start "$1" && fault_folder
}

# Runs a command that is ready, and waits with all others for the word to go.
racer() { # <number> <command>...
    echo >ready
    read -r _ <go
    "${@:2}" >"result.$1" 2>"error.$1" </dev/null 3>&- 8>&- 9>&-
}

# Lets the commands, a line each, go at once and waits for them; their statuses are in $statuses.
race() { # <command>...
    local number pids=() words
    statuses=
    rm -f result.* error.*
    for ((number = 1; number <= $#; number++)); do
        read -r -a words <<<"${!number}"
        racer "$number" "${words[@]}" 3>&- &
        pids+=("$!")
    done
    for ((number = 1; number <= $#; number++)); do
        read -r _ <&8
    done
    printf '\n%.0s' $(seq "$#") >&9
    for number in "${pids[@]}"; do
        wait "$number" && statuses="$statuses 0" || statuses="$statuses $?"
    done
}

# Fails unless all operations are completed, each with what it has made, and nobody holds the lock.
all_completed() {
    fault_agree && [ "$doubtful" = '' ] && [ "$(grep -c ' completed$' states)" -eq "$fault_operations" ] && fault_unlocked
}

# How many lines of the log there are, and of how many operations.
logged() { # <action>
    ask "SELECT count(*), count(DISTINCT version) FROM migration_log WHERE action = '$1' AND outcome = 'completed'"
}

up_together() {
    local round
    for ((round = 0; round < rounds; round++)); do
        fault_fresh
        race "$front up" "$front up" "$front up" "$front up" "$front up" "$front up"
        [ "$statuses" = ' 0 0 0 0 0 0' ] || {
            cat error.*
            return 1
        }
        all_completed || return
        [ "$(logged up)" = "$fault_operations|$fault_operations" ] || return
        [ "$(cat result.* | sort | uniq -c | sed 's/^ *//')" = "5 nothing to do: the database is at version $fault_operations
1 the database is at version $fault_operations" ] || {
            cat result.*
            return 1
        }
    done
}

up_and_down() {
    local round
    for ((round = 0; round < rounds; round++)); do
        fault_fresh
        "$front" up 8 -q >/dev/null
        race "$front up -q" "$front down -q" "$front up 12 -q" "$front down 3 -q" "$front redo -q" "$front up -q"
        [ "$statuses" = ' 0 0 0 0 0 0' ] || {
            printf '%s\n' "$statuses"
            cat error.*
            return 1
        }
        fault_agree && [ "$doubtful" = '' ] || return
        "$front" up -q >/dev/null || return
        all_completed || return
        [ "$(ask "SELECT count(*) FROM (SELECT version FROM migration_log WHERE outcome = 'completed' GROUP BY version
            HAVING sum(CASE action WHEN 'up' THEN 1 ELSE -1 END) <> 1) AS wrong")" = 0 ] || return
    done
}

# A reviewed script that somebody runs by hand, and a run: whoever comes second stops or has nothing to do.
script_and_run() { # <client> <argument>...
    local round left
    fault_fresh
    "$front" script --dialect "$engine" >script.sql
    printf '#!/bin/sh\nexec %s <script.sql\n' "$*" >by_hand
    chmod +x by_hand
    for ((round = 0; round < rounds; round++)); do
        fault_fresh
        race ./by_hand "$front up -q"
        # The client says with 3 (psql) or 1 that the script has stopped at its guard. The run stops (65) at the
        # operation outside a transaction that the script is in the middle of.
        [[ $statuses =~ ^\ [013]\ (0|65)$ ]] || {
            printf 'statuses: %s\n' "$statuses"
            cat error.*
            return 1
        }
        fault_agree && left=$doubtful && fault_repair || return
        "$front" up -q >/dev/null || return
        all_completed || return
        [ -n "$left" ] || [ "$(logged up)" = "$fault_operations|$fault_operations" ] || return
    done
}

@test "postgresql: of runs that start together one applies each operation once, the others wait" {
    prepare postgresql
    up_together
}

@test "mysql: of runs that start together one applies each operation once, the others wait" {
    prepare mysql
    up_together
}

@test "postgresql: runs that apply and runs that roll back take turns" {
    prepare postgresql
    up_and_down
}

@test "mysql: runs that apply and runs that roll back take turns" {
    prepare mysql
    up_and_down
}

@test "postgresql: a script that is run by hand and a run apply each operation once between them" {
    prepare postgresql
    script_and_run "$postgresql_client" -X -q -v ON_ERROR_STOP=1 -d app
}

@test "mysql: a script that is run by hand and a run apply each operation once between them" {
    prepare mysql
    script_and_run "$mysql_client" "--defaults-file=$mysql_options" --database=app
}
