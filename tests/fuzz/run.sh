#!/bin/sh
# Fuzzes for a while, and prints as its last line "N passed, N failed", one for each fuzzer.
#
# Usage: sh tests/fuzz/run.sh SECONDS FUZZER...
#
# SECONDS are shared out among the fuzzers, which start from tests/fuzz/corpus/NAME. Inputs that
# they find go to build/fuzz/corpus/NAME, an input that crashes one to build/fuzz/NAME-crash-*.
set -eu
cd -- "$(dirname -- "$0")/../.."
seconds=$1
shift
[ "$#" -gt 0 ] || {
    printf 'fuzz: there is no fuzzer in tests/fuzz\n' >&2
    exit 1
}
each=$((seconds / $#))
[ "$each" -gt 0 ] || each=1

passed=0
failed=0
for fuzzer; do
    name=${fuzzer##*/}
    name=${name%_fuzz}
    found=build/fuzz/corpus/$name
    log=build/fuzz/$name.log
    mkdir -p "$found"
    set -- "$found"
    [ ! -d "tests/fuzz/corpus/$name" ] || set -- "$@" "tests/fuzz/corpus/$name"
    if "./$fuzzer" -max_total_time="$each" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/$name-" "$@" </dev/null >"$log" 2>&1; then
        passed=$((passed + 1))
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        printf 'fuzz: %s: %s runs in %d s\n' "$name" "$runs" "$each"
    else
        failed=$((failed + 1))
        printf 'fuzz: %s failed; its last lines:\n' "$name"
        tail -n 40 "$log" | sed 's/^/    /'
    fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
