#!/bin/sh
# What cppcheck finds in the extension. A macro has to be named, or it tries every combination of
# them, also those that cannot be.
. tests/lint/lib/prelude.sh
lint_need cppcheck

cppcheck --quiet -j "$lint_jobs" --std=c11 --enable=warning,style,performance,portability \
    --inline-suppr --suppress=missingIncludeSystem --error-exitcode=1 -D__GNUC__ -Iext ext
