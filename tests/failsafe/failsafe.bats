#!/usr/bin/env bats
# What fails must be seen to fail: bats, the runner and its sums.

bats_require_minimum_version 1.8.0

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return
}

# Runs the runner the way a person does, without what this bats tells its tests.
runner() {
    env -i PATH="${PATH//"$BATS_LIBEXEC:"/}" HOME="$BATS_TEST_TMPDIR" MIGRATE_RESULTS="$BATS_TEST_TMPDIR/results" \
        MIGRATE_UNIT="$BATS_TEST_TMPDIR/unit" "$@"
}

# Sums up the TAP stream on standard input, written by a program that ended with <status>.
tally() { # <status>
    awk -v status="$1" -f tests/tally.awk | tail -n 1
}

@test "bats: ends with 1 when a test fails" {
    run -1 runner bats --formatter tap tests/failsafe/fixtures/failing.bats
    [ "${lines[0]}" = "1..2" ]
    [ "${lines[1]}" = "ok 1 failsafe: this one passes" ]
    [ "${lines[2]}" = "not ok 2 failsafe: this one fails" ]
}

@test "run.sh: counts a test that fails, and ends with 1" {
    run -1 runner sh tests/run.sh tests/failsafe/fixtures/failing.bats
    [ "${lines[-1]}" = "1 passed, 1 failed" ]
    [[ $output == *"not ok 2 failsafe: this one fails"* ]]
}

@test "run.sh: counts a file that cannot be read, and ends with 1" {
    printf '@test "failsafe: has no end" {\n    true\n' >"$BATS_TEST_TMPDIR/broken.bats"
    run -1 runner sh tests/run.sh "$BATS_TEST_TMPDIR/broken.bats"
    [[ ${lines[-1]} =~ ^0\ passed,\ [1-9][0-9]*\ failed$ ]]
}

@test "run.sh: counts a unit test that was not built, and ends with 1" {
    run -1 runner sh tests/run.sh unit
    [[ ${lines[-1]} =~ ^0\ passed,\ [1-9][0-9]*\ failed$ ]]
}

@test "run.sh: refuses a suite that does not exist" {
    run --separate-stderr -64 runner sh tests/run.sh nothing
    [ "${stderr_lines[0]}" = "run.sh: there is no suite nothing" ]
}

@test "tally: counts what passed, failed and was skipped" {
    result=$(printf '1..4\nok 1 a\nnot ok 2 b\n# why\nok 3 c # skip no d\nok 4 e\n' | tally 1)
    [ "$result" = "2 1 1" ]
}

@test "tally: counts planned tests that did not report as failed" {
    result=$(printf '1..5\nok 1 a\nok 2 b\n' | tally 0)
    [ "$result" = "2 3 0" ]
}

@test "tally: counts a stream without a plan as failed" {
    result=$(printf '' | tally 0)
    [ "$result" = "0 1 0" ]
}

@test "tally: counts an empty plan as failed" {
    result=$(printf '1..0\n' | tally 0)
    [ "$result" = "0 1 0" ]
}

@test "tally: counts more tests than planned as failed" {
    result=$(printf '1..1\nok 1 a\nok 2 b\n' | tally 0)
    [ "$result" = "2 1 0" ]
}

@test "tally: counts a program that died after its last test as failed" {
    result=$(printf '1..1\nok 1 a\n' | tally 139)
    [ "$result" = "1 1 0" ]
}

@test "tally: counts a bail-out as failed" {
    result=$(printf '1..1\nok 1 a\nBail out! no disk\n' | tally 0)
    [ "$result" = "1 1 0" ]
}
