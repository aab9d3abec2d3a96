# shellcheck shell=sh disable=SC2154
# The two records in the folder of the snapshots: REGISTER.md, a table with a row for each snapshot,
# and rollback-log.md, a section for each roll back and restore. They are added to by a copy that is
# renamed, under one lock: a reader, a full disk or a kill never sees half an entry.
#
# register_rollback WHEN WHO WHAT ENVIRONMENT CONNECTION SNAPSHOT [FILE] adds a section to the log, after
# store_open. WHEN is register_now's, WHAT says in a few words what was done, SNAPSHOT names the file
# that leads back from it (or is empty), FILE holds the SQL that ran.

register_new=

register_now() {
    date -u +%Y-%m-%dT%H:%M:%SZ
}

# Prints who does what is recorded: MIGRATE_ACTOR, else the user's name, or the number where there is none.
register_who() {
    printf '%s\n' "${MIGRATE_ACTOR:-$(id -un 2>/dev/null || id -u 2>/dev/null || :)}"
}

# Prints $1 as the text of a cell: one line, in which nothing is markup.
register_cell() (
    text=$(printf '%s' "$1" | tr '\000-\037\177' ' ')
    printf '%s\n' "${text:--}" | sed 's/[\\|`*[]/\\&/g; s/&/\&amp;/g; s/</\&lt;/g'
)

# Prints the cells of a row.
register_row() (
    printf '|'
    for cell; do
        cell=$(register_cell "$cell")
        printf ' %s |' "$cell"
    done
    printf '\n'
)

# Ends the program when record $1 is something that must not be read or replaced.
register_check() {
    [ ! -h "$store/$1" ] || die 77 "${store#./}/$1 is a symbolic link" "find out who made it, and remove it"
    [ ! -e "$store/$1" ] || [ -f "$store/$1" ] || die 73 "${store#./}/$1 is not a file" "move it away"
}

# Under the lock, makes $register_new, the next state of record $1: with the head $2 where it is new.
# What killed runs have left goes.
register_begin() {
    lock_take_register
    register_check "$1"
    rm -f -- "$store"/.register.??????
    register_new=$(mktemp "$store/.register.XXXXXX" 2>/dev/null) ||
        die 73 "cannot make a file in ${store#./}" "check its permissions, the free space and the free inodes"
    register_place=$store/$1
    if [ -s "$register_place" ]; then cat -- "$register_place"; else printf '%s\n' "$2"; fi \
        2>/dev/null >"$register_new" || register_die
    # A last line that a person has left open.
    register_tail=$(tail -c 1 -- "$register_new") || register_die
    [ -z "$register_tail" ] || printf '\n' 2>/dev/null >>"$register_new" || register_die
}

register_die() {
    rm -f -- "$register_new"
    die 74 "cannot write ${register_place#./}" "check the free space, the permissions and the disk"
}

# Adds what a command prints, and has it on the disk.
register_add() {
    { "$@" >>"$register_new" && sync "$register_new" 9<&- 8<&-; } 2>/dev/null || register_die
}

# Makes what was begun the record.
register_end() {
    mv -f -- "$register_new" "$register_place" || register_die
    lock_release_register
}

register_rollback() {
    register_begin rollback-log.md '# Log of roll backs and restores'
    register_add register_section "$@"
    register_end
}

register_section() {
    register_title=$(register_cell "$1: $3")
    printf '\n## %s\n\n| who | environment | connection | snapshot |\n| --- | --- | --- | --- |\n' "$register_title" &&
        register_row "$2" "$4" "$5" "$6" && { [ -z "${7-}" ] || register_sql "$7"; }
}

# Prints file $1 as code, between fences that are longer than any in it.
register_sql() {
    awk '{ line[NR] = text = $0; while (match(text, /`+/)) { if (RLENGTH > longest) longest = RLENGTH
            text = substr(text, RSTART + RLENGTH) } }
        END { for (fence = "```"; length(fence) <= longest; ) fence = fence "`"
            print "\n" fence "sql"; for (i = 1; i <= NR; i++) print line[i]; print fence }' "$1"
}
