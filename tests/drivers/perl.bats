#!/usr/bin/env bats
# DBD::SQLite of Perl.

load ../helpers/migrate
load drivers

setup() {
    use_driver
}

@test "perl: applies the folder and returns the version" {
    result=$(perl "$programs/apply.pl")
    [ "$result" = 3 ]
    [ "$(completed)" = "1 2 3" ]
}

@test "perl: refuses a call while a statement is half read" {
    run --separate-stderr -1 perl "$programs/scenario.pl" half_read
    [ "$stderr" = "$half_read_message" ]
    [ "$(objects)" = notes ]
}

@test "perl: refuses a call where AutoCommit is off" {
    run --separate-stderr -1 perl "$programs/scenario.pl" no_autocommit
    [ "$stderr" = "$transaction_message" ]
    [ "$(objects)" = "" ]
}

@test "perl: rolls one operation back" {
    all_applied
    result=$(perl "$programs/scenario.pl" rollback)
    [ "$result" = 2 ]
    [ "$(completed)" = "1 2" ]
}
