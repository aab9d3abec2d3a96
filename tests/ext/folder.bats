#!/usr/bin/env bats
# The migration folder: which names are operations, which are passed over, which are refused.

load ../helpers/migrate

setup() {
    use_scratch
    day=$folder/2025-01-10
    mkdir "$day"
}

# Locked folders would stay behind otherwise.
teardown() {
    chmod -R u+rwX "$BATS_TEST_TMPDIR"
}

shape="name it like 2025-01-10/0001-TASK-123-create-users-table_up.sql"

# The names of all that the database holds, on one line.
schema_names() {
    plain "SELECT coalesce(group_concat(name, ' '), '') FROM sqlite_schema"
}

# The findings, one a line.
findings() {
    mig "SELECT severity, problem, ifnull(version, '-'), place, message, hint FROM migrations_problems"
}

# Checks that the name at $1, below the folder, is refused for $2, with the hint $3, by the function
# and by the table, and that nothing was changed.
refuses_place() { # <place as shown> <why> [<hint>]
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "bad name $1: $2
hint: ${3-$shape}" ]
    [ "$(schema_names)" = "" ]
    [ "$(findings)" = "error|bad name|-|$1|bad name $1: $2|${3-$shape}" ]
}

# The same of a file with a good first operation beside it.
refuses_name() { # <file> <why> [<file as shown>]
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    printf 'CREATE TABLE bad (x);\n' >"$day/$1"
    refuses_place "2025-01-10/${3-$1}" "$2"
}

# mig, bound by the permissions of files even where the tests run as root.
mig_bound() { # <sql>...
    local command=(sqlite3 -batch -bail -init /dev/null "$db"
        -cmd ".load $extension" "$@")
    if [ "$(id -u)" = 0 ]; then
        command=(setpriv "--bounding-set=-dac_override,-dac_read_search"
            "--inh-caps=-dac_override,-dac_read_search" -- "${command[@]}")
    fi
    "${command[@]}"
}

