# shellcheck shell=sh disable=SC2154
# Where in a file an error is. A file is one request, and the server counts lines from the statement that it
# cannot read, so they say nothing; but it quotes the text that it has not understood, up to 80 characters.

# Prints `:LINE:COLUMN` and the line itself for the error in $scratch/error, where its text is in lines $2 to
# $3 of file $1, and once only; else nothing. Lines are counted from $2.
session_quoted() {
    awk -v from="$2" -v to="$3" '
        NR == FNR { message = message (NR > 1 ? "\n" : "") $0; next }
        FNR >= from && FNR <= to { text = text $0 "\n" }
        END {
            if (!match(message, / near \047/)) exit
            near = substr(message, RSTART + RLENGTH)
            if (!match(near, /\047 at line [0-9]+\n?$/)) exit
            near = substr(near, 1, RSTART - 1)
            at = index(text, near)
            if (near == "" || !at || index(substr(text, at + 1), near)) exit
            line = split(substr(text, 1, at - 1) ".", before, "\n")
            split(text, lines, "\n")
            printf ":%d:%d\n%5d | %s\n", line, length(before[line]), line, lines[line]
        }' "$scratch/error" "$1"
}

# The place of an error in a step, whose code is from line $1 of $scratch/steps.sql to before line $2. One line
# with a delimiter may stand before the file itself.
session_place() (
    first=$(sed -n "$1{p;q;}" "$scratch/steps.sql")
    begin=$1
    case $first in
    'DELIMITER //code'*) begin=$(($1 + 1)) ;;
    *) ;;
    esac
    session_quoted "$scratch/steps.sql" "$begin" "$(($2 - 1))"
)

# Prints the line of an error in seed $1.
session_seed_place() (
    place=$(session_quoted "$1" 1 999999999)
    place=${place#:}
    printf '%s' "${place%%:*}"
)
