# shellcheck shell=sh
# Measures 8 and 9: 1,000 operations on PostgreSQL, against one session of psql that is fed the same
# statements and the same rows in the same transactions, and against one that is fed the operations
# alone; then nothing to do, and one new operation, where 10,000 are applied. Of each round the ratio is
# taken, and of the ratios the one in the middle.

# The client, and not the wrapper that Debian has in its place.
postgresql_find_client() {
    postgresql_psql=psql
    for postgresql_file in /usr/lib/postgresql/*/bin/psql; do
        [ ! -x "$postgresql_file" ] || postgresql_psql=$postgresql_file
    done
}

postgresql_ask() {
    "$postgresql_psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

postgresql_ours() {
    "$scripts/sqlite-migrate" up >out 2>progress
}
postgresql_same() {
    postgresql_ask -d app -f same.sql >out
}
postgresql_alone() {
    postgresql_ask -d app -f alone.sql >out
}

# An empty database, with nothing left for the disk to do.
postgresql_fresh() {
    postgresql_ask -d postgres -c 'DROP DATABASE IF EXISTS app WITH (FORCE)' -c 'CREATE DATABASE app' -c CHECKPOINT 2>messages
}

# Whether a commit waits for the disk: on or off.
postgresql_set_fsync() {
    postgresql_ask -d postgres -c "ALTER SYSTEM SET fsync = $1" -c "ALTER SYSTEM SET full_page_writes = $1" \
        -c 'SELECT pg_reload_conf()' >out
}

# Prints the statements that do what the run has done to the database, with times of their own.
postgresql_print_script() {
    MIGRATE_DIALECT=postgresql workload_ours :memory: 'SELECT migrate_tracking_sql()'
    postgresql_ask -d app <<'SQL'
WITH clock(started, finished) AS (VALUES (
    $$to_char(now() AT TIME ZONE 'UTC','YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')$$,
    $$to_char(clock_timestamp() AT TIME ZONE 'UTC','YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')$$))
SELECT concat_ws(chr(10), 'BEGIN;', rtrim(m.code, chr(10)),
    'INSERT INTO migration(version,task_name,description,migration_date,type,file_path,checksum,status,'
    || 'started_at,completed_at,code,rollback_code)VALUES('
    || concat_ws(',', m.version, quote_nullable(m.task_name), quote_nullable(m.description), quote_nullable(migration_date),
        quote_nullable(type), quote_nullable(file_path), quote_nullable(checksum), quote_nullable(status),
        started, finished, quote_nullable(code), quote_nullable(rollback_code)) || ');',
    'INSERT INTO migration_log(version,task_name,description,action,outcome,error,statement,'
    || 'started_at,finished_at,duration_ms,rows_changed,actor,host,sqlite_version,migrate_version,fingerprint,output)VALUES('
    || concat_ws(',', m.version, quote_nullable(m.task_name), quote_nullable(m.description), quote_nullable(action),
        quote_nullable(outcome), 'NULL', 'NULL', started, finished, l.duration_ms, 'NULL', quote_nullable(actor),
        quote_nullable(host), quote_nullable(sqlite_version), quote_nullable(migrate_version), 'NULL', 'NULL') || ');',
    'COMMIT;')
FROM clock, migration AS m JOIN migration_log AS l USING (version) ORDER BY version;
SQL
}

# Prints what the database holds, but for times and durations.
postgresql_dump() {
    postgresql_ask -d app <<'SQL'
SELECT relkind, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname;
SELECT version, task_name, description, migration_date, type, file_path, checksum, status, code, rollback_code
    FROM migration ORDER BY version;
SELECT version, task_name, description, action, outcome, error, statement, rows_changed, actor, host,
    sqlite_version, migrate_version, fingerprint, output FROM migration_log ORDER BY version;
SQL
}

postgresql_prepare() {
    workload_write_tables tables
    postgresql_fresh
    postgresql_ours
    postgresql_print_script >same.sql 2>messages
    find tables -name '*_up.sql' | sort | while read -r postgresql_file; do
        printf 'BEGIN;\n'
        cat -- "$postgresql_file"
        printf 'COMMIT;\n'
    done >alone.sql
    postgresql_dump >ours.dump
    postgresql_fresh
    postgresql_same
    postgresql_dump >same.dump
    cmp ours.dump same.dump
}

# Takes the samples NAME.$1 of all three.
postgresql_sample() {
    postgresql_round=0
    while [ "$postgresql_round" -lt "$rounds" ]; do
        for postgresql_name in ours same alone; do
            postgresql_fresh
            sync
            sample_time "$postgresql_name.$1" 1 "postgresql_$postgresql_name"
        done
        postgresql_round=$((postgresql_round + 1))
    done
}

# Prints the row $1 for the samples $2 and $3, and the limit $4 of the ratio in the middle.
postgresql_row() {
    paste -- "$sample_dir/$2" "$sample_dir/$3" | awk '{ print $1 / $2, $1, $2 }' | sort -n |
        awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }' >middle
    read -r postgresql_ratio postgresql_first postgresql_second <middle
    table_row "$1" "$postgresql_first" "$postgresql_second" "$4" ms
}

postgresql_measure() {
    export MIGRATIONS_DIR=tables
    postgresql_prepare
    postgresql_set_fsync on
    postgresql_sample synced
    postgresql_row '8 1,000 operations on PostgreSQL (psql: the same rows)' ours.synced same.synced 1.1
    postgresql_row '  the same (psql: the operations alone)' ours.synced alone.synced ''
    postgresql_set_fsync off
    postgresql_sample fast
    postgresql_row '  without fsync (psql: the same rows)' ours.fast same.fast ''
    postgresql_row '  without fsync (psql: the operations alone)' ours.fast alone.fast ''
}

postgresql_select() {
    postgresql_ask -d app -c 'SELECT 1' >out
}

# Where 10,000 are applied.
postgresql_measure_applied() {
    workload_write_rows applied 1 10000 100
    workload_write_rows applied.new 10001 10001 100
    export MIGRATIONS_DIR=applied
    postgresql_fresh
    postgresql_ask -d app -c 'CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL)'
    postgresql_ours
    postgresql_round=0
    postgresql_new=$(cd applied.new && printf '%s\n' *)
    while [ "$postgresql_round" -lt "$rounds" ]; do
        sample_time applied_select 1 postgresql_select
        sample_time nothing_new 1 postgresql_ours
        mv "applied.new/$postgresql_new" applied
        sample_time one_new 1 postgresql_ours
        mv "applied/$postgresql_new" applied.new
        postgresql_ask -d app -c 'DELETE FROM migration WHERE version > 10000' \
            -c 'DELETE FROM migration_log WHERE version > 10000' -c 'DELETE FROM items WHERE id > 10000'
        postgresql_round=$((postgresql_round + 1))
    done
    postgresql_row '9 nothing to do, 10,000 applied (psql: SELECT 1)' nothing_new applied_select ''
    postgresql_row '  one new (psql: SELECT 1)' one_new applied_select ''
}
