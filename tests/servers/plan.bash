# sqlite-migrate plan on a server: what is the same on both. See run.bash.

# A table that is there, and operations on it.
plan_operations() {
    operation 0001 TASK-1 create-users \
        'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);' 'DROP TABLE users;'
    front up 1 --quiet
    operation 0002 TASK-1 add-users-index 'CREATE TABLE notes (id INTEGER PRIMARY KEY);
CREATE INDEX notes_id ON notes (id);' 'DROP TABLE notes;'
    operation 0003 TASK-2 drop-name "${1-}ALTER TABLE users
    DROP COLUMN name;
UPDATE users SET id = 2;" 'ALTER TABLE users ADD COLUMN name VARCHAR(100);'
}

plan_shows() {
    local until='the locks of both are held until both are done'
    if [ "$dialect" = mysql ]; then
        until='MySQL commits at each change of the schema, so a failure can leave the one without the other'
    fi
    plan_operations
    run --separate-stderr -0 front plan
    [ "$output" = "2025-01-10/0002-TASK-1-add-users-index_up.sql
     1  create table notes
     2  create index notes_id
2025-01-10/0002-TASK-1-add-users-index_down.sql
     1  drop table notes
        note down-removes: rolling back removes what the operation made, with what has been written to it since
        instead: roll back soon, or not at all
2025-01-10/0003-TASK-2-drop-name_up.sql
     1  drop column users.name
        error drop-column: the values of the column go, and a down file cannot bring them back
        instead: stop using the column, copy what is worth keeping, and drop it in a later release
     3  data change users
        warn update-without-where: the old values of all rows are overwritten
        instead: say with WHERE which rows are meant, or write the new values to a new column
        warn mixed-change: changes rows of users in an operation that changes the schema too (drop column users.name); $until
        instead: make two operations of it" ]
    [ "$stderr" = "statements: 5; errors: 1, warnings: 2, notes: 1" ]
    [ "$(done_on_server)" = "1 " ]
}

plan_checks() {
    plan_operations
    run --separate-stderr -2 front plan --check --quiet
    [ "$output$stderr" = "" ]
    run --separate-stderr -0 front plan 2 --check --quiet
    plan_operations '-- migrate: allow drop-column users.name: it is in people
'
    run --separate-stderr -0 front plan --check
    [[ "$output" = *"        approved: error drop-column: the values of the column go, and a down file cannot bring them back
        reason: it is in people
"* ]]
}

plan_json() {
    plan_operations
    run --separate-stderr -0 front plan --json
    [ "$stderr" = "" ]
    [ "$(printf '%s' "$output" | grep -c '"rule":"drop-column","severity":"error"')" = 1 ]
    [ "$(printf '%s' "$output" | grep -c .)" = 6 ]
}

plan_denies() {
    plan_operations
    run --separate-stderr -65 front up --dangerous deny
    [ "$output" = "" ]
    [[ "$stderr" = "sqlite-migrate: operation 3 is dangerous: "*"
hint: "*"-- migrate: allow drop-column users.name: REASON" ]]
    [ "$(done_on_server)" = "1 " ]
    plan_operations '-- migrate: allow drop-column users.name: it is in people
'
    run --separate-stderr -0 front up --dangerous deny
    [ "$output" = "the database is at version 3" ]
    [ "$(ask "SELECT output FROM migration_log WHERE version = 3")" = "allowed drop-column users.name: it is in people" ]
}

plan_warns() {
    plan_operations
    run --separate-stderr -0 front up
    [[ "$stderr" = "warning: operation 3 is dangerous: "*"drop-column"*"
1/2 up 2025-01-10/0002-TASK-1-add-users-index_up.sql ("* ]]
    [ "$(done_on_server)" = "1 2 3 " ]
}

# Code that is in no statement by itself.
plan_does_not_judge() { # <statement that runs code>
    operation 0001 TASK-1 code "$1"
    run --separate-stderr -0 front plan
    [ "${lines[1]}" = "     1  code" ]
    [ "${lines[2]}" = "        warn not-judged: the text does not tell what the code does that it runs" ]
}
