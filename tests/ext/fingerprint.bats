#!/usr/bin/env bats
# migrate_fingerprint(): a digest of what the schema means, not of how it is spelled.

load ../helpers/migrate

setup() {
    use_scratch
}

# The fingerprint of a new database with this schema.
fingerprint() { # <sql>...
    local db=fingerprint.db
    rm -f "$db"
    plain "$@"
    mig "SELECT migrate_fingerprint()"
}

# The digest of these bytes, `\0` and the like understood, computed by another program.
sha256() { # <bytes>
    printf '%b' "$1" | sha256sum | cut -d ' ' -f 1
}

# Checks that two schemas have one fingerprint.
same() { # <sql> <sql>
    local one
    one=$(fingerprint "$1")
    [ "${#one}" = 64 ]
    [ "$(fingerprint "$2")" = "$one" ]
}

# Checks that two schemas have two fingerprints.
differ() { # <sql> <sql>
    local one
    one=$(fingerprint "$1")
    [ "${#one}" = 64 ]
    [ "$(fingerprint "$2")" != "$one" ]
}

@test "fingerprint: of an empty schema is that of no bytes" {
    [ "$(fingerprint '')" = "$(sha256 '')" ]
}

# The bytes are those that ext/schema.h describes: type NUL name NUL { token NUL } NUL.
@test "fingerprint: is the digest of the bytes that its format describes" {
    expected=index'\0000'orders_user'\0000'
    expected+='create\0000index\0000orders_user\0000on\0000orders\0000(\0000user_id\0000)\0000\0000'
    expected+='table\0000orders\0000'
    expected+='create\0000table\0000orders\0000(\0000id\0000integer\0000primary\0000key\0000,\0000'
    expected+='user_id\0000references\0000users\0000,\0000note"s\0000text\0000default\0000'
    expected+="'It''s Ann'"'\0000,\0000'
    expected+="x\0000blob\0000default\0000X'AB'"'\0000,\0000'
    expected+='check\0000(\0000id\0000<\0000>\00000xff\0000or\0000id\0000>\0000=\00001.5e3\0000)\0000)\0000\0000'
    expected+='trigger\0000count\0000'
    expected+='create\0000trigger\0000count\0000after\0000insert\0000on\0000orders\0000begin\0000'
    expected+='update\0000users\0000set\0000n\0000=\0000n\0000+\00001\0000;\0000end\0000\0000'
    expected+='view\0000all_orders\0000'
    expected+='create\0000view\0000all_orders\0000as\0000select\0000*\0000from\0000orders\0000\0000'
    [ "$(fingerprint "CREATE TABLE Orders (
            id INTEGER PRIMARY KEY, -- the number
            user_id REFERENCES [Users],
            \"Note\"\"s\" TEXT DEFAULT 'It''s Ann', x BLOB DEFAULT X'AB',
            CHECK (id <> 0xFF OR id >= 1.5E3))" \
        "CREATE VIEW \"all_orders\" AS SELECT * FROM orders" \
        "CREATE INDEX orders_user ON /* why */ Orders (user_id)" \
        "CREATE TRIGGER Count AFTER INSERT ON orders BEGIN UPDATE users SET n = n + 1; END")" = "$(sha256 "$expected")" ]
}

@test "fingerprint: does not depend on layout" {
    same "CREATE TABLE a (x INTEGER, y TEXT)" $'CREATE\tTABLE  a(\n  x INTEGER\n, y TEXT\r\n)'
}

@test "fingerprint: does not depend on comments" {
    same "CREATE TABLE a (x INTEGER)" "CREATE TABLE a (x /* why */ INTEGER -- how
)"
}

@test "fingerprint: does not depend on the case of keywords and names" {
    same "CREATE TABLE a (x INTEGER)" "create table A (X integer)"
}

@test "fingerprint: does not depend on the case of names that change the order" {
    same "CREATE TABLE B (x); CREATE TABLE a (x)" "CREATE TABLE b (x); CREATE TABLE A (x)"
}

@test "fingerprint: does not depend on the quotes of names" {
    same "CREATE TABLE a (x INTEGER)" 'CREATE TABLE "a" ([x] INTEGER)'
    same "CREATE TABLE a (x INTEGER)" "CREATE TABLE \`a\` (\"x\" INTEGER)"
}

@test "fingerprint: does not depend on the quotes that ALTER TABLE writes" {
    same "CREATE TABLE a (x INTEGER); CREATE INDEX i ON a (x)" \
        "CREATE TABLE b (y INTEGER); CREATE INDEX i ON b (y); ALTER TABLE b RENAME TO a; ALTER TABLE a RENAME COLUMN y TO x"
}

@test "fingerprint: of a table that got a column is that of one made with it" {
    same "CREATE TABLE a (x INTEGER, y TEXT)" "CREATE TABLE a (x INTEGER); ALTER TABLE a ADD COLUMN y TEXT"
}

@test "fingerprint: does not depend on the order in which objects were made" {
    same "CREATE TABLE a (x); CREATE TABLE b (x); CREATE INDEX i ON a (x)" \
        "CREATE TABLE b (x); CREATE TABLE a (x); CREATE INDEX i ON a (x)"
}

@test "fingerprint: does not depend on rows, VACUUM or statistics" {
    same "CREATE TABLE a (x); CREATE INDEX i ON a (x)" \
        "CREATE TABLE a (x); CREATE INDEX i ON a (x); INSERT INTO a VALUES (1); ANALYZE; VACUUM"
}

