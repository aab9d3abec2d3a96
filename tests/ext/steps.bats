#!/usr/bin/env bats
# migrations_steps, migrate_program() and migrate_tracking_sql(): what the client of a server is given.
# tests/servers has the clients run it.

load ../helpers/migrate

setup() {
    use_scratch
    three_operations
    export MIGRATE_DIALECT=postgresql
}

# Applies in this database, as a copy of the server's rows would have it.
apply_here() {
    MIGRATE_DIALECT=sqlite mig "SELECT migrate_apply()" >/dev/null
}

# The steps of a request, as "up 1 up 2".
steps() { # <request> <target as SQL>
    mig "SELECT group_concat(direction || ' ' || version, ' ') FROM migrations_steps('$1', $2)"
}

# One part of one step.
part() { # <column> <position> [<request> [<target as SQL>]]
    mig "SELECT $1 FROM migrations_steps('${3-apply}', ${4-NULL}) WHERE position = $2"
}

# How often a text stands in a part of each step, with blanks between.
counts() { # <column> <text> <request> [<target as SQL>]
    mig "SELECT group_concat((length($1) - length(replace($1, '$2', ''))) / length('$2'), ' ') FROM migrations_steps('$3', ${4-NULL})"
}

refuses() { # <status> <message and hint> <sql>
    run --separate-stderr "-$1" mig "$3"
    [ "$output" = "" ]
    [ "$(error_text)" = "$2" ]
}

