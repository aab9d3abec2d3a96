#!/bin/sh
# The layout of the C sources; `make format` makes it so.
. tests/lint/lib/prelude.sh
lint_need clang-format

find ext tests -name '*.[ch]' ! -path 'tests/fixtures/*' -exec clang-format --dry-run -Werror {} +
