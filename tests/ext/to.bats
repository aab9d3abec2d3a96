#!/usr/bin/env bats
# migrate_to(): up or down to exactly one version.

load ../helpers/migrate

setup() {
    use_scratch
    three_operations
}

@test "to: goes up to a version" {
    [ "$(mig "SELECT migrate_to(2)")" = 2 ]
    [ "$(completed)" = "1 2" ]
}

@test "to: goes down to a version" {
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT migrate_to(1)")" = 1 ]
    [ "$(completed)" = 1 ]
    [ "$(objects)" = users ]
}

@test "to: goes down to nothing, without the migration folder" {
    mig "SELECT migrate_apply()"
    rm -r migrations
    [ "$(mig "SELECT migrate_to(0)")" = 0 ]
    [ "$(objects)" = "" ]
}

@test "to: at that version already changes nothing" {
    mig "SELECT migrate_apply(NULL, 2)"
    before=$(plain .dump)
    [ "$(mig "SELECT migrate_to(2)" "SELECT migrate_to('0002')")" = "2
2" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "to: version 0 of an empty database makes no tables" {
    [ "$(mig "SELECT migrate_to(0)")" = 0 ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "to: takes a folder" {
    mv migrations elsewhere
    [ "$(mig "SELECT migrate_to(3, 'elsewhere')" "SELECT migrate_to(1, 'elsewhere')")" = "3
1" ]
}

@test "to: going down, the changed file of an operation to roll back does not matter" {
    mig "SELECT migrate_apply()"
    operation 0003 TASK-2 add-ann 'SELECT 1;' 'SELECT 1;'
    [ "$(mig "SELECT migrate_to(2)")" = 2 ]
    [ "$(plain 'SELECT count(*) FROM users')" = 0 ]
}

@test "to: going down, the changed file of an operation that stays is an error" {
    mig "SELECT migrate_apply()"
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id);' 'DROP TABLE users;'
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_to(2)"
    [ "${stderr%%: its checksum*}" = "Error: stepping, 2025-01-10/0001-TASK-1-create-users_up.sql was changed after it was applied" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "to: fills in a late operation on the way down" {
    mv migrations/2025-01-10/0002-* .
    mig "SELECT migrate_config('gaps', 'off')" "SELECT migrate_apply()"
    mv 0002-* migrations/2025-01-10/
    [ "$(mig "SELECT migrate_to(2)")" = 2 ]
    [ "$(completed)" = "1 2" ]
}

@test "to: refuses an unknown version above" {
    mig "SELECT migrate_apply(NULL, 1)"
    before=$(plain .dump)
    run --separate-stderr -12 mig "SELECT migrate_to(7)"
    [ "$(error_text)" = "there is no operation 7 in migrations
hint: SELECT version, file_path FROM migrations_pending" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "to: refuses an unknown version below" {
    rm migrations/2025-01-10/0002-*
    mig "SELECT migrate_config('gaps', 'off')" "SELECT migrate_apply()"
    before=$(plain .dump)
    run --separate-stderr -12 mig "SELECT migrate_config('gaps', 'off')" "SELECT migrate_to(2)"
    [ "$(error_text)" = "there is no operation 2
hint: SELECT version, file_path FROM migrations_applied" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "to: refuses what is no version" {
    local version
    for version in "'+1'" "'TASK-1'" -1 1.0 "''" "'all'"; do
        run --separate-stderr -21 mig "SELECT migrate_to($version)"
        [ "$(error_text)" = "migrate_to: \"${version//\'/}\" is not a version
hint: a version is a whole number, e.g. 7" ]
        [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
    done
}

@test "to: refuses NULL" {
    run --separate-stderr -21 mig "SELECT migrate_to(NULL)"
    [ "$(error_text)" = "migrate_to: \"NULL\" is not a version
hint: a version is a whole number, e.g. 7" ]
}

@test "to: refuses to go below an operation without rollback code, and changes nothing" {
    rm migrations/2025-01-10/0002-TASK-1-add-users-index_down.sql
    mig "SELECT migrate_apply()"
    before=$(plain .dump)
    run --separate-stderr -20 mig "SELECT migrate_to(0)"
    [ "$(error_text)" = "operation 2 (2025-01-10/0002-TASK-1-add-users-index_up.sql) cannot be rolled back: it has no rollback code
hint: add its _down.sql, then SELECT migrate_repair(2, 'accept')" ]
    [ "$(plain .dump)" = "$before" ]
}
