#!/bin/sh
# The extension gives the process that loads it one symbol, its entry point: any other could take
# the place of a symbol of the process, or of another extension.
. tests/lint/lib/prelude.sh
lint_need nm

library=build/migrate.so
[ -f "$library" ] || {
    printf '%s:1: has not been built\nhint: make\n' "$library"
    exit 1
}
exported=$(nm -D --defined-only "$library") || exit 1
printf '%s\n' "$exported" | awk -v library="$library" '
    $NF == "sqlite3_migrate_init" { entry = 1; next }
    { print library ":1: exports " $NF; failed = 1 }
    END {
        if (!entry) {
            print library ":1: does not export sqlite3_migrate_init"
        }
        exit failed || !entry
    }
'
