# shellcheck shell=sh disable=SC2034,SC2154
# What the servers have in common where a dump takes the place of a database.

engine_late=

# A dump is no database, wherever it lies.
engine_is_live() {
    return 1
}

# A dump is unpacked in the temporary folder.
engine_place() {
    engine_workplace=
}

# Ends the program when the database holds $2 objects and $1 is empty.
restore_confirm() {
    [ "$2" = 0 ] || [ -n "$1" ] ||
        die 77 "the database $engine_shown is not empty: it has $2 objects" "--force replaces it, after a snapshot of it"
}
