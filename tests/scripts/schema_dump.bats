#!/usr/bin/env bats
# schema-dump.sh: what a dump holds, and when there is none.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load front
load schema

setup() {
    use_scratch
    use_schema
}

# Dumps at each version, loads that, applies the rest: the same comes of it as of applying everything.
same_from_each() { # <version>...
    apply all.db
    for version; do
        rm -f app.db new.db
        if [ "$version" = 0 ]; then ask app.db VACUUM; else apply app.db "$version"; fi
        dump default main -q || return
        restore sqlite:new.db main -q || return
        [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ] || return
        apply new.db || return
        [ "$(fingerprint new.db)" = "$(fingerprint all.db)" ] || {
            printf 'from version %s something else comes\n' "$version"
            return 1
        }
        [ "$(ask new.db 'SELECT count(*), min(status) FROM migration')" = \
            "$(ask all.db 'SELECT count(*), max(status) FROM migration')" ] || return
    done
}

@test "schema-dump.sh: of the example, a dump and the rest give what everything gives" {
    use_example
    # Up to 11, the rest refers to rows of before.
    same_from_each 0 12 14 16 17 18 19
}

@test "schema-dump.sh: of all kinds of objects, a dump and the rest give what everything gives" {
    use_all_kinds
    same_from_each 0 1 2 3 4 5 6 7 8 9 10
    [ "$(ask new.db 'SELECT count(*) FROM sqlite_schema WHERE type = "view"')" = 2 ]
}

@test "schema-dump.sh: what was loaded gives the same dump" {
    use_all_kinds
    apply app.db
    dump default one -q
    restore sqlite:new.db one -q
    dump sqlite:new.db two -q
    cmp database/schema/one.sql database/schema/two.sql
}

@test "schema-dump.sh: two runs write the same bytes, and leave the file alone" {
    use_example
    apply app.db
    run --separate-stderr -0 dump default main
    [ "$output" = "$main" ]
    [ "$stderr" = "" ]
    touch -d 2001-01-01 "$main"
    cp -p "$main" before
    dump default main -q
    cmp "$main" before
    [ ! "$main" -nt before ]
    TZ=Asia/Tehran LC_ALL=C.UTF-8 MIGRATE_ACTOR=somebody dump default other -q
    cmp "$main" database/schema/other.sql
}

@test "schema-dump.sh: says what the dump is, and loads without the extension" {
    three_operations
    apply app.db
    dump default main -q
    [ "$(head -n 6 "$main")" = "-- The schema of a database, and which operations it comes from. Written by schema-dump.sh.
-- schema-restore.sh loads it into an empty database; so does the sqlite3 shell.
-- format: 1
-- version: 3
-- fingerprint: $(fingerprint app.db)
-- table: \"migration\"" ]
    sqlite3 -batch -init /dev/null bare.db <"$main"
    [ "$(fingerprint bare.db)" = "$(fingerprint app.db)" ]
    [ "$(ask bare.db 'SELECT * FROM migration')" = "$(ask app.db 'SELECT * FROM migration')" ]
}

@test "schema-dump.sh: keeps every byte of the tracking rows, and no row of anything else" {
    use_all_kinds
    program 0011 TASK-2 binary sh <<'PROGRAM'
#!/bin/sh
. /dev/null
[ "$1" = down ] || echo 'CREATE TABLE made (a);'
exit
PROGRAM
    printf 'bytes \0\1\377\r\n' >>migrations/2025-01-10/0011-TASK-2-binary.sh
    export MIGRATE_SCRIPTS=on
    apply app.db
    dump default main -q
    restore sqlite:new.db main -q
    columns='id, version, task_name, description, migration_date, type, file_path, hex(checksum), status, started_at,
        completed_at, typeof(code), hex(code), hex(rollback_code)'
    [ "$(ask new.db "SELECT $columns FROM migration")" = "$(ask app.db "SELECT $columns FROM migration")" ]
    [ "$(ask new.db 'SELECT (SELECT count(*) FROM "select") + (SELECT count(*) FROM kv) + (SELECT count(*) FROM migration_log)')" = 0 ]
    [ "$(db=new.db mig 'SELECT migrate_verify()')" = 1 ]
}

@test "schema-dump.sh: triggers fire in the order they did" {
    use_all_kinds
    apply app.db
    dump default main -q
    restore sqlite:new.db main -q
    local file
    for file in app.db new.db; do
        ask "$file" "INSERT INTO docs VALUES (1, 'a', 'b')"
    done
    [ "$(ask app.db 'SELECT name FROM fired')" = "$(ask new.db 'SELECT name FROM fired')" ]
    [ "$(ask app.db 'SELECT count(*) FROM fired')" = 2 ]
}

