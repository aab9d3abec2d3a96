# Runs on servers that are hit: the session, the client, the script or the server is killed at a random
# moment, or a signal comes. MIGRATE_KILL_RUNS says how often in all (200, of which each test has a
# quarter).

load fault

setup() {
    use_scratch
    runs=$((${MIGRATE_KILL_RUNS:-200} / 4))
}

teardown() {
    fault_stop
}

# Prepares a server for runs that are hit.
prepare() { # postgresql|mysql
    fault_start "$1" && fault_folder && fault_asker && fault_measure || return
    settled_completed=0
    settled_rollback=0
    rm -rf "${TMPDIR:?}"/*
}

# Hits runs, each on a database of its own: <hit> is called at a random moment; those that fail end with
# one of the statuses. Afterwards the folder of temporary files holds what <left> says.
hit_runs() { # <hit> <left> <statuses>
    local trial
    for ((trial = 1; trial <= runs; trial++)); do
        fault_fresh || return
        fault_begin up -q
        fault_moment
        "$1" "$trial" || return
        fault_end
        case " 0 $3 " in
        *" $ended "*) ;;
        *)
            printf 'trial %d: status %d\n' "$trial" "$ended"
            cat err
            return 1
            ;;
        esac
        "$2" || return
        fault_settle || {
            printf 'trial %d failed, status %d\n' "$trial" "$ended"
            cat out err
            return 1
        }
    done
    printf '# %s: %d runs, %d hit in time, settled: %d completed, %d rollback\n' \
        "$BATS_TEST_DESCRIPTION" "$((trial - 1))" "$in_time" "$settled_completed" "$settled_rollback" >&3
    ((in_time >= runs / 10))
}

# Nothing is left of a run.
nothing() {
    local left
    left=$(ls "$TMPDIR")
    [ "$left" = '' ] || {
        printf 'left: %s\n' "$left"
        return 1
    }
}

# A script that was killed leaves its folder, which is its owner's alone.
own_folders() {
    local left
    left=$(find "$TMPDIR" -mindepth 1 -maxdepth 1 ! \( -type d -name 'sqlite-migrate.??????' -perm 700 \))
    rm -rf "${TMPDIR:?}"/*
    [ "$left" = '' ]
}

# Ends the sessions that the run has.
kill_backend() {
    local session
    if [ "$engine" = postgresql ]; then
        fault_tell "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'sqlite-migrate'" || return
        [ "$answer" = 0 ] || in_time=$((in_time + 1))
        return
    fi
    fault_tell "SELECT id FROM information_schema.processlist WHERE db = 'app'" || return
    for session in $answer; do
        in_time=$((in_time + 1))
        fault_tell "KILL CONNECTION $session" || return
    done
}

# Kills the client of the server, if one is at work.
kill_client() {
    local file client name
    for file in "$TMPDIR"/sqlite-migrate.*/client; do
        { read -r client <"$file" && read -r name <"/proc/$client/comm"; } 2>/dev/null || continue
        case $name in
        psql | mariadb | mysql)
            in_time=$((in_time + 1))
            kill -KILL "$client" 2>/dev/null || :
            ;;
        *) ;;
        esac
    done
}

# Kills the script: it alone, or with all that it has started.
kill_script() { # <trial>
    if (($1 % 2)); then
        kill -KILL "$process" 2>/dev/null && in_time=$((in_time + 1))
    else
        kill -KILL -- "-$process" 2>/dev/null && in_time=$((in_time + 1))
    fi
    return 0
}

# Has a signal come, after which the script ends within two seconds.
interrupt_script() { # <trial>
    local signal=TERM start=${EPOCHREALTIME/./}
    ((${1} % 2)) || signal=INT
    kill "-$signal" "$process" 2>/dev/null && in_time=$((in_time + 1))
    fault_end
    ((${EPOCHREALTIME/./} - start < 10000000)) || {
        printf 'trial %d: %s took too long\n' "$1" "$signal"
        return 1
    }
}

# Operation 2 is at work for long.
long_operation() {
    fault_start "$1"
    fault_asker
    fault_fresh
    operation 0001 TASK-1 create-one 'CREATE TABLE one (x integer);'
    operation 0002 TASK-1 create-two "CREATE TABLE two (x integer);
${pause/0.01/100};
CREATE TABLE three (x integer);"
}

# Waits until the statement that lasts is at work.
await_pause() {
    local end=$((SECONDS + 30)) query
    query="SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg!_sleep(100)%' ESCAPE '!' AND pid <> pg_backend_pid()"
    [ "$engine" = postgresql ] ||
        query="SELECT count(*) FROM information_schema.processlist WHERE state = 'User sleep'"
    while :; do
        fault_tell "$query" || return
        [ "$answer" != "${1-1}" ] || return 0
        [ "$SECONDS" -lt "$end" ] || return
        server_pause
    done
}

# Ends a run by a signal, and fails unless that was at once, here and in the server.
signal_run() { # <signal> <status> <message>
    local start
    fault_begin up -q
    await_pause
    start=${EPOCHREALTIME/./}
    kill "-$1" "$process"
    fault_end
    [ "$ended" -eq "$2" ]
    ((${EPOCHREALTIME/./} - start < 10000000))
    [ "$(cat out)" = "" ]
    [ "$(cat err)" = "$3" ]
    await_pause 0
    nothing
    fault_unlocked
}

# Kills the server and starts it again; what its processes still hold is free after a moment.
kill_server() {
    local folder=${engine}_folder server=${engine}_process end=$((SECONDS + 30))
    ! kill -0 "$process" 2>/dev/null || in_time=$((in_time + 1))
    server_end "${!server}" "${!folder}/data" KILL
    fault_end
    until "${engine}_serve"; do
        [ "$SECONDS" -lt "$end" ] || return
        server_pause
    done
}

# Ends the session of a run while its statement is at work.
lose_run() { # <message>
    fault_begin up -q
    await_pause
    kill_backend
    fault_end
    [ "$ended" -eq 69 ]
    [ "$(cat out)" = "" ]
    [ "$(cat err)" = "$1" ]
    nothing
}

# The client is killed, and the server does not know that yet: nobody else gets in before it does.
orphan_statement() { # <client> <database>
    fault_begin up -q
    await_pause
    kill_client
    fault_end
    [ "$ended" -eq 69 ]
    [ "$(cat err)" = "sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-create-two_up.sql: $1 ended with status 137 and said nothing
hint: sqlite-migrate status says what was kept of it" ]
    await_pause 1
    run --separate-stderr -75 "$front" up --lock-timeout 200
    [ "$stderr" = "sqlite-migrate: another run is at work in $2
hint: wait until it is done, or give --lock-timeout more milliseconds" ]
    kill_backend
    fault_quiet
    operation 0002 TASK-1 create-two 'CREATE TABLE two (x integer);'
}

# Ends the session of a command that waits for the log, which somebody else has locked.
lose_reader() { # <lock> <message>
    operation 0001 TASK-1 create-one 'CREATE TABLE one (x integer);'
    fault_asker
    fault_fresh
    "$front" up -q >/dev/null
    fault_tell "$1"
    fault_begin status
    await_lock
    kill_backend
    fault_end
    [ "$ended" -eq 69 ]
    [ "$(cat out)" = "" ]
    [ "$(cat err)" = "$2" ]
    nothing
}

# Waits until somebody waits for a lock.
await_lock() {
    local end=$((SECONDS + 30)) query
    query="SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    [ "$engine" = postgresql ] ||
        query="SELECT count(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'"
    until [ "$(ask "$query")" = 1 ]; do
        [ "$SECONDS" -lt "$end" ] || return
        server_pause
    done
}
