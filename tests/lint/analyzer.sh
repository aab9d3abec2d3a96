#!/bin/sh
# gcc's analyzer finds no path through the extension that leaks, reads freed memory and the like.
. tests/lint/lib/prelude.sh
lint_need gcc xargs
lint_read_flags

# shellcheck disable=SC2086 # the flags are words
lint_each_c_file ext -- gcc $lint_flags -Werror -fanalyzer -c -o /dev/null
