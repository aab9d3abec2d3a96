#!/bin/sh
# Prints the manual page of sqlite-migrate, made of the texts that its help prints.
#
# Usage: sh scripts/man.sh >sqlite-migrate.1
#
# Exit status: 0 done, 64 usage, 66 the programs are not beside this one.
set -eu
case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac
. "$here/lib/prelude.sh"
. "$here/lib/message.sh"

# shellcheck disable=SC2034 # message.sh reads it
program=man.sh

# Turns lines into lines of a page that look the same: nothing in them is a request.
man_lines() {
    sed 's/\\/\\e/g; s/-/\\-/g; s/^\([.'"'"']\)/\\\&\1/'
}

# Prints the help text of program $1 under a heading, as it stands.
man_text() {
    printf '%s\n.nf\n' "$2"
    help_print "$1" | man_lines
    printf '.fi\n'
}

main() {
    case "$#-${1-}" in
    0-) ;;
    1--h | 1---help)
        help_print "$0"
        return
        ;;
    *) die 64 "expected no argument" "sh scripts/man.sh -h" ;;
    esac
    [ -f "$here/sqlite-migrate" ] || die 66 "there is no $here/sqlite-migrate"
    summary=$(help_print "$here/sqlite-migrate" | sed -n '1{ s/\.$//; p; }' | man_lines)
    printf '.TH SQLITE\\-MIGRATE 1\n.SH NAME\nsqlite\\-migrate \\- %s\n' "$summary"
    printf '.SH SYNOPSIS\n.B sqlite\\-migrate\n[OPTION]... COMMAND [ARGUMENT]...\n'
    man_text "$here/sqlite-migrate" '.SH DESCRIPTION'
    printf '.SH COMMANDS\n'
    for file in "$here"/commands/*; do
        man_text "$file" ".SS ${file##*/}"
    done
}

main "$@"
