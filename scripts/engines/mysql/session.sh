# shellcheck shell=sh disable=SC2034,SC2154
# What a session of a run says to MySQL or MariaDB beside the operations: postgresql/session.sh lists the
# functions. The client has no conditions; what depends on something is a prepared statement, and what
# must end the session is a query that fails then: a value made of two rows (error 1242).

# shellcheck source=place.sh
. "$here/engines/mysql/place.sh"

session_wrong='(SELECT 1 UNION SELECT 2)'

session_text() {
    printf "coalesce(CAST(%s AS CHAR),'NULL')" "$1"
}

session_hex() {
    printf "coalesce(concat('CAST(x''',hex(CONVERT(%s USING utf8mb4)),''' AS TEXT)'),'NULL')" "$1"
}

# What the log calls this server.
session_server="concat('MySQL ',version())"

session_literal_query() {
    printf "'_utf8mb4 X''' || hex(%s) || ''''" "$1"
}

session_table() (
    schema=$(server_quote_name "$MIGRATE_SCHEMA")
    name=$(server_quote_name "$1")
    printf '%s.%s' "$schema" "$name"
)

session_empty="SELECT NOT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = database())
    AND NOT EXISTS (SELECT 1 FROM information_schema.routines WHERE routine_schema = database())"

# The name that the offline scripts lock, too.
session_lock() {
    session_name=$(server_quote "$MIGRATE_SCHEMA")
    printf "SET @migrate_lock = IF(GET_LOCK(concat('migrate.',md5(%s)), %s) = 1, 1, %s);\n" "$session_name" \
        "$server_lock_timeout" "$session_wrong"
}

# Prints what limits the session: how long it waits for a lock on a table or a row, at least a second, and
# how long a statement may take, which MySQL has for queries only.
session_limits() {
    printf 'SET SESSION lock_wait_timeout = %s, innodb_lock_wait_timeout = %s' "$((server_lock_timeout + !server_lock_timeout))" \
        "$((server_lock_timeout + !server_lock_timeout))"
    [ "$server_number" -eq 0 ] || printf ' /*M!100101 , max_statement_time = %s.%03d */ /*!50708 , max_execution_time = %s */' \
        "$((server_number / 1000))" "$((server_number % 1000))" "$server_number"
    printf ';'
}

# Prints what sets @migrate_state and @migrate_version as they are, and @migrate_ours. A run that died
# between the two tables has left the first of them, empty.
session_state() (
    schema=$(server_quote "$MIGRATE_SCHEMA")
    tracking=$(server_quote "$mirror_option")
    log=$(server_quote "${mirror_option}_log")
    names=$(mirror_names "$mirror_tracking")
    log_names=$(mirror_names "$mirror_log")
    query="SELECT concat((SELECT coalesce(max(id),0) FROM $mirror_log_table),' ',coalesce(sum(status='completed'),0),' ',
        coalesce(sum(status IN('running','failed')),0)),coalesce(max(IF(status='completed',version,0)),0)
        INTO @migrate_state,@migrate_version FROM $mirror_table"
    query=$(server_quote "$query")
    half=$(server_quote "SELECT IF(count(*) = 0, 'none', 'foreign') INTO @migrate_state FROM $mirror_table")
    cat <<SQL
SET SESSION group_concat_max_len = 100000, @migrate_version = 0;
SET @migrate_columns = (SELECT group_concat(column_name ORDER BY ordinal_position) FROM information_schema.columns
    WHERE table_schema = $schema AND table_name = $tracking);
SET @migrate_log_columns = (SELECT group_concat(column_name ORDER BY ordinal_position) FROM information_schema.columns
    WHERE table_schema = $schema AND table_name = $log);
SET @migrate_ours = coalesce(@migrate_columns = '$names' AND @migrate_log_columns = '$log_names', 0);
SET @migrate_state = IF(@migrate_columns IS NULL AND @migrate_log_columns IS NULL, 'none', 'foreign');
SET @migrate_query = IF(@migrate_ours, $query, IF(@migrate_columns = '$names' AND @migrate_log_columns IS NULL, $half, 'DO 0'));
PREPARE migrate_query FROM @migrate_query;
EXECUTE migrate_query;
SET @migrate_state = IF(EXISTS (SELECT 1 FROM information_schema.tables
    WHERE table_schema = database() AND table_name = '$server_unfinished'), 'unfinished', @migrate_state);
SQL
)

# Prints what runs the query $1 where the tables are there.
session_where_ours() {
    session_query=$(server_quote "$1")
    printf "SET @migrate_query = IF(@migrate_ours, %s, 'DO 0');\nPREPARE migrate_query FROM @migrate_query;\nEXECUTE migrate_query;\n" \
        "$session_query"
}

