# shellcheck shell=sh disable=SC2034,SC2154
# SQLite behind the interface that every engine has. The programs know these functions and nothing
# else about a database:
#
#   engine_open DATABASE PROGRAMS     what to work on, and the folder that the scripts are in; sets
#                                     engine_shown, the name of the database in messages
#   engine_exists                     true when there is a database already
#   engine_apply TARGET               each of these four changes the database and prints the version
#   engine_rollback WHAT              that it is at afterwards into $scratch/rows; an empty target is
#   engine_to VERSION                 everything, an empty what is one operation
#   engine_redo WHAT
#   engine_baseline VERSION           the same, without running anything
#   engine_repair VERSION OUTCOME     settles an operation: completed, rollback, accept
#   engine_verify                     fails with the first error that is found
#   engine_seed FILE...               runs SQL files, in one transaction
#   engine_fresh_begin                from here on, a new and empty database is worked on
#   engine_fresh_end                  puts it in the place of the old one, whose new name is then in
#                                     engine_old (empty when there was none)
#   engine_rows VIEW [ARGUMENT]       the rows of a view, into $scratch/rows
#   engine_json VIEW [ARGUMENT]       the same as one line of JSON
#   engine_version                    the version of the engine
#
# Views, and the columns of their rows (times are UTC, ISO 8601; what is not known is empty):
#
#   status    version, task, description, date, state, when, milliseconds, reversible (1 or 0)
#   pending   the same, of what is to be applied
#   current   version
#   last      the highest version of the folder
#   history   id, version, task, action, outcome, when, milliseconds, actor, error
#   problems  severity, problem, place, message, hint
#   show      version, task, description, date, state, when, milliseconds, path, checksum, rollback
#             code (1 or 0), code, rollback code; ARGUMENT is the version
#   up        version, task, description, direction, path: what engine_apply ARGUMENT would do
#   obstacles message, hint: the first thing that would stop engine_apply ARGUMENT
#   down      the same as up for engine_rollback ARGUMENT
#   to        the same for engine_to ARGUMENT
#   known     1 when ARGUMENT is empty, a number of operations, or a version or task that is there
#
# In rows, a unit separator (octal 037) stands between two columns and a record separator (036)
# behind each row; values do not hold them. In JSON, the columns are the names of the values.
#
# A function that fails returns 1; engine_status is then the exit status for it, engine_message the
# whole message, hint included. What goes on meanwhile is shown on standard error as option
# `progress` says (MIGRATE_PROGRESS), unless engine_silent is set, and stays in $scratch/progress.

engine_mode=-ascii
engine_silent=

