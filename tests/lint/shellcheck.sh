#!/bin/sh
# What shellcheck finds in the shell programs, libraries and tests.
. tests/lint/lib/prelude.sh
lint_need shellcheck

# Runs shellcheck on the files whose names come in, several at a time: each reads what it sources anew.
check() { # <option>...
    xargs -0 -r -n 1 -P "$lint_jobs" shellcheck -x "$@"
}

status=0
lint_shell_files printf '%s\0' | check -P SCRIPTDIR -P . || status=1
find tests -name '*.bats' ! -path 'tests/fixtures/*' -exec printf '%s\0' {} + | check -s bats -e SC2154,SC2312 || status=1
find tests -name '*.bash' ! -path 'tests/fixtures/*' -exec printf '%s\0' {} + | check -s bash -e SC2312 || status=1
shellcheck -x -s bash .ci/run || status=1
exit "$status"
