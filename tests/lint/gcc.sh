#!/bin/sh
# gcc has nothing to warn of, in the extension and in the C of the tests.
. tests/lint/lib/prelude.sh
lint_need gcc xargs
lint_read_flags

# shellcheck disable=SC2086 # the flags are words
lint_each_c_file ext tests/unit tests/hosts tests/fuzz -- gcc $lint_flags -Werror \
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wformat-signedness -Wstringop-overflow=4 \
    -c -o /dev/null
