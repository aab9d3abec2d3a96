# shellcheck shell=sh disable=SC2154
# What a capture holds of a database and its folder.
#
#   engine_capture     the rows of a capture, into $scratch/rows
#
# All rows are of the same moment. The first column of a row says what it is:
#
#   version            version
#   fingerprint        fingerprint of the schema
#   problem            severity, problem, message
#   operation          version, task, description, date, state, findings (their names, with a comma
#                      between them), checksum, path; in the order of their versions
#   end                nothing: the last row, so that rows which were cut off are noticed
#
# Nothing runs here, so whether programs may run (option `scripts`) is no finding about the state.

# Prints the list of columns $1..., without what separates columns and rows.
engine_capture_columns() (
    list=
    for column; do
        list="$list${list:+, }replace(replace($column, char(30), '?'), char(31), '?')"
    done
    printf '%s' "$list"
)

# Prints the statements for the rows; $1 is an expression for the fingerprint.
engine_capture_query() (
    problem=$(engine_capture_columns severity problem message)
    operation=$(engine_capture_columns task_name description migration_date status findings checksum file_path)
    printf '%s' "SELECT 'version', coalesce(max(version), 0) FROM migrations_applied WHERE status = 'completed';
        SELECT 'fingerprint', $1;
        CREATE TEMP TABLE captured_problem AS SELECT * FROM migrations_problems;
        SELECT 'problem', $problem FROM captured_problem ORDER BY rowid;
        CREATE TEMP TABLE captured_operation AS
            SELECT version, task_name, description, migration_date, status, checksum, file_path
            FROM migrations_applied WHERE status <> 'rollback';
        INSERT INTO captured_operation
            SELECT version, task_name, description, migration_date, status, checksum, file_path
            FROM migrations_pending WHERE version NOT IN (SELECT version FROM captured_operation);
        INSERT INTO captured_operation
            SELECT version, task_name, description, migration_date, status, checksum, file_path
            FROM migrations_applied WHERE version NOT IN (SELECT version FROM captured_operation);
        SELECT 'operation', version, $operation FROM (SELECT *,
            (SELECT group_concat(problem) FROM (SELECT DISTINCT problem FROM captured_problem
                WHERE captured_problem.version = captured_operation.version ORDER BY problem)) AS findings
            FROM captured_operation) ORDER BY version;
        SELECT 'end'"
)

engine_capture() {
    export MIGRATE_SCRIPTS=on
    engine_capture_sql=$(engine_capture_query 'migrate_fingerprint()')
    engine_look "$engine_capture_sql"
}
