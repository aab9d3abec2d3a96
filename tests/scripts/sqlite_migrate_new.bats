#!/usr/bin/env bats
# sqlite-migrate new: the files of the next operation.

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front
    today=$(date -u +%Y-%m-%d)
}

@test "sqlite-migrate new: writes both files of the first operation, without a database" {
    rmdir migrations
    run --separate-stderr -0 front new TASK-1 create-users
    [ "$output" = "migrations/$today/0001-TASK-1-create-users_up.sql
migrations/$today/0001-TASK-1-create-users_down.sql" ]
    [ "$stderr" = "" ]
    [ "$(cat "migrations/$today/0001-TASK-1-create-users_up.sql")" = "-- 0001-TASK-1-create-users
-- SQL that makes the change. Each statement ends with a semicolon." ]
    [ "$(cd migrations && find . -type f | sort)" = "./$today/0001-TASK-1-create-users_down.sql
./$today/0001-TASK-1-create-users_up.sql" ]
    [ "$(find . -name '*.db')" = "" ]
}

@test "sqlite-migrate new: counts on from the highest version of all folders" {
    three_operations
    front new TASK-7 add_bob
    run --separate-stderr -0 front create TASK-7 add-carl
    [ "${lines[0]}" = "migrations/$today/0005-TASK-7-add-carl_up.sql" ]
}

@test "sqlite-migrate new: writes what is refused until a statement is in it" {
    front new TASK-1 create-users
    run --separate-stderr -65 front up --connection sqlite:app.db
    [ "$stderr" = "sqlite-migrate: $today/0001-TASK-1-create-users_up.sql:1:1: the text has no statement
    1 | -- 0001-TASK-1-create-users
hint: write one, or delete the file" ]
}

@test "sqlite-migrate new --program: writes a program that can be executed" {
    run --separate-stderr -0 front new TASK-1 import-users --program
    [ "$output" = "migrations/$today/0001-TASK-1-import-users.sh" ]
    "$output" up
    run -64 "$output" sideways
}

@test "sqlite-migrate new: gives the files the mode of the umask" {
    (umask 022 && front new TASK-1 create-users)
    (umask 077 && front new TASK-1 create-teams)
    [ "$(find migrations -type f -perm 644 | wc -l)" -eq 2 ]
    [ "$(find migrations -type f -perm 600 | wc -l)" -eq 2 ]
}

@test "sqlite-migrate new: writes where the folder is, whatever it is called" {
    run --separate-stderr -0 front new TASK-1 create-users --dir "db's \"x\" \$(id)"
    [ "${lines[0]}" = "db's \"x\" \$(id)/$today/0001-TASK-1-create-users_up.sql" ]
    [ -f "${lines[0]}" ]
}

# Each task and description that is refused here is also refused by the engine.
@test "sqlite-migrate new: refuses the task names that the engine refuses" {
    local task
    for task in task-1 TASK TASK- TASK-1a -1 1TASK-1 'T/../X-1' TASK_1-1 'TA SK-1'; do
        [[ $task == -* ]] && continue
        run --separate-stderr -65 front new "$task" create-users
        [ "$stderr" = "sqlite-migrate: the task name \"$task\" is not capital letters and digits, a hyphen, and digits
hint: TASK-123 is one" ]
        [[ $task == */* ]] && continue
        operation 0001 "$task" create-users 'SELECT 1;'
        [ "$(mig "SELECT count(*) FROM migrations_problems WHERE problem = 'bad name'")" = 1 ]
        rm -r migrations/*
    done
    [ "$(ls -A migrations)" = "" ]
}

@test "sqlite-migrate new: refuses the descriptions that the engine refuses" {
    local description
    for description in 'create users' créer 'a.b' '../x' "a'b" $'a\nb'; do
        run --separate-stderr -65 front new TASK-1 "$description"
        [ "$stderr" = "sqlite-migrate: the description \"$description\" may hold letters, digits, \"-\" and \"_\" only
hint: create-users-table is one" ]
        [[ $description == */* ]] && continue
        operation 0001 TASK-1 "$description" 'SELECT 1;'
        [ "$(mig "SELECT count(*) FROM migrations_problems WHERE problem = 'bad name'")" = 1 ]
        rm -r migrations/*
    done
    [ "$(ls -A migrations)" = "" ]
}

@test "sqlite-migrate new: refuses a program that is called like one direction" {
    run --separate-stderr -65 front new TASK-1 import_up --program
    [ "$stderr" = "sqlite-migrate: the name of a program cannot end in _up or _down; one program does both directions" ]
}

@test "sqlite-migrate new: refuses a name that is too long, and takes the longest" {
    run --separate-stderr -65 front new TASK-1 "$(printf '%0220d' 0)"
    [ "$stderr" = "sqlite-migrate: the task name and the description are too long for the name of a file" ]
    front new TASK-1 "$(printf '%0219d' 0)"
    [ "$(mig "SELECT count(*) FROM migrations_problems WHERE problem = 'bad name'")" = 0 ]
}

@test "sqlite-migrate new: wants a task and a description" {
    run --separate-stderr -64 front new TASK-1
    [ "$stderr" = "sqlite-migrate: new takes a task and a description
hint: sqlite-migrate help new" ]
}

@test "sqlite-migrate new: stops at a folder that holds a bad name" {
    mkdir migrations/2025-01-10
    : >migrations/2025-01-10/x.sql
    run --separate-stderr -65 front new TASK-1 create-users
    [[ $stderr == "sqlite-migrate: bad name 2025-01-10/x.sql: the name does not start with a version of four or more digits"* ]]
}

@test "sqlite-migrate new: gives people who write at the same time different versions" {
    local number pids=()
    for number in 1 2 3 4 5 6; do
        front new "TASK-$number" together >"out$number" 2>&1 3>&- &
        pids+=("$!")
    done
    for number in "${pids[@]}"; do
        wait "$number"
    done
    [ "$(find migrations -name '*_up.sql' | sed 's|.*/\([0-9]*\)-.*|\1|' | sort -u | tr '\n' ' ')" = "0001 0002 0003 0004 0005 0006 " ]
    [ "$(find migrations -name '*.sql' | wc -l)" -eq 12 ]
    [ "$(find migrations -name '.*' | wc -l)" -eq 0 ]
}
