#!/usr/bin/env bats
# Program operations: what they are given, what is done with what they print, and how they end.

# shellcheck disable=SC2016 # what is quoted are the texts of programs

load ../helpers/migrate

setup() {
    use_scratch
    export MIGRATE_SCRIPTS=on
}

# A program that prints its argument and $1 as SQL.
shell_program() { # <shell lines>
    program 0001 TASK-1 print sh <<END
#!/bin/sh
$1
END
}

# Says that nothing was kept of operation 1.
nothing_kept() {
    [ "$(plain 'SELECT count(*) FROM migration')" = 0 ]
    [ "$(objects)" = "" ]
    [ "$(plain 'SELECT action, outcome FROM migration_log')" = "up|failed" ]
}

@test "program: is refused where programs are switched off, and not run" {
    export MIGRATE_SCRIPTS=off
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);'
    program 0002 TASK-1 run sh <<'END'
#!/bin/sh
: >ran
END
    run --separate-stderr -3 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "2025-01-10/0002-TASK-1-run.sh is a program, and programs are switched off
hint: read it, then set option scripts to on" ]
    [ ! -e ran ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "program: is not run by what only lists or verifies" {
    shell_program ': >ran'
    mig 'SELECT count(*) FROM migrations_pending' 'SELECT count(*) FROM migrations_problems' \
        'SELECT migrate_verify()'
    [ ! -e ran ]
}

@test "program: what it prints is run as SQL in the transaction of the operation" {
    shell_program "echo 'CREATE TABLE t (a);'
echo \"INSERT INTO t VALUES ('\$1');\""
    [ "$(mig "SELECT migrate_apply()")" = 1 ]
    [ "$(plain 'SELECT a FROM t')" = up ]
    [ "$(plain 'SELECT type, file_path, status, rollback_code IS NULL, typeof(code) FROM migration')" = \
        "program|2025-01-10/0001-TASK-1-print.sh|completed|1|text" ]
    [ "$(plain 'SELECT checksum FROM migration')" = \
        "$(sha256sum <migrations/2025-01-10/0001-TASK-1-print.sh | cut -d ' ' -f 1)" ]
    [ "$(plain 'SELECT code FROM migration')" = "$(cat migrations/2025-01-10/0001-TASK-1-print.sh)" ]
}

@test "program: is told what to do by its argument and its environment" {
    shell_program 'printf "%s\n" "$#" "$1" "$MIGRATE_DATABASE" "$MIGRATE_DIRECTION" "$MIGRATE_VERSION" \
    "$MIGRATE_TASK" "$MIGRATE_FILE" "$OTHER" >>environment
echo "SELECT 1;"'
    OTHER='of the caller' MIGRATE_VERSION=99 MIGRATE_TASK=X mig "SELECT migrate_apply()" "SELECT migrate_rollback()"
    [ "$(cat environment)" = "1
up
$PWD/$db
up
1
TASK-1
2025-01-10/0001-TASK-1-print.sh
of the caller
1
down
$PWD/$db
down
1
TASK-1
2025-01-10/0001-TASK-1-print.sh
of the caller" ]
}

@test "program: has an empty MIGRATE_DATABASE where the database has no file" {
    shell_program 'echo "[$MIGRATE_DATABASE]" >environment
echo "SELECT 1;"'
    db=:memory:
    mig "SELECT migrate_apply()"
    [ "$(cat environment)" = "[]" ]
}

@test "program: has an empty standard input, and not the database among its open files" {
    shell_program 'cat >stdin
ls -l "/proc/$$/fd" >fds
echo "SELECT 1;"'
    printf '%s\n' 'SELECT migrate_apply();' 'SELECT 7;' >input
    run --separate-stderr -0 sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" <input
    [ "$output" = "1
7" ]
    [ ! -s stdin ]
    grep -q /dev/null fds
    run ! grep -q "$db" fds
}

@test "program: reads the database while the lock is held, and sees the operations before it" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);'
    program 0002 TASK-1 double sh <<'END'
#!/bin/sh
sqlite3 -readonly -batch -init /dev/null "$MIGRATE_DATABASE" "SELECT 'INSERT INTO t VALUES (' || (2 * a) || ');' FROM t"
sqlite3 -batch -init /dev/null "$MIGRATE_DATABASE" 'INSERT INTO t VALUES (9)' || echo 'cannot write' >&2
END
    [ "$(mig "SELECT migrate_apply()")" = 2 ]
    [ "$(plain 'SELECT group_concat(a) FROM t')" = "1,2,2,4" ]
    case $(plain 'SELECT output FROM migration_log WHERE version = 2') in
    *'database is locked'*'cannot write'*) ;;
    *) return 1 ;;
    esac
}