@test "schema-dump.sh: leaves out what SQLite makes, shadow tables, and temporary objects" {
    use_all_kinds
    apply app.db
    dump default main -q
    run ! grep -E 'CREATE[A-Z ]* "?(sqlite_|docs_fts_|aaa_|geo_(node|rowid|parent))' "$main"
    run ! grep '^INSERT INTO main."migration_log"' "$main"
    grep -q '^CREATE TABLE geo_notes' "$main"
    grep -q '^CREATE TABLE docs_config' "$main"
}

@test "schema-dump.sh: a counter of AUTOINCREMENT begins anew" {
    use_all_kinds
    apply app.db
    dump default main -q
    restore sqlite:new.db main -q
    ask new.db 'INSERT INTO "select" ("we""ird") VALUES (1)'
    [ "$(ask new.db 'SELECT "from", x, y FROM "select"')" = "1|2|3" ]
    [ "$(ask app.db "SELECT seq FROM sqlite_sequence WHERE name = 'select'")" = 2 ]
}

@test "schema-dump.sh: keeps user_version, application_id, auto_vacuum and the journal mode" {
    ask app.db 'PRAGMA auto_vacuum = INCREMENTAL' 'PRAGMA journal_mode = WAL' 'PRAGMA user_version = -7' \
        'PRAGMA application_id = 1234' 'CREATE TABLE a (b)'
    three_operations
    dump default main -q
    restore sqlite:new.db main -q
    [ "$(ask new.db 'PRAGMA auto_vacuum' 'PRAGMA journal_mode' 'PRAGMA user_version' 'PRAGMA application_id')" = "2
wal
-7
1234" ]
    [ "$(echo new.db*)" = new.db ]
}

@test "schema-dump.sh: a database in UTF-16 comes back as one" {
    local encoding
    use_all_kinds
    for encoding in UTF-16le UTF-16be; do
        rm -f app.db new.db
        ask app.db "PRAGMA encoding = '$encoding'" "CREATE TABLE t (a DEFAULT 'şف')"
        apply app.db
        dump default main -q
        restore sqlite:new.db main -q
        [ "$(ask new.db 'PRAGMA encoding')" = "$encoding" ]
        [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ]
        [ "$(ask new.db 'SELECT hex(code) FROM migration')" = "$(ask app.db 'SELECT hex(code) FROM migration')" ]
    done
}

@test "schema-dump.sh: a line that the sqlite3 shell takes for the end of a statement does no harm" {
    three_operations
    python3 - <<'PYTHON'
import sqlite3
db = sqlite3.connect('app.db')
db.execute("CREATE VIEW v AS SELECT 8\n/\n2 AS half, '\n/\n' AS slash, 1\n  go\n, 3 AS c")
PYTHON
    dump default main -q
    sqlite3 -batch -init /dev/null bare.db <"$main"
    [ "$(fingerprint bare.db)" = "$(fingerprint app.db)" ]
    [ "$(ask bare.db "SELECT half, slash = char(10) || '/' || char(10), go FROM v")" = "4|1|1" ]
}

@test "schema-dump.sh: takes the tracking table from --table, whatever its name" {
    local name=$'my "m" \'x\'\n%s ə'
    three_operations
    MIGRATE_TABLE=$name apply app.db
    dump default main -q --table "$name"
    restore sqlite:new.db main --table="$name" -q
    [ "$(MIGRATE_TABLE=$name fingerprint new.db)" = "$(MIGRATE_TABLE=$name fingerprint app.db)" ]
    [ "$(front current --connection sqlite:new.db --table "$name")" = 3 ]
    run --separate-stderr -78 restore sqlite:other.db main
    [ "$stderr" = 'schema-restore.sh: the dump database/schema/main.sql has its operations in table "my \"m\" '\''x'\''\n%s ə", and the tracking table is "migration"
hint: --table or MIGRATE_TABLE names it' ]
    [ ! -e other.db ]
}

@test "schema-dump.sh: a database without operations is one at version 0" {
    three_operations
    ask app.db 'CREATE TABLE a (b)'
    dump default main -q
    grep -qx -e '-- version: 0' "$main"
    restore sqlite:new.db main -q
    [ "$(ask new.db "SELECT group_concat(name) FROM sqlite_schema")" = a ]
}

@test "schema-dump.sh: is refused while an operation is not settled" {
    three_operations
    operation 0004 TASK-2 half $'-- migrate: no-transaction\nCREATE TABLE half (a);\nCREATE TABLE half (a);'
    run -1 apply app.db
    run --separate-stderr -65 dump default main
    [ "$output" = "" ]
    [ "${stderr_lines[0]}" = "schema-dump.sh: no dump of app.db is made while its operations are not in order: operation 4 (2025-01-10/0004-TASK-2-half_up.sql) failed outside a transaction and may be half done" ]
    [ ! -e database ]
}

@test "schema-dump.sh: is refused when an applied file was changed, but not for what is pending" {
    three_operations
    operation 0004 TASK-2 bad 'CREATE TABLE'
    apply app.db 3
    dump default main -q
    operation 0003 TASK-2 add-ann "SELECT 1;"
    run --separate-stderr -65 dump default other
    [[ ${stderr_lines[0]} == "schema-dump.sh: no dump of app.db is made while its operations are not in order: 2025-01-10/0003-TASK-2-add-ann_up.sql was changed after it was applied: "* ]]
    [ "$(ls database/schema)" = main.sql ]
}

@test "schema-dump.sh: warns when the schema is not what the last run has left" {
    three_operations
    apply app.db
    ask app.db 'CREATE TABLE by_hand (a)'
    run --separate-stderr -0 dump default main
    [ "$output" = "$main" ]
    [[ ${stderr_lines[0]} == "schema-dump.sh: warning: the schema was changed since the last run: its fingerprint is "* ]]
    [ "${stderr_lines[1]}" = "hint: find the change and put it into an operation, or take it back" ]
}

@test "schema-dump.sh: is refused for a schema that would not load again" {
    three_operations
    cat >function.py <<'PYTHON'
import sqlite3
db = sqlite3.connect('app.db')
db.create_function('dbl', 1, lambda x: x, deterministic=True)
db.executescript('CREATE TABLE t (a); CREATE INDEX i ON t (dbl(a));')
PYTHON
    python3 function.py
    run --separate-stderr -65 dump default main
    [ "${stderr_lines[0]}" = "schema-dump.sh: the dump of app.db would not load: no such function: dbl" ]
    [[ ${stderr_lines[-1]} =~ ^hint:\ line\ [0-9]+\ of\ it\ is:\ CREATE\ INDEX\ i\ ON\ t\ \(dbl\(a\)\)\;$ ]]
    [ ! -e database ]
}

@test "schema-dump.sh: is refused when a table would be taken for a shadow table" {
    three_operations
    ask app.db "CREATE VIRTUAL TABLE f USING fts5(a, content='')" 'CREATE TABLE f_content (id INTEGER PRIMARY KEY)'
    run --separate-stderr -65 dump default main
    [ "$stderr" = "schema-dump.sh: the dump of app.db would not bring back the table f_content
hint: it has a name that belongs to a virtual table: give it another one" ]
}

@test "schema-dump.sh: is refused when the sqlite3 shell would change a text" {
    three_operations
    printf "import sqlite3\nsqlite3.connect('app.db').execute(\"CREATE VIEW v AS SELECT 'a\\\\r\\\\nb'\")\n" | python3 -
    run --separate-stderr -65 dump default main
    [ "$stderr" = "schema-dump.sh: the dump of app.db would not bring back the same schema
hint: a text with CR LF inside of quotes cannot be loaded by the sqlite3 shell" ]
}

@test "schema-dump.sh: a run that goes on meanwhile does not tear it" {
    local at
    three_operations
    declare -A known
    for at in 1 2 3; do
        rm -f one.db
        apply one.db "$at"
        known[$at]=$(fingerprint one.db)
    done
    ask app.db 'PRAGMA journal_mode = WAL'
    apply app.db
    # Two versions back and forth until the file is there.
    for at in {1..200}; do
        [ ! -e enough ] || break
        sqlite3 -batch -init /dev/null app.db '.timeout 9000' ".load $extension" 'SELECT migrate_to(1)' 'SELECT migrate_apply()' \
            >run.log 2>&1 3>&- || :
    done &
    runner=$!
    for at in 1 2 3 4 5 6; do
        MIGRATE_LOCK_TIMEOUT=20000 dump default main -q
        version=$(sed -n 's/^-- version: //p' "$main")
        [ "$(sed -n 's/^-- fingerprint: //p' "$main")" = "${known[$version]}" ]
        [ "$(grep -c "^    'completed',$" "$main")" = "$version" ]
    done
    touch enough
    wait "$runner"
}

@test "schema-dump.sh: waits for nobody longer than the lock timeout" {
    three_operations
    apply app.db
    mkfifo held let_go
    {
        printf 'BEGIN EXCLUSIVE;\n.shell echo held > held\n'
        cat let_go
    } | sqlite3 -batch -bail -init /dev/null app.db 3>&- &
    holder=$!
    read -r _ <held
    MIGRATE_LOCK_TIMEOUT=50 run --separate-stderr -75 dump default main
    [ "$stderr" = "schema-dump.sh: database is locked" ]
    printf 'ROLLBACK;\n' >let_go
    wait "$holder"
    [ ! -e database ]
}

@test "schema-dump.sh: takes its name from the connection" {
    three_operations
    apply app.db
    apply "we ird.v2.db"
    run --separate-stderr -0 dump
    [ "$output" = database/schema/default.sql ]
    run --separate-stderr -0 dump 'sqlite:we%20ird.v2.db'
    [ "$output" = database/schema/we-ird.v2.sql ]
    DATABASE_URL_REPORTS=sqlite:app.db run --separate-stderr -0 dump reports
    [ "$output" = database/schema/reports.sql ]
}

@test "schema-dump.sh: a name that is none is refused" {
    local name
    three_operations
    apply app.db
    for name in '' ../x 'a b' .x $'a\nb' 'a/b' 'ə' 'a;b' '*'; do
        run --separate-stderr -64 dump default "$name"
        [ "$stderr" = "schema-dump.sh: \"$name\" cannot be the name of a dump
hint: take letters, digits and . _ - ; not . or - first" ]
    done
    run --separate-stderr -64 dump default -- -x
    [ "${stderr_lines[0]}" = 'schema-dump.sh: "-x" cannot be the name of a dump' ]
    [ ! -e database ]
}

@test "schema-dump.sh --stdout: prints the dump and writes nothing" {
    three_operations
    apply app.db
    dump default main -q
    mv database kept
    dump --stdout >out
    cmp out kept/schema/main.sql
    [ ! -e database ]
}

@test "schema-dump.sh: the file has the mode that the umask gives, and its folder too" {
    three_operations
    apply app.db
    (umask 022 && dump default main -q)
    [ "$(stat -c %a database/schema "$main")" = $'755\n644' ]
}

@test "schema-dump.sh: replaces a symbolic link, and leaves alone what it leads to" {
    three_operations
    apply app.db
    mkdir -p database/schema
    printf 'precious\n' >precious
    ln -s ../../precious "$main"
    dump default main -q
    [ "$(cat precious)" = precious ]
    [ ! -h "$main" ]
    [ "$(ls -A database/schema)" = main.sql ]
}

@test "schema-dump.sh: says when the file cannot be written" {
    three_operations
    apply app.db
    mkdir -p "$main"
    run --separate-stderr -73 dump default main
    [ "$stderr" = "schema-dump.sh: cannot write the dump $main: there is a folder of that name" ]
    rm -r database
    printf 'a file\n' >database
    run --separate-stderr -73 dump default main
    [ "$stderr" = "schema-dump.sh: cannot create the folder database/schema
hint: check its parent and the permissions" ]
}

@test "schema-dump.sh: a full disk leaves the dump that was there" {
    three_operations
    apply app.db
    dump default main -q
    cp "$main" before
    operation 0004 TASK-2 more 'CREATE TABLE more (a);'
    apply app.db
    # cp writes half, and says that all is well.
    mkdir stubs
    printf '#!/bin/sh\nfor last; do :; done\nhead -c 100 "$2" >"$last"\n' >stubs/cp
    chmod +x stubs/cp
    PATH=$PWD/stubs:$PATH run --separate-stderr -74 dump default main
    [ "$stderr" = "schema-dump.sh: cannot write the dump $main
hint: check the free space" ]
    cmp before "$main"
    [ "$(ls -A database/schema)" = main.sql ]
}

@test "schema-dump.sh: says when there is no database, or what it is given is none" {
    three_operations
    run --separate-stderr -66 dump
    [ "$stderr" = "schema-dump.sh: there is no database app.db
hint: check --connection, DATABASE_URL and the working directory" ]
    [ ! -e app.db ]
    printf 'this is a text, and a long one at that: not a database at all, whatever its name says\n%600s\n' '' >app.db
    run --separate-stderr -65 dump
    [ "$stderr" = "schema-dump.sh: file is not a database" ]
    run --separate-stderr -78 dump nowhere
    [ "${stderr_lines[0]}" = "schema-dump.sh: there is no connection nowhere: DATABASE_URL_NOWHERE is not set" ]
}
