# The steps of migrations_steps, run by the client of a server as a run has them. A test file sets
# `dialect` and defines ask SQL (prints rows, values with a tab between them), fresh (an empty database),
# run_client (standard input), with_variables ERROR STARTED OUTPUT (sets the client's variables, for what
# follows), hex_of COLUMN (as SQL).

# An empty database with the two tables, and the operations of script.bash.
steps_begin() {
    script_operations
    fresh
    server_sql "SELECT migrate_tracking_sql()" | run_client
}

# Asks the extension with the options of the server.
server_sql() { # <sql>...
    MIGRATE_DIALECT=$dialect mig "$@"
}

# Makes a copy of the server's rows in $db.
mirror() {
    local column list="id, version"
    for column in task_name description migration_date type file_path checksum status started_at completed_at code rollback_code; do
        list="$list, coalesce($(hex_of "$column"), 'NULL')"
    done
    rm -f "$db"
    MIGRATE_DIALECT=sqlite mig "SELECT migrate_tracking_sql()" | plain
    ask "SELECT $list FROM ${MIGRATE_SCHEMA:+$MIGRATE_SCHEMA.}migration ORDER BY id" | awk -F '\t' '{
        line = "INSERT INTO migration VALUES (" $1 "," $2
        for (i = 3; i <= NF; i++)
            line = line "," ($i == "NULL" ? $i : "CAST(X\047" $i "\047 AS TEXT)")
        print line ");"
    }' | plain
}

# Writes what the client gets to steps.sql, and runs it. The marks go to the file marks.
carry_out() { # <request> [<target as SQL>]
    local status=0
    mirror
    server_sql "SELECT head || coalesce(code, migrate_program(version, direction) ->> 'code') || tail
        FROM migrations_steps('$1', ${2-NULL})" >steps.sql
    {
        with_variables '' '' "what it says"
        cat steps.sql
    } | run_client >marks || status=$?
    return "$status"
}

# Records the failure of the step at a place of the request, as another session does. The copy of the rows
# is that of the run.
record_failure() { # <place> <request> [<target as SQL>]
    {
        with_variables "it's \"wrong\"" 2026-11-21T10:11:12.131Z "what it said"
        server_sql "SELECT failure FROM migrations_steps('$2', ${3-NULL}) WHERE position = $1"
    } | run_client
}

# The newest line of the log: version, action, outcome, error, start, output.
newest() {
    ask "SELECT version, action, outcome, error, started_at, output FROM migration_log ORDER BY id DESC LIMIT 1"
}

