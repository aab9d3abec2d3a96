# shellcheck shell=sh disable=SC2034,SC2154
# The schema of a database as SQL that loads again; load.sh does that.
#
#   engine_dump FILE          writes the body of a dump into FILE; all of it is of the same moment. Sets
#                             dump_version, dump_fingerprint and dump_table (the tracking table, quoted,
#                             on one line); and dump_problem: `error` or `warn` and the first error of
#                             the operations, or how the schema has been changed beside them. The text of
#                             what is pending does not matter. $scratch/objects is then what
#                             engine_dump_objects says
#   engine_dump_facts         sets dump_version, dump_fingerprint and dump_table as engine_dump does; and
#                             dump_wrong, the first operation whose code has not the checksum beside it
#   engine_dump_finding VERSION
#                             what is wrong with an operation up to that version, into $scratch/rows
#   engine_dump_objects       the kinds and names of all objects into $scratch/rows, one on a line
#
# A dump is one transaction: it makes all objects, and nothing at all where something is there already
# or where one statement fails. What is SQLite's own (sqlite_%) and the shadow tables of virtual tables
# are not in it: they come with the others. Counters of AUTOINCREMENT are rows, and stay out like all
# rows but those of the tracking table.

# engine_dump_client is what a person can load one with, and engine_dump_last its last line;
# engine_dump_lost and engine_dump_changed are why an object, or a text, may not come back.

engine_dump_client='the sqlite3 shell'
engine_dump_last='COMMIT;'
engine_dump_lost='it has a name that belongs to a virtual table: give it another one'
engine_dump_changed='a text with CR LF inside of quotes cannot be loaded by the sqlite3 shell'

# A row is a line, and nothing of the shell's own is in it.
engine_lines='.separator "" "\n"'

engine_list="SELECT type || ' ' || name FROM main.sqlite_schema
    WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"

