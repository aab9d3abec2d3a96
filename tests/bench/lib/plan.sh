# shellcheck shell=sh disable=SC2154
# The plan of 1,000 pending statements for a schema of 200 tables with as many indexes, 20 views, 20 triggers
# and 66 foreign keys: in 1,000 files and in 200, all with a way back. Of ten statements one each is CREATE
# TABLE, CREATE INDEX, ADD COLUMN, UPDATE, INSERT, DELETE, CREATE VIEW, CREATE UNIQUE INDEX, CREATE TRIGGER,
# RENAME COLUMN (CREATE TABLE again once each table has had one).

plan_prepare() {
    awk 'BEGIN {
        for (t = 0; t < 200; t++) {
            parent = t % 3 == 2 ? ", parent INTEGER REFERENCES t" t - 1 " (id) ON DELETE CASCADE" : ""
            print "CREATE TABLE t" t " (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, amount INTEGER DEFAULT 0" parent ");"
            print "CREATE INDEX t" t "_name ON t" t " (name);"
            if (t % 10 == 0) {
                print "CREATE VIEW v" t " AS SELECT id, name FROM t" t ";"
                print "CREATE TRIGGER tr" t " AFTER UPDATE OF name ON t" t " BEGIN UPDATE t" t " SET amount = amount + 1 WHERE id = new.id; END;"
            }
            print "INSERT INTO t" t " (name, email) VALUES (1, 2), (3, 4);"
        }
    }' | workload_shell plan.db
}

# Writes 1,000 statements into files of $2 below $1.
plan_write() {
    mkdir -p "$1/2025-01-10"
    awk -v folder="$1/2025-01-10" -v each="$2" '
        function change(i, t) {
            t = "t" i % 200
            down = ""
            if (i % 10 == 0 || (i % 10 == 9 && i >= 200)) {
                down = "DROP TABLE n" i
                return "CREATE TABLE n" i " (id INTEGER PRIMARY KEY, a TEXT, b INTEGER REFERENCES " t " (id))"
            }
            if (i % 10 == 1) { down = "DROP INDEX i" i; return "CREATE INDEX i" i " ON " t " (email, amount)" }
            if (i % 10 == 2) { down = "ALTER TABLE " t " DROP COLUMN c" i; return "ALTER TABLE " t " ADD COLUMN c" i " TEXT" }
            if (i % 10 == 3) { down = "UPDATE " t " SET email = upper(email) WHERE id > " i; return "UPDATE " t " SET email = lower(email) WHERE id > " i }
            if (i % 10 == 4) { down = "DELETE FROM " t " WHERE name = " i; return "INSERT INTO " t " (name) VALUES (" i ")" }
            if (i % 10 == 5) { down = "INSERT INTO " t " (name) VALUES (0)"; return "DELETE FROM " t " WHERE id = " i }
            if (i % 10 == 6) { down = "DROP VIEW w" i; return "CREATE VIEW w" i " AS SELECT id FROM " t }
            if (i % 10 == 7) { down = "DROP INDEX u" i; return "CREATE UNIQUE INDEX u" i " ON " t " (id, email)" }
            if (i % 10 == 8) {
                down = "DROP TRIGGER g" i
                return "CREATE TRIGGER g" i " AFTER INSERT ON " t " BEGIN DELETE FROM t" (i + 1) % 200 " WHERE id = new.id; END"
            }
            down = "ALTER TABLE " t " RENAME COLUMN amount" i " TO amount"
            return "ALTER TABLE " t " RENAME COLUMN amount TO amount" i
        }
        BEGIN {
            for (i = 0; i < 1000; i += each) {
                base = sprintf("%s/%04d-TASK-1-change", folder, i / each + 1)
                back = ""
                for (k = i; k < i + each; k++) {
                    printf "%s;\n", change(k) >(base "_up.sql")
                    back = down ";\n" back
                }
                printf "%s", back >(base "_down.sql")
                close(base "_up.sql")
                close(base "_down.sql")
            }
        }'
}

plan_ours() {
    workload_ours plan.db "SELECT count(DISTINCT file_path || ':' || statement) FROM migrations_plan('$1') WHERE direction = 'up'" >out
    [ "$(cat out)" = 1000 ] || printf 'the plan has %s statements\n' "$(cat out)" >&2
}

plan_measure() {
    plan_prepare
    plan_write single 1
    plan_write several 5
    plan_round=0
    while [ "$plan_round" -lt "$rounds" ]; do
        sample_time plan_single 1 plan_ours single
        sample_time plan_several 1 plan_ours several
        plan_round=$((plan_round + 1))
    done
    sample_add second 1000000
    table_time 'plan of 1,000 statements in 1,000 files (a second)' plan_single second 1
    table_time 'the same in 200 files (a second)' plan_several second 1
}