@test "program: what it prints on standard error is kept in the history" {
    shell_program 'echo one >&2
echo two >&2
echo "SELECT 1;"'
    run --separate-stderr -0 mig "SELECT migrate_apply()"
    [ "$stderr" = "" ]
    [ "$(mig "SELECT output = 'one' || char(10) || 'two' || char(10) FROM migrations_history")" = 1 ]
}

@test "program: keeps 64 KiB of a longer standard error" {
    shell_program 'head -c 1000000 /dev/zero | tr "\0" x >&2
echo "SELECT 1;"'
    [ "$(mig "SELECT migrate_apply()")" = 1 ]
    [ "$(plain 'SELECT length(output) FROM migration_log')" = 65536 ]
}

@test "program: fails with its exit status and the last line of its log" {
    shell_program "echo 'CREATE TABLE t (a);'
echo 'reading' >&2
echo 'no such customer' >&2
exit 3"
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: program 2025-01-10/0001-TASK-1-print.sh exited with status 3: no such customer
hint: nothing of this operation was kept; mend it and run again" ]
    nothing_kept
    [ "$(plain "SELECT output = 'reading' || char(10) || 'no such customer' || char(10) FROM migration_log")" = 1 ]
}

@test "program: fails when it dies of a signal" {
    shell_program 'echo "SELECT 1;"
kill -9 $$'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: program 2025-01-10/0001-TASK-1-print.sh was ended by signal 9
hint: nothing of this operation was kept; mend it and run again" ]
    nothing_kept
}

@test "program: is stopped, with all that it has started, when the time is over" {
    shell_program 'mkfifo never
echo $$ >pid
cat never &
echo $! >child
cat never'
    run --separate-stderr -1 mig "SELECT migrate_config('script_timeout', 300) IS NULL, migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: program 2025-01-10/0001-TASK-1-print.sh was still running after 300 ms and was stopped
hint: find out why it hangs, or raise script_timeout" ]
    nothing_kept
    run ! kill -0 "$(cat pid)"
    # The grandchild is a zombie until init has seen it, and no longer a running process.
    run ! grep -q '^State:.[RSD]' "/proc/$(cat child)/status"
}

@test "program: fails when it prints nothing" {
    shell_program 'exit 0'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "$(printf '%s\n' \
        "cannot apply operation 1: output of 2025-01-10/0001-TASK-1-print.sh:1:1: the text has no statement" \
        "    1 | " \
        "hint: print at least one, e.g. SELECT 1;")" ]
    nothing_kept
}

@test "program: is stopped after 64 MiB, and its output does not fill the memory" {
    shell_program 'head -c 1073741824 /dev/zero | tr "\0" " "'
    # Three times what is kept; a sanitizer needs more than that by itself.
    [ -n "${MIGRATE_PRELOAD-}" ] || ulimit -v 400000
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: program 2025-01-10/0001-TASK-1-print.sh printed more than 67108864 bytes
hint: split the change into several operations" ]
    nothing_kept
}

@test "program: that is not executable is refused before anything runs" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);'
    program 0002 TASK-1 print sh </dev/null
    chmod -x migrations/2025-01-10/0002-TASK-1-print.sh
    run --separate-stderr -3 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "2025-01-10/0002-TASK-1-print.sh is not executable
hint: chmod +x migrations/2025-01-10/0002-TASK-1-print.sh" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "program: without a line that names its interpreter is refused" {
    printf 'echo "SELECT 1;"\n' | program 0001 TASK-1 print sh
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: cannot run 2025-01-10/0001-TASK-1-print.sh: it is no program
hint: its first line must name its interpreter, e.g. #!/bin/sh" ]
    nothing_kept
}

