#!/usr/bin/env bats
# The table migrations_plan of files for servers: what a run refuses is an error there, too.

load ../helpers/migrate

setup() {
    use_scratch
    export MIGRATE_DIALECT=postgresql
}

@test "plan: what PostgreSQL takes in no transaction is refused, each by its word" {
    local statement rule word
    while IFS='|' read -r statement rule word; do
        operation 0001 TASK-1 tidy-up "$statement"
        run --separate-stderr -0 mig "SELECT rule, why FROM migrations_plan WHERE severity = 'error' AND object IS NULL"
        [ "$output" = "$rule|\"$word\" cannot run in the transaction of the operation" ]
    done <<'LIST'
ALTER SYSTEM SET work_mem = 1;|refused|SYSTEM
CREATE DATABASE new;|refused|DATABASE
DROP DATABASE old;|refused|DATABASE
CREATE TABLESPACE fast LOCATION '/fast';|refused|TABLESPACE
VACUUM;|vacuum|VACUUM
LIST
}

@test "plan: CONCURRENTLY is refused by the rule of its own alone" {
    operation 0001 TASK-1 add-index 'CREATE INDEX CONCURRENTLY users_name ON users (name);'
    run --separate-stderr -0 mig "SELECT rule FROM migrations_plan WHERE severity = 'error'"
    [ "$output" = pg-concurrently-in-transaction ]
}
