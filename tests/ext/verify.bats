#!/usr/bin/env bats
# migrate_verify(), and what migrate_apply() verifies: the folder against what was applied.

load ../helpers/migrate

setup() {
    use_scratch
    day=$folder/2025-01-10
    first=2025-01-10/0001-TASK-1-create-users_up.sql
    second=2025-01-10/0002-TASK-1-add-users-index_up.sql
    third=2025-01-10/0003-TASK-2-add-ann_up.sql
    three_operations
}

# All that the database holds, as text.
dump() {
    plain .dump
}

# Checks that migrate_verify() and migrate_apply() fail alike and leave the database as it was.
refuses() { # <result code> <message and hint>
    local before function
    before=$(dump)
    for function in migrate_verify migrate_apply; do
        run --separate-stderr "-$1" mig "SELECT $function()"
        [ "$output" = "" ]
        [ "$(error_text)" = "$2" ]
    done
    [ "$(dump)" = "$before" ]
}

# The checksum of the operation with these files.
checksum() { # <file>...
    cat "$@" | sha256sum | cut -d ' ' -f 1
}

@test "verify: returns 1 for a sound folder and changes nothing" {
    [ "$(mig "SELECT migrate_verify()")" = 1 ]
    [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
    mig "SELECT migrate_apply()"
    before=$(dump)
    [ "$(mig "SELECT migrate_verify()")" = 1 ]
    [ "$(dump)" = "$before" ]
}

@test "verify: takes the folder as its argument" {
    mv "$folder" elsewhere
    [ "$(mig "SELECT migrate_verify('elsewhere')")" = 1 ]
}

@test "verify: runs inside a transaction of its caller" {
    [ "$(mig "BEGIN; SELECT migrate_verify(); COMMIT")" = 1 ]
}

@test "verify: refuses a missing version" {
    rm "$day"/0002-*
    refuses 20 "version 2 is missing before $third
hint: add the missing file or renumber; where gaps are meant, set option gaps"
}

@test "verify: refuses several missing versions, named from the first to the last" {
    rm "$day"/0001-* "$day"/0002-*
    refuses 20 "versions 1 to 2 are missing before $third
hint: add the missing file or renumber; where gaps are meant, set option gaps"
}

@test "verify: refuses a gap behind what is applied" {
    mig "SELECT migrate_apply()"
    operation 0005 TASK-2 later 'CREATE TABLE later (x);'
    refuses 20 "version 4 is missing before 2025-01-10/0005-TASK-2-later_up.sql
hint: add the missing file or renumber; where gaps are meant, set option gaps"
}

@test "verify: lets gaps pass where option gaps is warn" {
    rm "$day"/0002-*
    [ "$(mig "SELECT migrate_config('gaps', 'warn')" "SELECT migrate_verify()" \
        "SELECT severity, version FROM migrations_problems" "SELECT migrate_apply()")" = "warn
1
warn|2
3" ]
    [ "$(completed)" = "1 3" ]
}

@test "verify: is silent about gaps where option gaps is off" {
    rm "$day"/0002-*
    [ "$(mig "SELECT migrate_config('gaps', 'off')" "SELECT migrate_verify()" \
        "SELECT count(*) FROM migrations_problems" "SELECT migrate_apply()")" = "off
1
0
3" ]
}

@test "verify: refuses a version that is used twice" {
    operation 0002 TASK-9 other 'CREATE TABLE other (x);'
    refuses 20 "version 2 is used twice: $second and 2025-01-10/0002-TASK-9-other_up.sql
hint: give one of them the next free version"
}

@test "verify: refuses one version with different zeros" {
    operation 00002 TASK-9 other 'CREATE TABLE other (x);'
    refuses 20 "version 2 is used twice: 2025-01-10/00002-TASK-9-other_up.sql and $second
hint: give one of them the next free version"
}

@test "verify: refuses one version in two date folders" {
    operation 0002 TASK-1 add-users-index 'CREATE TABLE other (x);' '' 2025-01-11
    refuses 20 "version 2 is used twice: $second and 2025-01-11/0002-TASK-1-add-users-index_up.sql
hint: give one of them the next free version"
}

@test "verify: refuses one version as SQL and as a program" {
    program 0002 TASK-1 add-users-index sh <<<'#!/bin/sh'
    refuses 20 "version 2 is used twice: 2025-01-10/0002-TASK-1-add-users-index.sh and $second
hint: give one of them the next free version"
}

# Leaves operation 2 pending below the applied 3.
apply_without_second() {
    mkdir -p aside
    mv "$day"/0002-* aside
    MIGRATE_GAPS=off mig "SELECT migrate_apply()"
    mv aside/* "$day"
}

@test "verify: refuses a late operation" {
    apply_without_second
    refuses 20 "$second is late: version 3 is applied already
hint: renumber it above the newest applied version; or, where the order does not matter, set option late"
    [ "$(completed)" = "1 3" ]
}

@test "verify: lets a late operation pass where option late is warn" {
    apply_without_second
    [ "$(mig "SELECT migrate_config('late', 'warn')" "SELECT migrate_verify()" \
        "SELECT severity, problem, message FROM migrations_problems" "SELECT migrate_apply()")" = "warn
1
warn|late|$second is late: version 3 is applied already
3" ]
    [ "$(completed)" = "1 2 3" ]
}

@test "verify: is silent about late operations where option late is off" {
    apply_without_second
    [ "$(mig "SELECT migrate_config('late', 'off')" "SELECT count(*) FROM migrations_problems" \
        "SELECT migrate_apply()")" = "off
0
3" ]
    [ "$(completed)" = "1 2 3" ]
}

accept="hint: restore the file and write a new operation; or, where the change is meant, SELECT migrate_repair(1, 'accept')"

@test "verify: refuses a changed up file and names both checksums" {
    mig "SELECT migrate_apply()"
    then=$(checksum "$day"/0001-*_up.sql "$day"/0001-*_down.sql)
    echo '-- more' >>"$folder/$first"
    now=$(checksum "$day"/0001-*_up.sql "$day"/0001-*_down.sql)
    refuses 20 "$first was changed after it was applied: its checksum is $now, applied was $then
$accept"
}

@test "verify: refuses a changed down file" {
    mig "SELECT migrate_apply()"
    then=$(checksum "$day"/0001-*_up.sql "$day"/0001-*_down.sql)
    echo '-- more' >>"$day/0001-TASK-1-create-users_down.sql"
    now=$(checksum "$day"/0001-*_up.sql "$day"/0001-*_down.sql)
    refuses 20 "$first was changed after it was applied: its checksum is $now, applied was $then
$accept"
}

@test "verify: refuses an applied operation whose down file is gone" {
    mig "SELECT migrate_apply()"
    then=$(checksum "$day"/0001-*_up.sql "$day"/0001-*_down.sql)
    rm "$day/0001-TASK-1-create-users_down.sql"
    now=$(checksum "$day"/0001-*_up.sql)
    refuses 20 "$first was changed after it was applied: its checksum is $now, applied was $then
$accept"
}

@test "verify: lets other line ends pass with a warning" {
    mig "SELECT migrate_apply()"
    sed -i 's/$/\r/' "$day"/0001-*
    [ "$(mig "SELECT migrate_verify()" "SELECT migrate_apply()" "SELECT * FROM migrations_problems")" = "1
3
warn|changed|1|$first|$first has other line ends than when it was applied|keep the line ends of migration files (.gitattributes: *.sql -text)" ]
}

@test "verify: refuses other line ends together with another change" {
    mig "SELECT migrate_apply()"
    then=$(checksum "$day"/0001-*_up.sql "$day"/0001-*_down.sql)
    sed -i 's/$/ \r/' "$folder/$first"
    now=$(checksum "$day"/0001-*_up.sql "$day"/0001-*_down.sql)
    refuses 20 "$first was changed after it was applied: its checksum is $now, applied was $then
$accept"
}

# Runs read what can still change: contents only from the newest applied date folder on.
@test "verify: reads all applied files, a run only those of the newest applied day and later" {
    operation 0004 TASK-3 later 'CREATE TABLE later (x);' '' 2025-01-11
    mig "SELECT migrate_apply()"
    then=$(checksum "$day"/0001-*_up.sql "$day"/0001-*_down.sql)
    echo '-- more' >>"$folder/$first"
    now=$(checksum "$day"/0001-*_up.sql "$day"/0001-*_down.sql)
    [ "$(mig "SELECT migrate_apply()")" = 4 ]
    run --separate-stderr -20 mig "SELECT migrate_verify()"
    [ "$(error_text)" = "$first was changed after it was applied: its checksum is $now, applied was $then
$accept" ]
}

@test "verify: refuses an applied operation whose files are gone" {
    mig "SELECT migrate_apply()"
    rm "$day"/0002-*
    refuses 12 "operation 2 is applied, but $second is not there
hint: restore the file; the database holds its code: SELECT code FROM migrations_applied WHERE version = 2"
}

@test "verify: lets a renamed operation pass with a warning" {
    mig "SELECT migrate_apply()"
    mv "$folder/$second" "$day/0002-TASK-1-index-users_up.sql"
    mv "$day/0002-TASK-1-add-users-index_down.sql" "$day/0002-TASK-1-index-users_down.sql"
    [ "$(mig "SELECT migrate_verify()" "SELECT migrate_apply()" "SELECT * FROM migrations_problems")" = "1
3
warn|renamed|2|2025-01-10/0002-TASK-1-index-users_up.sql|operation 2 was applied as $second and is now 2025-01-10/0002-TASK-1-index-users_up.sql|give it its old name back" ]
}

@test "verify: refuses a down file without an up file" {
    rm "$folder/$third"
    refuses 20 "2025-01-10/0003-TASK-2-add-ann_down.sql has no up file
hint: give both files the same folder, version, task and description"
}

@test "verify: refuses a down file with another description than its up file" {
    mv "$day/0002-TASK-1-add-users-index_down.sql" "$day/0002-TASK-1-index-users_down.sql"
    refuses 20 "2025-01-10/0002-TASK-1-index-users_down.sql has no up file
hint: give both files the same folder, version, task and description"
}

@test "verify: refuses a down file of a program" {
    program 0004 TASK-3 load sh <<<'#!/bin/sh'
    printf 'DROP TABLE x;\n' >"$day/0004-TASK-3-load_down.sql"
    refuses 20 "2025-01-10/0004-TASK-3-load_down.sql has no up file
hint: give both files the same folder, version, task and description"
}

@test "verify: refuses a pending file that cannot run" {
    operation 0004 TASK-3 later 'CREATE TABLE later (x)'
    refuses 20 '2025-01-10/0004-TASK-3-later_up.sql:1:1: the last statement has no semicolon
    1 | CREATE TABLE later (x)
hint: end it with ";" if the file is complete; it may have been cut off'
}

@test "verify: does not read the pending files behind a bad name" {
    touch "$day/notes.txt"
    operation 0004 TASK-3 later 'CREATE TABLE later (x)'
    refuses 20 "bad name 2025-01-10/notes.txt: the name does not start with a version of four or more digits
hint: name it like 2025-01-10/0001-TASK-123-create-users-table_up.sql"
}

@test "verify: lets a changed schema pass with a warning" {
    mig "SELECT migrate_apply()"
    then=$(mig "SELECT migrate_fingerprint()")
    plain "CREATE TABLE by_hand (x)"
    now=$(mig "SELECT migrate_fingerprint()")
    [ "$(mig "SELECT migrate_verify()" "SELECT * FROM migrations_problems")" = "1
warn|drift|||the schema was changed since the last run: its fingerprint is $now, was $then|find the change and put it into an operation, or take it back" ]
}

@test "verify: lets a view that does not compile pass with a warning" {
    mig "SELECT migrate_apply()"
    plain "CREATE VIEW broken AS SELECT missing FROM users"
    [ "$(mig "SELECT migrate_verify()" \
        "SELECT * FROM migrations_problems WHERE problem <> 'drift'")" = "1
warn|broken view||broken|view broken does not compile: no such column: missing|drop it or rebuild it" ]
}

@test "verify: refuses an operation that failed outside a transaction" {
    operation 0004 TASK-3 half '-- migrate: no-transaction
CREATE TABLE half (x);
INSERT INTO nowhere VALUES (1);'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    refuses 20 "operation 4 (2025-01-10/0004-TASK-3-half_up.sql) failed outside a transaction and may be half done
hint: look at what it has done, then SELECT migrate_repair(4, 'completed') or migrate_repair(4, 'rollback')"
}

@test "verify: refuses an operation in which a run died" {
    mig "SELECT migrate_apply()"
    plain "UPDATE migration SET status = 'running' WHERE version = 3"
    refuses 20 "operation 3 ($third) is running elsewhere, or a run died in it
hint: look at what it has done, then SELECT migrate_repair(3, 'completed') or migrate_repair(3, 'rollback')"
}

@test "verify: refuses a status that it does not know" {
    mig "SELECT migrate_apply()"
    plain "PRAGMA ignore_check_constraints = ON" "UPDATE migration SET status = 'done' WHERE version = 2"
    refuses 20 'cannot read the tracking table migration: operation 2 has the unknown status "done"
hint: SELECT * FROM migrations_problems shows all findings'
}

@test "verify: refuses a table of that name that is not of the extension" {
    plain "CREATE TABLE migration (version TEXT)"
    refuses 20 "the database has a table migration that is not the one of this extension
hint: it was not touched; choose another name with migrate_config('table', ...)"
}

@test "verify: refuses a tracking table without its log" {
    mig "SELECT migrate_apply()"
    plain "DROP TABLE migration_log"
    refuses 20 "the table migration_log is missing, though migration is there
hint: restore it from a snapshot"
}
