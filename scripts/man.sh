#!/bin/sh
# Prints the manual page of a program, made of the texts that its help prints.
#
# Usage: sh scripts/man.sh [PROGRAM] >sqlite-migrate.1
#
# PROGRAM is one of those beside this one; without it, it is sqlite-migrate.
#
# Exit status: 0 done, 64 usage, 66 the program is not beside this one.
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
    1--h | 1---help)
        help_print "$0"
        return
        ;;
    0- | 1-[!-]*) name=${1:-sqlite-migrate} ;;
    *) die 64 "expected one program at most" "sh scripts/man.sh -h" ;;
    esac
    case $name in
    */*) die 64 "$name is not the name of a program" "sh scripts/man.sh -h" ;;
    *) ;;
    esac
    [ -f "$here/$name" ] || die 66 "there is no $here/$name"
    summary=$(help_print "$here/$name" | sed -n '1{ s/\.$//; p; }' | man_lines)
    title=$(printf '%s' "${name%.sh}" | tr '[:lower:]' '[:upper:]' | man_lines)
    shown=$(printf '%s' "$name" | man_lines)
    printf '.TH %s 1\n.SH NAME\n%s \\- %s\n' "$title" "$shown" "$summary"
    man_text "$here/$name" '.SH DESCRIPTION'
    [ "$name" = sqlite-migrate ] || return 0
    printf '.SH COMMANDS\n'
    for file in "$here"/commands/*; do
        man_text "$file" ".SS ${file##*/}"
    done
}

main "$@"
