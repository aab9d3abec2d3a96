# shellcheck shell=sh disable=SC2034,SC2154
# The objects of a database of MySQL or MariaDB, each with a digest of what it means, for the comparison
# of schemas: see postgresql/objects.sh. Not among them: the tracking tables, definers, privileges,
# comments, the values of counters, rows and storage. The server lists what the user has a privilege for.
# The name of the database is no part of what an object means.

objects_begin() {
    printf 'SET SESSION group_concat_max_len = 16777216;\nSTART TRANSACTION READ ONLY;\n'
}

# Sets objects_flavour to mariadb or mysql: they have some of what is asked for in different places.
objects_ready() {
    server_value 'SELECT version()' || return 1
    case $server_answer in
    *MariaDB*) objects_flavour=mariadb ;;
    *) objects_flavour=mysql ;;
    esac
}

objects_query() {
    objects_database=$(server_quote "$url_database")
    objects_tracking=$(server_quote "${MIGRATE_TABLE:-migration}")
    objects_log=$(server_quote "${MIGRATE_TABLE:-migration}_log")
    objects_ours="t.table_schema = $objects_database AND t.table_name NOT IN ($objects_tracking, $objects_log)"
    objects_line='CHAR(10 USING utf8mb4)'
    objects_prefix=$(server_quote_name "$url_database")
    objects_prefix=$(server_quote "$objects_prefix.")
    printf '%s' "SELECT replace(replace(name, CHAR(30 USING utf8mb4), '?'), CHAR(31 USING utf8mb4), '?') AS name,
        IF(meaning IS NULL, '', sha2(meaning, 256)) AS digest FROM ("
    objects_tables
    objects_columns
    objects_constraints
    objects_code
    printf '%s\n' ") AS object"
}

# A sequence of MariaDB is a table as well.
objects_tables() {
    printf '%s' "SELECT concat(CASE t.table_type WHEN 'SEQUENCE' THEN 'sequence ' ELSE 'table ' END, t.table_name) AS name,
            concat_ws($objects_line, t.table_type, t.engine, t.row_format, t.table_collation, t.create_options, c.listed, p.listed) AS meaning
        FROM information_schema.tables AS t
        LEFT JOIN (SELECT table_name, group_concat(column_name ORDER BY ordinal_position) AS listed
            FROM information_schema.columns WHERE table_schema = $objects_database GROUP BY table_name) AS c ON c.table_name = t.table_name
        LEFT JOIN (SELECT table_name, group_concat(concat_ws(' ', partition_name, partition_method, partition_expression,
                partition_description, subpartition_name, subpartition_method, subpartition_expression)
                ORDER BY partition_ordinal_position, subpartition_ordinal_position) AS listed
            FROM information_schema.partitions WHERE table_schema = $objects_database GROUP BY table_name) AS p ON p.table_name = t.table_name
        WHERE $objects_ours AND t.table_type NOT LIKE '%VIEW'"
}

objects_columns() {
    objects_expression=NULL
    [ "$objects_flavour" = mariadb ] || objects_expression=t.expression
    printf '%s' " UNION ALL SELECT concat('column ', t.table_name, '.', t.column_name), concat_ws($objects_line, t.column_type, t.is_nullable,
            t.collation_name, IF(t.column_default IS NULL, 'no default', concat('= ', t.column_default)), t.extra, t.generation_expression)
        FROM information_schema.columns AS t WHERE $objects_ours AND t.table_name NOT IN
            (SELECT v.table_name FROM information_schema.tables AS v WHERE v.table_schema = $objects_database
                AND (v.table_type LIKE '%VIEW' OR v.table_type = 'SEQUENCE'))
        UNION ALL SELECT concat('index ', t.table_name, '.', t.index_name), concat_ws($objects_line, min(t.non_unique), min(t.index_type),
            group_concat(concat_ws(' ', coalesce(t.column_name, $objects_expression), t.sub_part, t.collation) ORDER BY t.seq_in_index))
        FROM information_schema.statistics AS t WHERE $objects_ours GROUP BY t.table_name, t.index_name"
}

# What is unique or primary is an index. The check of a column is called like the column in MariaDB.
objects_constraints() {
    objects_check='AND t.table_name = k.table_name'
    [ "$objects_flavour" = mariadb ] || objects_check=
    printf '%s' " UNION ALL SELECT concat('constraint ', t.table_name, '.', t.constraint_name), concat_ws($objects_line,
            min(r.update_rule), min(r.delete_rule), min(r.referenced_table_name),
            IF(min(r.unique_constraint_schema) = $objects_database, '', min(r.unique_constraint_schema)),
            group_concat(concat_ws(' ', k.column_name, k.referenced_column_name) ORDER BY k.ordinal_position))
        FROM information_schema.referential_constraints AS r JOIN information_schema.key_column_usage AS k
            ON k.constraint_schema = r.constraint_schema AND k.table_name = r.table_name AND k.constraint_name = r.constraint_name
        JOIN information_schema.table_constraints AS t ON t.constraint_schema = r.constraint_schema
            AND t.table_name = r.table_name AND t.constraint_name = r.constraint_name
        WHERE r.constraint_schema = $objects_database AND $objects_ours GROUP BY t.table_name, t.constraint_name
        UNION ALL SELECT concat('constraint ', t.table_name, '.', t.constraint_name), k.check_clause
        FROM information_schema.check_constraints AS k JOIN information_schema.table_constraints AS t
            ON t.constraint_schema = k.constraint_schema AND t.constraint_name = k.constraint_name $objects_check
        WHERE k.constraint_schema = $objects_database AND t.constraint_type = 'CHECK' AND $objects_ours"
}

# A text that the user may not see is empty, or NULL.
objects_code() {
    printf '%s' " UNION ALL SELECT concat('view ', t.table_name), IF(t.view_definition = '', NULL, concat_ws($objects_line,
            replace(t.view_definition, $objects_prefix, ''), t.check_option, t.security_type))
        FROM information_schema.views AS t WHERE t.table_schema = $objects_database
        UNION ALL SELECT concat(lower(t.routine_type), ' ', t.routine_name), IF(t.routine_definition IS NULL, NULL, concat_ws($objects_line,
            p.listed, t.is_deterministic, t.sql_data_access, t.security_type, t.sql_mode, t.routine_definition))
        FROM information_schema.routines AS t
        LEFT JOIN (SELECT specific_name, routine_type,
                group_concat(concat_ws(' ', parameter_mode, parameter_name, dtd_identifier) ORDER BY ordinal_position) AS listed
            FROM information_schema.parameters WHERE specific_schema = $objects_database GROUP BY specific_name, routine_type) AS p
            ON p.specific_name = t.specific_name AND p.routine_type = t.routine_type
        WHERE t.routine_schema = $objects_database
        UNION ALL SELECT concat('trigger ', t.trigger_name), concat_ws($objects_line, t.event_object_table, t.action_timing,
            t.event_manipulation, t.action_order, t.sql_mode, t.action_statement)
        FROM information_schema.triggers AS t WHERE t.trigger_schema = $objects_database
        UNION ALL SELECT concat('event ', t.event_name), concat_ws($objects_line, t.event_type, t.execute_at, t.interval_value,
            t.interval_field, t.status, t.on_completion, t.sql_mode, t.event_definition)
        FROM information_schema.events AS t WHERE t.event_schema = $objects_database"
}
