#!/bin/sh
# Each resource has one owner: a pattern may occur in the code (not in the comments) of the named
# modules only. Scripts: the sqlite3 shell is called in scripts/lib/sql.sh only.
. tests/lint/lib/prelude.sh

# PATTERN (extended regular expression, no blanks) and the modules that may hold it ("-": none).
owners='
openssl/                                                           digest
dirent\.h                                                          source
sqlite3_prepare                                                    query
sqlite3_(open|close)                                               private
"[^"]*_log([^a-z_]|$)                                              tracking ledger
"[^"]*((INSERT|REPLACE)[[:blank:]]INTO|DELETE[[:blank:]]FROM)      tracking compile_check ledger
sqlite_(schema|master)                                             schema harm foreign_key compile_check private transaction clone watch shape shape_key
(^|[^a-z_])(v?fork|posix_spawnp?)[[:blank:]]*\(                        program
sqlite3_errmsg                                                     session
(^|[^A-Za-z0-9_>.])(malloc|calloc|realloc|free|strn?dup|v?asprintf|getline)[[:blank:]]*\( -
sqlite3ext\.h                                                      sqlite_api
__attribute__                                                      compiler
'

findings=$(
    for file in ext/*.[ch]; do
        module=${file##*/}
        module=${module%.*}
        code=$(lint_code "$file")
        printf '%s\n' "$owners" | while read -r pattern allowed; do
            [ -n "$pattern" ] || continue
            case " $allowed " in
            *" $module "*) continue ;;
            *) ;;
            esac
            printf '%s\n' "$code" | grep -nE -e "$pattern" | while IFS= read -r line; do
                printf '%s:%s: only in %s: %s\n' "$file" "${line%%:*}" "$allowed" "${line#*:}"
            done
        done
    done
    # A call: the word where a command stands, in front of a blank or at the end of the line.
    find scripts -type f ! -path scripts/lib/sql.sh -exec awk '
        { code = $0; sub(/(^|[ \t])#.*/, "", code) }
        code ~ /(^|[|;&(!`]|then|else|do|exec)[ \t]*sqlite3([ \t]|$)/ {
            print FILENAME ":" FNR ": only in scripts/lib/sql.sh: " $0
        }
    ' {} +
)
[ -z "$findings" ] || {
    printf '%s\n' "$findings"
    exit 1
}
