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
LC_ALL=C
export LC_ALL
unset CDPATH MAKEFLAGS MFLAGS MAKELEVEL

case ${1-} in
-h | --help)
    sed -n '2,/^set /{ /^set /d; s/^# \{0,1\}//; p; }' "$0"
    exit 0
    ;;
'')
    printf 'usage: sh tests/bench/plan.sh LIBRARY [ROUNDS]\n' >&2
    exit 64
    ;;
*) ;;
esac

cd -- "$(dirname -- "$0")/../.."
. tests/bench/lib/sample.sh
. tests/bench/lib/table.sh
. tests/bench/lib/workload.sh
. tests/bench/lib/plan.sh

# shellcheck disable=SC2034 # the libraries read both
library=$PWD/$1
rounds=${2-5}
: "${MIGRATE_BENCH:=build/bench}"
# shellcheck disable=SC2046 # names of variables hold no blanks
unset MIGRATIONS_DIR $(env | sed -n 's/^\(MIGRATE_[A-Z_]*\)=.*/\1/p' | grep -v -x MIGRATE_BENCH)

mkdir -p "$MIGRATE_BENCH"
work=$(cd -- "$MIGRATE_BENCH" && mktemp -d "$PWD/plan.XXXXXX")
trap 'cd / && rm -rf -- "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd -- "$work"
# shellcheck disable=SC2034 # the library reads it
sample_dir=$work/samples

sample_init
table_head
plan_measure
exit "$table_status"