session_read() {
    [ -z "$1" ] || session_lock
    session_limits
    printf '\n'
    printf 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;\nSTART TRANSACTION READ ONLY;\n'
    session_state
    printf "SELECT concat('-- state ', @migrate_state);\n"
    session_rows=$(mirror_query "$mirror_table" "$mirror_tracking" "$mirror_name")
    session_where_ours "$session_rows"
    session_rows=$(mirror_query "$mirror_log_table" "$mirror_log" "$mirror_log_name")
    session_where_ours "$session_rows"
    printf 'COMMIT;\n'
}

# What a seed that fails may leave: a statement that changes the schema commits what came before it.
engine_seed_left='nothing of any seed was kept, unless one changes the schema: that keeps what came before it'

session_clock='floor(unix_timestamp(now(3))*1000) MOD 1000000000'

# The state is compared in a session that has the lock; what it prints comes before the client ends.
session_begin() {
    session_expected=$(server_quote "$1")
    session_lock
    session_limits
    printf '\n'
    printf "SET @migrate_mark = '%s';\n" "$session_mark"
    if [ "$1" = none ]; then
        cat -- "$scratch/server_tables.sql"
        session_expected="'0 0 0'"
    fi
    session_state
    cat <<SQL
SELECT @migrate_mark, 'changed' FROM DUAL WHERE @migrate_state <> $session_expected;
SET @migrate_same = IF(@migrate_state = $session_expected, 1, $session_wrong);
SQL
}

session_end() {
    session_state
    printf "SELECT concat_ws(' ', @migrate_mark, 'end', %s, @migrate_version, @migrate_state);\n" "$session_clock"
}

session_set() {
    session_value=$(server_quote "$2")
    printf 'SET @migrate_%s = %s;\n' "$1" "$session_value"
}

# A statement that changes the schema commits what came before it.
session_left() {
    session_left="what came before the error may have been kept; look at it, then: sqlite-migrate repair $2 completed, or rollback"
}

# What is much larger than the server takes makes it close the connection, and say nothing.
session_large() {
    session_large=
    [ -n "$server_lost" ] || [ "$server_code" = 1153 ] || return 0
    server_value 'SELECT @@max_allowed_packet' || return 0
    session_large=$(LC_ALL=C awk -v from="$1" -v to="$2" -v most="$server_answer" 'NR >= to { exit } NR >= from { size += length($0) + 1 }
        END { if (size > most) printf "it takes %.0f bytes in one piece, and max_allowed_packet of the server is %.0f", size, most }' \
        "$scratch/steps.sql")
}

# The client prints what operations select, too.
session_follow() {
    follow_marks | follow
}

# A statement outside a transaction leaves nothing that is not seen.
session_look() {
    :
}

# The first line gets the lock.
session_explain() {
    if [ "$server_code:$server_line" = 1242:1 ]; then
        engine_status=75
        engine_message="another run is at work in $engine_shown
hint: wait until it is done, or give --lock-timeout more milliseconds"
    elif [ "$mirror_state" = none ] && [ -n "$server_line" ]; then
        session_made="cannot make the table ${MIGRATE_TABLE:-migration} in $engine_shown"
        case $server_code in
        1049) engine_message="$session_made: there is no database $MIGRATE_SCHEMA
hint: option --schema or MIGRATE_SCHEMA names it; CREATE DATABASE makes it" ;;
        1142) engine_message="$session_made: $engine_message
hint: the user needs the right to make tables: GRANT ALL ON the database" ;;
        *) engine_message="$session_made: $engine_message" ;;
        esac
    fi
}

session_seeds_begin() {
    session_limits
    printf '\nSTART TRANSACTION;\n'
}

# A file is one request, which a last statement without semicolon is part of; one that has delimiters is sent
# as it is. The client does not take a request without statement.
session_seed() {
    printf "SELECT '%s', 'seed', %s;\n" "$session_mark" "$1"
    if grep -qi '^[[:blank:]]*delimiter[[:blank:]]' "$2"; then
        cat -- "$2" && printf '\nDELIMITER ;\n'
    else
        session_word=//${session_mark#????????????}// # the client takes 15 bytes at most
        printf 'DELIMITER %s\nDO 0; ' "$session_word" && cat -- "$2" && printf '\n%s\nDELIMITER ;\n' "$session_word"
    fi
}

# MariaDB tells whether the transaction is still open.
session_seeds_end() {
    printf "SELECT '%s', 'whole' FROM DUAL /*M! WHERE @@in_transaction = 1 */;\nCOMMIT;\nSELECT '%s', 'end';\n" \
        "$session_mark" "$session_mark"
}