@test "fingerprint: does not depend on the sequence that SQLite keeps" {
    [ "$(fingerprint "CREATE TABLE a (x INTEGER PRIMARY KEY AUTOINCREMENT)")" = "$(sha256 'table\0000a\0000create\0000table\0000a\0000(\0000x\0000integer\0000primary\0000key\0000autoincrement\0000)\0000\0000')" ]
}

@test "fingerprint: does not depend on the length of a name" {
    long=$(printf 'LongName%.0s' {1..100})
    same "CREATE TABLE $long (x)" "CREATE TABLE \"${long,,}\" (x)"
}

@test "fingerprint: does not depend on temporary objects or other databases" {
    [ "$(mig "CREATE TEMP TABLE t (x); ATTACH ':memory:' AS other; CREATE TABLE other.u (x);
            SELECT migrate_fingerprint()")" = "$(sha256 '')" ]
}

@test "fingerprint: does not depend on the encoding of the database" {
    same "CREATE TABLE é (x DEFAULT 'ü')" "PRAGMA encoding = 'UTF-16'; CREATE TABLE é (x DEFAULT 'ü')"
}

@test "fingerprint: leaves out the tracking table and its log" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);'
    mig "SELECT migrate_apply()"
    plain "CREATE INDEX mine ON migration (status)"
    [ "$(mig "SELECT migrate_fingerprint()")" = "$(fingerprint "CREATE TABLE a (x)")" ]
}

@test "fingerprint: leaves out a tracking table of another name" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);'
    export MIGRATE_TABLE=Changes
    mig "SELECT migrate_apply()"
    [ "$(mig "SELECT migrate_fingerprint()")" = "$(fingerprint "CREATE TABLE a (x)")" ]
}

@test "fingerprint: counts tables whose names only begin like the tracking table's" {
    differ "CREATE TABLE a (x)" "CREATE TABLE a (x); CREATE TABLE migrations (x)"
    differ "CREATE TABLE a (x)" "CREATE TABLE a (x); CREATE TABLE migration_logs (x)"
}

@test "fingerprint: leaves out the shadow tables of a virtual table" {
    [ "$(fingerprint "CREATE VIRTUAL TABLE f USING fts5(title, body)")" = "$(sha256 'table\0000f\0000create\0000virtual\0000table\0000f\0000using\0000fts5\0000(\0000title\0000,\0000body\0000)\0000\0000')" ]
}

@test "fingerprint: changes with a CHECK" {
    differ "CREATE TABLE a (x CHECK (x > 0))" "CREATE TABLE a (x CHECK (x > 1))"
}

@test "fingerprint: changes with a DEFAULT, and with the case of its text" {
    differ "CREATE TABLE a (x DEFAULT 'Ann')" "CREATE TABLE a (x DEFAULT 'ann')"
    differ "CREATE TABLE a (x DEFAULT 1)" "CREATE TABLE a (x DEFAULT 10)"
    differ "CREATE TABLE a (x DEFAULT 'a  b')" "CREATE TABLE a (x DEFAULT 'a b')"
}

@test "fingerprint: changes with a type, a collation and a constraint" {
    differ "CREATE TABLE a (x INTEGER)" "CREATE TABLE a (x TEXT)"
    differ "CREATE TABLE a (x TEXT)" "CREATE TABLE a (x TEXT COLLATE NOCASE)"
    differ "CREATE TABLE a (x TEXT)" "CREATE TABLE a (x TEXT NOT NULL)"
    differ "CREATE TABLE a (x INTEGER PRIMARY KEY)" "CREATE TABLE a (x INTEGER PRIMARY KEY) WITHOUT ROWID"
}

@test "fingerprint: changes with an index and its columns" {
    differ "CREATE TABLE a (x, y)" "CREATE TABLE a (x, y); CREATE INDEX i ON a (x)"
    differ "CREATE TABLE a (x, y); CREATE INDEX i ON a (x, y)" "CREATE TABLE a (x, y); CREATE INDEX i ON a (y, x)"
    differ "CREATE TABLE a (x, y); CREATE INDEX i ON a (x)" "CREATE TABLE a (x, y); CREATE UNIQUE INDEX i ON a (x)"
}

@test "fingerprint: changes with the body of a trigger" {
    differ "CREATE TABLE a (x); CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; END" \
        "CREATE TABLE a (x); CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a WHERE x; END"
}

@test "fingerprint: changes with the text of a view" {
    differ "CREATE VIEW v AS SELECT 1 AS x" "CREATE VIEW v AS SELECT 2 AS x"
}

@test "fingerprint: changes with the name of an object" {
    differ "CREATE TABLE a (x)" "CREATE TABLE b (x)"
}

@test "fingerprint: keeps apart what blanks keep apart" {
    differ "CREATE TABLE a (x DOUBLE PRECISION)" "CREATE TABLE a (x DOUBLEPRECISION)"
}

@test "fingerprint: is the same on every call and inside a transaction" {
    three_operations
    mig "SELECT migrate_apply()"
    one=$(mig "SELECT migrate_fingerprint()")
    [ "$(mig "SELECT migrate_fingerprint()" "BEGIN; SELECT migrate_fingerprint(); COMMIT")" = "$one
$one" ]
}

@test "fingerprint: comes back when a change is taken back" {
    three_operations
    one=$(mig "SELECT migrate_apply(NULL, 1)" "SELECT migrate_fingerprint()")
    mig "SELECT migrate_apply()" "SELECT migrate_rollback(2)"
    [ "1
$(mig "SELECT migrate_fingerprint()")" = "$one" ]
}
