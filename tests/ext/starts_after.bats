#!/usr/bin/env bats
# A folder whose history starts later: the file .starts-after, and what a database must have to go on.

load ../helpers/migrate

setup() {
    use_scratch
    mkdir "$folder/2025-01-10"
    operation 0001 TASK-1 first 'CREATE TABLE first (x);' 'DROP TABLE first;'
    operation 0002 TASK-1 second 'CREATE TABLE second (x);' 'DROP TABLE second;'
    operation 0003 TASK-2 third 'CREATE TABLE third (x);' 'DROP TABLE third;'
}

# Applies up to version 2 and takes the files of both away.
pruned() {
    mig "SELECT migrate_apply(NULL, 2)" >/dev/null
    printf '2\n' >"$folder/.starts-after"
    rm "$folder"/2025-01-10/000[12]-*
}

findings() {
    mig "SELECT severity, problem, ifnull(version, '-'), place, message, hint FROM migrations_problems"
}

@test "starts-after: the operations up to it need no files, and the rest is applied" {
    pruned
    [ "$(findings)" = "" ]
    [ "$(mig "SELECT version FROM migrations_pending")" = 3 ]
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
    [ "$(mig "SELECT migrate_verify()")" = 1 ]
}

@test "starts-after: a folder that holds nothing else is in order" {
    pruned
    rm -r "$folder/2025-01-10"
    [ "$(findings)" = "" ]
    [ "$(mig "SELECT migrate_apply()")" = 2 ]
}

@test "starts-after: a database that is below it is refused, and nothing is written" {
    pruned
    rm "$db"
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "the folder starts after version 2, which is not applied
hint: load the schema dump into an empty database (schema-restore.sh), or bring the pruned files back" ]
    [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
    [ "$(findings)" = "error|starts later|2||the folder starts after version 2, which is not applied|load the schema dump into an empty database (schema-restore.sh), or bring the pruned files back" ]
}

@test "starts-after: files that are still there are applied and verified as ever" {
    pruned
    operation 0001 TASK-1 first 'CREATE TABLE first (x);' 'DROP TABLE first;'
    operation 0002 TASK-1 second 'CREATE TABLE second (x);' 'DROP TABLE second;'
    [ "$(findings)" = "" ]
    rm "$db"
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
    operation 0002 TASK-1 second 'CREATE TABLE changed (x);' 'DROP TABLE second;'
    [ "$(mig "SELECT problem, version FROM migrations_problems")" = "changed|2" ]
}

@test "starts-after: a database below it that has lost the files between is refused" {
    mig "SELECT migrate_apply()" >/dev/null
    printf '3\n' >"$folder/.starts-after"
    rm "$folder"/2025-01-10/0002-* "$db"
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "version 2 is missing before 2025-01-10/0003-TASK-2-third_up.sql
hint: add the missing file or renumber; where gaps are meant, set option gaps" ]
}

@test "starts-after: a gap behind it is a gap" {
    pruned
    operation 0005 TASK-3 fifth 'CREATE TABLE fifth (x);'
    [ "$(findings)" = "error|gap|4|2025-01-10/0005-TASK-3-fifth_up.sql|version 4 is missing before 2025-01-10/0005-TASK-3-fifth_up.sql|add the missing file or renumber; where gaps are meant, set option gaps" ]
}

@test "starts-after: what is below it can be rolled back, but not applied again" {
    pruned
    mig "SELECT migrate_apply()" >/dev/null
    run --separate-stderr -12 mig "SELECT migrate_redo(2)"
    [ "$(error_text)" = "operation 2 has no file to apply again: 2025-01-10/0002-TASK-1-second_up.sql is gone
hint: restore the file, or roll back without applying again" ]
    run --separate-stderr -20 mig "SELECT migrate_to(1)"
    [ "$(error_text)" = "the folder starts after version 2: what is rolled back up to it cannot be applied again
hint: migrate_rollback() takes back without applying again" ]
    [ "$(plain "SELECT count(*) FROM first, second, third")" = 0 ]
    [ "$(mig "SELECT migrate_rollback(2)")" = 1 ]
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "the folder starts after version 2, which is not applied
hint: load the schema dump into an empty database (schema-restore.sh), or bring the pruned files back" ]
}

@test "starts-after: a gap that was meant, below it, is no finding" {
    rm "$folder"/2025-01-10/0002-*
    MIGRATE_GAPS=off mig "SELECT migrate_apply()" >/dev/null
    printf '3\n' >"$folder/.starts-after"
    rm "$folder"/2025-01-10/000[13]-*
    operation 0004 TASK-3 fourth 'CREATE TABLE fourth (x);'
    [ "$(findings)" = "" ]
    [ "$(mig "SELECT migrate_apply()")" = 4 ]
}

@test "starts-after: a first line that is no version is refused" {
    local text
    pruned
    for text in '' x '0' '-1' '2 3' ' 2' 99999999999999999999; do
        printf '%s\n' "$text" >"$folder/.starts-after"
        run --separate-stderr -20 mig "SELECT migrate_apply()"
        [ "$(error_text)" = ".starts-after does not begin with a version
hint: the first line of migrations/.starts-after is the last version that was pruned, e.g. 12" ]
    done
    printf '2\r\nwhat else is there\n' >"$folder/.starts-after"
    [ "$(mig "SELECT migrate_apply()")" = 3 ]
}

@test "starts-after: a symbolic link is refused" {
    pruned
    mv "$folder/.starts-after" elsewhere
    ln -s ../elsewhere "$folder/.starts-after"
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = ".starts-after is a symbolic link
hint: put the file itself into the folder" ]
}

@test "starts-after: migrate_to goes back to it and on from it" {
    pruned
    [ "$(mig "SELECT migrate_to(3)")" = 3 ]
    [ "$(mig "SELECT migrate_to(2)")" = 2 ]
    [ "$(mig "SELECT migrate_to(0)")" = 0 ]
}

@test "starts-after: a down file below it without its up file is no orphan: pruning may have been stopped there" {
    pruned
    printf 'DROP TABLE second;\n' >"$folder/2025-01-10/0002-TASK-1-second_down.sql"
    [ "$(findings)" = "" ]
    printf 'DROP TABLE fourth;\n' >"$folder/2025-01-10/0004-TASK-2-fourth_down.sql"
    [ "$(findings | cut -d '|' -f 2,3)" = "orphan down|4" ]
}
