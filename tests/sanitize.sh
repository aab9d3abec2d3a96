#!/bin/sh
# Runs the engine's suites with a library that was built with AddressSanitizer and UBSan.
#
# Usage: sh tests/sanitize.sh LIBRARY COMPILER [SUITE|FILE.bats]...
#
# LIBRARY was built by COMPILER (gcc), whose AddressSanitizer is loaded into the sqlite3 shell before
# everything else; UBSan is part of LIBRARY. Reports go to build/asan/reports; one report there fails the run, whatever
# the tests say, and so does a process that dies of one (status 99). The shell itself leaks when it
# gives up on an error, so leaks are looked for in the hosts of tests/hosts only.
set -eu
cd -- "$(dirname -- "$0")/.."
library=$1
compiler=$2
shift 2
[ "$#" -gt 0 ] || set -- ext fault contention

MIGRATE_PRELOAD=$("$compiler" -print-file-name=libasan.so)
[ -f "$MIGRATE_PRELOAD" ] || {
    printf 'sanitize: %s has no libasan.so\nhint: make sanitize GCC=gcc\n' "$compiler" >&2
    exit 69
}

reports=$PWD/build/asan/reports
options=$PWD/build/asan/options
programs=$PWD/build/asan/bin
rm -rf "$reports" "$options" "$programs"
mkdir -p "$reports" "$options" "$programs"

# The tests find this shell first. It is the only one that is to be preloaded: not bash, not bats.
shell=$(command -v sqlite3)
# shellcheck disable=SC2016 # it is the new script that expands them
printf '#!/bin/sh\nLD_PRELOAD=$MIGRATE_PRELOAD exec %s "$@"\n' "$shell" >"$programs/sqlite3"
chmod +x "$programs/sqlite3"
PATH=$programs:$PATH

# AddressSanitizer reads the file that is named like the running program.
for host in tests/hosts/*.c; do
    name=${host##*/}
    printf 'detect_leaks=1\n' >"$options/${name%.c}"
done

MIGRATE_EXTENSION=$PWD/$library
MIGRATE_HOSTS=$PWD/build/asan/hosts
MIGRATE_REPORTS=$reports
MIGRATE_RESULTS=$PWD/build/asan/results
ASAN_OPTIONS=detect_leaks=0:exitcode=99:log_path=$reports/asan:include_if_exists=$options/%b
UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:exitcode=99:log_path=$reports/ubsan
export PATH MIGRATE_PRELOAD MIGRATE_EXTENSION MIGRATE_HOSTS MIGRATE_REPORTS MIGRATE_RESULTS
export ASAN_OPTIONS UBSAN_OPTIONS
exec sh tests/run.sh "$@" reports
