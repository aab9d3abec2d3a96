# What the tests of faults on servers share: a folder of operations that leave evidence, runs that are hit
# at random moments, and what must be true afterwards. A test begins with fault_start.

# shellcheck source-path=SCRIPTDIR
source "${BASH_SOURCE[0]%/*}/../helpers/postgresql.bash"
source "${BASH_SOURCE[0]%/*}/../helpers/mysql.bash"

# How many operations there are, and how long a run is that nobody hits.
fault_operations=30

# Starts a server of this test's own, and says where it is; with an empty database and the folder.
fault_start() { # postgresql|mysql
    engine=$1
    "${engine}_start" || return
    case $engine in
    postgresql)
        DATABASE_URL="postgresql:///app?host=$PGHOST&user=tester"
        pause='SELECT pg_sleep(0.01)'
        ;;
    *)
        DATABASE_URL="mysql://root:$mysql_password@localhost/app?socket=$mysql_socket"
        pause='SELECT SLEEP(0.01)'
        ;;
    esac
    front=$root/scripts/sqlite-migrate
    export MIGRATE_EXTENSION=$extension DATABASE_URL TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$TMPDIR"
    in_time=0
    RANDOM=20250110
}

fault_stop() {
    fault_ask_end
    "${engine}_stop"
}

# The database is empty, but for the table into which the operations write.
fault_fresh() {
    "${engine}_database" app || return
    ask 'CREATE TABLE evidence (version integer, part varchar(20))'
}

# Runs statements; rows on standard output, with a bar between columns.
ask() { # <sql>
    case $engine in
    postgresql) "$postgresql_client" -X -q -A -t -v ON_ERROR_STOP=1 -d app -c "$1" ;;
    *) mysql_run -N -e "$1" | tr '\t' '|' ;;
    esac
}

# Three kinds of operations in turn: a table, rows, rows and a table. Number 15 cannot be in a
# transaction.
fault_folder() {
    local number version
    for ((number = 1; number <= fault_operations; number++)); do
        version=$(printf '%04d' "$number")
        operation "$version" "TASK-$number" "do-$number" "$(fault_code "$number")" "$(fault_undo "$number")"
    done
}

fault_code() { # <number>
    case $engine-$1 in
    postgresql-15) printf '%s\n' '-- migrate: no-transaction' 'CREATE INDEX CONCURRENTLY t15 ON evidence (part);' ;;
    mysql-15)
        printf '%s\n' '-- migrate: no-transaction' "INSERT INTO evidence VALUES (15, 'begin');" "$pause;" \
            'CREATE TABLE t15 (x integer);' "INSERT INTO evidence VALUES (15, 'end');"
        ;;
    *)
        printf '%s\n' "INSERT INTO evidence VALUES ($1, 'begin');"
        (($1 % 3 == 2)) || printf '%s\n' "CREATE TABLE t$1 (x integer);" "CREATE INDEX t$1_x ON t$1 (x);"
        printf '%s\n' "$pause;" "INSERT INTO evidence VALUES ($1, 'end');"
        ;;
    esac
}

fault_undo() { # <number>
    case $engine-$1 in
    postgresql-15)
        printf '%s\n' '-- migrate: no-transaction' 'DROP INDEX CONCURRENTLY t15;'
        return
        ;;
    *) ;;
    esac
    printf '%s\n' "DELETE FROM evidence WHERE version = $1;"
    (($1 % 3 == 2)) || printf '%s\n' "DROP TABLE t$1;"
}

# Prints for each operation what there is of it: NUMBER none, part, all or more.
fault_evidence() {
    local numbers objects number rows tables wanted
    case $engine in
    postgresql)
        numbers="generate_series(1, $fault_operations) AS n(i)"
        objects="(SELECT count(*) + 10 * count(*) FILTER (WHERE NOT indisvalid) FROM pg_class LEFT JOIN pg_index ON indexrelid = pg_class.oid
            WHERE relname = 't' || i)"
        ;;
    *)
        numbers="(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $fault_operations) SELECT i FROM n) AS n"
        objects="(SELECT count(*) FROM information_schema.tables WHERE table_schema = 'app' AND table_name = concat('t', i))"
        ;;
    esac
    ask "SELECT i, (SELECT count(*) FROM evidence WHERE version = i), $objects FROM $numbers ORDER BY i" |
        while IFS='|' read -r number rows tables; do
            wanted='2 1'
            ((number % 3 != 2)) || wanted='2 0'
            [ "$engine-$number" != postgresql-15 ] || wanted='0 1'
            case "$rows $tables" in
            "$wanted") printf '%d all\n' "$number" ;;
            '0 0') printf '%d none\n' "$number" ;;
            [012]\ 0 | [01]\ 1 | 0\ 11) printf '%d part\n' "$number" ;;
            *) printf '%d more: %s rows, %s tables\n' "$number" "$rows" "$tables" ;;
            esac
        done
}

