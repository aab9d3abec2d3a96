# Runs once before the tests of a folder: a fixed clock zone and locale, and no settings of the
# person who runs them.

setup_suite() {
    export LC_ALL=C TZ=UTC
    export BATS_TEST_TIMEOUT="${BATS_TEST_TIMEOUT-300}"
    # shellcheck disable=SC2046 # names of variables hold no blanks
    unset MIGRATIONS_DIR $(env | sed -n 's/^\(MIGRATE_[A-Z0-9_]*\)=.*/\1/p' |
        grep -v -x -e MIGRATE_EXTENSION -e MIGRATE_PRELOAD -e MIGRATE_HOSTS -e MIGRATE_UNIT \
            -e MIGRATE_CRASH_RUNS -e MIGRATE_RACE_ROUNDS -e MIGRATE_KILL_RUNS \
            -e MIGRATE_LOSS_FIRST -e MIGRATE_LOSS_SEEDS)
}
