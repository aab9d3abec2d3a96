#!/usr/bin/env bats
# The sqlite3 module of Python.

load ../helpers/migrate
load drivers

setup() {
    use_driver
}

# The system's own: others are often built without the loading of extensions.
python() {
    /usr/bin/python3 "$@"
}

@test "python: applies the folder and returns the version" {
    result=$(python "$programs/apply.py")
    [ "$result" = 3 ]
    [ "$(completed)" = "1 2 3" ]
}

@test "python: raises the whole message where an operation fails" {
    operation 0004 TASK-3 fill-teams 'INSERT INTO teams VALUES (1);'
    run --separate-stderr -1 python "$programs/scenario.py" never_fetched
    [ "$stderr" = "cannot apply operation 4: 2025-01-10/0004-TASK-3-fill-teams_up.sql:1:1: no such table: teams
    1 | INSERT INTO teams VALUES (1);
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = "1 2 3" ]
}

@test "python: refuses a call while a cursor is half read" {
    run --separate-stderr -1 python "$programs/scenario.py" half_read
    [ "$stderr" = "$half_read_message" ]
    [ "$(objects)" = notes ]
}

@test "python: refuses a call in the transaction that an INSERT has begun" {
    run --separate-stderr -1 python "$programs/scenario.py" open_transaction
    [ "$stderr" = "$transaction_message" ]
    [ "$(objects)" = notes ]
}

@test "python: leaves the caller's transaction open when it refuses" {
    result=$(python "$programs/scenario.py" refused_then_committed)
    [ "$result" = "1 note" ]
}

@test "python: applies once the caller has committed" {
    result=$(python "$programs/scenario.py" committed)
    [ "$result" = 3 ]
}

@test "python: runs the function though no row is fetched" {
    python "$programs/scenario.py" never_fetched
    [ "$(completed)" = "1 2 3" ]
}

@test "python: has no transaction open after a failed call" {
    operation 0004 TASK-3 fill-teams 'INSERT INTO teams VALUES (1);'
    result=$(python "$programs/scenario.py" failed_then_used)
    [ "$result" = "in transaction: False" ]
}
