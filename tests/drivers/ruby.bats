#!/usr/bin/env bats
# The sqlite3 gem of Ruby.

load ../helpers/migrate
load drivers

setup() {
    use_driver
}

@test "ruby: applies the folder and returns the version" {
    result=$(ruby "$programs/apply.rb")
    [ "$result" = 3 ]
    [ "$(completed)" = "1 2 3" ]
}

@test "ruby: refuses a call while a statement is half read" {
    run --separate-stderr -1 ruby "$programs/scenario.rb" half_read
    [ "$stderr" = "$half_read_message" ]
    [ "$(objects)" = notes ]
}

@test "ruby: refuses a call in a transaction block, which the gem then rolls back" {
    run --separate-stderr -1 ruby "$programs/scenario.rb" open_transaction
    [ "$stderr" = "$transaction_message" ]
    [ "$(objects)" = "" ]
}

@test "ruby: execute() rolls one operation back" {
    all_applied
    result=$(ruby "$programs/scenario.rb" execute)
    [ "$result" = 2 ]
    [ "$(completed)" = "1 2" ]
}
