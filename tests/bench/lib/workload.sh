# shellcheck shell=sh
# What is run: folders of operations, and the script that a person would write who has the sqlite3
# shell and no extension. Wanted is `library`, the extension.

# Runs the bare shell, and the shell with the extension.
workload_shell() {
    sqlite3 -batch -bail -init /dev/null -list -noheader "$@"
}
workload_ours() {
    workload_database=$1
    shift
    workload_shell "$workload_database" ".load $library" "$@"
}

# Writes 1,000 operations into one date folder below $1; each creates a table and an index.
workload_write_tables() {
    mkdir -p "$1/2025-01-10"
    awk -v folder="$1/2025-01-10" '
        function put(file, text) { printf "%s", text >file; close(file) }
        BEGIN {
            columns = "id INTEGER PRIMARY KEY, name TEXT NOT NULL, created_at TEXT NOT NULL"
            for (v = 1; v <= 1000; v++) {
                base = sprintf("%s/%04d-TASK-%d-create-table-%d", folder, v, (v + 9) / 10, v)
                put(base "_up.sql", "CREATE TABLE t" v " (" columns ");\n" \
                    "CREATE INDEX t" v "_name ON t" v " (name);\n")
                put(base "_down.sql", "DROP TABLE t" v ";\n")
            }
        }'
}

# Writes operations $2 to $3 below $1; each inserts a row with a text of $4 bytes, and has a down file
# when $5 is "down". The date folders have 28 operations, but for the first: so the 10,000th fills its
# folder.
workload_write_rows() {
    awk -v folder="$1" -v from="$2" -v to="$3" -v bytes="$4" -v down="${5-}" '
        function put(file, text) { printf "%s", text >file; close(file) }
        BEGIN {
            dashes = sprintf("%" bytes "s", "")
            gsub(/ /, "-", dashes)
            for (v = from; v <= to; v++) {
                k = int((v + 23) / 28)
                date = sprintf("%s/%d-%02d-%02d", folder, 2001 + k / 336, k / 28 % 12 + 1, k % 28 + 1)
                if (date != made)
                    system("mkdir -p " date)
                made = date
                base = sprintf("%s/%04d-TASK-%d-add-item-%d", date, v, (v + 9) / 10, v)
                text = "INSERT INTO items (id, name) VALUES (" v ", '\''item " v "'\'');\n"
                put(base "_up.sql", substr(dashes, 1, bytes - length(text) - 1) "\n" text)
                if (down != "")
                    put(base "_down.sql", "DELETE FROM items WHERE id = " v ";\n")
            }
        }'
}

# Prints the statements that make the tracking table and its log, as they are in the database $1.
workload_print_tables() {
    workload_shell "$1" "
        SELECT sql || ';' FROM sqlite_schema
        WHERE tbl_name IN ('migration', 'migration_log') AND sql IS NOT NULL"
}

# Prints the script for what the extension has done to the database $1 from operation $2 on: it reads
# the files of the folder $3 and inserts the rows that the extension has inserted, with times of its
# own. $4 is the line before each operation, $5 the one behind.
workload_print_script() {
    workload_shell "$1" "
        WITH words(now, eol) AS (VALUES ('strftime(''%Y-%m-%dT%H:%M:%fZ'',''now'')', char(10)))
        SELECT '$4' || eol || '.read $3/' || m.file_path || eol
            || 'INSERT INTO migration(version,task_name,description,migration_date,type,file_path,'
            || 'checksum,status,started_at,completed_at,code,rollback_code)VALUES('
            || m.version || ',' || quote(m.task_name) || ',' || quote(m.description) || ','
            || quote(m.migration_date) || ',' || quote(m.type) || ',' || quote(m.file_path) || ','
            || quote(m.checksum) || ',' || quote(m.status) || ',' || now || ',' || now || ','
            || quote(m.code) || ',' || quote(m.rollback_code) || ');' || eol
            || 'INSERT INTO migration_log(version,task_name,description,action,outcome,error,statement,'
            || 'started_at,finished_at,duration_ms,rows_changed,actor,host,sqlite_version,'
            || 'migrate_version,output)VALUES('
            || m.version || ',' || quote(m.task_name) || ',' || quote(m.description) || ','
            || quote(l.action) || ',' || quote(l.outcome) || ',' || quote(l.error) || ','
            || quote(l.statement) || ',' || now || ',' || now || ',' || l.duration_ms || ','
            || l.rows_changed || ',' || quote(l.actor) || ',' || quote(l.host) || ',sqlite_version(),'
            || quote(l.migrate_version) || ',' || quote(l.output) || ');' || eol || '$5'
        FROM words, migration m JOIN migration_log l USING (version)
        WHERE version >= $2 ORDER BY version"
}

# Prints what the database $1 holds, but for times, durations and fingerprints.
workload_dump() {
    workload_shell "$1" '
        SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name;
        SELECT version, task_name, description, migration_date, type, file_path, checksum, status,
            quote(code), quote(rollback_code) FROM migration ORDER BY version;
        SELECT version, task_name, description, action, outcome, error, statement, rows_changed,
            actor, host, sqlite_version, migrate_version, output FROM migration_log ORDER BY id'
}
