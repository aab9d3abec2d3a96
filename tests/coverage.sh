#!/bin/sh
# Runs the engine's suites with a library that counts what it runs, and holds the result against
# the limits: 95 of 100 lines, 85 of 100 branches of ext/.
#
# Usage: sh tests/coverage.sh LIBRARY [SUITE|FILE.bats]...
#
# What cannot be reached is marked in the source with its reason:
#     abort_run(s); /* GCOVR_EXCL_LINE: libcrypto has SHA-256 */
# Writes build/coverage/coverage.txt and prints it.
set -eu
cd -- "$(dirname -- "$0")/.."
library=$1
shift
[ "$#" -gt 0 ] || set -- unit ext fault contention

command -v gcovr >/dev/null || {
    printf 'coverage: there is no gcovr\nhint: sh scripts/setup.sh test installs it\n' >&2
    exit 69
}

# Counts are added to what earlier runs left.
find build/coverage -name '*.gcda' -exec rm -f {} +

MIGRATE_EXTENSION=$PWD/$library
MIGRATE_UNIT=build/coverage/unit
MIGRATE_RESULTS=build/coverage/results
export MIGRATE_EXTENSION MIGRATE_UNIT MIGRATE_RESULTS
status=0
sh tests/run.sh "$@" || status=$?

gcovr --root . --filter 'ext/' --txt build/coverage/coverage.txt --print-summary \
    --fail-under-line 95 --fail-under-branch 85 build/coverage || status=1
cat build/coverage/coverage.txt
exit "$status"
