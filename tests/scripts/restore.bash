# restore-database.sh, as a person calls it, and snapshots that are made by hand: what is tested here
# does not depend on what takes them.

# To be called in setup(), after use_scratch: app.db at version 3 with Ann in it, and nobody else.
use_restore() {
    use_front_database
    unset MIGRATE_BACKUP_DIR MIGRATE_BACKUP_IDENTITY
    export MIGRATE_ACTOR=carol
    three_operations
    front up -q
    mkdir backups
}

# Runs the program in the shell $shell (words without quotes), else as its first line says.
restore() { # <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    ${shell-} "$root/scripts/restore-database.sh" "$@" </dev/null
}

# Copies the database into the folder of the snapshots, with a checksum beside it.
take() { # <name>
    sqlite3 -batch -bail -init /dev/null "$db" ".backup 'backups/$1'"
    sum "$1"
}

# Writes the checksum beside a file of that folder.
sum() { # <name>
    (cd backups && sha256sum -- "$1" >"$1.sha256")
}

# Adds somebody to the database.
add() { # <name>
    plain "INSERT INTO users (name) VALUES ('$1')"
}

# Who is in a database.
people() { # [<database>]
    sqlite3 -batch -bail -init /dev/null "${1-$db}" "SELECT group_concat(name, ' ') FROM users"
}

# What lies beside the database that is not the database, the migrations or the snapshots.
beside() {
    find . -maxdepth 1 -name '*app.db?*' | sort
}

# The snapshots that were taken of what was there before, as paths.
before() {
    find backups -name '*_before-restore*.sqlite' | sort
}

# Text without what differs from run to run: times, process numbers.
settled() { # <text>
    printf '%s' "$1" | sed -E 's/[0-9]{8}T[0-9]{6}Z/TIME/g; s/process [0-9]+/process N/'
}

# Begins a connection that has read the database, and is idle then. Both ends meet on named pipes.
idle_connection() { # [<sql>]
    mkfifo ready let_go
    {
        printf '%s\n' "${1-SELECT count(*) FROM users;}" '.shell echo ready > ready'
        cat let_go
    } | sqlite3 -batch -init /dev/null "$db" >/dev/null 3>&- &
    idle=$!
    read -r _ <ready
}

end_connection() {
    printf '.quit\n' >let_go
    wait "$idle" || :
    rm ready let_go
}
