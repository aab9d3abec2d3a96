#!/bin/sh
# clang-tidy on the extension; .clang-tidy says which checks.
. tests/lint/lib/prelude.sh
lint_need clang-tidy xargs
lint_read_flags

# The file comes last here and first for clang-tidy. Its count of suppressed warnings is no finding.
# shellcheck disable=SC2016,SC2086 # the inner shell expands; the flags are words
lint_each_c_file ext -- sh -c '
    for file do :; done
    clang-tidy --quiet "$file" -- "$@" 2>&1 || { status=$?; printf "%s\n" "$file"; exit "$status"; }
' sh $lint_flags
