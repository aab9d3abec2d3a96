# shellcheck shell=sh
# Measure 7: a snapshot of a database of 500 MB into which a writer commits all the time, against the
# shell's .backup in a read transaction, which is what a person would write who knows that without one
# it does not end. Neither time holds a check of the copy. Afterwards the last copy of ours is audited:
# the writer keeps the sum of all balances, and counts its transfers in two places.

snapshot_ours() {
    rm -f ours.copy
    workload_ours bank.db "SELECT migrate_snapshot('ours.copy', 'unchecked')" >out
}
snapshot_bare() {
    rm -f bare.copy
    workload_shell -readonly -cmd '.timeout 60000' bank.db BEGIN 'SELECT count(*) FROM sqlite_schema' \
        '.backup main bare.copy' COMMIT >out
}

snapshot_prepare() {
    workload_shell bank.db 'PRAGMA journal_mode = WAL' \
        'CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER, filler TEXT)' \
        'CREATE TABLE log (seq INTEGER PRIMARY KEY, a, b)' 'CREATE INDEX log_a ON log (a)' \
        'CREATE TABLE counter (n INTEGER)' 'INSERT INTO counter VALUES (0)' \
        'INSERT INTO account WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000)
         SELECT i, 100, hex(randomblob(480)) FROM n' 'PRAGMA wal_checkpoint(TRUNCATE)' >out
    sync
}

# The writer waits no longer than five seconds for others; where that is not enough, it ends with an error.
snapshot_write() {
    awk 'BEGIN {
        srand(7)
        for (n = 1; ; n++) {
            a = 1 + int(rand() * 500000); b = 1 + int(rand() * 500000)
            print "BEGIN IMMEDIATE; UPDATE account SET balance = balance - 5 WHERE id = " a ";"
            print "UPDATE account SET balance = balance + 5 WHERE id = " b ";"
            print "INSERT INTO log (a, b) VALUES (" a ", " b "); UPDATE counter SET n = n + 1; COMMIT;"
            if (n % 20 == 0 && (getline line <"writing") < 0) exit
            close("writing")
        }
    }' | workload_shell -cmd '.timeout 5000' bank.db
}

# Prints ok where the copy $1 is one moment of the bank, and how many transfers that moment knows.
snapshot_audit() {
    workload_shell "$1" "SELECT iif((SELECT sum(balance) FROM account) = 100 * 500000
        AND (SELECT n FROM counter) = (SELECT count(*) FROM log)
        AND (SELECT n FROM counter) = (SELECT max(seq) FROM log), 'ok ', 'torn ') || n FROM counter" \
        'PRAGMA integrity_check'
}

# Fewer rounds than elsewhere: what is copied each time is large.
snapshot_measure() {
    snapshot_prepare
    : >writing
    snapshot_write >writer.out 2>&1 &
    snapshot_writer=$!
    snapshot_round=0
    while [ "$snapshot_round" -lt "$rounds" ] && [ "$snapshot_round" -lt 5 ]; do
        for snapshot_name in ours bare; do
            sample_time "snapshot_$snapshot_name" 1 "snapshot_$snapshot_name"
        done
        snapshot_round=$((snapshot_round + 1))
    done
    rm writing
    { wait "$snapshot_writer" && [ ! -s writer.out ]; } || {
        printf 'the writer was refused for longer than its timeout:\n'
        cat writer.out
        table_status=1
    }
    for snapshot_name in ours bare; do
        snapshot_verdict=$(snapshot_audit "$snapshot_name.copy" | tr '\n' ' ')
        case $snapshot_verdict in
        'ok '[1-9]*' ok ') ;;
        *)
            printf 'the copy %s is not one moment of the database: %s\n' "$snapshot_name.copy" "$snapshot_verdict"
            table_status=1
            ;;
        esac
    done
    table_time '7 snapshot of 500 MB under a writer (shell: .backup)' snapshot_ours snapshot_bare 1.3
    rm -f bank.db bank.db-wal bank.db-shm ours.copy bare.copy
}
