#!/usr/bin/env bats
# Runs on servers that are hit: the session, the client, the script or the server is killed at a random
# moment, or a signal comes. MIGRATE_KILL_RUNS says how often in all (200, of which each test has a
# quarter).

load ../helpers/migrate
load servers

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
    ((${EPOCHREALTIME/./} - start < 2500000)) || {
        printf 'trial %d: %s took too long\n' "$1" "$signal"
        return 1
    }
}

@test "postgresql: what is left of a run whose session is ended is true, and the next run completes" {
    prepare postgresql
    hit_runs kill_backend nothing 69
}

@test "mysql: what is left of a run whose session is ended is true, and is settled by repair" {
    prepare mysql
    hit_runs kill_backend nothing 69
}

@test "postgresql: what is left of a run whose client is killed is true, and the next run completes" {
    prepare postgresql
    hit_runs kill_client nothing 69
}

@test "mysql: what is left of a run whose client is killed is true, and is settled by repair" {
    prepare mysql
    hit_runs kill_client nothing 69
}

@test "postgresql: what is left of a run that is killed is true, and the next run completes" {
    prepare postgresql
    hit_runs kill_script own_folders 137
}

@test "mysql: what is left of a run that is killed is true, and is settled by repair" {
    prepare mysql
    hit_runs kill_script own_folders 137
}

@test "postgresql: a run that a signal ends does so at once, and what is left of it is true" {
    prepare postgresql
    hit_runs interrupt_script nothing '130 143'
}

@test "mysql: a run that a signal ends does so at once, and what is left of it is true" {
    prepare mysql
    hit_runs interrupt_script nothing '130 143'
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
    ((${EPOCHREALTIME/./} - start < 2000000))
    [ "$(cat out)" = "" ]
    [ "$(cat err)" = "$3" ]
    await_pause 0
    nothing
    fault_unlocked
}

@test "postgresql: a signal cancels the statement that is at work, and nothing of its operation is kept" {
    long_operation postgresql
    signal_run INT 130 'sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-create-two_up.sql: canceling statement due to user request
hint: sqlite-migrate status says what was kept of it'
    signal_run TERM 143 'sqlite-migrate: warning: canceling statement due to user request'
    [ "$(fault_states)" = '1 completed
2 pending' ]
    [ "$(ask "SELECT to_regclass('one'), to_regclass('two')")" = 'one|' ]
}

@test "mysql: a signal stops the statement that is at work, and its operation is left running" {
    long_operation mysql
    signal_run INT 130 'sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-create-two_up.sql: Query execution was interrupted
hint: sqlite-migrate status says what was kept of it'
    [ "$(fault_states)" = '1 completed
2 running' ]
    "$front" repair 2 rollback -q
    ask 'DROP TABLE two'
    signal_run TERM 143 'sqlite-migrate: warning: Query execution was interrupted'
    [ "$(fault_states)" = '1 completed
2 running' ]
    [ "$(ask 'SHOW TABLES LIKE "t%"')" = two ]
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

@test "postgresql: what is left of a run whose server is killed is true, and the next run completes" {
    runs=$(((runs + 4) / 5))
    prepare postgresql
    hit_runs kill_server nothing 69
}

@test "mysql: what is left of a run whose server is killed is true, and is settled by repair" {
    runs=$(((runs + 4) / 5))
    prepare mysql
    hit_runs kill_server nothing 69
}

@test "postgresql: a signal cancels the statement that is at work, whatever shell runs the script" {
    local shell
    long_operation postgresql
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        signal_run TERM 143 'sqlite-migrate: warning: canceling statement due to user request'
    done
}

@test "mysql: a signal stops the statement that is at work, whatever shell runs the script" {
    local shell
    long_operation mysql
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        signal_run TERM 143 'sqlite-migrate: warning: Query execution was interrupted'
        "$front" repair 2 rollback -q
        ask 'DROP TABLE two'
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

@test "postgresql: a connection that is lost in the middle of an operation is told, and nothing of it is kept" {
    long_operation postgresql
    lose_run 'sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-create-two_up.sql: the connection to postgresql:///app was lost: terminating connection due to administrator command
hint: sqlite-migrate status says what was kept of it'
    [ "$(fault_states)" = '1 completed
2 pending' ]
    [ "$(ask "SELECT to_regclass('one'), to_regclass('two')")" = 'one|' ]
}

@test "mysql: a connection that is lost in the middle of an operation is told, and it is left running" {
    long_operation mysql
    lose_run 'sqlite-migrate: cannot apply operation 2: 2025-01-10/0002-TASK-1-create-two_up.sql: the connection to mysql://localhost/app was lost
hint: sqlite-migrate status says what was kept of it'
    [ "$(fault_states)" = '1 completed
2 running' ]
    [ "$(ask 'SHOW TABLES LIKE "t%"')" = two ]
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

@test "postgresql: while the server is at work for a client that was killed, the next run does not begin" {
    long_operation postgresql
    orphan_statement psql postgresql:///app
    "$front" up -q >/dev/null
    [ "$(fault_states)" = '1 completed
2 completed' ]
}

@test "mysql: while the server is at work for a client that was killed, the next run does not begin" {
    long_operation mysql
    orphan_statement mariadb mysql://localhost/app
    ask 'DROP TABLE two'
    "$front" repair 2 rollback -q
    "$front" up -q >/dev/null
    [ "$(fault_states)" = '1 completed
2 completed' ]
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

@test "postgresql: a connection that is lost while the state is read is told" {
    fault_start postgresql
    lose_reader '\c app
BEGIN; LOCK TABLE migration_log' 'sqlite-migrate: the connection to postgresql:///app was lost: terminating connection due to administrator command
hint: check whether the server runs, and run again'
}

@test "mysql: a connection that is lost while the state is read is told" {
    fault_start mysql
    lose_reader 'LOCK TABLES app.migration_log WRITE' 'sqlite-migrate: the connection to mysql://localhost/app was lost
hint: check whether the server runs, and run again'
}

@test "postgresql: a server that is not there is told" {
    fault_start postgresql
    operation 0001 TASK-1 create-one 'CREATE TABLE one (x integer);'
    postgresql_stop
    for command in up status 'repair 1 completed' verify script; do
        # shellcheck disable=SC2086 # words of a command
        run --separate-stderr -69 "$front" $command
        [ "$output" = "" ]
        [ "$stderr" = "sqlite-migrate: cannot connect to postgresql:///app: No such file or directory
	Is the server running locally and accepting connections on that socket?
hint: check the URL, and whether the server runs" ]
    done
    nothing
}

@test "mysql: a server that is not there is told" {
    fault_start mysql
    operation 0001 TASK-1 create-one 'CREATE TABLE one (x integer);'
    mysql_stop
    for command in up status 'repair 1 completed' verify script; do
        # shellcheck disable=SC2086 # words of a command
        run --separate-stderr -69 "$front" $command
        [ "$output" = "" ]
        [ "$stderr" = "sqlite-migrate: cannot connect to mysql://localhost/app: Can't connect to local server through socket '$mysql_socket' (2)
hint: check the URL, and whether the server runs" ]
    done
    nothing
}
