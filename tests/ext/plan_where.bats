#!/usr/bin/env bats
# migrations_plan: which conditions it takes for one.

load ../helpers/migrate

setup() {
    use_scratch
    plain 'CREATE TABLE t (id INTEGER PRIMARY KEY, a)' 'INSERT INTO t VALUES (1, 1), (2, 2)'
}

rules() {
    mig "SELECT line, rule FROM migrations_plan WHERE rule <> 'no-down'"
}

@test "plan: what RETURNING names is no condition" {
    operation 0001 TASK-1 change "DELETE FROM t WHERE 1 RETURNING id;
WITH gone AS (SELECT id FROM t) UPDATE t SET a = 0 WHERE TRUE RETURNING *, a;"
    [ "$(rules)" = "1|delete-without-where
2|update-without-where" ]
}

@test "plan: a condition before RETURNING is one" {
    operation 0001 TASK-1 change "DELETE FROM t WHERE EXISTS (SELECT 1 FROM t) AND id = 1 RETURNING 1;
UPDATE t SET a = 0 WHERE a > 0 RETURNING id;"
    [ "$(rules)" = "1|deletes-rows
2|updates-rows" ]
}