engine_open() {
    engine_database=$1
    engine_shown=${1#./}
    engine_programs=$2
    command -v sqlite3 >/dev/null || die 69 "there is no sqlite3 shell" "install the package sqlite3"
    engine_find_extension
    scratch_make
    engine_log=$(quote_dot "$scratch/log")
    engine_loaded=$(quote_dot "$scratch/loaded")
    engine_load=$(quote_dot "$engine_extension")
}

engine_exists() {
    [ -e "$engine_database" ]
}

# Beside the scripts in a checkout, below the prefix that they are installed in, or where the loader
# looks. MIGRATE_EXTENSION wins.
engine_find_extension() {
    engine_extension=${MIGRATE_EXTENSION-}
    if [ -n "$engine_extension" ]; then
        case $engine_extension in
        */*)
            [ -f "$engine_extension" ] ||
                die 69 "there is no extension $engine_extension" "MIGRATE_EXTENSION names it"
            ;;
        *) ;;
        esac
        return
    fi
    for engine_extension in "$engine_programs/../build/migrate" "$engine_programs/../lib/migrate" \
        "$engine_programs/../../lib/migrate" "$engine_programs/../../../lib/migrate"; do
        for engine_suffix in so dylib; do
            [ ! -f "$engine_extension.$engine_suffix" ] || return 0
        done
    done
    engine_extension=migrate
}

# Runs SQL that may take its time: a signal interrupts it. The function that starts the shell runs in a
# subshell, which takes no SIGINT; the process number of the shell itself is what its child calls $PPID.
engine_run() {
    : >"$scratch/client"
    MIGRATE_CLIENT=$scratch/client
    export MIGRATE_CLIENT
    engine_run_result=0
    # shellcheck disable=SC2016 # for the shell that is started there
    engine_call '.shell echo $PPID >"$MIGRATE_CLIENT"' "$@" || engine_run_result=1
    rm -f -- "$scratch/client"
    return "$engine_run_result"
}

# Runs SQL with the extension loaded; what the database prints goes to $scratch/rows.
engine_call() {
    : >"$scratch/log"
    : >"$scratch/error"
    : >"$scratch/progress"
    : >"$scratch/loaded"
    [ -p "$scratch/pipe" ] || mkfifo "$scratch/pipe" ||
        die 73 "cannot make a named pipe in the temporary folder" "check TMPDIR"
    engine_relay <"$scratch/pipe" &
    engine_relay_id=$!
    # A database that is made now gets the mode that the person's umask gives it.
    umask "${caller_umask:-077}"
    sql_run "$engine_mode" -cmd ".log $engine_log" -cmd ".load $engine_load" \
        -cmd ".output $engine_loaded" -cmd '.print loaded' -cmd .output "$engine_database" "$@" \
        >"$scratch/rows" 2>"$scratch/pipe" &
    engine_client=$!
    umask 077
    engine_result=0
    scratch_wait "$engine_client" || engine_result=1
    wait "$engine_relay_id" || :
    [ "$engine_result" -eq 0 ] || engine_explain
    if [ -n "$scratch_signalled" ] && [ "$scratch_signalled" != INT ]; then
        [ "$engine_result" -eq 0 ] || warn "$engine_message"
        scratch_end
    fi
    return "$engine_result"
}

# Shows what comes, at once, up to where the shell reports an error; that is kept.
engine_relay() {
    trap '' HUP INT TERM
    relay_end='
'
    while :; do
        relay_text=$(dd bs=65536 count=1 2>/dev/null && printf .)
        relay_text=${relay_text%.}
        [ -n "$relay_text" ] || break
        case $relay_end$relay_text in
        *"${relay_end}Error"* | *"${relay_end}Runtime error"* | *"${relay_end}Parse error"*)
            { printf '%s' "$relay_text" && cat; } >"$scratch/error"
            break
            ;;
        *) ;;
        esac
        printf '%s' "$relay_text" >>"$scratch/progress"
        [ -n "$engine_silent" ] || printf '%s' "$relay_text" >&2
    done
    # What was drawn before the error came in the same breath.
    awk -v kept="$scratch/error.text" '
        !inside && /^(Error|Runtime error|Parse error)/ { inside = 1 }
        inside { print >kept; next }
        { print }
    ' "$scratch/error" >"$scratch/before"
    cat "$scratch/before" >>"$scratch/progress"
    [ -n "$engine_silent" ] || cat "$scratch/before" >&2
}

# Sets engine_status and engine_message. SQLite's log has the result code, whatever the version of the
# shell makes of it; the message is what the shell prints, without what it puts around it.
engine_explain() {
    engine_code=$(awk '
        /^\([0-9]+\) / { any = $1 }
        /^\([0-9]+\) statement aborts at / { last = $1 }
        END { code = last == "" ? any : last; gsub(/[()]/, "", code); print code }
    ' "$scratch/log")
    engine_message=$(awk '
        NR == 1 {
            sub(/^(Runtime error|Parse error|Error)( near line [0-9]+| in [^:]*)?: /, "")
            sub(/^(stepping|in prepare), /, "")
        }
        { print }
    ' "$scratch/error.text" 2>/dev/null) || engine_message=
    engine_line=$(sed -n '1s/^[A-Z][a-z ]* near line \([0-9]*\): .*/\1/p' "$scratch/error.text" 2>/dev/null) || engine_line=
    rm -f -- "$scratch/error.text"
    if [ -z "$engine_message" ]; then
        engine_status=1
        engine_message="the sqlite3 shell ended with status $scratch_status and said nothing"
        return
    fi
    # Where the log has none (a lock that is not free), it is behind the message, or the exit status.
    [ -n "$engine_code" ] || case $engine_message in
    *" ("[0-9]")" | *" ("[0-9][0-9]")")
        engine_code=${engine_message##*" ("}
        engine_code=${engine_code%")"}
        ;;
    *) engine_code=$scratch_status ;;
    esac
    if [ ! -s "$scratch/loaded" ] && [ "$engine_code" -le 1 ]; then
        engine_status=69
        engine_message="cannot load the extension $engine_extension: $engine_message
hint: make builds it, make install puts it where it is found, MIGRATE_EXTENSION names it"
        return
    fi
    engine_message=${engine_message%" ($engine_code)"}
    engine_message=${engine_message%" ($((engine_code % 256)))"}
    engine_status=$(outcome_status "$engine_code")
}

