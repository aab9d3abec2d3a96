#!/bin/sh
# What shellcheck finds in the shell programs, libraries and tests.
. tests/lint/lib/prelude.sh
lint_need shellcheck

status=0
lint_shell_files shellcheck -x -P SCRIPTDIR -P . || status=1
find tests -name '*.bats' ! -path 'tests/fixtures/*' -exec shellcheck -x -s bats -e SC2154,SC2312 {} + || status=1
find tests -name '*.bash' ! -path 'tests/fixtures/*' -exec shellcheck -x -s bash -e SC2312 {} + || status=1
shellcheck -x -s bash .ci/run || status=1
exit "$status"
