#!/usr/bin/env bats
# migrate_apply(): what it applies, in which order, and what it returns.

load ../helpers/migrate

setup() {
    use_scratch
}

@test "apply: runs all pending operations in the order of their versions and returns the last" {
    three_operations
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 3 ]
    [ "$(plain 'SELECT name FROM users')" = Ann ]
    [ "$(completed)" = "1 2 3" ]
}

@test "apply: names file, line and column of a failing statement and quotes the line" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY);'
    operation 0002 TASK-1 fill-orders 'CREATE TABLE a (x);
INSERT INTO orders VALUES (1);'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "cannot apply operation 2: 2025-01-10/0002-TASK-1-fill-orders_up.sql:2:1: no such table: orders
    2 | INSERT INTO orders VALUES (1);
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = 1 ]
    [ "$(objects)" = users ]
}