engine_apply() {
    engine_target=$(quote_sql_or_null "$1")
    engine_run "SELECT migrate_apply(NULL, $engine_target)"
}

engine_rollback() {
    engine_target=$(quote_sql_or_null "$1")
    engine_run "SELECT migrate_rollback($engine_target)"
}

engine_to() {
    engine_target=$(quote_sql "$1")
    engine_run "SELECT migrate_to($engine_target)"
}

engine_redo() {
    engine_target=$(quote_sql_or_null "$1")
    engine_run "SELECT migrate_redo($engine_target)"
}

engine_baseline() {
    engine_target=$(quote_sql "$1")
    engine_call "SELECT migrate_baseline($engine_target)"
}

engine_repair() {
    engine_target=$(quote_sql "$1")
    engine_outcome=$(quote_sql "$2")
    engine_call "SELECT migrate_repair($engine_target, $engine_outcome)"
}

engine_verify() {
    engine_read 'SELECT migrate_verify()'
}

engine_version() {
    engine_call 'SELECT migrate_version()'
}

# Runs SQL files in one transaction. A mark is printed before each, to know which one failed.
engine_seed() {
    for engine_file; do
        shift
        engine_quoted=$(quote_dot "$engine_file")
        set -- "$@" ".print $engine_quoted" ".read $engine_quoted"
    done
    case ${MIGRATE_LOCK_TIMEOUT-} in
    '' | *[!0-9]*) engine_timeout=5000 ;;
    *) engine_timeout=$MIGRATE_LOCK_TIMEOUT ;;
    esac
    engine_run ".timeout $engine_timeout" 'BEGIN IMMEDIATE' "$@" 'COMMIT' || {
        [ -z "$engine_line" ] || engine_message="$engine_line: $engine_message"
        return 1
    }
}

# The new database is beside the old one, so that it can take its name at once.
engine_fresh_begin() {
    [ ! -h "$engine_database" ] ||
        die 78 "the database $engine_shown is a symbolic link" "name the file that it leads to"
    engine_place=$engine_database
    engine_database=$(mktemp "$engine_place.fresh.XXXXXX") ||
        die 73 "cannot make a file beside $engine_shown" "check the folder, its permissions and the free space"
    scratch_file=$engine_database
}

