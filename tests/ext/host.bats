#!/usr/bin/env bats
# What an application finds that has loaded the extension into a connection of its own.

load ../helpers/migrate

setup() {
    use_scratch
}

@test "host: a host finds its hooks and settings as it left them" {
    three_operations
    mkdir -p broken
    cp -R migrations/. broken
    folder=broken operation 0004 TASK-3 fail 'PRAGMA foreign_keys = OFF;
DROP TABLE nowhere;'
    "$hosts/connection_untouched" "$extension" "$db"
}

@test "host: a host can load, use and close it many times" {
    three_operations
    run --separate-stderr -0 "$hosts/reload" "$extension" "$db" 200
    [ "$output" = "200 times" ]
}

@test "host: an SQLite that is too old is refused" {
    run --separate-stderr -0 "$hosts/old_sqlite" "$extension"
    [ "$output" = "1
migrate needs SQLite 3.38 or newer, and this is 3.37.2
hint: load it into a newer sqlite3" ]
}
