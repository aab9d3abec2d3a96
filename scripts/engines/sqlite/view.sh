# shellcheck shell=sh
# The queries of the views that engine.sh lists, in SQL of SQLite, with the tables of the extension.

# Prints the column $1, without what separates rows and columns.
view_clean() {
    printf "replace(replace(%s, char(30), ' '), char(31), ' ') AS %s" "$1" "$1"
}

# Prints the expression $1 so that its value is one line, without what separates rows and columns.
view_line() {
    printf "replace(replace(replace(%s, char(10), ' '), char(30), ' '), char(31), ' ')" "$1"
}

# Prints the query of view $1; $2 is its argument.
view_query() (
    argument=$(quote_sql_or_null "$2")
    applied="applied AS MATERIALIZED (SELECT version, task_name, description, migration_date, file_path,
        status, coalesce(completed_at, started_at) AS at, duration_ms FROM migrations_applied)"
    pending="pending AS MATERIALIZED (SELECT version, task_name, description, migration_date, file_path,
        status, reversible, row_number() OVER (ORDER BY version) AS place FROM migrations_pending)"
    wanted="wanted (x) AS (SELECT $argument)"
    is_number="x <> '' AND x NOT GLOB '*[^0-9]*'"
    is_version="($is_number AND CAST(x AS INTEGER) IN (SELECT 0 UNION ALL SELECT version FROM pending
        UNION ALL SELECT version FROM applied))"
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
            UNION ALL SELECT version FROM migrations_problems WHERE problem = 'starts later'
            UNION ALL SELECT version FROM migrations_applied)"
        ;;
    history)
        printf '%s\n' "SELECT id, version, task_name AS task, action, outcome, finished_at AS \"when\",
            duration_ms AS milliseconds, replace(replace(actor, char(30), ' '), char(31), ' ') AS actor,
            replace(replace(error, char(30), ' '), char(31), ' ') AS error
            FROM migrations_history ORDER BY id"
        ;;
    empty) printf '%s\n' "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema) AS empty" ;;
    last_attempt) printf '%s\n' "SELECT coalesce(max(id), 0) AS id FROM migrations_history" ;;
    rollback_codes)
        printf '%s\n' "SELECT version, coalesce(CASE type WHEN 'program' THEN '-- what the program printed for down'
            ELSE rollback_code END, '') AS code FROM migrations_applied WHERE status = 'completed'"
        ;;
    undone)
        printf '%s\n' "WITH $wanted SELECT version, (SELECT file_path FROM migrations_applied AS a
                WHERE a.version = h.version) AS path
            FROM migrations_history AS h, wanted
            WHERE action = 'down' AND outcome = 'completed' AND id > CAST(x AS INTEGER) ORDER BY id"
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
    plan)
        columns=
        for column in object why reason sql; do
            cleaned=$(view_clean "$column")
            columns="$columns, $cleaned"
        done
        printf '%s\n' "WITH $pending, $wanted SELECT position, version, task_name AS task, direction, file_path AS path, line,
            statement, kind, rule, severity, advice, approved$columns
            FROM migrations_plan WHERE version IN (SELECT version FROM ($planned))"
        ;;
    rehearsal)
        rows=$(view_line "key || ' +' || (value ->> 'inserted') || ' ~' || coalesce(value ->> 'updated', '?') || ' -' ||
            (value ->> 'deleted')")
        object=$(view_line "j.key || ' ' || o.value")
        broken=$(view_line "(value ->> 'type') || ' ' || (value ->> 'name') || ': ' || (value ->> 'error')")
        slower=$(view_line "(value ->> 'query') || ': ' || (value ->> 'before') || ', now ' || (value ->> 'after')")
        details=$(view_clean details)
        printf '%s\n' "SELECT version, task_name AS task, file_path AS path, outcome, duration_ms, statements,
                replace(replace(error, char(30), ' '), char(31), ' '),
                (SELECT group_concat($rows, ', ') FROM json_each(rows_changed)),
                (SELECT group_concat($object, ', ') FROM json_each(objects) AS j, json_each(j.value) AS o),
                pages, violations_before, violations_after,
                (SELECT group_concat($broken, char(10)) FROM json_each(broken)),
                (SELECT group_concat($slower, char(10)) FROM json_each(slower)),
                round_trip, $details,
                json_object('version', version, 'task', task_name, 'path', file_path, 'outcome', outcome, 'error', error,
                    'milliseconds', duration_ms, 'statements', statements, 'rows_changed', json(rows_changed),
                    'objects', json(objects), 'pages', pages, 'violations_before', violations_before,
                    'violations_after', violations_after, 'broken', json(broken), 'slower', json(slower),
                    'round_trip', round_trip, 'details', details)
            FROM migrations_rehearsal(NULL, $argument)"
        ;;
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
    known_up)
        printf '%s\n' "WITH $applied, $pending, $wanted
            SELECT x IS NULL OR (x GLOB '+[0-9]*' AND substr(x, 2) NOT GLOB '*[^0-9]*') OR $is_version
                OR EXISTS (SELECT 1 FROM pending WHERE task_name = x)
                OR EXISTS (SELECT 1 FROM applied WHERE task_name = x)
            AS known FROM wanted"
        ;;
    known_down)
        printf '%s\n' "WITH $applied, $wanted
            SELECT x IS NULL OR x = 'all' OR ($is_number AND CAST(x AS INTEGER) > 0)
                OR EXISTS (SELECT 1 FROM applied WHERE task_name = x)
            AS known FROM wanted"
        ;;
    known_to) printf '%s\n' "WITH $applied, $pending, $wanted SELECT $is_version AS known FROM wanted" ;;
    *) die 64 "there is no view $1" ;;
    esac
)
