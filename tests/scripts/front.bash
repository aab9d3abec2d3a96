# The front command, as a person calls it from the folder of an application.

# To be called in setup(), after use_scratch: nothing is set but what a test sets.
use_front() {
    front=$root/scripts/sqlite-migrate
    unset DATABASE_URL MIGRATE_ENV APP_ENV NO_COLOR
    export MIGRATE_EXTENSION=$extension TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$TMPDIR"
}

# The same with a database app.db to work on.
use_front_database() {
    use_front
    export DATABASE_URL=sqlite:app.db
}

# Runs the front command in the shell $shell (words without quotes), else as its first line says.
front() { # <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    ${shell-} "$front" "$@" </dev/null
}

# Text without the durations of operations.
timeless() { # <text>
    printf '%s' "$1" | sed -E 's/\([0-9]+ ms\)/(N ms)/; s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}  *[0-9]+ ms/WHEN/'
}
