# shellcheck shell=sh disable=SC2154
# The configuration of a database, for the comparison of environments.
#
#   engine_configuration_keys       prints the keys that there are, with a blank between them
#   engine_configuration KEY...     their rows, all of the same moment, into $scratch/rows: key, name,
#                                   kind (text or number) and value; the last row is `end`

engine_configuration_keys() {
    printf 'database compile_options schema migrations'
}

engine_configuration() {
    engine_sql=
    for engine_key; do
        engine_sql="$engine_sql $(configuration_query "$engine_key");"
    done
    engine_look "$engine_sql SELECT 'end'"
}

# Prints the query for the rows of key $1.
configuration_query() (
    view=$(configuration_columns "$1")
    printf '%s' "SELECT '$1', replace(replace(name, char(30), '?'), char(31), '?'),
        CASE typeof(value) WHEN 'integer' THEN 'number' ELSE 'text' END, value FROM ($view)"
)

# Prints the query for name and value of key $1.
configuration_columns() (
    case $1 in
    database)
        # What the file says, then what a connection has that sets nothing.
        printf '%s' "SELECT 'auto_vacuum' AS name, CASE auto_vacuum WHEN 0 THEN 'none' WHEN 1 THEN 'full'
            WHEN 2 THEN 'incremental' ELSE auto_vacuum END AS value FROM pragma_auto_vacuum"
        for pragma in application_id encoding journal_mode page_size user_version \
            analysis_limit automatic_index cache_size cell_size_check checkpoint_fullfsync foreign_keys \
            fullfsync hard_heap_limit ignore_check_constraints journal_size_limit legacy_alter_table \
            locking_mode max_page_count read_uncommitted recursive_triggers reverse_unordered_selects \
            secure_delete soft_heap_limit threads trusted_schema writable_schema; do
            printf '%s' " UNION ALL SELECT '$pragma', * FROM pragma_$pragma"
        done
        printf '%s' " UNION ALL SELECT 'synchronous', CASE synchronous WHEN 0 THEN 'off' WHEN 1 THEN 'normal'
            WHEN 2 THEN 'full' WHEN 3 THEN 'extra' ELSE synchronous END FROM pragma_synchronous
            UNION ALL SELECT 'temp_store', CASE temp_store WHEN 0 THEN 'default' WHEN 1 THEN 'file'
            WHEN 2 THEN 'memory' ELSE temp_store END FROM pragma_temp_store"
        ;;
    compile_options)
        printf '%s' "SELECT iif(instr(compile_options, '='), substr(compile_options, 1,
                instr(compile_options, '=') - 1), compile_options) AS name,
                iif(instr(compile_options, '='), substr(compile_options, instr(compile_options, '=') + 1), '') AS value
            FROM pragma_compile_options
            UNION ALL SELECT 'sqlite_version', sqlite_version()
            UNION ALL SELECT 'sqlite_source_id', sqlite_source_id()
            UNION ALL SELECT 'migrate_version', migrate_version()"
        ;;
    schema)
        # SQLite's own tables and the shadow tables of virtual tables follow from the others.
        printf '%s' "SELECT type || ' ' || name AS name, migrate_checksum(sql) AS value FROM sqlite_schema
            WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND tbl_name NOT IN
                (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
            UNION ALL SELECT 'fingerprint', migrate_fingerprint()"
        ;;
    migrations)
        printf '%s' "SELECT printf('%04d-%s-%s', version, task_name, description) AS name,
                status || ' ' || checksum AS value FROM migrations_applied
            UNION ALL SELECT 'version', coalesce(max(version), 0) FROM migrations_applied
            WHERE status = 'completed'"
        ;;
    *) die 64 "there is no key $1" ;;
    esac
)
