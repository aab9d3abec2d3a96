#!/bin/sh
# Compares the extension with the bare sqlite3 shell, which reads the same files and inserts the same
# rows into the same tracking table and log.
#
# Usage: sh tests/bench/run.sh LIBRARY [ROUNDS]
#
# In each of the ROUNDS (9) all that is compared is run, one thing after the other, so that each has
# its share of the machine's good and bad moments. Of times the least counts, of memory the most of
# ours and the least of the shell's. Nothing is compared with another run or machine.
#
# Prints a table. Exit status: 0 when all limits were kept, 1 when not, 64 without a LIBRARY.
#
# Environment: MIGRATE_BENCH, the folder to work in (build/bench); it has to be on a disk, for where a
# commit costs nothing there is little to compare. Options of the extension are the default ones.
set -eu
cd -- "$(dirname -- "$0")/../.."
. tests/bench/lib/start.sh
. tests/bench/lib/apply.sh
. tests/bench/lib/applied.sh
. tests/bench/lib/snapshot.sh
bench_start run 9 "$@"
cd -- "$work"

# Prints what has an influence on the figures.
print_conditions() {
    conditions_disk=$(df -PT . 2>/dev/null | awk 'NR == 2 { print $2 }') || conditions_disk=
    workload_shell conditions.db 'SELECT sqlite_version()' 'PRAGMA journal_mode' \
        'PRAGMA synchronous' >conditions
    {
        read -r conditions_version
        read -r conditions_journal
        read -r conditions_synchronous
    } <conditions
    printf 'SQLite %s, journal_mode=%s, synchronous=%s, file system %s, %d rounds\n' \
        "$conditions_version" "$conditions_journal" "$conditions_synchronous" \
        "${conditions_disk:-unknown}" "$rounds"
    printf 'times: the least of all rounds; memory: the most of ours, the least of the shell; for memory '
    printf 'the ratio is a difference\n'
    case $conditions_disk in
    tmpfs | ramfs) printf 'this is no disk: set MIGRATE_BENCH to a folder that is on one\n' ;;
    *) ;;
    esac
    printf '\n'
}

sample_init
print_conditions
table_head
apply_measure
applied_measure
snapshot_measure
exit "$table_status"
