#!/bin/sh
# No file is longer than one person reads in one go. Headers are manuals, so theirs is a length for
# prose; the length of C functions is the business of clang-tidy.
. tests/lint/lib/prelude.sh

limit_lines() {
    awk -v limit="$1" -v files="$#" '
        FNR == limit + 1 {
            print FILENAME ":" FNR ": longer than " limit " lines; which second thing does it own?"
            failed = 1
        }
        END { exit failed }
    ' "$2"
}

status=0
for file in ext/*.c; do limit_lines 500 "$file" || status=1; done
for file in ext/*.h; do limit_lines 200 "$file" || status=1; done
for file in scripts/lib/*; do
    [ ! -f "$file" ] || limit_lines 100 "$file" || status=1
done
for file in scripts/* scripts/commands/* scripts/engines/*/*; do
    [ ! -f "$file" ] || limit_lines 250 "$file" || status=1
done
exit "$status"
