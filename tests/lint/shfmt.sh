#!/bin/sh
# The layout of the shell sources; `make format` makes it so.
. tests/lint/lib/prelude.sh
lint_need shfmt

status=0
lint_shell_files shfmt -i 4 -ln posix -d || status=1
find tests \( -name '*.bats' -o -name '*.bash' \) ! -path 'tests/fixtures/*' \
    -exec shfmt -i 4 -ln bats -d {} + || status=1
shfmt -i 4 -ln bash -d .ci/run || status=1
exit "$status"