@test "folder: takes SQL pairs, lone up files and programs of all date folders in the order of their versions" {
    operation 0001 TASK-123 create-users-table 'CREATE TABLE users (x);' 'DROP TABLE users;'
    program 0002 FEATURE-456 migrate-user-data py 2025-01-09 <<<'#!/bin/sh'
    operation 0003 A9-007 X_y-Z 'CREATE TABLE x (y);' '' 2024-02-29
    [ "$(mig "SELECT version, task_name, description, migration_date, type, file_path, reversible
            FROM migrations_pending")" = "1|TASK-123|create-users-table|2025-01-10|sql|2025-01-10/0001-TASK-123-create-users-table_up.sql|1
2|FEATURE-456|migrate-user-data|2025-01-09|program|2025-01-09/0002-FEATURE-456-migrate-user-data.py|1
3|A9-007|X_y-Z|2024-02-29|sql|2024-02-29/0003-A9-007-X_y-Z_up.sql|0" ]
}

@test "folder: takes the largest version that fits" {
    operation 9223372036854775807 TASK-1 last 'CREATE TABLE last (x);'
    result=$(MIGRATE_GAPS=off mig "SELECT migrate_apply()")
    [ "$result" = 9223372036854775807 ]
    [ "$(completed)" = 9223372036854775807 ]
}

@test "folder: takes a version of forty digits that are mostly zeros" {
    operation 0000000000000000000000000000000000000001 TASK-1 first 'CREATE TABLE first (x);'
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
}

@test "folder: takes a name of 255 bytes" {
    description=$(printf '%0233d' 0)
    operation 0001 TASK-1 "$description" 'CREATE TABLE first (x);'
    [ "$(cd "$day" && printf '%s' *)" = "0001-TASK-1-${description}_up.sql" ]
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
    [ "$(plain "SELECT description FROM migration")" = "$description" ]
}

@test "folder: passes over hidden files, README files, and what editors leave behind" {
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    touch "$day/.gitkeep" "$day/README" "$day/README.md" "$day/0002-TASK-1-second_up.sql~" \
        "$day/#0002-TASK-1-second_up.sql#" "$day/.0002-TASK-1-second_up.sql.swp"
    touch "$folder/.gitkeep" "$folder/README.md" "$folder/0002-TASK-1-second_up.sql~"
    mkdir "$folder/.git"
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
    [ "$(findings)" = "" ]
}

@test "folder: passes over files and folders at its top that are meant as nothing of ours" {
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    mkdir "$folder/archive" "$folder/templates"
    touch "$folder/notes.txt" "$folder/archive/0001-TASK-1-old_up.sql"
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
    [ "$(findings)" = "" ]
}

@test "folder: may itself be a symbolic link" {
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    mv "$folder" elsewhere
    ln -s elsewhere "$folder"
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
}

@test "folder: refuses a name that starts with a word" {
    refuses_name migration1.sql "the name does not start with a version of four or more digits"
}

@test "folder: refuses a name that is a description only" {
    refuses_name create_users.sql "the name does not start with a version of four or more digits"
}

@test "folder: refuses a version with a letter before it" {
    refuses_name v1-users-table_up.sql "the name does not start with a version of four or more digits"
}

@test "folder: refuses any other file in a date folder" {
    refuses_name notes.txt "the name does not start with a version of four or more digits"
}

@test "folder: refuses a version of three digits" {
    refuses_name 001-create-users_up.sql 'the version "001" has fewer than four digits'
}

@test "folder: refuses version zero" {
    refuses_name 0000-TASK-1-x_up.sql 'the version "0000" is zero; versions count from 1'
}

@test "folder: refuses a version of 2^63" {
    refuses_name 9223372036854775808-TASK-1-x_up.sql \
        'the version "9223372036854775808" is larger than 9223372036854775807'
}

@test "folder: refuses a version of forty digits" {
    refuses_name 1234567890123456789012345678901234567890-TASK-1-x_up.sql \
        'the version "1234567890123456789012345678901234567890" is larger than 9223372036854775807'
}

@test "folder: refuses a version without a hyphen behind it" {
    refuses_name 0001_TASK-1-x_up.sql "the version is not followed by a hyphen"
}

@test "folder: refuses a task in small letters" {
    refuses_name 0001-task-1-x_up.sql "the version is not followed by a task name such as TASK-123"
}

@test "folder: refuses a task that begins with a digit" {
    refuses_name 0001-1TASK-1-x_up.sql "the version is not followed by a task name such as TASK-123"
}

@test "folder: refuses a small letter inside a task" {
    refuses_name 0001-TAsK-1-x_up.sql \
        'the task name "TAsK" is not capital letters and digits up to a hyphen'
}

@test "folder: refuses a task without a number" {
    refuses_name 0001-TASK-create-users_up.sql \
        "the task name has no number; TASK-123 would have one"
}

@test "folder: refuses a name that ends with its task" {
    refuses_name 0001-TASK-1_up.sql "the task name is not followed by a hyphen and a description"
}

@test "folder: refuses an empty description" {
    refuses_name 0001-TASK-1-_up.sql "the task name is not followed by a hyphen and a description"
}

letters='it may hold letters, digits, "-" and "_"'

@test "folder: refuses a blank in a description" {
    refuses_name "0001-TASK-1-create users_up.sql" "the description holds \" \"; $letters"
}

@test "folder: refuses a quote in a description" {
    refuses_name "0001-TASK-1-ann's_up.sql" "the description holds \"'\"; $letters"
}

@test "folder: refuses a double quote in a description" {
    refuses_name '0001-TASK-1-a"b_up.sql' "the description holds \"\"\"; $letters"
}

@test "folder: refuses a newline in a description and shows it escaped" {
    refuses_name $'0001-TASK-1-a\nb_up.sql' "the description holds \"\\x0a\"; $letters" \
        '0001-TASK-1-a\x0ab_up.sql'
}

@test "folder: refuses a backslash in a description and shows it doubled" {
    refuses_name '0001-TASK-1-a\b_up.sql' "the description holds \"\\\\\"; $letters" \
        '0001-TASK-1-a\\b_up.sql'
}

@test "folder: refuses a letter outside ASCII and shows it whole" {
    refuses_name 0001-TASK-1-naïve_up.sql "the description holds \"ï\"; $letters"
}

@test "folder: refuses a byte that is no UTF-8 and shows it escaped" {
    refuses_name $'0001-TASK-1-a\xffb_up.sql' "the description holds \"\\xff\"; $letters" \
        '0001-TASK-1-a\xffb_up.sql'
}

@test "folder: refuses a second extension" {
    refuses_name 0001-TASK-1-x_up.sql.bak "the description holds \".\"; $letters"
}

@test "folder: cuts a long name in its message" {
    controls=$(printf '\001%.0s' {1..230})
    printf 'CREATE TABLE bad (x);\n' >"$day/0001-T-1-${controls}_up.sql"
    shown=$(printf '\\x01%.0s' {1..124})
    refuses_place "2025-01-10/0001-T-1-$shown..." "the description holds \"\\x01\"; $letters"
}

@test "folder: refuses an SQL file without a direction" {
    refuses_name 0001-TASK-1-x.sql 'the name has neither "_up" nor "_down" before ".sql"'
}

@test "folder: refuses a direction in capitals" {
    refuses_name 0001-TASK-1-x_UP.sql 'the name has neither "_up" nor "_down" before ".sql"'
}

@test "folder: refuses a name without an extension" {
    refuses_name 0001-TASK-1-x_up "the name has no extension"
}

@test "folder: refuses an extension in capitals that would be SQL" {
    refuses_name 0001-TASK-1-x_up.SQL \
        "the extension \"SQL\" is neither \"sql\" nor the letters and digits of a program's"
}

@test "folder: refuses an extension of other bytes" {
    refuses_name 0001-TASK-1-x.p-y \
        "the extension \"p-y\" is neither \"sql\" nor the letters and digits of a program's"
}

@test "folder: refuses a program for one direction" {
    refuses_name 0001-TASK-1-x_up.sh \
        'the name of a program ends in "_up"; one program does both directions'
}

@test "folder: reports all bad names, sorted by their places" {
    mkdir "$folder/2025-01-09"
    touch "$day/z" "$day/b" "$day/a" "$folder/2025-01-09/k" "$folder/0001.sql"
    [ "$(mig "SELECT place FROM migrations_problems")" = "0001.sql
2025-01-09/k
2025-01-10/a
2025-01-10/b
2025-01-10/z" ]
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "bad name 0001.sql: an operation belongs into a date folder
hint: $shape" ]
}

@test "folder: refuses an operation at its top" {
    printf 'CREATE TABLE bad (x);\n' >"$folder/0001-TASK-1-x_up.sql"
    refuses_place 0001-TASK-1-x_up.sql "an operation belongs into a date folder"
}

@test "folder: refuses any SQL file at its top" {
    printf 'CREATE TABLE bad (x);\n' >"$folder/schema.SQL"
    refuses_place schema.SQL "an operation belongs into a date folder"
}

# Checks that a folder of this name is refused.
refuses_date() { # <folder>
    rmdir "$day"
    mkdir "$folder/$1"
    printf 'CREATE TABLE bad (x);\n' >"$folder/$1/0001-TASK-1-x_up.sql"
    refuses_place "$1" "it is not a real date of the form YYYY-MM-DD" \
        "name the folder like 2025-01-10"
}

@test "folder: refuses the 30th of February" {
    refuses_date 2025-02-30
}

@test "folder: refuses the 29th of February of a year that is no leap year" {
    refuses_date 1900-02-29
}

@test "folder: refuses a thirteenth month" {
    refuses_date 2025-13-01
}

@test "folder: refuses a month of one digit" {
    refuses_date 2025-1-10
}

@test "folder: refuses a date with more behind it" {
    refuses_date 2025-01-10-users
}

@test "folder: refuses a date without hyphens" {
    refuses_date 20250110
}

@test "folder: takes the first and the last day of the calendar" {
    operation 0001 TASK-1 first 'CREATE TABLE first (x);' '' 0001-01-01
    operation 0002 TASK-1 second 'CREATE TABLE second (x);' '' 9999-12-31
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 2 ]
}

@test "folder: refuses a file that is called like a date" {
    rmdir "$day"
    printf 'CREATE TABLE bad (x);\n' >"$day"
    refuses_place 2025-01-10 "a date folder is a directory, not a file or a link" \
        "put the directory itself there"
}

@test "folder: refuses a date folder that is a symbolic link" {
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    mv "$day" elsewhere
    ln -s ../elsewhere "$day"
    refuses_place 2025-01-10 "a date folder is a directory, not a file or a link" \
        "put the directory itself there"
}

@test "folder: refuses the database in a date folder" {
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    db=$day/app.db
    plain "VACUUM"
    refuses_place 2025-01-10/app.db "it is the database itself" \
        "keep the database outside the migration folder"
}

@test "folder: passes over the database at its top" {
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    db=$folder/app.db
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
}

# Checks that every reader of the folder fails with the same code and text, and that nothing was
# changed.
fails_everywhere() { # <result code> <message and hint>
    local statement
    for statement in "SELECT migrate_apply()" "SELECT migrate_verify()" "SELECT migrate_to(1)" \
        "SELECT * FROM migrations_pending" "SELECT * FROM migrations_problems"; do
        run --separate-stderr "-$1" mig_bound "$statement"
        [ "$output" = "" ]
        [ "$(error_text)" = "$2" ]
    done
    [ "$(schema_names)" = "" ]
}

@test "folder: says that it is missing and where it was looked for" {
    rm -r "$folder"
    fails_everywhere 12 "cannot read the migration folder migrations: No such file or directory
hint: create it, name it in the call, or set option dir; it is looked for from the working directory"
}

@test "folder: says that it is no directory" {
    rm -r "$folder"
    touch "$folder"
    fails_everywhere 12 "cannot read the migration folder migrations: Not a directory
hint: create it, name it in the call, or set option dir; it is looked for from the working directory"
}

@test "folder: says that it cannot be read" {
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    chmod 0 "$folder"
    fails_everywhere 3 "cannot read the migration folder migrations: Permission denied
hint: check the folder and its permissions"
}

@test "folder: says which date folder cannot be read" {
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    chmod 0 "$day"
    fails_everywhere 3 "cannot read the folder 2025-01-10: Permission denied
hint: check the owner and the mode of the file"
}

@test "folder: refuses an empty name for itself" {
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    run --separate-stderr -12 mig "SELECT migrate_apply('')"
    [ "$output" = "" ]
    [ "$(error_text)" = "the name of the migration folder is empty
hint: leave it out, or pass NULL, to take that of option dir" ]
    [ "$(schema_names)" = "" ]
}

@test "folder: says that it holds no operation" {
    for statement in "SELECT migrate_apply()" "SELECT migrate_verify()" "SELECT migrate_to(1)"; do
        run --separate-stderr -12 mig "$statement"
        [ "$(error_text)" = "the migration folder migrations holds no operation
hint: write the first one: 2025-01-10/0001-TASK-1-create-users_up.sql" ]
    done
    [ "$(schema_names)" = "" ]
    [ "$(mig "SELECT * FROM migrations_pending")" = "" ]
    [ "$(findings)" = "error|missing file|-|migrations|the migration folder migrations holds no operation|write the first one: 2025-01-10/0001-TASK-1-create-users_up.sql" ]
}
