# shellcheck shell=sh disable=SC2154
# A rehearsal of five operations on a database of 500 MB, round trips included, against what a
# person would do by hand: the shell's .backup, and the same operations on that copy. The database has
# one large table that no operation touches, one of 100,000 rows that three of them do, and small ones.
# Without limits: a column more for the large table itself, whose round trip writes all of it anew.

rehearsal_write() {
    mkdir -p "$1/2025-01-10"
    rehearsal_at=$1/2025-01-10
    printf 'ALTER TABLE account ADD COLUMN phone TEXT;\n' >"$rehearsal_at/0001-TASK-1-add-phone_up.sql"
    printf 'ALTER TABLE account DROP COLUMN phone;\n' >"$rehearsal_at/0001-TASK-1-add-phone_down.sql"
    printf 'CREATE INDEX account_city ON account (city);\n' >"$rehearsal_at/0002-TASK-1-index-city_up.sql"
    printf 'DROP INDEX account_city;\n' >"$rehearsal_at/0002-TASK-1-index-city_down.sql"
    printf "UPDATE account SET phone = '+' || id WHERE id <= 5000;\n" >"$rehearsal_at/0003-TASK-1-fill-phone_up.sql"
    printf 'UPDATE account SET phone = NULL WHERE id <= 5000;\n' >"$rehearsal_at/0003-TASK-1-fill-phone_down.sql"
    printf 'CREATE TABLE invoice (id INTEGER PRIMARY KEY, account INTEGER REFERENCES account (id), total INTEGER);\n' \
        >"$rehearsal_at/0004-TASK-2-create-invoice_up.sql"
    printf 'DROP TABLE invoice;\n' >"$rehearsal_at/0004-TASK-2-create-invoice_down.sql"
    cat >"$rehearsal_at/0005-TASK-2-strict-setting_up.sql" <<'END'
CREATE TABLE setting_new (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO setting_new SELECT name, value FROM setting;
DROP TABLE setting;
ALTER TABLE setting_new RENAME TO setting;
END
    sed 's/ STRICT;/;/' <"$rehearsal_at/0005-TASK-2-strict-setting_up.sql" \
        >"$rehearsal_at/0005-TASK-2-strict-setting_down.sql"
}

# The size of event is $1 rows of about a kilobyte.
rehearsal_prepare() {
    workload_shell ledger.db \
        'CREATE TABLE event (id INTEGER PRIMARY KEY, account INTEGER, payload TEXT)' \
        'CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT, city TEXT, note TEXT)' \
        'CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)' \
        "INSERT INTO event WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
         SELECT i, i % 100000, hex(randomblob(480)) FROM n" \
        "INSERT INTO account WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
         SELECT i, 'name ' || i, 'city ' || (i % 997), hex(randomblob(60)) FROM n" \
        "INSERT INTO setting WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
         SELECT 'name ' || i, 'value ' || i FROM n" >out
    sync
}

rehearsal_ours() {
    workload_ours ledger.db "SELECT count(*) FILTER (WHERE outcome = 'completed' AND round_trip = 'ok')
        FROM migrations_rehearsal('$1')" >out
    [ "$(cat out)" = "$2" ] || printf 'the rehearsal did not go well: %s of %s\n' "$(cat out)" "$2" >&2
}
rehearsal_bare() {
    rm -f hand.db
    workload_shell ledger.db '.backup main hand.db'
    for rehearsal_file in "$1"/*/*_up.sql; do
        printf 'BEGIN IMMEDIATE;\n.read %s\nCOMMIT;\n' "$rehearsal_file"
    done | workload_shell hand.db
    rm -f hand.db
}

rehearsal_measure() {
    rehearsal_prepare 490000
    rehearsal_write mixed
    mkdir -p large/2025-01-10
    printf 'ALTER TABLE event ADD COLUMN source TEXT;\n' >large/2025-01-10/0001-TASK-1-add-source_up.sql
    printf 'ALTER TABLE event DROP COLUMN source;\n' >large/2025-01-10/0001-TASK-1-add-source_down.sql
    rehearsal_round=0
    while [ "$rehearsal_round" -lt "$rounds" ]; do
        sample_time rehearsal_ours 1 rehearsal_ours mixed 5
        sample_time rehearsal_bare 1 rehearsal_bare mixed
        sample_time rehearsal_large_ours 1 rehearsal_ours large 1
        sample_time rehearsal_large_bare 1 rehearsal_bare large
        rehearsal_round=$((rehearsal_round + 1))
    done
    table_time 'rehearsal of five operations, 500 MB (shell: by hand)' rehearsal_ours rehearsal_bare 1.3
    table_time 'the same of one: a column more for a table of 490 MB' rehearsal_large_ours rehearsal_large_bare ''
    rm -f ledger.db
}
