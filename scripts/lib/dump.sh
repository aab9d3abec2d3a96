# shellcheck shell=sh disable=SC2034,SC2154
# The file database/schema/NAME.sql: its name, its head, and whether it is whole. Its head is
#
#   -- The schema of a database, and which operations it comes from. Written by schema-dump.sh.
#   -- schema-restore.sh loads it into an empty database; so does the sqlite3 shell.
#   -- format: 1
#   -- version: 12                 the version of the newest operation
#   -- fingerprint: 5628...        what migrate_fingerprint() says of the schema
#   -- table: "migration"          the tracking table, as JSON
#
# and its last line is COMMIT; . What is between comes from the engine. No time and no place is in it: of
# the same database the same bytes are made.

dump_folder=database/schema

# Ends the program when $1 cannot be the name of a dump.
dump_name_check() {
    case $1 in
    [.-]* | *[!A-Za-z0-9._-]* | '') die 64 "\"$1\" cannot be the name of a dump" \
        "take letters, digits and . _ - ; not . or - first" ;;
    *) [ "${#1}" -le 100 ] || die 64 "the name of the dump has more than 100 characters" "take a shorter one" ;;
    esac
}

# Prints the head for what the engine has said.
dump_head() {
    cat <<HEAD
-- The schema of a database, and which operations it comes from. Written by schema-dump.sh.
-- schema-restore.sh loads it into an empty database; so does the sqlite3 shell.
-- format: 1
-- version: $dump_version
-- fingerprint: $dump_fingerprint
-- table: $dump_table
HEAD
}

# Reads dump $1, statement by statement. The sqlite3 shell takes a line that holds nothing but / or GO
# for the end of a statement, where one could end: prints the text with such a line and the next as one.
# Fails at a command of that shell, whose line is then in file $2. A quote that is doubled closes and
# opens.
dump_scan() {
    DUMP_FOUND=$2 awk '
        BEGIN { ended = 1; found = ENVIRON["DUMP_FOUND"] }
        open == "" && ended && /^\./ { print FNR >found; failed = 1; exit }
        {
            printf "%s%s", $0, open == "" && /^[ \t]*(\/|[Gg][Oo])[ \t]*$/ ? " " : "\n"
            rest = $0
            while (rest != "") {
                if (open != "") {
                    at = index(rest, open)
                    if (at == 0) break
                    rest = substr(rest, at + length(open))
                    open = ""
                } else if (match(rest, /["\047`[;]|--|\/\*/)) {
                    mark = substr(rest, RSTART, RLENGTH)
                    if (substr(rest, 1, RSTART - 1) ~ /[^ \t]/) ended = 0
                    rest = substr(rest, RSTART + RLENGTH)
                    if (mark == "--") break
                    if (mark == ";") ended = 1
                    else if (mark == "/*") open = "*/"
                    else { open = mark == "[" ? "]" : mark; ended = 0 }
                } else {
                    if (rest ~ /[^ \t]/) ended = 0
                    break
                }
            }
        }
        END { exit failed }
    ' "$1"
}

# Prints what the head of dump $1 says of $2.
dump_says() {
    sed -n "1,/^[^-]/s/^-- $2: //p" "$1" | head -n 1
}

# Copies dump $1 to $scratch/dump.sql, which is then what is worked on, and sets dump_version,
# dump_fingerprint and dump_table to what its head says. Ends the program when it is not whole.
dump_open() {
    [ -e "$1" ] || die 66 "there is no dump $1" "schema-dump.sh writes it"
    [ -f "$1" ] || die 66 "the dump $1 is not a file"
    [ -r "$1" ] || die 77 "cannot read the dump $1"
    cat <"$1" >"$scratch/dump.sql" || die 74 "cannot copy the dump $1 into the temporary folder" "check the free space"
    dump_format=$(dump_says "$scratch/dump.sql" format)
    dump_version=$(dump_says "$scratch/dump.sql" version)
    dump_fingerprint=$(dump_says "$scratch/dump.sql" fingerprint)
    dump_table=$(dump_says "$scratch/dump.sql" table)
    { [ -n "$dump_format" ] && [ -n "$dump_fingerprint" ] && [ -n "$dump_table" ]; } ||
        die 65 "$1 does not begin as a dump does" "schema-dump.sh writes dumps; take an undamaged copy"
    [ "$dump_format" = 1 ] || die 65 "the dump $1 is of format $dump_format; this version reads format 1"
    case $dump_version in
    '' | *[!0-9]*) die 65 "the dump $1 does not say which version it is of" "take an undamaged copy" ;;
    *) ;;
    esac
    [ "$(tail -n 1 "$scratch/dump.sql" || :)" = 'COMMIT;' ] || die 65 "the dump $1 is cut off: its last line is not COMMIT;" "take an undamaged copy"
    dump_scan "$scratch/dump.sql" "$scratch/found" >/dev/null || {
        read -r dump_line <"$scratch/found"
        die 65 "line $dump_line of the dump $1 is a command of the sqlite3 shell" "a dump holds plain SQL"
    }
}
