#!/bin/sh
# clang has nothing to warn of, in the extension and in the C of the tests.
. tests/lint/lib/prelude.sh
lint_need clang xargs
lint_read_flags

# shellcheck disable=SC2086 # the flags are words
lint_each_c_file ext tests/unit tests/hosts tests/fuzz -- clang $lint_flags -Werror \
    -Wmissing-variable-declarations -Wunreachable-code -Wcomma -Wassign-enum -c -o /dev/null
