#!/usr/bin/env bats
# sqlite-migrate status, current, history, show, verify: what only reports.

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front_database
    three_operations
}

@test "sqlite-migrate status: lists all operations with their states" {
    front up 2 -q
    front down -q
    run --separate-stderr -0 front status
    [ "$stderr" = "" ]
    [ "${lines[0]}" = "version  task    description      date        state      when                 took" ]
    [[ ${lines[1]} =~ ^"1        TASK-1  create-users     2025-01-10  completed  "[0-9]{4}-[0-9]{2}-[0-9]{2}" "[0-9:]{8}"  "[0-9]+" ms"$ ]]
    [ "${lines[2]}" = "2        TASK-1  add-users-index  2025-01-10  rollback   -                    -" ]
    [ "${lines[3]}" = "3        TASK-2  add-ann          2025-01-10  pending    -                    -" ]
    [ "${#lines[@]}" -eq 4 ]
}

@test "sqlite-migrate status: reads a database that is not there as an empty one, and does not make it" {
    run --separate-stderr -0 front status
    [ "${#lines[@]}" -eq 4 ]
    [ "$stderr" = "there is no database app.db yet" ]
    [ ! -e app.db ]
}

@test "sqlite-migrate status: shows an operation that failed outside a transaction" {
    operation 0001 TASK-1 create-users '-- migrate: no-transaction
CREATE TABLE users (id);
SELECT nosuch;'
    run -1 front up
    run --separate-stderr -0 front status
    [[ ${lines[1]} == "1        TASK-1  create-users     2025-01-10  failed "* ]]
}

