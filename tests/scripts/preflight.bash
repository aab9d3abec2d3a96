# preflight.sh, as a person calls it from the folder of an application.

# To be called in setup(), after use_scratch: nothing is set but what a test sets; the connection is app.db.
use_preflight() {
    use_front_database
    unset MIGRATE_BACKUP_DIR MIGRATE_BACKUP_IDENTITY
}

# Runs the program in the shell $shell (words without quotes), else as its first line says.
preflight() { # <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    ${shell-} "$root/scripts/preflight.sh" "$@" </dev/null
}

# Text without what differs from run to run: durations, and the space in front of them.
settled() { # <text>
    printf '%s' "$1" | sed -E 's/^([a-z-]+ +[a-z]+ +)[0-9]+\.[0-9] s/\1T/; s/  +/  /g; s/[0-9]{8}T[0-9]{6}Z/TIME/g; s/in [0-9]+ ms/in N ms/
        s/"milliseconds":[0-9]+/"milliseconds":N/; s/time="[0-9.]+"/time="T"/g; s/timestamp="[^"]*"/timestamp="WHEN"/'
}

# Three operations that can be rolled back and applied again.
good_operations() {
    operation 0001 TASK-1 create-users \
        'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);' 'DROP TABLE users;'
    operation 0002 TASK-1 add-users-index \
        'CREATE INDEX users_name ON users (name);' 'DROP INDEX users_name;'
    operation 0003 TASK-2 create-teams 'CREATE TABLE teams (id INTEGER PRIMARY KEY);' 'DROP TABLE teams;'
}

seed_file() { # <name> <text>
    mkdir -p database/seeds
    printf '%s\n' "$2" >"database/seeds/$1"
}

# Runs these checks and compares status, report and standard error.
finds() { # <status> <checks> <report>
    run --separate-stderr "-$1" preflight --only "$2"
    [ "$(settled "$output" | grep -v -- '--only names others')$stderr" = "$3" ] || {
        printf '%s\n' "$output" "$stderr"
        return 1
    }
}
