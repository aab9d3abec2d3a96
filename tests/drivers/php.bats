#!/usr/bin/env bats
# The SQLite3 class of PHP.

load ../helpers/migrate
load drivers

setup() {
    use_driver
}

php3() { # <program> [<argument>]...
    php -d "sqlite3.extension_dir=$BATS_TEST_TMPDIR/lib" "$@"
}

@test "php: applies the folder and returns the version" {
    result=$(php3 "$programs/apply.php")
    [ "$result" = 3 ]
    [ "$(completed)" = "1 2 3" ]
}

@test "php: refuses a call while a result is half read" {
    run --separate-stderr -1 php3 "$programs/scenario.php" half_read
    [ "$stderr" = "$half_read_message" ]
    [ "$(objects)" = notes ]
}

@test "php: refuses a call in a transaction" {
    run --separate-stderr -1 php3 "$programs/scenario.php" open_transaction
    [ "$stderr" = "$transaction_message" ]
    [ "$(objects)" = "" ]
}

@test "php: querySingle() rolls one operation back" {
    all_applied
    result=$(php3 "$programs/scenario.php" query_single)
    [ "$result" = 2 ]
    [ "$(completed)" = "1 2" ]
}

@test "php: query() runs a function twice, and so rolls two operations back" {
    all_applied
    result=$(php3 "$programs/scenario.php" query)
    [ "$result" = 1 ]
    [ "$(completed)" = 1 ]
}

@test "php: execute() runs a function twice, and so rolls two operations back" {
    all_applied
    result=$(php3 "$programs/scenario.php" execute)
    [ "$result" = 1 ]
    [ "$(completed)" = 1 ]
}

@test "php: query() returns the version though it applies twice" {
    result=$(php3 "$programs/scenario.php" query_apply)
    [ "$result" = 3 ]
    [ "$(completed)" = "1 2 3" ]
    [ "$(mig 'SELECT count(*) FROM migrations_history')" = 3 ]
}
