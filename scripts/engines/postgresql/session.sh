# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# What a session of a run says to PostgreSQL beside the operations: the lock, the state that the plan was
# made for, the marks by which it is followed. mysql/session.sh has the same functions.
#
#   session_read [locked]     prints what reads the rows for the mirror: statements of SQLite, and a line
#                             `-- state STATE`
#   session_text EXPRESSION   prints an expression for a number as SQLite reads it,
#   session_hex EXPRESSION    and for a text
#   session_literal_query COLUMN
#                             prints an expression of SQLite for a text as this server reads it
#   session_table NAME        prints the name of a tracking table, with its schema
#   session_lock              prints what waits for other runs, and keeps them out as long as the session is
#   session_empty             a query: 1 when the database holds nothing, else 0
#   session_begin STATE       prints what begins a run: it waits for others, and ends where the state is
#                             not STATE any more
#   session_end               prints what ends it
#   session_set NAME TEXT     prints what makes a text known to the statements of a step: error, started, output
#   session_place LINE END    prints where in its file an error is; the file is in steps.sql, from LINE to before END
#   session_left ALONE VERSION CODE
#                             sets session_left to what a step that failed has left, and what to do: ALONE is
#                             1 outside a transaction, CODE the server_code of the failure
#   session_large LINE END    sets session_large to what is too large for the server in these lines of steps.sql, if
#                             the connection was lost over that
#   session_follow            follows a run from standard input, see follow.sh
#   session_look              warns of what steps outside a transaction may leave without failing
#   session_explain           makes engine_message say what the failure of a session means in which no step
#                             had begun: a lock that was not got, tables that cannot be made
#   session_seeds_begin       prints what begins the transaction of seeds, session_seed NUMBER FILE what runs a
#   session_seeds_end         file, which must not end it, and what commits: a mark `seed NUMBER` comes before
#                             each, a mark `whole` when the transaction is still the same, `end` behind it
#   session_seed_place FILE   prints the line of the seed FILE that an error is in, where that is known

. "$here/engines/postgresql/place.sh"

# The number that the offline scripts lock, too. Who waits for a lock holds a snapshot, for which CREATE INDEX
# CONCURRENTLY in the run of another waits, so it is tried again and again, each time in a transaction of its own.
session_lock() {
    cat <<SQL
SET statement_timeout = 0;
DO 'DECLARE begun timestamptz := clock_timestamp();
BEGIN
    WHILE NOT pg_try_advisory_lock(7239150424) LOOP
        IF clock_timestamp() - begun >= interval ''$server_lock_timeout ms'' THEN
            RAISE EXCEPTION ''the lock of another run is not free'' USING ERRCODE = ''55P03'';
        END IF;
        COMMIT;
        PERFORM pg_sleep(0.02 + 0.05 * random());
    END LOOP;
END';
RESET statement_timeout;
SQL
}

session_text() {
    printf "coalesce((%s)::text,'NULL')" "$1"
}

session_hex() {
    printf "coalesce('CAST(x'''||encode(convert_to(%s,'UTF8'),'hex')||''' AS TEXT)','NULL')" "$1"
}

# What the log calls this server.
session_server="'PostgreSQL '||current_setting('server_version')"

session_literal_query() {
    printf "'convert_from(decode(''' || lower(hex(%s)) || ''',''hex''),''UTF8'')'" "$1"
}

session_table() (
    schema=
    [ -z "${MIGRATE_SCHEMA-}" ] || schema=$(server_quote_name "$MIGRATE_SCHEMA").
    name=$(server_quote_name "$1")
    printf '%s%s' "$schema" "$name"
)

session_empty="SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n
    ON n.oid = c.relnamespace WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_') THEN 0 ELSE 1 END"

# Prints the query for the state: the attempts, the completed and the unsettled operations; `none` without
# tables, `foreign` where one of them is missing or is not ours.
session_state() (
    tracking=$(server_quote "$mirror_table")
    log=$(server_quote "$mirror_log_table")
    names=$(mirror_names "$mirror_tracking")
    log_names=$(mirror_names "$mirror_log")
    cat <<SQL
SELECT to_regclass($tracking) IS NULL AND to_regclass($log) IS NULL AS migrate_none,
    coalesce((SELECT string_agg(attname,',' ORDER BY attnum) FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped
        AND attrelid = to_regclass($tracking)) = '$names' AND
    (SELECT string_agg(attname,',' ORDER BY attnum) FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped
        AND attrelid = to_regclass($log)) = '$log_names', false) AS migrate_ours,
    'foreign' AS migrate_state, 0 AS migrate_version \\gset
\\if :migrate_none
\\set migrate_state none
\\elif :migrate_ours
SELECT (SELECT coalesce(max(id),0) FROM $mirror_log_table)||' '||count(*) FILTER (WHERE status='completed')||' '
    ||count(*) FILTER (WHERE status IN('running','failed')) AS migrate_state,
    coalesce(max(version) FILTER (WHERE status='completed'),0) AS migrate_version FROM $mirror_table \\gset
\\endif
SQL
)

