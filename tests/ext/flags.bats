#!/usr/bin/env bats
# Flags of the connection that a migration file sets with PRAGMA hold in that file only.

load ../helpers/migrate

setup() {
    use_scratch
}

# The other value of a flag.
other() { # <0 or 1>
    echo "$((1 - $1))"
}

@test "flags: one that a file sets is set in the file, and afterwards what it was" {
    local flag default
    for flag in automatic_index:1 cell_size_check:0 full_column_names:0 ignore_check_constraints:0 \
        legacy_alter_table:0 read_uncommitted:0 recursive_triggers:0 reverse_unordered_selects:0 \
        short_column_names:1 trusted_schema:1 writable_schema:0; do
        default=${flag#*:} flag=${flag%:*}
        rm -rf "$db" "$folder"
        operation 0001 TASK-1 set-flag "PRAGMA $flag = $(other "$default");
SELECT migrate_assert((SELECT $flag FROM pragma_$flag) = $(other "$default"), '$flag is not set');
CREATE TABLE t (a);"
        operation 0002 TASK-1 look "SELECT migrate_assert((SELECT $flag FROM pragma_$flag) = $default, '$flag leaks');"
        [ "$(mig "PRAGMA $flag" "SELECT migrate_apply()" "PRAGMA $flag")" = "$default
2
$default" ]
    done
}

@test "flags: what the connection had set stays set" {
    operation 0001 TASK-1 set-flag 'PRAGMA recursive_triggers = OFF;
CREATE TABLE t (a);'
    [ "$(mig 'PRAGMA recursive_triggers = ON' "SELECT migrate_apply()" 'PRAGMA recursive_triggers')" = "1
1" ]
}

@test "flags: query_only in a file does not keep the file from being recorded" {
    operation 0001 TASK-1 read-only 'CREATE TABLE t (a);
PRAGMA query_only = ON;
SELECT count(*) FROM t;'
    operation 0002 TASK-1 write 'INSERT INTO t VALUES (1);'
    [ "$(mig "SELECT migrate_apply()" 'PRAGMA query_only' 'SELECT a FROM t')" = "2
0
1" ]
}

@test "flags: are put back when the file fails" {
    operation 0001 TASK-1 fail 'PRAGMA ignore_check_constraints = ON;
CREATE TABLE t (a CHECK (a > 0));
INSERT INTO t VALUES (0);
INSERT INTO nosuch VALUES (1);'
    printf '%s\n' "SELECT migrate_apply();" 'PRAGMA ignore_check_constraints;' >input
    run --separate-stderr sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" <input
    [ "$output" = 0 ]
    [ "$(objects)" = "" ]
}

@test "flags: one that is set twice in a file is what it was before" {
    operation 0001 TASK-1 twice 'PRAGMA recursive_triggers = ON;
PRAGMA recursive_triggers = OFF;
PRAGMA recursive_triggers = ON;
SELECT 1;'
    [ "$(mig "SELECT migrate_apply()" 'PRAGMA recursive_triggers')" = "1
0" ]
}