# Prints what status says: NUMBER STATE.
fault_states() {
    "$front" status --json >states.json || return
    sqlite3 -init /dev/null -list -separator ' ' :memory: \
        "SELECT value ->> 'version', value ->> 'state' FROM json_each(readfile('states.json'))"
}

# Fails unless status says what is true. Sets $doubtful, what is to be settled: NUMBER EVIDENCE.
fault_agree() {
    fault_states >states && fault_evidence >evidence || return
    doubtful=$(awk -v engine="$engine" '
        NR == FNR { state[$1] = $2; next }
        state[$1] == "completed" && $2 == "all" || state[$1] ~ /^(pending|rollback)$/ && $2 == "none" { next }
        state[$1] ~ /^(running|failed)$/ && $2 != "more:" && (engine != "postgresql" || $1 == 15) && !doubtful++ { print $1, $2; next }
        { print "operation", $1, "is", state[$1], "and there is of it:", $0; exit 1 }' states evidence) || {
        printf '%s\n' "$doubtful"
        return 1
    }
    [ "$(wc -l <states)" -eq "$fault_operations" ]
}

# Settles what is in doubt, as the message says: nothing of it is left, or it is done.
fault_repair() {
    local number=${doubtful% *}
    case $doubtful in
    '') return ;;
    *\ all)
        settled_completed=$((settled_completed + 1))
        "$front" repair "$number" completed -q
        return
        ;;
    *) ;;
    esac
    settled_rollback=$((settled_rollback + 1))
    case $engine-$number in
    postgresql-*) ask "DROP INDEX IF EXISTS t$number" ;;
    *) ask "DELETE FROM evidence WHERE version = $number; DROP TABLE IF EXISTS t$number" ;;
    esac 2>/dev/null
    "$front" repair "$number" rollback -q
}

# Waits until nobody is at work in the database any more.
fault_quiet() {
    local end=$((SECONDS + 30)) others
    while :; do
        case $engine in
        postgresql) others=$(ask "SELECT count(*) FROM pg_stat_activity WHERE datname = 'app' AND pid <> pg_backend_pid()") ;;
        *) others=$(ask "SELECT count(*) FROM information_schema.processlist WHERE db = 'app' AND id <> connection_id()") ;;
        esac || return
        [ "$others" != 0 ] || return 0
        [ "$SECONDS" -lt "$end" ] || return
        server_pause
    done
}

# Fails unless what was left is true, and can be settled and completed; each operation has run once then.
fault_settle() {
    fault_quiet && fault_agree && fault_repair || return
    "$front" up -q >/dev/null || return
    fault_agree || return
    [ "$doubtful" = '' ] && [ "$(grep -c ' completed$' states)" -eq "$fault_operations" ] && fault_unlocked
}

# Fails when somebody still holds the lock of runs.
fault_unlocked() {
    case $engine in
    postgresql) [ "$(ask "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")" = 0 ] ;;
    *) [ "$(ask "SELECT is_free_lock('migrate')")" = 1 ] ;;
    esac
}

# Sets $long to the microseconds that an undisturbed run takes.
fault_measure() {
    local start
    fault_fresh || return
    start=${EPOCHREALTIME/./}
    "$front" up -q >/dev/null || return
    long=$((${EPOCHREALTIME/./} - start))
}

# Starts a command in a process group of its own, by the shell $shell if it is set; it is $process.
fault_begin() { # <command>...
    # shellcheck disable=SC2086 # words of a command
    env --default-signal=INT setsid ${shell-} "$front" "$@" </dev/null >out 2>err 3>&- 6>&- &
    process=$!
}

# Lets pass a time that is random, between none and a bit more than a run takes.
fault_moment() {
    local moment=$((RANDOM * 32768 + RANDOM))
    moment=$((moment % (long + long / 10)))
    read -r -t "$((moment / 1000000)).$(printf '%06d' "$((moment % 1000000))")" _ <> <(:) || :
}

# Waits for the run, and sets $ended to its status.
fault_end() {
    ended=0
    wait "$process" || ended=$?
}

# A second session, which is open all the time, so that asking it takes no time.
fault_asker() {
    case $engine in
    postgresql) coproc asker { "$postgresql_client" -X -q -A -t -d postgres 2>&1 3>&-; } ;;
    *) coproc asker { "$mysql_client" --defaults-file="$mysql_options" --batch --skip-column-names --unbuffered --force 2>&1 3>&-; } ;;
    esac
}

fault_ask_end() {
    [ -z "${asker_PID-}" ] || kill "$asker_PID" 2>/dev/null || :
}

# Asks it; the answer is in $answer.
fault_tell() { # <sql>
    local line
    answer=
    printf "%s;\nSELECT 'told';\n" "$1" >&"${asker[1]}"
    while read -r -t 30 -u "${asker[0]}" line; do
        [ "$line" != told ] || return 0
        answer=$answer${answer:+ }$line
    done
    return 1
}
