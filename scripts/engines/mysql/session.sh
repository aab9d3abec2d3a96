# shellcheck shell=sh disable=SC2034,SC2154
# What a session of a run says to MySQL or MariaDB beside the operations: postgresql/session.sh lists the
# functions. The client has no conditions; what depends on something is a prepared statement, and what
# must end the session is a query that fails then: a value made of two rows (error 1242).

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
    printf 'SET @migrate_lock = IF(GET_LOCK(%s, %s) = 1, 1, %s);\n' "'migrate'" "$server_lock_timeout" "$session_wrong"
}

# Prints what sets @migrate_state and @migrate_version as they are, and @migrate_ours.
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
    cat <<SQL
SET SESSION group_concat_max_len = 100000, @migrate_version = 0;
SET @migrate_columns = (SELECT group_concat(column_name ORDER BY ordinal_position) FROM information_schema.columns
    WHERE table_schema = $schema AND table_name = $tracking);
SET @migrate_log_columns = (SELECT group_concat(column_name ORDER BY ordinal_position) FROM information_schema.columns
    WHERE table_schema = $schema AND table_name = $log);
SET @migrate_ours = coalesce(@migrate_columns = '$names' AND @migrate_log_columns = '$log_names', 0);
SET @migrate_state = IF(@migrate_columns IS NULL AND @migrate_log_columns IS NULL, 'none', 'foreign');
SET @migrate_query = IF(@migrate_ours, $query, 'DO 0');
PREPARE migrate_query FROM @migrate_query;
EXECUTE migrate_query;
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
    printf 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;\nSTART TRANSACTION READ ONLY;\n'
    session_state
    printf "SELECT concat('-- state ', @migrate_state);\n"
    session_rows=$(mirror_query "$mirror_table" "$mirror_tracking" "$mirror_name")
    session_where_ours "$session_rows"
    session_rows=$(mirror_query "$mirror_log_table" "$mirror_log" "$mirror_log_name")
    session_where_ours "$session_rows"
    printf 'COMMIT;\n'
}

session_clock='floor(unix_timestamp(now(3))*1000) MOD 1000000000'

# The state is compared in a session that has the lock; what it prints comes before the client ends.
session_begin() {
    session_expected=$(server_quote "$1")
    session_lock
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
    printf 'what came before the error may have been kept; look at it, then: sqlite-migrate repair %s completed, or rollback' "$2"
}

# The first statement gets the lock.
session_explain() {
    [ "$server_code:$server_line" = 1242:1 ] || return 0
    engine_status=75
    engine_message="another run is at work in $engine_shown
hint: wait until it is done, or give --lock-timeout more milliseconds"
}

# Where in the file an error is. The file is one request, in which the server counts lines only where it
# cannot read something: `near ... at line N`. A file that has delimiters of its own is several requests.
session_place() (
    line=$(sed -n 's/^ERROR .* near .* at line \([0-9]*\)$/\1/p' "$scratch/error" | head -n 1)
    begin=$((server_line - $1))
    [ "$begin" -ge 1 ] || begin=1
    [ -z "$line" ] || printf ':%s\n' "$((begin + line - 1))"
)
