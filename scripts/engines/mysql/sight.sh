# shellcheck shell=sh disable=SC2034,SC2154
# What a user of MySQL or MariaDB cannot see: a server says nothing of triggers and routines to somebody who has
# no privilege for them, so they are missing from a copy without an error. (Of tables, views and events it says
# that they may not be read.)

# The rows of SHOW GRANTS as words: what the privileges on this database are. A name of a database is a pattern
# there, in which a backslash stands before what is meant as it is.
# shellcheck disable=SC2016 # an awk program
sight_program='
function expression(pattern,    out, i, c) {
    for (i = 1; i <= length(pattern); i++) {
        c = substr(pattern, i, 1)
        if (c == "\\") c = substr(pattern, ++i, 1)
        else if (c == "%") { out = out ".*"; continue }
        else if (c == "_") { out = out "."; continue }
        out = out (c ~ /[][\\^$.|?*+(){}\/]/ ? "\\" : "") c
    }
    return "^" out "$"
}
BEGIN { RS = "\036"; database = ENVIRON["SIGHT_DATABASE"] }
/^GRANT .* ON / {
    match($0, / ON /)
    words = "," substr($0, 7, RSTART - 7) ","
    rest = substr($0, RSTART + 4)
    gsub(/, /, ",", words)
    if (rest ~ /^[*]\.[*] TO /) everywhere = 1
    else if (rest ~ /^`mysql`\.(`proc`|[*]) TO / && words ~ /,(SELECT|ALL PRIVILEGES),/) { routines = 1; next }
    else if (match(rest, /^`([^`]|``)*`\.[*] TO /)) {
        everywhere = 0
        name = substr(rest, 2, RLENGTH - 8)
        gsub(/``/, "`", name)
        if (database !~ expression(name)) next
    }
    else next
    if (words ~ /,(TRIGGER|ALL PRIVILEGES|ALL),/) triggers = 1
    if (words ~ /,(EXECUTE|ALTER ROUTINE|SHOW CREATE ROUTINE|SHOW_ROUTINE|ALL PRIVILEGES|ALL),/) routines = 1
    if (everywhere && words ~ /,SELECT,/) routines = 1
}
END { print (triggers ? "" : "triggers") (triggers || routines ? "" : " and ") (routines ? "" : "routines") }'

# Sets sight_hidden to what this user may not know of database $1: `triggers`, `routines`, both, or nothing.
sight_look() {
    server_ask 'SHOW GRANTS' || return 1
    sight_hidden=$(SIGHT_DATABASE=$1 LC_ALL=C awk "$sight_program" "$scratch/rows") ||
        die 69 "awk does not work"
}

# Fails where something of database $1, which is to be dropped, would be in no snapshot.
sight_all() {
    sight_look "$1" || return 1
    [ -n "$sight_hidden" ] || return 0
    engine_fail 77 "nothing was changed, for a snapshot of $engine_shown may not be complete: the user may not see $sight_hidden" \
        "take a user who sees the whole schema, or GRANT TRIGGER, EXECUTE on it"
}
