# shellcheck shell=sh disable=SC2154
# The only caller of the sqlite3 shell.

# Runs the remaining arguments, SQL or dot commands, on database $1. No start-up file is read, and
# the first error ends the run.
sql_run() {
    sqlite3 -batch -bail -init /dev/null -list -noheader "$@" </dev/null
}

# The same in place of the shell that calls it, so that its process number is that of sqlite3 itself.
sql_exec() {
    exec sqlite3 -batch -bail -init /dev/null -list -noheader "$@" </dev/null
}

# False when the disk of the temporary folder is full. The shell ends well all the same, and what it has printed
# into a file there is cut off.
sql_has_room() {
    { printf . >"$scratch/room" && printf '' >"$scratch/room"; } 2>/dev/null
}

# True when there is a sqlite3 shell of at least version $1 (MAJOR.MINOR) that can load extensions;
# the one that comes with macOS cannot.
sql_shell_at_least() (
    version=$(sqlite3 -version 2>/dev/null) || return 1
    minor=${version#*.}
    [ "${version%%.*}" -gt "${1%.*}" ] || [ "${minor%%.*}" -ge "${1#*.}" ] || return 1
    case $(sql_run :memory: '.help load') in
    *.load*) return 0 ;;
    *) return 1 ;;
    esac
)
