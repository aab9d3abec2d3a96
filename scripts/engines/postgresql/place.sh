# shellcheck shell=sh disable=SC2154
# Where in a file an error is. psql names the line on which the statement ends; the server quotes the line
# that it means, cut at both ends when it is long, and marks the place under it.

# Prints `:LINE:COLUMN` and the line itself, or `:LINE`, for the error in $scratch/error; the file begins at
# line $1 of $scratch/steps.sql.
session_place() {
    awk -v from="$1" -v to="$server_line" '
        NR == FNR && /^LINE [0-9]+: / {
            prefix = index($0, ": ") + 1
            text = substr($0, prefix + 1)
            cut = sub(/^\.\.\./, "", text) ? 3 : 0
            sub(/\.\.\.$/, "", text)
            getline
            column = index($0, "^") - prefix - cut
        }
        NR == FNR || FNR < from { next }
        FNR > to { exit }
        text != "" && (at = index($0, text)) { line = FNR; place = at + column - 1; quoted = $0 }
        END {
            if (line) printf ":%d:%d\n%5d | %s\n", line - from + 1, place, line - from + 1, quoted
            else printf ":%d\n", to - from + 1
        }' "$scratch/error" "$scratch/steps.sql"
}
