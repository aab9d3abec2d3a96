# What the tests of the drivers share: a folder with three operations, and a place where the loader
# finds the extension by its name alone, as after `make install`.

use_driver() {
    use_scratch
    programs=$root/tests/drivers/programs
    mkdir lib
    cp "$extension" lib/migrate.so
    export LD_LIBRARY_PATH=$BATS_TEST_TMPDIR/lib
    three_operations
}

# The database as a run leaves it.
all_applied() {
    mig 'SELECT migrate_apply()'
}

# The message of a call while a row of another statement is still to be read.
half_read_message="migrate_apply: another statement of this connection is not done: SELECT id FROM notes
hint: read it to its end or reset it first, and call SELECT migrate_apply() without a FROM"

# The message of a call in a transaction of the caller's.
transaction_message="migrate_apply: a transaction is open on this connection
hint: COMMIT or ROLLBACK it first"