# Nothing may be left in a log beside the old file when it gets another name. Leaving WAL takes that
# nobody else has the database open.
engine_fresh_end() {
    engine_old=
    if [ -e "$engine_place" ]; then
        engine_new=$engine_database
        engine_database=$engine_place
        engine_call 'PRAGMA journal_mode' || return 1
        engine_journal=$(tr -d '\036' <"$scratch/rows")
        if [ "$engine_journal" = wal ]; then
            engine_call 'PRAGMA journal_mode = DELETE' || return 1
        fi
        engine_call 'BEGIN EXCLUSIVE' || return 1
        engine_database=$engine_new
        if [ "$engine_journal" = wal ]; then
            engine_call 'PRAGMA journal_mode = WAL' || return 1
        fi
        engine_bits=$(stat -c %a -- "$engine_place" 2>/dev/null || stat -f %Lp "$engine_place") || engine_bits=600
        chmod -- "$engine_bits" "$engine_new" || warn "cannot give the new file the mode of the old one"
        engine_keep_old
    else
        engine_bits=$(printf '%o' "$((0666 & ~0$caller_umask))")
        chmod -- "$engine_bits" "$engine_database" || :
    fi
    mv -f -- "$engine_database" "$engine_place" || die 73 "cannot rename the new database to $engine_shown"
    scratch_file=
    engine_database=$engine_place
}

# The old file gets a second name, which is free, before the new one takes its first.
engine_keep_old() {
    engine_stamp=$(date -u +%Y%m%dT%H%M%SZ) || die 69 "cannot ask for the date"
    engine_old=$engine_place.$engine_stamp
    engine_tries=1
    until ln -- "$engine_place" "$engine_old" 2>"$scratch/error"; do
        engine_tries=$((engine_tries + 1))
        if [ ! -e "$engine_old" ] || [ "$engine_tries" -ge 100 ]; then
            die 73 "cannot keep the old database as $engine_old" "the folder must take hard links; nothing was changed"
        fi
        engine_old=$engine_place.$engine_stamp-$engine_tries
    done
}

# Reads: a database that is not there is read as an empty one, and not made.
engine_read() {
    engine_kept=$engine_database
    engine_exists || engine_database=:memory:
    engine_read_result=0
    engine_call "$1" || engine_read_result=1
    engine_database=$engine_kept
    return "$engine_read_result"
}

engine_rows() {
    engine_sql=$(engine_view "$1" "${2-}")
    engine_read "$engine_sql"
}

# The shell's own JSON, which has no line where there is no row.
engine_json() {
    engine_sql=$(engine_view "$1" "${2-}")
    engine_mode=-json
    engine_json_result=0
    engine_read "$engine_sql" || engine_json_result=1
    engine_mode=-ascii
    [ -s "$scratch/rows" ] || printf '[]\n' >"$scratch/rows"
    return "$engine_json_result"
}

