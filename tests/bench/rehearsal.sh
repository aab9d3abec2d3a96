#!/bin/sh
# Compares a rehearsal of a database of 500 MB with what a person would do by hand: the shell's .backup, and
# the same operations on that copy. The rehearsal makes the round trips besides.
#
# Usage: sh tests/bench/rehearsal.sh LIBRARY [ROUNDS]
#
# In each of the ROUNDS (5) both are run, one after the other; the least time of each counts.
#
# Prints a table. Exit status: 0 when the limit was kept, 1 when not, 64 without a LIBRARY.
#
# Environment: MIGRATE_BENCH, the folder to work in (build/bench), which has to be on a disk with room for
# three such databases. The temporary file of the rehearsal is in that folder too.
set -eu
cd -- "$(dirname -- "$0")/../.."
. tests/bench/lib/start.sh
. tests/bench/lib/rehearsal.sh
bench_start rehearsal 5 "$@"
cd -- "$work"
export SQLITE_TMPDIR="$work"

sample_init
table_head
rehearsal_measure
exit "$table_status"