steps_apply() {
    steps_begin
    carry_out apply
    [ "$(recorded)" = "1	completed	TASK-1	create-users	2025-01-10/0001-TASK-1-create-users_up.sql
2	completed	TASK-1	add-odd-names	2025-01-10/0002-TASK-1-add-odd-names_up.sql
3	completed	TASK-2	add-teams	2025-01-10/0003-TASK-2-add-teams_up.sql" ]
    [ "$(logged)" = "1	up	completed
2	up	completed
3	up	completed" ]
    [ "$(ask "SELECT name FROM users WHERE id < 3 ORDER BY id")" = "O'Brien; -- \$code\$ //code//
ə ş ف" ]
    carry_out apply
    [ ! -s marks ]
}

# The stored code is the file, byte for byte, and its checksum is the engine's.
steps_store() {
    steps_begin
    carry_out apply
    mirror
    rm -f folder.db
    diff <(db=folder.db mig "SELECT version, checksum, hex(code), hex(rollback_code) FROM migrations_pending") \
        <(plain "SELECT version, checksum, hex(code), hex(rollback_code) FROM migration")
}

# Both rows say who, where, when and with what.
steps_origin() {
    steps_begin
    MIGRATE_ACTOR="O'Brien \$code\$" MIGRATE_NOTE='release "7"' carry_out apply 1
    [ "$(ask "SELECT actor, output, migrate_version FROM migration_log")" = "O'Brien \$code\$	release \"7\"	$(mig "SELECT migrate_version()")" ]
    [ "$(ask "SELECT host FROM migration_log")" = "$(uname -n)" ]
    [ "$(ask "SELECT count(*) FROM migration JOIN migration_log USING (version) WHERE rows_changed IS NULL
        AND duration_ms BETWEEN 0 AND 60000 AND migration_log.started_at LIKE '20__-__-__T__:__:__.___Z'
        AND finished_at >= migration_log.started_at AND migration.started_at <= migration_log.started_at
        AND completed_at >= migration.started_at AND completed_at <= finished_at")" = 1 ]
}

steps_go_down() {
    steps_begin
    carry_out apply
    carry_out rollback 2
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	rollback
3	rollback" ]
    [ "$(ask "SELECT count(*) FROM users")" = 0 ]
    [ "$(logged | tail -n 2)" = "3	down	completed
2	down	completed" ]
    carry_out to 3
    carry_out redo "'all'"
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	completed
3	completed" ]
    [ "$(logged | tail -n 6)" = "3	down	completed
2	down	completed
1	down	completed
1	up	completed
2	up	completed
3	up	completed" ]
    [ "$(ask "SELECT count(*) FROM users")" = 3 ]
}

# Each step prints its place, a clock and the time.
steps_mark() {
    steps_begin
    carry_out apply
    [ "$(tr '\t' ' ' <marks | cut -d ' ' -f 1,2)" = "mark 1
mark 2
mark 3" ]
    [ "$(tr '\t' ' ' <marks | grep -Ec '^mark [1-3] [0-9]{1,9} 20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$')" = 3 ]
}

steps_program() {
    steps_begin
    program 0004 TASK-3 import sh <<'SH'
#!/bin/sh
case $1 in
up) echo "INSERT INTO users (id, name) VALUES (4, '$MIGRATE_DIALECT');" ;;
*) echo "DELETE FROM users WHERE id = 4;" ;;
esac
SH
    export MIGRATE_SCRIPTS=on
    carry_out apply
    [ "$(ask "SELECT name FROM users WHERE id = 4")" = "$dialect" ]
    [ "$(ask "SELECT type, status FROM migration WHERE version = 4")" = "program	completed" ]
    [ "$(newest | cut -f 1-3,6)" = "4	up	completed	what it says" ]
    MIGRATE_NOTE='release 7' carry_out rollback
    [ "$(ask "SELECT count(*) FROM users WHERE id = 4")" = 0 ]
    [ "$(ask "SELECT $(hex_of output) FROM migration_log WHERE version = 4 AND action = 'down'" | tr A-F a-f)" = "$(printf 'release 7\nwhat it says' | od -An -v -t x1 | tr -d ' \n')" ]
    mirror
    record_failure 1 apply
    [ "$(newest)" = "4	up	failed	it's \"wrong\"	2026-11-21T10:11:12.131Z	what it said" ]
}

# What a file sets is gone before the next statement of ours and the next file.
steps_forget() { # <statement that sets something> <expression> <value as it was>
    steps_begin
    operation 0004 TASK-3 set-it "$1" "$1"
    operation 0005 TASK-3 keep-it "CREATE TABLE kept (setting text);
INSERT INTO kept SELECT $2;"
    carry_out apply
    [ "$(ask "SELECT setting FROM kept")" = "$3" ]
    [ "$(recorded | cut -f 1,2 | tail -n 2)" = "4	completed
5	completed" ]
}

# The tracking table is in the schema of the option, which is there; what the files make is not.
steps_schema() { # <schema>
    script_operations
    export MIGRATE_SCHEMA=$1
    server_sql "SELECT migrate_tracking_sql()" | run_client
    carry_out apply
    carry_out rollback
    [ "$(ask "SELECT version, status FROM $1.migration ORDER BY version")" = "1	completed
2	completed
3	rollback" ]
    [ "$(ask "SELECT count(*) FROM $1.migration_log")" = 4 ]
    run ! ask "SELECT * FROM migration"
    run ! ask "SELECT * FROM $1.users"
}
