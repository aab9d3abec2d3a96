#!/usr/bin/env bats
# Option progress: what a person sees on standard error while a run goes on.

load ../helpers/migrate

setup() {
    use_scratch
    three_operations
}

# Standard error without the durations.
shown() {
    printf '%s' "$stderr" | sed -E 's/\([0-9]+ ms\)$/(N ms)/'
}

@test "progress: is off by default" {
    run --separate-stderr -0 mig "SELECT migrate_apply()" "SELECT migrate_rollback('all')"
    [ "$stderr" = "" ]
}

@test "progress lines: shows one line for each operation, on standard error only" {
    run --separate-stderr -0 mig "SELECT migrate_config('progress', 'lines')" "SELECT migrate_apply()"
    [ "$output" = "lines
3" ]
    [ "$(shown)" = "1/3 up 2025-01-10/0001-TASK-1-create-users_up.sql (N ms)
2/3 up 2025-01-10/0002-TASK-1-add-users-index_up.sql (N ms)
3/3 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)" ]
}

@test "progress lines: counts only what this run does" {
    mig "SELECT migrate_apply(NULL, 1)"
    MIGRATE_PROGRESS=lines run --separate-stderr -0 mig "SELECT migrate_apply()"
    [ "$(shown)" = "1/2 up 2025-01-10/0002-TASK-1-add-users-index_up.sql (N ms)
2/2 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)" ]
}

@test "progress lines: says down for what is rolled back, with the file that it came from" {
    mig "SELECT migrate_apply()"
    MIGRATE_PROGRESS=lines run --separate-stderr -0 mig "SELECT migrate_rollback()"
    [ "$(shown)" = "1/1 down 2025-01-10/0003-TASK-2-add-ann_down.sql (N ms)" ]
}

@test "progress lines: shows nothing when there is nothing to do" {
    mig "SELECT migrate_apply()"
    MIGRATE_PROGRESS=lines run --separate-stderr -0 mig "SELECT migrate_apply()"
    [ "$stderr" = "" ]
}

@test "progress lines: shows each operation once, up to the one that fails" {
    operation 0003 TASK-2 add-ann 'SELECT nosuch;'
    MIGRATE_PROGRESS=lines run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(shown)" = "1/3 up 2025-01-10/0001-TASK-1-create-users_up.sql (N ms)
2/3 up 2025-01-10/0002-TASK-1-add-users-index_up.sql (N ms)
Error: stepping, cannot apply operation 3: 2025-01-10/0003-TASK-2-add-ann_up.sql:1:8: no such column: nosuch
    1 | SELECT nosuch;
hint: nothing of this operation was kept; mend it and run again" ]
}

@test "progress bar: redraws one line, and ends it" {
    local bars expected
    MIGRATE_PROGRESS=bar run --separate-stderr -0 mig "SELECT migrate_apply()"
    [ "$output" = 3 ]
    bars=$(printf '%s\n' "$stderr" | tr '\r' '\n' | sed 's/ *$//')
    expected="
[##########....................] 1/3 2025-01-10/0001-TASK-1-create-users_up.sql
[####################..........] 2/3 2025-01-10/0002-TASK-1-add-users-index_up.sql
[##############################] 3/3 2025-01-10/0003-TASK-2-add-ann_up.sql"
    [ "$bars" = "$expected" ]
    mig "SELECT migrate_config('progress', 'bar')" "SELECT migrate_rollback('all')" 2>bar.out
    [ "$(tail -c 1 bar.out | od -An -c | tr -d ' ')" = '\n' ]
    [ "$(wc -l <bar.out)" -eq 1 ]
}

@test "progress bar: ends its line before the message of a failure" {
    operation 0003 TASK-2 add-ann 'SELECT nosuch;'
    MIGRATE_PROGRESS=bar run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(printf '%s\n' "$stderr" | grep -c '^Error: stepping, cannot apply operation 3: ')" = 1 ]
}

@test "progress bar: shows nothing when there is nothing to do" {
    mig "SELECT migrate_apply()"
    MIGRATE_PROGRESS=bar run --separate-stderr -0 mig "SELECT migrate_apply()"
    [ "$stderr" = "" ]
}
