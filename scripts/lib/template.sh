# shellcheck shell=sh
# The texts that the files of a new operation begin with.

# Prints the text for part $1 (up, down, program) of operation $2.
template_text() {
    case $1 in
    up) printf -- '-- %s\n-- SQL that makes the change. Each statement ends with a semicolon.\n\n' "$2" ;;
    down) printf -- '-- %s\n-- SQL that takes it back. Delete this file if there is no way back.\n\n' "$2" ;;
    *)
        cat <<PROGRAM
#!/bin/sh
# $2
# Prints the SQL that makes the change (up) or takes it back (down).
set -eu
case \$1 in
up) ;;
down) ;;
*) exit 64 ;;
esac
PROGRAM
        ;;
    esac
}
