#!/bin/sh
# What no text of the project holds: blanks at the end of a line, carriage returns, a last line
# without its end, notes to do something later, paths of one person's machine.
. tests/lint/lib/prelude.sh

status=0

# shellcheck disable=SC2016 # these are the fields of awk
# The marks are put together from parts, so that this file does not hold them.
lint_all_files awk -v later='TO''DO|FIX''ME' -v machine='/(ho''me|ro''ot|Us''ers|wo''rk)/' '
    function report(text) {
        print FILENAME ":" FNR ": " text
        failed = 1
    }
    /[ \t]$/ { report("blanks at the end of the line") }
    /\r/ { report("carriage return") }
    $0 ~ "(^|[^A-Za-z])(" later ")([^A-Za-z]|$)" { report("do it, or open an issue: " $0) }
    $0 ~ "(^|[^A-Za-z0-9._$}-])" machine { report("path of one machine: " $0) }
    END { exit failed }
' || status=1

# shellcheck disable=SC2016 # the inner shell expands these
lint_all_files sh -c '
    status=0
    for file do
        [ -z "$(tail -c 1 -- "$file" | tr -d "\n")" ] || {
            printf "%s: the last line has no end\n" "$file"
            status=1
        }
    done
    exit "$status"
' sh || status=1
exit "$status"