@test "steps: there is a row for each step, in order" {
    operation 0004 TASK-3 index-names "-- migrate: no-transaction
CREATE INDEX CONCURRENTLY again ON users (name);"
    program 0005 TASK-3 import sh <<<'#!/bin/sh'
    [ "$(MIGRATE_SCRIPTS=on mig "SELECT * FROM migrations_steps('apply')")" = "1|1|up|sql|2025-01-10/0001-TASK-1-create-users_up.sql|0
2|2|up|sql|2025-01-10/0002-TASK-1-add-users-index_up.sql|0
3|3|up|sql|2025-01-10/0003-TASK-2-add-ann_up.sql|0
4|4|up|sql|2025-01-10/0004-TASK-3-index-names_up.sql|1
5|5|up|program|2025-01-10/0005-TASK-3-import.sh|0" ]
}

@test "steps: the files are those of the dialect, and down files have their names" {
    printf 'CREATE TABLE users (id serial);\n' >"$folder/2025-01-10/0001-TASK-1-create-users_up.postgresql.sql"
    printf 'DROP TABLE users CASCADE;\n' >"$folder/2025-01-10/0001-TASK-1-create-users_down.postgresql.sql"
    [ "$(part "file_path || ' ' || code" 1)" = "2025-01-10/0001-TASK-1-create-users_up.postgresql.sql CREATE TABLE users (id serial);" ]
    apply_here
    rm -r "$folder"
    [ "$(part "file_path || ' ' || code" 1 rollback "'all'")" = "2025-01-10/0003-TASK-2-add-ann_down.sql DELETE FROM users WHERE name = 'Ann';" ]
}

@test "steps: requests and targets are those of the functions" {
    [ "$(steps apply NULL)" = "up 1 up 2 up 3" ]
    [ "$(steps apply 2)" = "up 1 up 2" ]
    [ "$(steps apply "'+1'")" = "up 1" ]
    [ "$(steps apply "'TASK-1'")" = "up 1 up 2" ]
    [ "$(steps rollback NULL)" = "" ]
    apply_here
    [ "$(steps apply NULL)" = "" ]
    [ "$(steps rollback NULL)" = "down 3" ]
    [ "$(steps rollback 2)" = "down 3 down 2" ]
    [ "$(steps rollback "'all'")" = "down 3 down 2 down 1" ]
    [ "$(steps to 1)" = "down 3 down 2" ]
    [ "$(steps redo "'TASK-2'")" = "down 3 up 3" ]
}

@test "steps: the folder is the last argument" {
    mv "$folder" other
    [ "$(mig "SELECT count(*) FROM migrations_steps('apply', NULL, 'other')")" = 3 ]
    [ "$(mig "SELECT count(*) FROM migrations_steps WHERE dir = 'other' AND request = 'apply'")" = 3 ]
    [ "$(mig "SELECT request || ' ' || target || ' ' || dir FROM migrations_steps('apply', '+1', 'other')")" = "apply +1 other" ]
    [ "$(mig "SELECT count(*) FROM (SELECT 'other' AS name, 2 AS last) JOIN migrations_steps('apply', last, name)")" = 2 ]
}

@test "steps: reading them changes nothing" {
    operation 0004 TASK-3 later "SELECT 1;"
    mig "SELECT head || code || tail || failure FROM migrations_steps('apply')" >/dev/null
    [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
}

@test "steps: words that are no request and no target are refused" {
    refuses 21 "migrations_steps: \"NULL\" is not a request
hint: use one of: apply rollback to redo" "SELECT * FROM migrations_steps"
    refuses 21 "migrations_steps: \"up\" is not a request
hint: use one of: apply rollback to redo" "SELECT * FROM migrations_steps('up')"
    refuses 21 "migrations_steps: \"x\" is not a target
hint: a target is a version (7), a number of operations ('+2') or a task ('TASK-123')" "SELECT * FROM migrations_steps('apply', 'x')"
    refuses 21 "migrations_steps: \"0\" does not say what to roll back
hint: it is a number of operations from 1, a task ('TASK-123') or 'all'" "SELECT * FROM migrations_steps('redo', 0)"
    refuses 21 "migrations_steps: \"NULL\" is not a version
hint: a version is a whole number, e.g. 7" "SELECT * FROM migrations_steps('to')"
}

@test "steps: a database of SQLite has none" {
    MIGRATE_DIALECT=sqlite refuses 25 "migrations_steps is for servers, and option dialect is sqlite
hint: SELECT migrate_apply() migrates this database; for a server, set option dialect to postgresql or mysql" "SELECT * FROM migrations_steps('apply')"
}

@test "steps: a server's operations are not applied to this database" {
    local call
    for call in "migrate_apply()" "migrate_rollback()" "migrate_to(0)" "migrate_redo()"; do
        MIGRATE_DIALECT=mysql refuses 25 "option dialect is mysql, and this database is SQLite
hint: set it to sqlite; migrate_script() and migrations_steps write what the client of a server runs" "SELECT $call"
    done
    [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
}

@test "steps: what stops a run stops them" {
    local told
    rm "$folder/2025-01-10/0002"*
    MIGRATE_DIALECT=sqlite run --separate-stderr -20 mig "SELECT migrate_apply()"
    told=$(error_text)
    refuses 20 "$told" "SELECT * FROM migrations_steps('apply')"
}

@test "steps: a row that is unsettled stops them" {
    apply_here
    plain "UPDATE migration SET status = 'running' WHERE version = 3"
    run --separate-stderr -20 mig "SELECT * FROM migrations_steps('rollback')"
    [[ $(error_text) == "operation 3 (2025-01-10/0003-TASK-2-add-ann_up.sql) "* ]]
}

@test "steps: files are judged by the rules of the dialect, down files too" {
    operation 0004 TASK-3 index-names "CREATE INDEX CONCURRENTLY again ON users (name);"
    refuses 20 "2025-01-10/0004-TASK-3-index-names_up.sql:1:14: \"CONCURRENTLY\" cannot run in the transaction of the operation
    1 | CREATE INDEX CONCURRENTLY again ON users (name);
hint: put \"-- migrate: no-transaction\" on the first line" "SELECT * FROM migrations_steps('apply')"
    rm "$folder/2025-01-10/0004"*
    operation 0004 TASK-3 leave "SELECT 1;" "USE other;"
    MIGRATE_DIALECT=mysql refuses 20 "2025-01-10/0004-TASK-3-leave_down.sql:1:1: \"USE\" leads away from the database of the tracking table
    1 | USE other;
hint: remove it, and write DATABASE.TABLE where another one is meant" "SELECT * FROM migrations_steps('apply')"
}

@test "steps: stored rollback code is judged by the rules of the dialect" {
    apply_here
    plain "UPDATE migration SET rollback_code = 'SELECT 1; \\! ls' || char(10) WHERE version = 3"
    refuses 20 "2025-01-10/0003-TASK-2-add-ann_down.sql:1:11: \"\\\\! ls\" is not SQL
    1 | SELECT 1; \\\\! ls
hint: it is a command of psql; write SQL, and COPY with its rows as INSERT" "SELECT * FROM migrations_steps('rollback')"
}

@test "steps: programs are run only where that is allowed" {
    program 0004 TASK-3 import sh <<<'#!/bin/sh'
    refuses 3 "2025-01-10/0004-TASK-3-import.sh is a program, and programs are switched off
hint: read it, then set option scripts to on" "SELECT * FROM migrations_steps('apply')"
}

@test "steps: a program's code is not known" {
    program 0004 TASK-3 import sh <<<'#!/bin/sh'
    export MIGRATE_SCRIPTS=on
    [ "$(part "code IS NULL AND head IS NOT NULL AND tail LIKE '%migrate_output%'" 4)" = 1 ]
}

@test "steps: operations that share no transaction begin and commit their own" {
    [ "$(counts head BEGIN apply)" = "1 1 1" ]
    [ "$(counts tail COMMIT apply)" = "1 1 1" ]
}

@test "steps: operations of a task share a transaction where that is asked for" {
    export MIGRATE_TRANSACTION=task
    [ "$(counts head BEGIN apply)" = "1 0 1" ]
    [ "$(counts tail COMMIT apply)" = "0 1 1" ]
}

@test "steps: all operations share a transaction where that is asked for" {
    export MIGRATE_TRANSACTION=all
    [ "$(counts head BEGIN apply)" = "1 0 0" ]
    [ "$(counts head 'RESET ALL' apply)" = "1 0 0" ]
    [ "$(counts tail COMMIT apply)" = "0 0 1" ]
    [ "$(counts tail 'RESET ALL' apply)" = "1 1 1" ]
}

@test "steps: an operation outside a transaction shares none" {
    operation 0004 TASK-2 index-names "-- migrate: no-transaction
CREATE INDEX CONCURRENTLY again ON users (name);"
    [ "$(counts head BEGIN apply)" = "1 1 1 0" ]
    [ "$(counts tail COMMIT apply)" = "1 1 1 0" ]
    MIGRATE_TRANSACTION=task refuses 20 "operation 4 cannot share a transaction: it is marked no-transaction, and transaction is \"task\"
hint: set option transaction to \"operation\", or apply up to it first" "SELECT * FROM migrations_steps('apply')"
}

@test "steps: operations cannot share a transaction in MySQL" {
    local mode
    for mode in task all; do
        MIGRATE_DIALECT=mysql MIGRATE_TRANSACTION=$mode refuses 25 "operations cannot share a transaction in MySQL, and transaction is \"$mode\"
hint: MySQL commits at each statement that changes the schema; set option transaction to \"operation\"" "SELECT * FROM migrations_steps('apply')"
    done
}

@test "steps: code is the text of the file, with the end of its last line, without a byte order mark" {
    printf '\xef\xbb\xbfSELECT 1; -- a' >"$folder/2025-01-10/0001-TASK-1-create-users_up.sql"
    [ "$(part "hex(code)" 1)" = "$(printf 'SELECT 1; -- a\n' | od -An -v -t x1 | tr -d ' \n' | tr a-f A-F)" ]
}

@test "steps: MySQL gets the code as one request, unless the file has DELIMITER lines" {
    export MIGRATE_DIALECT=mysql
    operation 0001 TASK-1 create-users "SELECT '//code//';
SELECT 2;"
    operation 0002 TASK-1 add-users-index "DELIMITER //
SELECT 1; SELECT 2 //"
    [ "$(part code 1)" = "DELIMITER //code1//
SELECT '//code//';
SELECT 2;
//code1//
DELIMITER ;" ]
    [ "$(part code 2)" = "DELIMITER //
SELECT 1; SELECT 2 //
DELIMITER ;" ]
}

@test "steps: the table is that of the options, in the schema of the options" {
    export MIGRATE_SCHEMA=own MIGRATE_TABLE=steps
    [ "$(counts tail '"own"."steps' apply)" = "3 3 3" ]
    [ "$(counts tail 'migration"' apply)" = "0 0 0" ]
    [ "$(MIGRATE_SCHEMA='my "`own' part 'instr(failure, '\''"my ""`own"."steps_log"'\'') > 0' 1)" = 1 ]
    export MIGRATE_DIALECT=mysql
    [ "$(counts tail "\`own\`.\`steps" apply)" = "3 3 3" ]
    [ "$(MIGRATE_SCHEMA="my \"\`own" part "instr(failure, '\`my \"\`\`own\`.\`steps_log\`') > 0" 1)" = 1 ]
}

@test "steps: a file that was changed since the plan was made is noticed" {
    refuses 20 "2025-01-10/0001-TASK-1-create-users_up.sql was changed while this run was going on
hint: run again" "SELECT writefile('$folder/2025-01-10/0001-TASK-1-create-users_up.sql', 'SELECT 1;'), code FROM migrations_steps('apply', 1)"
}

@test "program: what it prints is for the client, what it says is for the log" {
    program 0004 TASK-3 import sh <<'SH'
#!/bin/sh
printf 'SELECT "%s", "%s", "%s", "%s";\n' "$1" "$MIGRATE_DIALECT" "$MIGRATE_DATABASE" "$MIGRATE_FILE"
printf 'two\nlines\n' >&2
SH
    export MIGRATE_SCRIPTS=on
    [ "$(mig "SELECT migrate_program(4, 'up') ->> 'code'")" = 'SELECT "up", "postgresql", "", "2025-01-10/0004-TASK-3-import.sh";' ]
    [ "$(mig "SELECT migrate_program(4, 'up') ->> 'log'")" = "two
lines" ]
    [ "$(MIGRATE_DIALECT=mysql mig "SELECT migrate_program(4, 'up') ->> 'code'")" = 'DELIMITER //code//
SELECT "up", "mysql", "", "2025-01-10/0004-TASK-3-import.sh";
//code//
DELIMITER ;' ]
}

@test "program: says nothing in an empty text" {
    program 0004 TASK-3 import sh <<'SH'
#!/bin/sh
echo 'SELECT 1;'
SH
    [ "$(MIGRATE_SCRIPTS=on mig "SELECT migrate_program(4, 'up')")" = '{"code":"SELECT 1;\u000a","log":""}' ]
}

@test "program: runs the one that is stored on the way down" {
    export MIGRATE_SCRIPTS=on
    program 0004 TASK-3 import sh <<'SH'
#!/bin/sh
echo "SELECT '$1';"
SH
    apply_here
    rm -r "$folder"
    [ "$(mig "SELECT migrate_program(4, 'down') ->> 'code'")" = "SELECT 'down';" ]
    [ "$(part "direction || code IS NULL" 1 rollback)" = 1 ]
}

@test "program: what it prints is judged by the rules of the dialect" {
    export MIGRATE_SCRIPTS=on
    program 0004 TASK-3 import sh <<'SH'
#!/bin/sh
echo 'VACUUM;'
SH
    refuses 20 "output of 2025-01-10/0004-TASK-3-import.sh:1:1: \"VACUUM\" cannot run in the transaction of the operation
    1 | VACUUM;
hint: a program's statements always run in one transaction; remove it" "SELECT migrate_program(4, 'up')"
    program 0004 TASK-3 import sh <<'SH'
#!/bin/sh
echo '-- migrate: no-transaction'
echo 'SELECT 1;'
SH
    refuses 20 "output of 2025-01-10/0004-TASK-3-import.sh:1:4: \"migrate: no-transaction\" is not for what a program prints
    1 | -- migrate: no-transaction
hint: remove it; a program's statements always run in one transaction" "SELECT migrate_program(4, 'up')"
}

@test "program: its failure is an error" {
    program 0004 TASK-3 import sh <<'SH'
#!/bin/sh
echo why >&2
exit 3
SH
    MIGRATE_SCRIPTS=on refuses 1 "program 2025-01-10/0004-TASK-3-import.sh exited with status 3: why
hint: nothing of this operation was kept; mend it and run again" "SELECT migrate_program(4, 'up')"
}

@test "program: what is none, is not there, or must not be run is refused" {
    refuses 21 "migrate_program: operation 1 (2025-01-10/0001-TASK-1-create-users_up.sql) is not a program
hint: the client runs its code as it is" "SELECT migrate_program(1, 'up')"
    refuses 12 "there is no operation 9 in migrations
hint: SELECT version, file_path FROM migrations_pending" "SELECT migrate_program(9, 'up')"
    refuses 21 "migrate_program: \"x\" is not a version
hint: a version is a whole number, e.g. 7" "SELECT migrate_program('x', 'up')"
    refuses 21 "migrate_program: \"sideways\" is not a direction
hint: use one of: up down" "SELECT migrate_program(1, 'sideways')"
    program 0004 TASK-3 import sh <<<'#!/bin/sh'
    refuses 3 "2025-01-10/0004-TASK-3-import.sh is a program, and programs are switched off
hint: read it, then set option scripts to on" "SELECT migrate_program(4, 'up')"
    MIGRATE_SCRIPTS=on MIGRATE_DIALECT=sqlite refuses 25 "migrate_program is for servers, and option dialect is sqlite
hint: SELECT migrate_apply() migrates this database; for a server, set option dialect to postgresql or mysql" "SELECT migrate_program(4, 'up')"
}

@test "tracking table: its statements are those of a run for SQLite" {
    local made
    made=$(MIGRATE_DIALECT=sqlite mig "SELECT migrate_tracking_sql()")
    plain "$made" "$made"
    made=$(plain "SELECT name, sql FROM sqlite_schema ORDER BY name")
    rm "$db"
    apply_here
    [ "$(plain "SELECT name, sql FROM sqlite_schema WHERE tbl_name LIKE 'migration%' ORDER BY name")" = "$made" ]
}

@test "tracking table: it is in the schema of the options" {
    export MIGRATE_SCHEMA=own MIGRATE_TABLE=steps
    [ "$(mig "SELECT migrate_tracking_sql()" | cut -d '(' -f 1)" = 'CREATE TABLE IF NOT EXISTS "own"."steps"
CREATE TABLE IF NOT EXISTS "own"."steps_log"' ]
    [ "$(MIGRATE_DIALECT=mysql mig "SELECT migrate_tracking_sql()" | cut -d '(' -f 1)" = "CREATE TABLE IF NOT EXISTS \`own\`.\`steps\`
CREATE TABLE IF NOT EXISTS \`own\`.\`steps_log\`" ]
    [ "$(MIGRATE_DIALECT=sqlite mig "SELECT migrate_tracking_sql()" | grep -c '"own"')" = 0 ]
}