session_read() {
    [ -z "$1" ] || session_lock
    printf 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n'
    session_state
    printf '\\echo -- state :migrate_state\n\\if :migrate_ours\n\\pset recordsep '"'\\\\n'"'\n'
    mirror_query "$mirror_table" "$mirror_tracking" "$mirror_name"
    printf ';\n'
    mirror_query "$mirror_log_table" "$mirror_log" "$mirror_log_name"
    printf ';\n\\endif\nCOMMIT;\n'
}

session_clock="floor(extract(epoch FROM clock_timestamp())*1000)::bigint % 1000000000 AS migrate_clock"

session_begin() {
    session_expected=$(server_quote "$1")
    session_lock
    printf '\\o /dev/null\n\\set migrate_mark %s\n' "$session_mark"
    if [ "$1" = none ]; then
        printf 'BEGIN;\n'
        cat -- "$scratch/server_tables.sql"
        printf 'COMMIT;\n'
        session_expected="'0 0 0'"
    fi
    session_state
    printf "SELECT :'migrate_state' = %s AS migrate_same \\\\gset\n" "$session_expected"
    printf '%s\n' '\if :migrate_same' '\else' '\echo :migrate_mark changed' '\quit' '\endif'
}

session_end() {
    printf 'RESET ALL;\nRESET SESSION AUTHORIZATION;\n'
    session_state
    printf 'SELECT %s \\gset\n\\echo :migrate_mark end :migrate_clock :migrate_version :migrate_state\n' "$session_clock"
}

# Prints $1 as an argument of a command of psql, in which a backslash means what it means in C.
session_argument() (
    newline='
'
    text=$(quote_replace "$1." \\ \\\\)
    text=$(quote_replace "$text" "'" "''")
    text=$(quote_replace "$text" "$newline" '\n')
    printf "'%s'" "${text%.}"
)

session_set() {
    session_value=$(session_argument "$2")
    printf '\\set migrate_%s %s\n' "$1" "$session_value"
}

session_left() {
    if [ "$1" = 1 ]; then
        session_left="it ran outside a transaction and may be half done; look at it, then: sqlite-migrate repair $2 completed, or rollback"
        session_invalid
        [ -z "$session_drop" ] || session_left="an index is invalid: $session_drop; then: sqlite-migrate repair $2 rollback"
        return
    fi
    case $3 in
    55P03 | 40P01) session_left="nothing of this operation was kept; run again when the others are done, or give --lock-timeout more milliseconds" ;;
    57014) session_left="nothing of this operation was kept; --statement-timeout says how many milliseconds a statement may take" ;;
    *) session_left="nothing of this operation was kept; mend it and run again" ;;
    esac
}

# Sets session_drop to what drops the indexes that a CREATE INDEX CONCURRENTLY has left, except those that
# are being made; nothing where the server cannot tell.
session_invalid() {
    session_drop=
    server_value "SELECT coalesce(string_agg('DROP INDEX CONCURRENTLY '||indexrelid::regclass,'; ' ORDER BY indexrelid),'')
        FROM pg_catalog.pg_index JOIN pg_catalog.pg_class AS c ON c.oid = indexrelid AND c.relkind = 'i'
        WHERE NOT indisvalid AND indexrelid NOT IN (SELECT index_relid FROM pg_catalog.pg_stat_progress_create_index)" || return 0
    session_drop=$server_answer
}

session_large() {
    session_large=
}

session_follow() {
    follow
}

session_look() {
    session_invalid
    [ -z "$session_drop" ] || warn "an index is invalid, and no query uses it: $session_drop; then create it again"
}

# A lock that is not got within option lock_timeout; tables that cannot be made.
session_explain() {
    if [ "$server_code" = 55P03 ]; then
        engine_status=75
        engine_message="another run is at work in $engine_shown
hint: wait until it is done, or give --lock-timeout more milliseconds"
    elif [ "$mirror_state" = none ] && [ -n "$server_line" ]; then
        engine_message="cannot make the table ${MIGRATE_TABLE:-migration} in $engine_shown: $engine_message"
        case $server_code in
        3F000)
            engine_status=66
            engine_message="$engine_message
hint: option --schema or MIGRATE_SCHEMA names it; CREATE SCHEMA makes it"
            ;;
        42501)
            engine_message="$engine_message
hint: the user needs the right to make tables: GRANT CREATE ON SCHEMA"
            ;;
        *) ;;
        esac
    fi
}

session_seeds_begin() {
    printf '\\o /dev/null\nBEGIN;\nSELECT txid_current() AS migrate_transaction \\gset\n'
}

session_seed() {
    session_value=$(session_argument "$2")
    printf '\\echo %s seed %s\n\\i %s\n' "$session_mark" "$1" "$session_value"
}

session_seeds_end() {
    printf '%s\n' 'SELECT txid_current() = :migrate_transaction AS migrate_same \gset' '\if :migrate_same' "\\echo $session_mark whole" \
        'COMMIT;' "\\echo $session_mark end" '\endif'
}

# The line is that of the seed, for which psql has been told the name.
session_seed_place() {
    printf '%s' "$server_line"
}