@test "program: whose interpreter is not there is refused" {
    printf '#!/no/such/interpreter\necho "SELECT 1;"\n' | program 0001 TASK-1 print sh
    run --separate-stderr -12 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: cannot run 2025-01-10/0001-TASK-1-print.sh: No such file or directory
hint: the file, or the interpreter that its first line names, is not there" ]
    nothing_kept
}

@test "program: a process that it leaves behind with its output open does not hold the run up" {
    shell_program 'mkfifo never
cat never &
echo $! >child
echo "CREATE TABLE t (a);"'
    [ "$(mig "SELECT migrate_apply()" 3>&-)" = 1 ]
    [ "$(objects)" = t ]
    kill "$(cat child)" 2>/dev/null || true
}

@test "program: a transaction word in its output is refused" {
    shell_program 'echo "CREATE TABLE t (a);"
echo "BEGIN;"'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: output of 2025-01-10/0001-TASK-1-print.sh:2:1: \"BEGIN\" cannot run in the transaction of the operation
    2 | BEGIN;
hint: the engine opens and ends the transaction; remove it" ]
    nothing_kept
}

@test "program: a cut-off output is refused and not run" {
    shell_program 'printf "CREATE TABLE t (a);\nINSERT INTO t VALUES (1"'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: output of 2025-01-10/0001-TASK-1-print.sh:2:1: the last statement has no semicolon
    2 | INSERT INTO t VALUES (1
hint: end it with \";\" if the file is complete; it may have been cut off" ]
    nothing_kept
}

@test "program: no-transaction in its output is refused" {
    shell_program 'echo "-- migrate: no-transaction"
echo "CREATE TABLE t (a);"'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: output of 2025-01-10/0001-TASK-1-print.sh:1:4: \"migrate: no-transaction\" is not for what a program prints
    1 | -- migrate: no-transaction
hint: remove it; a program's statements always run in one transaction" ]
    nothing_kept
}

@test "program: a statement that fails keeps nothing, and the place is one of the output" {
    shell_program 'echo "CREATE TABLE t (a);"
echo "INSERT INTO nosuch VALUES (1);"
echo "half way" >&2'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 1: output of 2025-01-10/0001-TASK-1-print.sh:2:1: no such table: nosuch
    2 | INSERT INTO nosuch VALUES (1);
hint: nothing of this operation was kept; mend it and run again" ]
    nothing_kept
    [ "$(plain 'SELECT statement, output FROM migration_log')" = "2|half way" ]
}

@test "program: commits what is before it, and fails alone" {
    operation 0001 TASK-1 create-t 'CREATE TABLE t (a);'
    program 0002 TASK-1 fail sh <<'END'
#!/bin/sh
exit 1
END
    run --separate-stderr -1 mig "SELECT migrate_config('commit_interval', 60000) IS NULL, migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 2: program 2025-01-10/0002-TASK-1-fail.sh exited with status 1
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = 1 ]
}

@test "program: is run once for an operation of a group that fails later" {
    program 0001 TASK-1 count sh <<'END'
#!/bin/sh
echo x >>runs
echo 'SELECT 1;'
END
    operation 0002 TASK-1 create-t 'CREATE TABLE t (a);'
    operation 0003 TASK-1 fail 'SELECT nosuch;'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(cat runs)" = x ]
    [ "$(completed)" = "1 2" ]
}

@test "program: is rolled back by the stored code, with down, when the file is gone" {
    shell_program 'case $1 in
up) echo "CREATE TABLE t (a);" ;;
down) echo "DROP TABLE t;"; echo "from $0" >&2 ;;
esac'
    mig "SELECT migrate_apply()"
    rm -r migrations
    mkdir temporary
    [ "$(TMPDIR=$PWD/temporary mig "SELECT migrate_rollback()")" = 0 ]
    [ "$(objects)" = "" ]
    case $(plain "SELECT output FROM migration_log WHERE action = 'down'") in
    "from $PWD/temporary/migrate-"*) ;;
    *) return 1 ;;
    esac
    [ -z "$(ls temporary)" ]
}

