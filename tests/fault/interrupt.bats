#!/usr/bin/env bats
# sqlite3_interrupt(), which is what Ctrl-C in the shell and the drivers' interrupt() call.

load ../helpers/migrate

setup() {
    use_scratch
}

# Operations that last long enough to be hit: rows, an index, a virtual table, a program's absence.
slow_operations() {
    operation 0001 TASK-1 create-rows 'CREATE TABLE rows (id INTEGER PRIMARY KEY, text);
INSERT INTO rows WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
SELECT i, hex(i * i) FROM n;' 'DROP TABLE rows;'
    operation 0002 TASK-1 add-index 'CREATE INDEX rows_text ON rows (text);' 'DROP INDEX rows_text;'
    operation 0003 TASK-1 add-words 'CREATE VIRTUAL TABLE words USING fts5 (body);
INSERT INTO words SELECT text FROM rows;' 'DROP TABLE words;'
    operation 0004 TASK-2 analyze '-- migrate: no-transaction
ANALYZE;' '-- migrate: no-transaction
DROP TABLE IF EXISTS sqlite_stat1;'
    operation 0005 TASK-2 change-rows 'UPDATE rows SET text = lower(text);' 'UPDATE rows SET text = upper(text);'
    operation 0006 TASK-2 rebuild-rows 'CREATE TABLE rows_new (id INTEGER PRIMARY KEY, text, size);
INSERT INTO rows_new SELECT id, text, length(text) FROM rows;
DROP TABLE rows;
ALTER TABLE rows_new RENAME TO rows;
CREATE INDEX rows_text ON rows (text);' 'ALTER TABLE rows DROP COLUMN size;'
}

@test "interrupt: at any moment of a run it leaves no open transaction, and the next run completes" {
    slow_operations
    "$hosts/interrupt" "$extension" app.db DELETE 100 20250110 6 >&3
}

@test "interrupt: at any moment of a run with a write-ahead log it leaves no open transaction" {
    slow_operations
    "$hosts/interrupt" "$extension" app.db WAL 100 20250111 6 >&3
}

@test "interrupt: while a program runs, the program is ended" {
    mkfifo fifo
    mkfifo never
    program 0001 TASK-1 wait sh <<'END'
#!/bin/sh
exec 3>fifo
echo started >&3
read -r _ <never
END
    run --separate-stderr -0 "$hosts/interrupt_wait" "$extension" "$db" program fifo
    [ "$output" = "9 cannot apply operation 1: program 2025-01-10/0001-TASK-1-wait.sh was interrupted
hint: what was committed before stays; run again to go on" ]
    [ "$(objects)" = afterwards ]
}

@test "interrupt: while a program runs, what the program started is ended too" {
    mkfifo fifo
    mkfifo never
    program 0001 TASK-1 wait sh <<'END'
#!/bin/sh
sh -c 'exec 3>fifo; echo started >&3; read -r _ <never'
END
    run --separate-stderr -0 "$hosts/interrupt_wait" "$extension" "$db" program fifo
    [ "$(objects)" = afterwards ]
}

@test "interrupt: while the run waits for the lock, it gives up at once" {
    three_operations
    plain "CREATE TABLE mine (x)"
    run --separate-stderr -0 "$hosts/interrupt_wait" "$extension" "$db" lock
    [ "$output" = "9 interrupted
hint: what was committed before stays; run again to go on" ]
    [ "$(objects)" = "afterwards mine" ]
}
