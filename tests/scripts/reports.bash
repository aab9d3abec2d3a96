# capture-migration-status.sh and check-config-drift.sh, as a cron job calls them from the folder of an
# application.

# To be called in setup(), after use_scratch: a database app.db to report on, and nothing set but what
# a test sets.
use_reports() {
    unset DATABASE_URL MIGRATE_ENV APP_ENV
    export MIGRATE_EXTENSION=$extension TMPDIR=$BATS_TEST_TMPDIR/tmp DATABASE_URL=sqlite:app.db
    mkdir "$TMPDIR"
}

# Runs a program in the shell $shell (words without quotes), else as its first line says.
capture() { # <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    ${shell-} "$root/scripts/capture-migration-status.sh" "$@" </dev/null
}

drift() { # <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    ${shell-} "$root/scripts/check-config-drift.sh" "$@" </dev/null
}

# Puts a clock in front of the real one, which shows one time after the other, and then the last; and
# a sleep that only counts.
clock() { # <time>...
    mkdir -p stubs
    printf '%s\n' "$@" >stubs/times
    cat >stubs/date <<'STUB'
#!/bin/sh
cd "${0%/*}" || exit
head -n 1 times
[ "$(wc -l <times)" -le 1 ] || { tail -n +2 times >rest && mv rest times; }
STUB
    # shellcheck disable=SC2016 # for the shell that runs it
    printf '#!/bin/sh\necho "$1" >>"${0%%/*}/slept"\n' >stubs/sleep
    chmod +x stubs/date stubs/sleep
    PATH=$PWD/stubs:$PATH
}

# The body of a capture: what is behind the first empty line.
body() { # <file>
    sed '1,/^$/d' "$1"
}

# One line of the table of a capture, its columns with a blank between them.
row() { # <file> <version>
    awk -v version="$2" '/^version  / { table = 1 } table && $1 == version { $1 = $1; print }' "$1"
}

# What is left of a run besides its result: nothing.
leftovers() {
    find tmp storage -name '.*' -o -path 'tmp/*' 2>/dev/null
}