# Prints what makes the views for the queries below. dump_rows is the tracking table, whose quoted name
# is $1; without one it has no row.
engine_dump_views() {
    cat <<'SQL'
CREATE TEMP VIEW dump_objects AS SELECT rowid AS place, type, name, tbl_name, sql FROM main.sqlite_schema
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND tbl_name NOT IN
        (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow');
SQL
    if [ -n "$1" ]; then
        printf 'CREATE TEMP VIEW dump_rows AS SELECT * FROM main.%s;\n' "$1"
    else
        cat <<'SQL'
CREATE TEMP VIEW dump_rows (id, version, task_name, description, migration_date, type, file_path, checksum,
        status, started_at, completed_at, code, rollback_code)
    AS SELECT 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 WHERE 0;
SQL
    fi
    engine_name=$(quote_sql "$1")
    printf 'CREATE TEMP VIEW dump_name AS SELECT %s AS name;\n' "$engine_name"
}

# Prints the query for the facts: one on a line. The last one is whether there is a tracking table.
engine_dump_ask() {
    cat <<'SQL'
SELECT coalesce(max(version), 0) FROM migrations_applied WHERE status = 'completed';
SELECT migrate_fingerprint();
SELECT json_quote(migrate_config('table'));
SELECT EXISTS (SELECT 1 FROM main.sqlite_schema
    WHERE type = 'table' AND lower(name) = lower(migrate_config('table')));
SQL
}

# Prints the queries for the body. Triggers of one event fire in the order in which they were made, and
# a virtual table may need another one, so these keep their order; the others are sorted. A comment at
# the end of a text would hide the semicolon. The sqlite3 shell reads CR LF as LF, and goes on behind an
# error, but what goes on in a transaction that must not be is undone by the last statement but two.
engine_dump_ask_body() {
    cat <<'SQL'
SELECT '-- journal: wal' FROM pragma_journal_mode WHERE journal_mode = 'wal';
SELECT 'PRAGMA encoding = ' || quote(encoding) || ';' FROM pragma_encoding WHERE encoding <> 'UTF-8';
SELECT 'PRAGMA auto_vacuum = ' || auto_vacuum || ';' FROM pragma_auto_vacuum WHERE auto_vacuum <> 0;
SELECT 'BEGIN IMMEDIATE;
CREATE TEMP TABLE "schema dump" (
    step TEXT,
    parts INTEGER,
    encoding TEXT,
    CONSTRAINT "the database is not empty" CHECK (step <> ''begin'' OR parts = 0),
    CONSTRAINT "the database has another encoding" CHECK (encoding = ' || quote(encoding) || '),
    CONSTRAINT "not all of it was loaded, so nothing was" CHECK (step <> ''end'' OR parts = '
        || ((SELECT count(*) FROM dump_objects) + (SELECT count(*) FROM dump_rows)) || ')
);
INSERT INTO temp."schema dump" SELECT ''begin'', count(*), (SELECT encoding FROM pragma_encoding)
    FROM main.sqlite_schema WHERE name NOT LIKE ''sqlite\_%'' ESCAPE ''\'';' FROM pragma_encoding;
SELECT 'PRAGMA application_id = ' || application_id || ';' FROM pragma_application_id WHERE application_id <> 0;
SELECT 'PRAGMA user_version = ' || user_version || ';' FROM pragma_user_version WHERE user_version <> 0;
SELECT replace(sql, char(13, 10), char(10)) || CASE WHEN instr(sql, '--') THEN char(10) ELSE '' END || ';'
FROM (SELECT *, CASE WHEN type <> 'table' THEN instr('  iv t', substr(type, 1, 1))
        WHEN sql LIKE 'CREATE VIRTUAL %' THEN 2 ELSE 1 END AS kind FROM dump_objects)
ORDER BY kind, CASE WHEN kind IN (3, 6) THEN tbl_name END, CASE WHEN kind NOT IN (2, 6) THEN name END, place;
WITH cells AS (
    SELECT version, 1 AS place, id AS value FROM dump_rows UNION ALL SELECT version, 2, version FROM dump_rows
    UNION ALL SELECT version, 3, task_name FROM dump_rows UNION ALL SELECT version, 4, description FROM dump_rows
    UNION ALL SELECT version, 5, migration_date FROM dump_rows UNION ALL SELECT version, 6, type FROM dump_rows
    UNION ALL SELECT version, 7, file_path FROM dump_rows UNION ALL SELECT version, 8, checksum FROM dump_rows
    UNION ALL SELECT version, 9, status FROM dump_rows UNION ALL SELECT version, 10, started_at FROM dump_rows
    UNION ALL SELECT version, 11, completed_at FROM dump_rows UNION ALL SELECT version, 12, code FROM dump_rows
    UNION ALL SELECT version, 13, rollback_code FROM dump_rows
)
SELECT CASE place WHEN 1 THEN 'INSERT INTO main.' || name
        || ' (id, version, task_name, description, migration_date, type,' || char(10)
        || '    file_path, checksum, status, started_at, completed_at, code, rollback_code) VALUES ('
        || char(10) ELSE '' END
    || '    ' || CASE
        WHEN typeof(value) <> 'text' THEN quote(value)
        WHEN instr(value, char(0)) OR instr(value, '\r') AND instr(value, char(13))
            OR value GLOB '*[' || char(1) || '-' || char(8, 11, 12, 14) || '-' || char(31, 127) || ']*'
            THEN 'CAST(X''' || hex(CAST(value AS BLOB)) || ''' AS TEXT)'
        WHEN instr(value, char(13))
            THEN 'replace(' || quote(replace(value, char(13), '\r')) || ', ''\r'', char(13))'
        ELSE quote(value) END
    || CASE place WHEN 13 THEN ');' ELSE ',' END
FROM cells, dump_name ORDER BY version, place;
SELECT 'INSERT OR ROLLBACK INTO temp."schema dump" SELECT ''end'',
    CASE WHEN EXISTS (SELECT 1 FROM temp."schema dump") THEN count(*)'
    || CASE name WHEN '' THEN '' ELSE ' + (SELECT count(*) FROM main.' || name || ')' END || ' ELSE -1 END,
    (SELECT encoding FROM pragma_encoding) FROM main.sqlite_schema
    WHERE sql IS NOT NULL AND name NOT LIKE ''sqlite\_%'' ESCAPE ''\'' AND tbl_name NOT IN
        (SELECT name FROM pragma_table_list WHERE schema = ''main'' AND type = ''shadow'');
DROP TABLE temp."schema dump";
COMMIT;' FROM dump_name;
SQL
}

# Asks the database as it is, and waits for writers.
engine_ask() {
    engine_wait
    engine_call ".timeout $engine_timeout" "$engine_lines" "$@"
}

# Reads dump $1, statement by statement. The sqlite3 shell takes a line that holds nothing but / or GO
# for the end of a statement, where one could end: prints the text with such a line and the next as one.
# Fails at a command of that shell, whose line is then in file $2. A quote that is doubled closes and
# opens.
engine_scan() {
    ENGINE_FOUND=$2 awk '
        BEGIN { ended = 1; found = ENVIRON["ENGINE_FOUND"] }
        open == "" && ended && /^\./ { print FNR >found; failed = 1; exit }
        {
            printf "%s%s", $0, open == "" && /^[ \t]*(\/|[Gg][Oo])[ \t]*$/ ? " " : "\n"
            rest = $0
            while (rest != "") {
                if (open != "") {
                    at = index(rest, open)
                    if (at == 0) break
                    rest = substr(rest, at + length(open))
                    open = ""
                } else if (match(rest, /["\047`[;]|--|\/\*/)) {
                    mark = substr(rest, RSTART, RLENGTH)
                    if (substr(rest, 1, RSTART - 1) ~ /[^ \t]/) ended = 0
                    rest = substr(rest, RSTART + RLENGTH)
                    if (mark == "--") break
                    if (mark == ";") ended = 1
                    else if (mark == "/*") open = "*/"
                    else { open = mark == "[" ? "]" : mark; ended = 0 }
                } else {
                    if (rest ~ /[^ \t]/) ended = 0
                    break
                }
            }
        }
        END { exit failed }
    ' "$1"
}

engine_dump_full() {
    engine_status=74
    engine_message='cannot write into the temporary folder
hint: check TMPDIR and the free space'
    return 1
}

# Reads the facts from file $1. The sqlite3 shell does not say when it cannot write.
engine_dump_read() {
    { IFS= read -r dump_version && IFS= read -r dump_fingerprint && IFS= read -r dump_table && read -r engine_has; } <"$1" ||
        engine_dump_full
}

# Sets engine_tracking to the quoted name of the tracking table, empty when there is none.
engine_dump_tracking() {
    engine_ask "SELECT CASE WHEN EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'table'
        AND lower(name) = lower(migrate_config('table')))
        THEN '\"' || replace(migrate_config('table'), '\"', '\"\"') || '\"' ELSE '' END || '.'" || return 1
    engine_tracking=$(cat "$scratch/rows")
    engine_tracking=${engine_tracking%.}
}

engine_dump() {
    engine_dump_tracking || return 1
    { engine_dump_views "$engine_tracking" >"$scratch/views.sql" && engine_dump_ask >"$scratch/facts.sql" &&
        engine_dump_ask_body >"$scratch/body.sql"; } 2>/dev/null || engine_dump_full || return 1
    engine_facts=$(quote_dot "$scratch/facts")
    engine_problem=$(quote_dot "$scratch/problem")
    engine_file=$1
    engine_body=$(quote_dot "$1.read")
    engine_objects=$(quote_dot "$scratch/objects")
    set --
    for engine_part in views facts body; do
        engine_quoted=$(quote_dot "$scratch/$engine_part.sql")
        set -- "$@" "$engine_quoted"
    done
    engine_wait
    engine_run ".timeout $engine_timeout" "$engine_lines" ".read $1" BEGIN \
        ".output $engine_facts" ".read $2" ".output $engine_problem" \
        "SELECT severity || ' ' || message || char(10) || 'hint: ' || hint FROM migrations_problems
            WHERE severity = 'error' AND problem <> 'bad file' OR problem = 'drift'
            ORDER BY severity LIMIT 1" \
        ".output $engine_objects" "$engine_list" ".output $engine_body" ".read $3" .output COMMIT || return 1
    engine_scan "$engine_file.read" "$scratch/found" >"$engine_file" 2>/dev/null || engine_dump_full || return 1
    rm -f -- "$engine_file.read"
    engine_dump_read "$scratch/facts" || return 1
    dump_problem=$(cat "$scratch/problem")
    case $engine_has${engine_tracking:+:} in
    0 | 1:) ;;
    *)
        engine_status=75
        engine_message="$engine_shown is being migrated"
        return 1
        ;;
    esac
}

engine_dump_facts() {
    engine_dump_ask >"$scratch/facts.sql"
    engine_quoted=$(quote_dot "$scratch/facts.sql")
    engine_ask BEGIN ".read $engine_quoted" "SELECT version FROM migrations_applied
        WHERE checksum <> migrate_checksum(code, rollback_code) LIMIT 1" COMMIT || return 1
    engine_dump_read "$scratch/rows" || return 1
    dump_wrong=$(sed -n 5p "$scratch/rows")
}

engine_dump_finding() {
    engine_ask "SELECT message || char(10) || 'hint: ' || hint FROM migrations_problems
        WHERE version BETWEEN 1 AND $1 LIMIT 1"
}

engine_dump_objects() {
    engine_ask "$engine_list"
}
