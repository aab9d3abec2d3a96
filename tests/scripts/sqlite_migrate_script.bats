#!/usr/bin/env bats
# sqlite-migrate script: SQL to be reviewed and run elsewhere.

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front_database
    three_operations
}

# The comments of the parts of a script.
parts() {
    sed -n 's,^-- \(apply .*\|roll back .*\),\1,p'
}

@test "sqlite-migrate script: prints what takes the database to the last version, and the shell runs it" {
    front up 1 -q
    front script >up.sql
    [ "$(parts <up.sql)" = "apply 2025-01-10/0002-TASK-1-add-users-index_up.sql
apply 2025-01-10/0003-TASK-2-add-ann_up.sql" ]
    sqlite3 -batch -init /dev/null "$db" <up.sql
    [ "$(front current)" = 3 ]
    front verify -q
}

@test "sqlite-migrate script: prints what goes from one version to another, for other databases too" {
    front script 1:2 --dialect mysql >up.sql
    [ "$(parts <up.sql)" = "apply 2025-01-10/0002-TASK-1-add-users-index_up.sql" ]
    [ "$(sed -n 3p up.sql)" = "SET NAMES utf8mb4;" ]
    front script 3:1 --dialect postgresql >down.sql
    [ "$(parts <down.sql)" = "roll back 2025-01-10/0003-TASK-2-add-ann_up.sql
roll back 2025-01-10/0002-TASK-1-add-users-index_up.sql" ]
    [ "$(tail -c 8 down.sql)" = "COMMIT;" ]
    [ "$(front script :1 | parts)" = "apply 2025-01-10/0001-TASK-1-create-users_up.sql" ]
    [ "$(front script 2: | parts)" = "apply 2025-01-10/0003-TASK-2-add-ann_up.sql" ]
}

@test "sqlite-migrate script: does not make a database" {
    front script >up.sql
    [ ! -e app.db ]
    [ "$(parts <up.sql | wc -l)" = 3 ]
}

@test "sqlite-migrate script: refuses what is not FROM:TO, and ends with the engine's status" {
    local word
    for word in 3 a:b 1:2:3 -1:2x; do
        run --separate-stderr -64 front script -- "$word"
        [ "$output" = "" ]
    done
    run --separate-stderr -64 front script 3
    [ "$stderr" = 'sqlite-migrate: "3" is not FROM:TO
hint: 3:7 is one, and so are :7 and 7:' ]
    run --separate-stderr -66 front script 0:9
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: there is no operation 9 in migrations
hint: SELECT version, file_path FROM migrations_pending" ]
    run --separate-stderr -78 front script --dialect oracle
    [ "$output" = "" ]
}
