#!/usr/bin/env bats
# What the extension registers: functions, tables, and from where they may be used.

load ../helpers/migrate

setup() {
    use_scratch
}

tables="migrations_applied migrations_history migrations_pending migrations_plan migrations_problems migrations_rehearsal migrations_steps"

# Calls of every function that has a side effect or reads the folder, the options or the schema.
direct_calls="migrate_apply() migrate_rollback() migrate_to(1) migrate_redo() migrate_verify()
    migrate_baseline(1) migrate_repair(1,'completed') migrate_config('dir') migrate_fingerprint()
    migrate_program(1,'up') migrate_tracking_sql()"

# The flags are those of https://www.sqlite.org/c3ref/c_deterministic.html: 0x80000 direct only,
# 0x200000 innocuous, 0x800 deterministic.
@test "surface: the functions, their numbers of arguments and their flags" {
    [ "$(mig "SELECT name, narg, printf('%x', flags & 0x280800) FROM pragma_function_list
            WHERE name LIKE 'migrat%' ORDER BY name, narg")" = "migrate_apply|0|80000
migrate_apply|1|80000
migrate_apply|2|80000
migrate_assert|2|200000
migrate_baseline|1|80000
migrate_baseline|2|80000
migrate_checksum|1|200800
migrate_checksum|2|200800
migrate_config|1|80000
migrate_config|2|80000
migrate_fingerprint|0|80000
migrate_program|2|80000
migrate_redo|0|80000
migrate_redo|1|80000
migrate_repair|2|80000
migrate_rollback|0|80000
migrate_rollback|1|80000
migrate_script|0|80000
migrate_script|1|80000
migrate_script|2|80000
migrate_script|3|80000
migrate_script|4|80000
migrate_snapshot|1|80000
migrate_snapshot|2|80000
migrate_to|1|80000
migrate_to|2|80000
migrate_tracking_sql|0|80000
migrate_verify|0|80000
migrate_verify|1|80000
migrate_version|0|200800" ]
}

@test "surface: the tables" {
    [ "$(mig "SELECT name FROM pragma_module_list WHERE name LIKE 'migrat%' ORDER BY name")" = "migrations_applied
migrations_history
migrations_pending
migrations_plan
migrations_problems
migrations_rehearsal
migrations_steps" ]
}

# The columns of a table, hidden ones in brackets, on one line.
columns() { # <table>
    mig "SELECT group_concat(CASE hidden WHEN 0 THEN name ELSE '[' || name || ']' END, ' ') FROM pragma_table_xinfo('$1')"
}

@test "surface: the columns of the tables, dir and the code hidden" {
    [ "$(columns migrations_pending)" = "version task_name description migration_date type file_path checksum status reversible [dir] [code] [rollback_code]" ]
    [ "$(columns migrations_applied)" = "version task_name description migration_date type file_path checksum status started_at completed_at duration_ms [dir] [code] [rollback_code]" ]
    [ "$(columns migrations_history)" = "id version task_name description action outcome error statement started_at finished_at duration_ms rows_changed actor host sqlite_version migrate_version fingerprint output [dir]" ]
    [ "$(columns migrations_plan)" = "position version task_name direction file_path line statement kind object rule severity why advice approved reason sql [dir]" ]
    [ "$(columns migrations_problems)" = "severity problem version place message hint [dir]" ]
    [ "$(columns migrations_rehearsal)" = "version task_name file_path outcome error duration_ms statements rows_changed objects pages violations_before violations_after broken slower round_trip details [dir] [target]" ]
    [ "$(columns migrations_steps)" = "position version direction type file_path is_alone [request] [target] [dir] [head] [code] [tail] [failure]" ]
}

@test "surface: the version is three numbers" {
    [[ $(mig "SELECT migrate_version()") =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "surface: the extension can be loaded twice" {
    [ "$(mig ".load $extension" "SELECT count(*) FROM migrations_problems WHERE problem = 'bad name'")" = 0 ]
}

@test "surface: a view cannot call a function with side effects" {
    three_operations
    for call in $direct_calls; do
        run --separate-stderr -1 mig "CREATE VIEW v AS SELECT $call" "SELECT * FROM v"
        [ "$output" = "" ]
        [ "$(error_text)" = "unsafe use of ${call%%(*}()" ]
        plain "DROP VIEW v"
    done
    [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
}

@test "surface: a trigger cannot call a function with side effects" {
    three_operations
    plain "CREATE TABLE a (x)"
    for call in $direct_calls; do
        run --separate-stderr -1 mig "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT $call; END" \
            "INSERT INTO a VALUES (1)"
        [ "$output" = "" ]
        [ "$(error_text)" = "unsafe use of ${call%%(*}()" ]
        plain "DROP TRIGGER t"
    done
    [ "$(objects)" = a ]
    [ "$(plain "SELECT count(*) FROM a")" = 0 ]
}

@test "surface: a DEFAULT cannot call a function with side effects" {
    three_operations
    run --separate-stderr -1 mig "CREATE TABLE a (x DEFAULT (migrate_apply()))" \
        "INSERT INTO a DEFAULT VALUES"
    [ "$output" = "" ]
    [ "$(error_text)" = "unsafe use of migrate_apply()" ]
    [ "$(plain "SELECT count(*) FROM sqlite_schema WHERE name <> 'a'")" = 0 ]
}

# Older versions of SQLite let a CHECK call such a function: it then finds itself in a statement.
@test "surface: a CHECK runs no migration" {
    three_operations
    run mig "CREATE TABLE a (x CHECK (migrate_apply()))" "INSERT INTO a VALUES (1)"
    [ "$status" != 0 ]
    [ "$(plain "SELECT count(*) FROM sqlite_schema WHERE name <> 'a'")" = 0 ]
}

@test "surface: a view, a trigger and a CHECK can call the pure functions" {
    [ "$(mig "CREATE TABLE a (x CHECK (migrate_assert(x > 0, 'x') AND migrate_checksum(x) AND migrate_version() <> ''));
            CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT migrate_assert(1, 'm'), migrate_checksum('x'); END;
            CREATE VIEW v AS SELECT migrate_assert(1, 'm'), length(migrate_checksum('x')) FROM a;
            SELECT * FROM v")" = "" ]
}

@test "surface: no table can be read from a view" {
    for table in $tables; do
        run --separate-stderr -1 mig "CREATE VIEW v AS SELECT * FROM $table" "SELECT * FROM v"
        [ "$output" = "" ]
        [ "$(error_text)" = "unsafe use of virtual table \"$table\"" ]
        plain "DROP VIEW v"
    done
}

@test "surface: no table can be read from a trigger" {
    plain "CREATE TABLE a (x)"
    for table in $tables; do
        run --separate-stderr -1 mig \
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT count(*) FROM $table; END" \
            "INSERT INTO a VALUES (1)"
        [ "$output" = "" ]
        [ "$(error_text)" = "unsafe use of virtual table \"$table\"" ]
        plain "DROP TRIGGER t"
    done
}

@test "surface: a temporary view may read the tables" {
    three_operations
    [ "$(mig "CREATE TEMP VIEW v AS SELECT count(*) FROM migrations_pending" "SELECT * FROM v")" = 3 ]
}

@test "surface: the tables cannot be written" {
    for table in $tables; do
        run --separate-stderr -1 mig "INSERT INTO $table DEFAULT VALUES"
        [ "$(error_text)" = "table $table may not be modified" ]
        run --separate-stderr -1 mig "DELETE FROM $table"
        [ "$(error_text)" = "table $table may not be modified" ]
    done
}

@test "surface: no other table can be made of their modules" {
    for table in $tables; do
        run --separate-stderr -1 mig "CREATE VIRTUAL TABLE x USING $table"
        [ "$(error_text)" = "no such module: $table" ]
    done
}

@test "surface: operations are counted by task" {
    three_operations
    [ "$(mig "SELECT task_name, count(*) FROM migrations_pending GROUP BY task_name")" = "TASK-1|2
TASK-2|1" ]
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT task_name, count(*) FROM migrations_applied GROUP BY task_name")" = "TASK-1|2
TASK-2|1" ]
    [ "$(mig "SELECT task_name, count(*) FROM migrations_history GROUP BY task_name")" = "TASK-1|2
TASK-2|1" ]
}

@test "surface: rows can be had in the other order, and by another column" {
    three_operations
    [ "$(mig "SELECT version FROM migrations_pending ORDER BY version DESC" \
        "SELECT version FROM migrations_pending ORDER BY description, version")" = "3
2
1
3
2
1" ]
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT version FROM migrations_applied ORDER BY version DESC" \
        "SELECT id FROM migrations_history ORDER BY id DESC LIMIT 1")" = "3
2
1
3" ]
}

# Two folders, of three and of one operation.
two_folders() {
    three_operations
    folder=other
    operation 0001 TASK-9 other 'CREATE TABLE other (x);'
    folder=migrations
}

@test "surface: the folder is an argument of the tables, or the column dir" {
    two_folders
    [ "$(mig "SELECT task_name FROM migrations_pending('other')" \
        "SELECT task_name FROM migrations_pending WHERE dir = 'other'" \
        "SELECT count(*) FROM migrations_pending(NULL)" \
        "SELECT DISTINCT dir FROM migrations_pending" \
        "SELECT count(*) FROM migrations_problems('other')")" = "TASK-9
TASK-9
3
migrations
0" ]
}

@test "surface: the folder of a table is that of option dir unless it is given" {
    two_folders
    [ "$(mig "SELECT migrate_config('dir', 'other')" "SELECT task_name, dir FROM migrations_pending" \
        "SELECT count(*) FROM migrations_pending('migrations')")" = "other
TASK-9|other
3" ]
}

@test "surface: the folder can come from another table" {
    two_folders
    plain "CREATE TABLE folders (name); INSERT INTO folders VALUES ('migrations'), ('other')"
    [ "$(mig "SELECT name, count(*) FROM folders, migrations_pending(name) GROUP BY name" \
        "SELECT name, max(version) FROM folders JOIN migrations_pending ON dir = name GROUP BY name" \
        "SELECT name, count(version) FROM folders LEFT JOIN migrations_pending ON dir = name GROUP BY name" \
        "SELECT dir, count(*) FROM migrations_pending WHERE dir IN ('other', 'migrations') GROUP BY dir" \
        "SELECT count(*) FROM migrations_pending('other') AS a JOIN migrations_pending AS b ON b.dir = a.dir")" = "migrations|3
other|1
migrations|3
other|1
migrations|3
other|1
migrations|3
other|1
1" ]
}

@test "surface: a folder that depends on itself has no solution" {
    three_operations
    run --separate-stderr -1 mig \
        "SELECT 1 FROM migrations_pending(b.dir) AS a, migrations_pending(a.dir) AS b"
    [ "$output" = "" ]
    [ "$(error_text)" = "no query solution" ]
}

@test "surface: conditions on the other columns hold" {
    two_folders
    [ "$(mig "SELECT version FROM migrations_pending WHERE version = 2" \
        "SELECT version FROM migrations_pending WHERE version > 1 AND task_name = 'TASK-1'" \
        "SELECT count(*) FROM migrations_pending WHERE dir < 'n' AND code LIKE '%index%'" \
        "SELECT count(*) FROM migrations_pending('migrations') WHERE dir = 'other'")" = "2
2
1
0" ]
}

@test "surface: what is pending can be joined with what is applied" {
    three_operations
    mig "SELECT migrate_apply(NULL, 1)"
    [ "$(mig "SELECT a.version, p.version FROM migrations_applied AS a JOIN migrations_pending AS p USING (task_name)")" = "1|2" ]
}

@test "surface: one row is enough for LIMIT 1" {
    three_operations
    [ "$(mig "SELECT version FROM migrations_pending LIMIT 1" \
        "SELECT (SELECT version FROM migrations_pending)" "SELECT EXISTS (SELECT 1 FROM migrations_pending)")" = "1
1
1" ]
}

@test "surface: a wrong number of arguments is refused" {
    while read -r call; do
        run --separate-stderr -1 mig "SELECT $call"
        [ "$output" = "" ]
        [ "$(sed -n 1p <<<"$(error_text)")" = "wrong number of arguments to function ${call%%(*}()" ]
    done <<CALLS
migrate_apply(1, 2, 3)
migrate_rollback(1, 2)
migrate_to()
migrate_redo(1, 2)
migrate_verify(1, 2)
migrate_baseline()
migrate_repair(1)
migrate_config()
migrate_fingerprint(1)
migrate_checksum()
migrate_assert(1)
migrate_version(1)
CALLS
}
