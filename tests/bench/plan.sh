#!/bin/sh
# Compares the plan of 1,000 pending statements for a schema of 200 tables with a second of time.
#
# Usage: sh tests/bench/plan.sh LIBRARY [ROUNDS]
#
# The least time of ROUNDS (5) counts.
#
# Prints a table. Exit status: 0 when the limit was kept, 1 when not, 64 without a LIBRARY.
#
# Environment: MIGRATE_BENCH, the folder to work in (build/bench).
set -eu
cd -- "$(dirname -- "$0")/../.."
. tests/bench/lib/start.sh
. tests/bench/lib/plan.sh
bench_start plan 5 "$@"
cd -- "$work"

sample_init
table_head
plan_measure
exit "$table_status"
