#!/usr/bin/env bats
# migrate_checksum(): SHA-256 of code and rollback code.

load ../helpers/migrate

setup() {
    use_scratch
}

# The digest of standard input, computed by another program.
sha256() {
    sha256sum | cut -d ' ' -f 1
}

@test "checksum: is the SHA-256 of the text" {
    [ "$(mig "SELECT migrate_checksum('abc')")" = ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad ]
}

@test "checksum: is the SHA-256 of code and rollback code, joined" {
    expected=$(printf 'CREATE TABLE a (x);\nDROP TABLE a;\n' | sha256)
    [ "$(mig "SELECT migrate_checksum('CREATE TABLE a (x);' || char(10), 'DROP TABLE a;' || char(10))")" = "$expected" ]
}

@test "checksum: a missing rollback code is the same as NULL and as an empty one" {
    expected=$(printf 'a' | sha256)
    [ "$(mig "SELECT migrate_checksum('a')" "SELECT migrate_checksum('a', NULL)" \
        "SELECT migrate_checksum('a', '')")" = "$expected
$expected
$expected" ]
}

@test "checksum: of nothing is that of no bytes" {
    [ "$(mig "SELECT migrate_checksum('')" "SELECT migrate_checksum(x'')")" = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" ]
}

@test "checksum: of NULL is NULL" {
    [ "$(mig "SELECT migrate_checksum(NULL) IS NULL, migrate_checksum(NULL, 'a') IS NULL")" = "1|1" ]
}

@test "checksum: takes the bytes of a blob, NUL bytes included" {
    expected=$(printf 'a\0b' | sha256)
    [ "$(mig "SELECT migrate_checksum(x'610062')" "SELECT migrate_checksum(x'6100', x'62')")" = "$expected
$expected" ]
}

@test "checksum: takes the UTF-8 of a text also where the database is UTF-16" {
    expected=$(printf 'é' | sha256)
    [ "$(mig "PRAGMA encoding = 'UTF-16'; CREATE TABLE a (x); INSERT INTO a VALUES ('é')" \
        "SELECT migrate_checksum(x) FROM a")" = "$expected" ]
}

@test "checksum: takes a number as its text" {
    [ "$(mig "SELECT migrate_checksum(12) = migrate_checksum('12')")" = 1 ]
}

@test "checksum: takes a text of a mebibyte" {
    expected=$(head -c 1048576 /dev/zero | tr '\0' x | sha256)
    [ "$(mig "SELECT migrate_checksum(replace(hex(zeroblob(524288)), '0', 'x'))")" = "$expected" ]
}

@test "checksum: is what the tracking table holds" {
    three_operations
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT count(*) FROM migration WHERE checksum = migrate_checksum(code, rollback_code)")" = 3 ]
    expected=$(cat "$folder"/2025-01-10/0001-*_up.sql "$folder"/2025-01-10/0001-*_down.sql | sha256)
    [ "$(plain "SELECT checksum FROM migration WHERE version = 1")" = "$expected" ]
}

@test "checksum: can be used in an index, a generated column and a view" {
    [ "$(mig "CREATE TABLE a (code, sum AS (migrate_checksum(code)));
        CREATE INDEX sums ON a (migrate_checksum(code));
        CREATE VIEW v AS SELECT migrate_checksum(code) = sum FROM a;
        INSERT INTO a VALUES ('x'); SELECT * FROM v")" = 1 ]
}