@test "sqlite-migrate status --pending: lists what is to be applied" {
    front up 2 -q
    run --separate-stderr -0 front status --pending
    [ "$output" = "version  task    description  date        state    when  took
3        TASK-2  add-ann      2025-01-10  pending  -     -" ]
}

@test "sqlite-migrate status --check: ends with 2 when something is pending, and with 0 when not" {
    run --separate-stderr -2 front status --check -q
    [ "$output$stderr" = "" ]
    front up -q
    run --separate-stderr -0 front status --check --quiet
    [ "$output$stderr" = "" ]
    front down -q
    run -2 front status --check --json
}

@test "sqlite-migrate status --check: does not take a failure for a pending operation" {
    rm -r migrations
    run --separate-stderr -66 front status --check
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: cannot read the migration folder migrations: No such file or directory
hint: create it, name it in the call, or set option dir; it is looked for from the working directory" ]
}

@test "sqlite-migrate status --json: prints each operation" {
    front up 1 -q
    run --separate-stderr -0 front status --json
    [ "$(printf '%s' "$output" | sed -E 's/"when":"[^"]*"/"when":T/; s/(seconds":)[0-9]+/\1N/')" = '[{"version":1,"task":"TASK-1","description":"create-users","date":"2025-01-10","state":"completed","when":T,"milliseconds":N,"reversible":1},
{"version":2,"task":"TASK-1","description":"add-users-index","date":"2025-01-10","state":"pending","when":null,"milliseconds":null,"reversible":1},
{"version":3,"task":"TASK-2","description":"add-ann","date":"2025-01-10","state":"pending","when":null,"milliseconds":null,"reversible":1}]' ]
}

@test "sqlite-migrate status --pending --json: prints an empty list when there is nothing" {
    front up -q
    run --separate-stderr -0 front status --pending --json
    [ "$output" = "[]" ]
}

@test "sqlite-migrate status: refuses an option that it does not know" {
    run --separate-stderr -64 front status --all
    [ "$stderr" = "sqlite-migrate: status does not take --all
hint: sqlite-migrate help status" ]
}

@test "sqlite-migrate current: prints the version" {
    run --separate-stderr -0 front current
    [ "$output" = 0 ]
    front up 2 -q
    run --separate-stderr -0 front current
    [ "$output" = 2 ]
    run --separate-stderr -0 front current --json
    [ "$output" = '[{"version":2}]' ]
    run --separate-stderr -64 front current 2
    [ "$stderr" = "sqlite-migrate: current takes no argument
hint: sqlite-migrate help current" ]
}

@test "sqlite-migrate history: lists every attempt" {
    operation 0002 TASK-1 add-users-index 'SELECT nosuch;' 'SELECT 1;'
    run -1 front up --actor ann
    front down -q --actor bob
    run --separate-stderr -0 front history
    [ "$(printf '%s\n' "$output" | sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}  [0-9]+ ms */WHEN /')" = "id  version  task    action  outcome    when                 took  actor  error
1   1        TASK-1  up      completed  WHEN ann    -
2   2        TASK-1  up      failed     WHEN ann    cannot apply operation 2: 2025-01-10/0002-TASK-1-add-users-index_up.sql:1:8: no such column: nosuch
3   1        TASK-1  down    completed  WHEN bob    -" ]
}

@test "sqlite-migrate history --json: prints whole errors" {
    operation 0001 TASK-1 create-users 'SELECT nosuch;'
    run -1 front up
    front history --json >history.json
    [ "$(plain "SELECT json_extract(readfile('history.json'), '\$[0].error')")" = "$(plain 'SELECT error FROM migration_log')" ]
}

@test "sqlite-migrate show: prints a pending operation with its code" {
    run --separate-stderr -0 front show 2
    [ "$output" = "version      2
task         TASK-1
description  add-users-index
date         2025-01-10
state        pending
file         2025-01-10/0002-TASK-1-add-users-index_up.sql
checksum     $(mig "SELECT checksum FROM migrations_pending WHERE version = 2")

-- up
CREATE INDEX users_name ON users (name);

-- down
DROP INDEX users_name;" ]
}

@test "sqlite-migrate show: prints an applied operation as the database has it" {
    front up -q
    printf 'DROP TABLE users;\n' >migrations/2025-01-10/0002-TASK-1-add-users-index_up.sql
    run --separate-stderr -0 front show 2
    [ "${lines[4]}" = "state        completed" ]
    [[ $output == *"-- up
CREATE INDEX users_name ON users (name);
"* ]]
}

@test "sqlite-migrate show: says that there is no such operation" {
    run --separate-stderr -66 front show "3 OR 1"
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: there is no operation 3 OR 1
hint: sqlite-migrate status" ]
}

@test "sqlite-migrate verify: says that there is no error" {
    front up -q
    run --separate-stderr -0 front verify
    [ "$output" = "" ]
    [ "$stderr" = "verified: no error" ]
}

@test "sqlite-migrate verify: prints every finding, and fails for an error" {
    : >migrations/2025-01-10/create_users.sql
    operation 0007 TASK-3 create-roles 'CREATE TABLE roles (id);'
    run --separate-stderr -65 front verify
    [[ $output == *"error: bad name 2025-01-10/create_users.sql: the name does not start with a version of four or more digits
hint: name it like 2025-01-10/0001-TASK-123-create-users-table_up.sql"* ]]
    [[ $output == *"error: versions 4 to 6 are missing before 2025-01-10/0007-TASK-3-create-roles_up.sql
hint: "* ]]
    [ "$stderr" = "sqlite-migrate: errors found: 2
hint: no run starts before they are mended" ]
}

@test "sqlite-migrate verify: does not fail for warnings" {
    front up -q
    plain 'CREATE TABLE other (id)'
    run --separate-stderr -0 front verify
    [[ $output == "warn: the schema was changed since the last run: "* ]]
}

@test "sqlite-migrate verify --json: prints the findings" {
    operation 0007 TASK-3 create-roles 'CREATE TABLE roles (id);'
    run --separate-stderr -65 front verify --json
    [ "$(plain "SELECT json_extract('$output', '\$[0].problem')")" = gap ]
}
