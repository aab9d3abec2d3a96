# What a database server of a test takes, whichever it is: a folder, a user without rights, a
# process that ends. postgresql.bash and mysql.bash read this file.

# The user that a server runs as: who runs the tests, but root becomes the first of these accounts.
server_user() { # <account>...
    local account
    if [ "$(id -u)" != 0 ]; then
        id -un
        return
    fi
    for account in "$@" nobody; do
        if id -u "$account" >/dev/null 2>&1; then
            printf '%s\n' "$account"
            return
        fi
    done
    printf 'there is no account for a server, not even nobody\n' >&2
    return 1
}

# Becomes a command: as that user, in a folder, with nothing of our environment and of our files. It
# gets the signal when the shell that started it dies, where the system can do that. To be called in
# a subshell, whose process it takes.
server_exec() { # <user> <folder> <signal> <command>...
    local words=()
    if setpriv "--pdeathsig=$3" true 2>/dev/null; then
        words=(setpriv "--pdeathsig=$3")
    fi
    if [ "$(id -u)" = 0 ]; then
        words=(setpriv "--reuid=$1" "--regid=$(id -g "$1")" --clear-groups "--pdeathsig=$3")
    fi
    cd "$2" || exit
    shift 3
    exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
    exec env -i "PATH=$PATH" LC_ALL=C TZ=UTC "${words[@]}" "$@"
}

# Makes a folder that is the user's, and prints it: below TMPDIR where the user gets there. Paths of
# sockets end at 107 bytes, and their places in option files want plain characters. It is not below
# BATS_FILE_TMPDIR, whose parent nobody enters but who runs the tests.
server_folder() { # <user>
    local parent folder
    for parent in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
        if [[ ${#parent} -gt 60 || ! $parent =~ ^/[A-Za-z0-9/._-]*$ ]] ||
            ! (server_exec "$1" / TERM sh -c "cd '$parent'") 2>/dev/null; then
            continue
        fi
        folder=$(mktemp -d "$parent/migrate.XXXXXX") || return
        server_own "$1" "$folder" || return
        printf '%s\n' "$folder"
        return
    done
    printf 'there is no folder that %s can enter\n' "$1" >&2
    return 1
}

# Gives files to the user.
server_own() { # <user> <file>...
    if [ "$(id -u)" = 0 ]; then
        chown -R -- "$@"
    fi
}

# Prints a password.
server_password() {
    od -An -N 16 -t x1 /dev/urandom | tr -d ' \n'
}

# Prints a port, which is free most probably: below those that the system gives to clients.
server_port() {
    local port
    for _ in {1..50}; do
        port=$((20000 + RANDOM % 12000))
        if ! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            break
        fi
    done
    printf '%s\n' "$port"
}

# True while the process is there and works in that folder: a number may belong to another one soon.
server_runs() { # <process> <folder>
    kill -0 "$1" 2>/dev/null && [[ ! -d /proc/self || "/proc/$1/cwd" -ef $2 ]]
}

# Lets a moment pass.
server_pause() {
    read -r -t 0.02 _ <> <(:) || :
}

# Waits until a command succeeds, for a minute at most and no longer than the process lives.
server_wait() { # <process> <command>...
    local process=$1 end=$((SECONDS + 60))
    shift
    until "$@"; do
        if ! kill -0 "$process" 2>/dev/null || [ "$SECONDS" -ge "$end" ]; then
            return 1
        fi
        server_pause
    done
}

# Ends the process by a signal and waits until it is gone. One that takes longer is killed, and that
# is a failure.
server_end() { # <process> <folder> <signal> [<seconds>]
    local end=$((SECONDS + ${4-30})) status=0
    if server_runs "$1" "$2"; then
        kill "-$3" "$1" 2>/dev/null || :
    fi
    while server_runs "$1" "$2"; do
        if [ "$SECONDS" -ge "$end" ]; then
            kill -KILL "$1" 2>/dev/null || :
            end=$((SECONDS + 30))
            status=1
        fi
        server_pause
    done
    wait "$1" 2>/dev/null || :
    return "$status"
}