@test "program: leaves no copy behind when its rollback fails" {
    shell_program 'echo "SELECT 1;"
[ "$1" = up ]'
    mig "SELECT migrate_apply()"
    mkdir temporary
    TMPDIR=$PWD/temporary run --separate-stderr -1 mig "SELECT migrate_rollback()"
    [ "$(error_text)" = "cannot roll back operation 1: program 2025-01-10/0001-TASK-1-print.sh exited with status 1
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(completed)" = 1 ]
    [ -z "$(ls temporary)" ]
}

@test "program: its rollback is refused where programs are switched off" {
    shell_program 'echo "SELECT 1;"'
    mig "SELECT migrate_apply()"
    MIGRATE_SCRIPTS=off run --separate-stderr -3 mig "SELECT migrate_rollback()"
    [ "$(error_text)" = "2025-01-10/0001-TASK-1-print.sh is a program, and programs are switched off
hint: read it, then set option scripts to on" ]
    [ "$(completed)" = 1 ]
}

@test "program: its rollback names the temporary folder that cannot be written" {
    shell_program 'echo "SELECT 1;"'
    mig "SELECT migrate_apply()"
    TMPDIR=$PWD/nosuch run --separate-stderr mig "SELECT migrate_rollback()"
    [ "$status" -ne 0 ]
    case ${stderr%%$'\n'*} in
    "Error: stepping, cannot roll back operation 1: cannot make a temporary file $PWD/nosuch/migrate-"*": No such file or directory"*) ;;
    *) return 1 ;;
    esac
    [ "$(completed)" = 1 ]
}

@test "program: a change of its file after it was applied is an error" {
    shell_program 'echo "SELECT 1;"'
    mig "SELECT migrate_apply()"
    shell_program 'echo "SELECT 2;"'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "${stderr%%: its checksum*}" = "Error: stepping, 2025-01-10/0001-TASK-1-print.sh was changed after it was applied" ]
}

@test "program: may be written in Python" {
    program 0001 TASK-1 print py <<'END'
#!/usr/bin/env python3
import sys
print("CREATE TABLE t (a); INSERT INTO t VALUES ('" + sys.argv[1] + "');")
END
    [ "$(mig "SELECT migrate_apply()" 'SELECT a FROM t')" = "1
up" ]
}

@test "program: may be written in Perl" {
    program 0001 TASK-1 print pl <<'END'
#!/usr/bin/env perl
print "CREATE TABLE t (a); INSERT INTO t VALUES ('$ARGV[0]');\n";
END
    [ "$(mig "SELECT migrate_apply()" 'SELECT a FROM t')" = "1
up" ]
}

@test "program: may be written in PHP" {
    command -v php >/dev/null || skip "php is not installed"
    program 0001 TASK-1 print php <<'END'
#!/usr/bin/env -S -u LD_PRELOAD php
<?php
echo "CREATE TABLE t (a); INSERT INTO t VALUES ('", $argv[1], "');\n";
END
    [ "$(mig "SELECT migrate_apply()" 'SELECT a FROM t')" = "1
up" ]
}

@test "program: may be compiled, and is stored and rolled back byte for byte" {
    cat >print.c <<'END'
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    puts(strcmp(argv[1], "up") == 0 ? "CREATE TABLE t (a);" : "DROP TABLE t;");
    return 0;
}
END
    mkdir migrations/2025-01-10
    cc -o migrations/2025-01-10/0001-TASK-1-print.bin print.c
    [ "$(mig "SELECT migrate_apply()")" = 1 ]
    [ "$(plain 'SELECT typeof(code), instr(code, zeroblob(1)) > 0 FROM migration')" = "blob|1" ]
    plain "SELECT writefile('stored', code) FROM migration"
    cmp stored migrations/2025-01-10/0001-TASK-1-print.bin
    rm -r migrations
    [ "$(mig "SELECT migrate_rollback()")" = 0 ]
    [ "$(objects)" = "" ]
}
