#!/usr/bin/env bats
# The table migrations_pending: what is to be applied, in order.

load ../helpers/migrate

setup() {
    use_scratch
    day=$folder/2025-01-10
}

pending() {
    mig "SELECT version, status FROM migrations_pending"
}

@test "pending: shows all that is known of each operation" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (x);' 'DROP TABLE users;'
    operation 0002 FEATURE-7 add_more 'ALTER TABLE users ADD COLUMN y;' '' 2025-01-11
    program 0003 TASK-2 load-users py 2025-01-12 <<<'#!/usr/bin/python3'
    first=$(cat "$day"/0001-*_up.sql "$day"/0001-*_down.sql | sha256sum | cut -d ' ' -f 1)
    second=$(sha256sum "$folder"/2025-01-11/0002-*_up.sql | cut -d ' ' -f 1)
    third=$(sha256sum "$folder"/2025-01-12/0003-* | cut -d ' ' -f 1)
    [ "$(mig -header "SELECT * FROM migrations_pending")" = "version|task_name|description|migration_date|type|file_path|checksum|status|reversible
1|TASK-1|create-users|2025-01-10|sql|2025-01-10/0001-TASK-1-create-users_up.sql|$first|pending|1
2|FEATURE-7|add_more|2025-01-11|sql|2025-01-11/0002-FEATURE-7-add_more_up.sql|$second|pending|0
3|TASK-2|load-users|2025-01-12|program|2025-01-12/0003-TASK-2-load-users.py|$third|pending|1" ]
}

@test "pending: gives the code of both files in hidden columns" {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (x); -- é' 'DROP TABLE users;'
    operation 0002 TASK-1 more 'CREATE TABLE more (x);'
    [ "$(mig "SELECT code || '=', rollback_code || '=' FROM migrations_pending")" = "CREATE TABLE users (x); -- é
=|DROP TABLE users;
=
CREATE TABLE more (x);
=|" ]
}

@test "pending: is sorted by number, not by text or day" {
    operation 0001 TASK-1 one 'CREATE TABLE one (x);' '' 2025-01-12
    operation 00002 TASK-1 two 'CREATE TABLE two (x);' '' 2025-01-11
    operation 10000 TASK-1 many 'CREATE TABLE many (x);'
    operation 9999 TASK-1 fewer 'CREATE TABLE fewer (x);'
    [ "$(mig "SELECT version FROM migrations_pending")" = "1
2
9999
10000" ]
}

@test "pending: leaves out what is completed" {
    three_operations
    mig "SELECT migrate_apply(NULL, 2)"
    [ "$(pending)" = "3|pending" ]
    mig "SELECT migrate_apply()"
    [ "$(pending)" = "" ]
}

@test "pending: has a failed attempt in a transaction as pending still" {
    operation 0001 TASK-1 bad 'INSERT INTO nowhere VALUES (1);'
    run -1 mig "SELECT migrate_apply()"
    [ "$(pending)" = "1|pending" ]
}

@test "pending: shows what was rolled back" {
    three_operations
    mig "SELECT migrate_apply()" "SELECT migrate_rollback(2)"
    [ "$(pending)" = "2|rollback
3|rollback" ]
}

@test "pending: shows what failed outside a transaction" {
    operation 0001 TASK-1 half '-- migrate: no-transaction
CREATE TABLE half (x);
INSERT INTO nowhere VALUES (1);'
    run -1 mig "SELECT migrate_apply()"
    [ "$(pending)" = "1|failed" ]
}

@test "pending: is empty for an empty folder" {
    [ "$(pending)" = "" ]
    mkdir "$day"
    [ "$(pending)" = "" ]
}

@test "pending: fails where a name is bad" {
    three_operations
    touch "$day/notes.txt"
    run --separate-stderr -20 mig "SELECT version FROM migrations_pending"
    [ "$output" = "" ]
    [ "$(error_text)" = "bad name 2025-01-10/notes.txt: the name does not start with a version of four or more digits
hint: name it like 2025-01-10/0001-TASK-123-create-users-table_up.sql" ]
}

@test "pending: fails where a version is used twice" {
    three_operations
    operation 0002 TASK-9 other 'CREATE TABLE other (x);'
    run --separate-stderr -20 mig "SELECT version FROM migrations_pending"
    [ "$output" = "" ]
    [ "$(error_text)" = "version 2 is used twice: 2025-01-10/0002-TASK-1-add-users-index_up.sql and 2025-01-10/0002-TASK-9-other_up.sql
hint: give one of them the next free version" ]
}

@test "pending: reads a file only where its text or its checksum is asked for" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);'
    ln -s nowhere "$day/0002-TASK-1-second_up.sql"
    [ "$(mig "SELECT version, file_path, reversible FROM migrations_pending")" = "1|2025-01-10/0001-TASK-1-first_up.sql|0
2|2025-01-10/0002-TASK-1-second_up.sql|0" ]
    for column in checksum code rollback_code; do
        run --separate-stderr -20 mig "SELECT $column FROM migrations_pending WHERE version = 2"
        [ "$output" = "" ]
        [ "$(error_text)" = "2025-01-10/0002-TASK-1-second_up.sql is a symbolic link
hint: put the file itself into the folder" ]
    done
}

@test "pending: lists a text that cannot run, with its checksum" {
    operation 0001 TASK-1 first 'BEGIN'
    sum=$(sha256sum "$day"/0001-* | cut -d ' ' -f 1)
    [ "$(mig "SELECT version, checksum FROM migrations_pending")" = "1|$sum" ]
}

@test "pending: gives a NUL byte of a file as it stands" {
    mkdir "$day"
    printf 'a\0b' >"$day/0001-TASK-1-first_up.sql"
    sum=$(printf 'a\0b' | sha256sum | cut -d ' ' -f 1)
    [ "$(mig "SELECT hex(code), checksum FROM migrations_pending")" = "610062|$sum" ]
}

@test "pending: is read inside a transaction and changes nothing" {
    three_operations
    [ "$(mig "BEGIN; SELECT count(*) FROM migrations_pending; COMMIT")" = 3 ]
    [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
}

@test "pending: is read on a read-only connection" {
    three_operations
    plain "VACUUM"
    [ "$(mig -readonly "SELECT count(*) FROM migrations_pending")" = 3 ]
}

@test "pending: reads a thousand operations in order" {
    mkdir "$day"
    for ((i = 1; i <= 1000; i++)); do
        printf 'CREATE TABLE t%d (x);\n' "$i" >"$day/$(printf '%04d' "$i")-TASK-$((i % 7))-table_up.sql"
    done
    [ "$(mig "SELECT count(*), sum(version), min(version = r) FROM
            (SELECT version, row_number() OVER () AS r FROM migrations_pending)")" = "1000|500500|1" ]
}
