# backup-database.sh and restore-database.sh on a server, with nothing set but the URL. A test file defines
# admin (runs the statements on its standard input on the server as its administrator; $on is the database),
# scratches (lists the scratch databases) and content (prints all that is in a database).

# To be called in setup(), after use_connect: the folder of the snapshots is backups.
use_copies() {
    export MIGRATE_ACTOR=carol DATABASE_URL=$url
    unset MIGRATE_BACKUP_DIR MIGRATE_ENV
}

backup() { # <argument>...
    program_run backup-database.sh "$@"
}

restore() { # <argument>...
    program_run restore-database.sh "$@"
}

# Text without what differs from run to run.
settled() { # <text>
    printf '%s' "$1" | sed -E 's/[0-9]{8}T[0-9]{6}Z/TIME/g; s/[0-9a-f]{64}/SUM/g; s/session [0-9]+/session N/'
}

# What is in the folder of the snapshots, but for the locks; names without their times.
kept() {
    settled "$(find backups -mindepth 1 -name .lock -prune -o -mindepth 1 -printf '%P\n' | sort)"
}

# True when no temporary file and no scratch database is left.
nothing_is_left() {
    [ "$(ls -A "$TMPDIR")$(scratches)" = "" ] && [ "$(find . -name '.new.*' -o -name '.register.*')" = "" ]
}

# Writes the checksum beside a file in that folder.
sum() { # <name>
    (cd backups && sha256sum -- "$1" >"$1.sha256")
}

# Puts a program in front of the real one, whose path is in $real there.
stub() { # <name> <text>
    mkdir -p stubs
    local real
    real=$(PATH=${PATH#"$PWD/stubs:"} type -P "$1")
    printf '#!/bin/bash\nreal=%q\n%s\n' "$real" "$2" >"stubs/$1"
    chmod +x "stubs/$1"
    case $PATH in
    "$PWD/stubs:"*) ;;
    *) PATH=$PWD/stubs:$PATH ;;
    esac
}

# From here on, each client kills the program that has started it, when it is the <number>th and has done its
# work; what kills writes `killed`.
kill_after() { # <number> <client>...
    local name
    rm -f killed calls
    : >calls
    for name in "${@:2}"; do
        # shellcheck disable=SC2016 # the stub expands these
        stub "$name" "number=$1 calls='$PWD/calls' killed='$PWD/killed'"'
printf x >>"$calls"
if [ "$(wc -c <"$calls")" -ne "$number" ]; then exec "$real" "$@"; fi
"$real" "$@"
status=$?
: >"$killed"
kill -KILL "$PPID"
exit "$status"'
    done
}

# From here on, each of these clients writes down the command lines of all processes and goes on.
watch_processes() { # <client>...
    local name
    for name; do
        # shellcheck disable=SC2016 # the stub expands these
        stub "$name" "seen='$PWD/seen'"'
cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\0" " " >>"$seen"
exec "$real" "$@"'
    done
}

# Backs up, drills and restores $database in each shell that there is.
copies_in_all_shells() {
    local file
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        type -P "${shell%% *}" >/dev/null || continue
        file=$(backup --drill --name "all-${shell%% *}") || return
        restore -q --force "$file" || return
        [ "$(people)" = "Ann Bob" ] && nothing_is_left || return
    done
    shell=
}

# Takes a snapshot of the database and prints its path.
take() { # <argument>...
    backup "$@" 2>/dev/null
}