# Prints the query of view $1; $2 is its argument.
engine_view() (
    argument=$(quote_sql_or_null "$2")
    applied="applied AS MATERIALIZED (SELECT version, task_name, description, migration_date, file_path,
        status, coalesce(completed_at, started_at) AS at, duration_ms FROM migrations_applied)"
    pending="pending AS MATERIALIZED (SELECT version, task_name, description, migration_date, file_path,
        status, reversible, row_number() OVER (ORDER BY version) AS place FROM migrations_pending)"
    wanted="wanted (x) AS (SELECT $argument)"
    is_number="x <> '' AND x NOT GLOB '*[^0-9]*'"
    planned="SELECT version, task_name AS task, description, 'up' AS direction, file_path AS path
        FROM pending, wanted WHERE x IS NULL OR CASE
            WHEN x GLOB '+*' THEN place <= CAST(substr(x, 2) AS INTEGER)
            WHEN $is_number THEN version <= CAST(x AS INTEGER)
            ELSE version <= (SELECT max(version) FROM pending WHERE task_name = x) END"
    open_operations="SELECT version, task_name AS task, description, migration_date AS date,
        coalesce((SELECT status FROM applied WHERE applied.version = pending.version
            AND status IN ('failed', 'running')), status) AS state,
        NULL AS \"when\", NULL AS milliseconds, reversible FROM pending"
    case $1 in
    status)
        printf '%s\n' "WITH $applied, $pending $open_operations
            UNION ALL SELECT version, task_name, description, migration_date, status, at, duration_ms,
                (SELECT rollback_code IS NOT NULL FROM migrations_applied AS a
                 WHERE a.version = applied.version)
            FROM applied WHERE version NOT IN (SELECT version FROM pending) ORDER BY version"
        ;;
    pending) printf '%s\n' "WITH $applied, $pending $open_operations ORDER BY version" ;;
    current)
        printf '%s\n' "SELECT coalesce(max(version), 0) AS version FROM migrations_applied
            WHERE status = 'completed'"
        ;;
    last)
        printf '%s\n' "SELECT max(version) AS version FROM (SELECT 0 AS version
            UNION ALL SELECT version FROM migrations_pending
            UNION ALL SELECT version FROM migrations_applied)"
        ;;
    history)
        printf '%s\n' "SELECT id, version, task_name AS task, action, outcome, finished_at AS \"when\",
            duration_ms AS milliseconds, replace(replace(actor, char(30), ' '), char(31), ' ') AS actor,
            replace(replace(error, char(30), ' '), char(31), ' ') AS error
            FROM migrations_history ORDER BY id"
        ;;
    problems) printf '%s\n' "SELECT severity, problem, place, message, hint FROM migrations_problems" ;;
    show)
        printf '%s\n' "WITH $wanted
            SELECT version, task_name AS task, description, migration_date AS date, status AS state,
                coalesce(completed_at, started_at) AS \"when\", duration_ms AS milliseconds,
                file_path AS path, checksum, rollback_code IS NOT NULL AS reversible, code, rollback_code
            FROM migrations_applied, wanted WHERE $is_number AND version = CAST(x AS INTEGER)
            UNION ALL
            SELECT version, task_name, description, migration_date, status, NULL, NULL,
                file_path, checksum, reversible, code, rollback_code
            FROM migrations_pending, wanted WHERE $is_number AND version = CAST(x AS INTEGER)
            LIMIT 1"
        ;;
    up) printf '%s\n' "WITH $pending, $wanted $planned ORDER BY version" ;;
    obstacles)
        printf '%s\n' "WITH $pending, $wanted SELECT message, hint FROM migrations_problems
            WHERE severity = 'error'
            AND (problem <> 'bad file' OR version IN (SELECT version FROM ($planned))) LIMIT 1"
        ;;
    down)
        printf '%s\n' "WITH $applied, $wanted, done AS (SELECT *,
                row_number() OVER (ORDER BY version DESC) AS place FROM applied WHERE status = 'completed')
            SELECT version, task_name AS task, description, 'down' AS direction, file_path AS path
            FROM done, wanted WHERE CASE
                WHEN x IS NULL THEN place = 1
                WHEN x = 'all' THEN 1
                WHEN $is_number THEN place <= CAST(x AS INTEGER)
                ELSE task_name = x END
            ORDER BY version DESC"
        ;;
    to)
        printf '%s\n' "WITH $applied, $pending, $wanted, target (v) AS (SELECT CAST(x AS INTEGER) FROM wanted)
            SELECT * FROM (
                SELECT version, task_name AS task, description, 'down' AS direction, file_path AS path
                FROM applied, target WHERE status = 'completed' AND version > v ORDER BY version DESC)
            UNION ALL SELECT * FROM (
                SELECT version, task_name, description, 'up', file_path
                FROM pending, target WHERE version <= v ORDER BY version)"
        ;;
    known)
        printf '%s\n' "WITH $applied, $pending, $wanted
            SELECT x IS NULL OR x = 'all' OR x GLOB '+*' OR x = '0'
                OR EXISTS (SELECT 1 FROM pending WHERE CAST(version AS TEXT) = ltrim(x, '0') OR task_name = x)
                OR EXISTS (SELECT 1 FROM applied WHERE CAST(version AS TEXT) = ltrim(x, '0') OR task_name = x)
            AS known FROM wanted"
        ;;
    *) die 64 "there is no view $1" ;;
    esac
)
