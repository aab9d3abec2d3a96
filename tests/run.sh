#!/bin/sh
# Runs test suites and adds up their results.
#
# Usage: sh tests/run.sh [SUITE|FILE.bats]...
#
# A SUITE is `lint` (the linters and their own tests), `unit` (the C programs of tests/unit), the
# name of a folder of tests/ that holds *.bats files, or of a file tests/NAME.bats. Without
# arguments all of them run. Nothing is built here: `make check` does that first.
#
# Prints the failures of each suite, and as its last line "N passed, N failed". The whole output
# of each suite stays in build/results/. Exit status: 0 when everything passed, 1 when not, 64 for
# a suite that does not exist.
#
# Environment: MIGRATE_UNIT, where the unit tests were built (build/unit); MIGRATE_JOBS, how many
# tests run at a time (the number of processors); MIGRATE_SUITE_SECONDS, the most that one suite
# may take where no terminal is attached (2400); MIGRATE_RESULTS, where the output goes (build/results).
set -eu
LC_ALL=C
export LC_ALL
unset CDPATH MAKEFLAGS MFLAGS MAKELEVEL

# Suites that have to exist: a suite that was lost must not look like one that passed.
required='lint unit ext fault contention scripts servers drivers readme failsafe'

case ${1-} in
-h | --help)
    sed -n '2,/^set /{ /^set /d; s/^# \{0,1\}//; p; }' "$0"
    exit 0
    ;;
*) ;;
esac

cd -- "$(dirname -- "$0")/.."
: "${MIGRATE_UNIT:=build/unit}" "${MIGRATE_SUITE_SECONDS:=2400}" "${MIGRATE_RESULTS:=build/results}"
processors=$(getconf _NPROCESSORS_ONLN 2>/dev/null) || processors=1
: "${MIGRATE_JOBS:=$processors}"
mkdir -p "$MIGRATE_RESULTS"

# Prints the names of all suites, the required ones first.
suites_list() (
    for suite in $required; do
        printf '%s\n' "$suite"
    done
    for file in tests/*/*.bats tests/*.bats; do
        [ -f "$file" ] || continue
        case $file in
        tests/*/*) name=${file#tests/} name=${name%%/*} ;;
        *) name=${file#tests/} name=${name%.bats} ;;
        esac
        case " $required " in
        *" $name "*) ;;
        *) printf '%s\n' "$name" ;;
        esac
    done | sort -u
)

# Runs a command with no input; ends it when it takes too long and nobody is there to press Ctrl-C
# (which would not reach it, for timeout moves it to a process group of its own).
run_limited() {
    if [ ! -t 2 ] && command -v timeout >/dev/null; then
        timeout -k 10 "$MIGRATE_SUITE_SECONDS" "$@" </dev/null
    else
        "$@" </dev/null
    fi
}

# One check a linter, as TAP.
run_linters() {
    set -- tests/lint/*.sh
    printf '1..%d\n' "$#"
    number=0
    for linter; do
        number=$((number + 1))
        name=${linter##*/}
        if run_limited sh "$linter" >"$MIGRATE_RESULTS/linter" 2>&1; then
            printf 'ok %d - %s\n' "$number" "${name%.sh}"
        else
            printf 'not ok %d - %s\n' "$number" "${name%.sh}"
            sed 's/^/# /' "$MIGRATE_RESULTS/linter"
        fi
    done
}

# Runs bats on the given files, in parallel where GNU parallel is there to do it. Within a file, bats looks
# once a second whether a test has ended: that is worth it where tests are few and long.
run_bats() {
    if [ "$MIGRATE_JOBS" -gt 1 ] && parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
        case $1 in
        tests/fault/* | tests/contention/*) ;;
        *) set -- --no-parallelize-within-files "$@" ;;
        esac
        set -- --jobs "$MIGRATE_JOBS" "$@"
    fi
    if [ -f tests/setup_suite.bash ]; then
        set -- --setup-suite-file tests/setup_suite.bash "$@"
    fi
    run_limited bats --formatter tap "$@"
}

passed=0
failed=0
skipped=0

# Runs a command that prints TAP, under the name $1, and adds its results to the sums.
run_tap() {
    tap_name=$1
    shift
    tap_file=$MIGRATE_RESULTS/$(printf '%s' "$tap_name" | tr '/ ' '__').tap
    tap_start=$(date +%s)
    tap_status=0
    "$@" >"$tap_file" 2>"$tap_file.err" || tap_status=$?
    tap_seconds=$(($(date +%s) - tap_start))

    tap_tally=$(awk -v status="$tap_status" -f tests/tally.awk "$tap_file")
    read -r tap_passed tap_failed tap_skipped <<TALLY
${tap_tally##*"
"}
TALLY
    passed=$((passed + tap_passed))
    failed=$((failed + tap_failed))
    skipped=$((skipped + tap_skipped))
    printf '%s: %d passed, %d failed, %d skipped in %d s\n' \
        "$tap_name" "$tap_passed" "$tap_failed" "$tap_skipped" "$tap_seconds"
    printf '%s\n' "$tap_tally" | sed '$d'
    if [ "$tap_failed" -gt 0 ] && [ -s "$tap_file.err" ]; then
        printf '  standard error:\n'
        sed 's/^/    /' "$tap_file.err"
    fi
}

# Counts one failure that no program could report.
count_failure() {
    failed=$((failed + 1))
    printf '%s\n' "$1"
}

# The sanitizers' reports, as one check: a report fails the run even when no test noticed.
run_reports() {
    printf '1..1\n'
    set -- "${MIGRATE_REPORTS:?}"/*
    if [ ! -f "$1" ]; then
        printf 'ok 1 - no sanitizer report\n'
        return
    fi
    printf 'not ok 1 - no sanitizer report\n'
    sed 's/^/# /' "$@"
}

run_unit() {
    set -- tests/unit/*_test.c
    if [ ! -f "$1" ]; then
        count_failure "unit: there is no test in tests/unit"
        return
    fi
    for source; do
        name=${source##*/}
        program=$MIGRATE_UNIT/${name%.c}
        if [ -x "$program" ]; then
            run_tap "unit/${name%.c}" run_limited "$program"
        else
            count_failure "unit/${name%.c}: $program was not built"
        fi
    done
}

run_suite() {
    suite=$1
    case $suite in
    lint)
        run_tap lint run_linters
        run_tap lint/self-test run_bats tests/lint/*.bats
        return
        ;;
    reports)
        run_tap reports run_reports
        return
        ;;
    unit)
        run_unit
        return
        ;;
    *.bats)
        [ -f "$suite" ] || {
            printf 'run.sh: there is no file %s\n' "$suite" >&2
            exit 64
        }
        run_tap "$suite" run_bats "$suite"
        return
        ;;
    *) ;;
    esac
    set -- "tests/$suite"/*.bats
    if [ -f "$1" ]; then
        run_tap "$suite" run_bats "$@"
    elif [ -f "tests/$suite.bats" ]; then
        run_tap "$suite" run_bats "tests/$suite.bats"
    else
        case " $required " in
        *" $suite "*) count_failure "$suite: there is no test in tests/$suite" ;;
        *)
            printf 'run.sh: there is no suite %s\nhint: the suites are\n' "$suite" >&2
            suites_list >&2
            exit 64
            ;;
        esac
    fi
}

if [ "$#" -eq 0 ]; then
    suites=$(suites_list)
    # Names of suites hold no blanks.
    # shellcheck disable=SC2086
    set -- $suites
fi
for wanted; do
    run_suite "$wanted"
done

[ "$skipped" -eq 0 ] || printf '%d skipped (listed above)\n' "$skipped"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
