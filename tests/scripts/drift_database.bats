#!/usr/bin/env bats
# check-config-drift.sh: the keys of a database, the files that are written, and what is refused.

load ../helpers/migrate
load reports

setup() {
    use_scratch
    use_reports
    three_operations
    kept=storage/config-drift/staging
}

@test "drift: writes a file for each key of the database, and prints their paths" {
    mig 'SELECT migrate_apply()' >out
    run --separate-stderr -0 drift staging
    [ "$output" = "$kept/database.json
$kept/compile_options.json
$kept/schema.json
$kept/migrations.json" ]
    [ "$stderr" = "" ]
    [ "$(ls -A "$kept")" = "compile_options.json
database.json
migrations.json
schema.json" ]
    [ "$(ls -A tmp)" = "" ]
}

@test "drift: writes only the keys that are named" {
    mig 'SELECT migrate_apply()' >out
    run --separate-stderr -0 drift staging schema database
    [ "$output" = "$kept/schema.json
$kept/database.json" ]
    [ "$(ls -A "$kept")" = "database.json
schema.json" ]
}

@test "drift database: has what the file says" {
    plain 'PRAGMA page_size = 8192' "PRAGMA encoding = 'UTF-16le'" 'PRAGMA auto_vacuum = incremental' \
        'PRAGMA journal_mode = wal' 'PRAGMA user_version = 7' 'PRAGMA application_id = -5' 'CREATE TABLE t (x)' >out
    drift staging database
    run -0 grep -E 'page_size|encoding|auto_vacuum|journal_mode|user_version|application_id' "$kept"/database.json
    [ "$output" = '  "application_id": -5,
  "auto_vacuum": "incremental",
  "encoding": "UTF-16le",
  "journal_mode": "wal",
  "page_size": 8192,
  "user_version": 7,' ]
}

@test "drift database: has what a new connection has, and nothing that a database only happens to be" {
    mig 'SELECT migrate_apply()' >out
    drift staging database
    local pragma
    for pragma in cache_size foreign_keys locking_mode recursive_triggers secure_delete trusted_schema; do
        [ "$(sed -n "s/^  \"$pragma\": \(.*\),\$/\1/p" "$kept"/database.json | tr -d '"')" = "$(plain "PRAGMA $pragma")" ]
    done
    grep -q '"synchronous": "full"' "$kept"/database.json
    run ! grep -E '"page_count|freelist|schema_version|busy_timeout' "$kept"/database.json
}

@test "drift compile_options: has the options, and the versions" {
    plain 'PRAGMA user_version = 1'
    drift staging compile_options
    [ "$(grep sqlite_version "$kept"/compile_options.json)" = "  \"sqlite_version\": \"$(plain 'SELECT sqlite_version()')\"" ]
    [ "$(grep migrate_version "$kept"/compile_options.json)" = "  \"migrate_version\": \"$(mig 'SELECT migrate_version()')\"," ]
    [ "$(grep THREADSAFE "$kept"/compile_options.json)" = "  \"THREADSAFE\": \"$(plain "SELECT sqlite_compileoption_used('THREADSAFE=1')")\"," ]
    [ "$(grep -c '^  ' "$kept"/compile_options.json)" -eq "$(plain 'SELECT count(*) + 3 FROM pragma_compile_options')" ]
}

@test "drift schema: has each object with a hash of its own, and the fingerprint" {
    plain 'CREATE TABLE b (x UNIQUE)' 'CREATE TABLE "a b" (id INTEGER PRIMARY KEY AUTOINCREMENT)' 'CREATE VIEW v AS SELECT 1' \
        'CREATE INDEX i ON b (x)' 'CREATE VIRTUAL TABLE f USING fts5(x)' \
        'CREATE TRIGGER t AFTER INSERT ON b BEGIN SELECT 1; END'
    drift staging schema
    run -0 sed -E 's/"[0-9a-f]{64}"/HASH/' "$kept"/schema.json
    [ "$output" = '{
  "fingerprint": HASH,
  "index i": HASH,
  "table a b": HASH,
  "table b": HASH,
  "table f": HASH,
  "trigger t": HASH,
  "view v": HASH
}' ]
    grep -q "$(mig 'SELECT migrate_fingerprint()')" "$kept"/schema.json
    grep -q "\"view v\": \"$(mig "SELECT migrate_checksum('CREATE VIEW v AS SELECT 1')")\"" "$kept"/schema.json
}

@test "drift migrations: has each operation with state and checksum, and the version" {
    mig 'SELECT migrate_apply()' 'SELECT migrate_rollback()' >out
    drift staging migrations
    local sum
    sum=$(plain 'SELECT checksum FROM migration ORDER BY version' | tr '\n' ' ')
    # shellcheck disable=SC2086 # these are words
    set -- $sum
    run -0 cat "$kept"/migrations.json
    [ "$output" = "{
  \"0001-TASK-1-create-users\": \"completed $1\",
  \"0002-TASK-1-add-users-index\": \"completed $2\",
  \"0003-TASK-2-add-ann\": \"rollback $3\",
  \"version\": 2
}" ]
}

@test "drift: writes the same bytes again, and in another place with the same database" {
    mig 'SELECT migrate_apply()' >out
    drift staging
    cp -R "$kept" first
    drift staging
    diff -r "$kept" first
    mkdir other
    cp app.db other/main.sqlite
    (cd other && rm -rf "../$kept" && drift staging --connection sqlite:main.sqlite && cp -R storage ..)
    diff -r "$kept" first
}

@test "drift: is JSON whose names are in order, whatever the names are" {
    local quoted
    quoted=$(printf '%s' $'CREATE TABLE "a""b\'c\\d\tx\nf\x01g\x7fh%_ é \xf0\x9f\x98\x80 \xff\xc3" (x)')
    plain "$quoted" 'CREATE TABLE "a" (x)' 'CREATE TABLE "a b" (x)' 'CREATE TABLE "B" (x)'
    drift staging
    local file
    for file in "$kept"/*.json; do
        python3 - "$file" <<'PYTHON'
import json, sys
text = open(sys.argv[1], encoding="utf-8").read()
pairs = json.loads(text, object_pairs_hook=list)
names = [name for name, value in pairs]
data = [name.encode("utf-8", "surrogateescape") for name in names]
assert data == sorted(set(data)), names
assert text.isprintable() or all(c.isprintable() or c == "\n" for c in text)
assert text.count("\n") == len(names) + 2
PYTHON
    done
    python3 - "$kept"/schema.json <<'PYTHON'
import json, sys
names = json.load(open(sys.argv[1], encoding="utf-8"))
wanted = b"table a\"b'c\\d\tx\nf\x01g\x7fh%_ \xc3\xa9 \xf0\x9f\x98\x80 \xff\xc3"
assert wanted in [name.encode("utf-8", "surrogateescape") for name in names], names
PYTHON
}

@test "drift: keeps its files private, whatever the caller's umask is" {
    mig 'SELECT migrate_apply()' >out
    (umask 000 && drift staging schema)
    [ "$(stat -c %a storage storage/config-drift "$kept" "$kept"/schema.json)" = "700
700
700
600" ]
}

@test "drift: replaces a link that somebody has put in its way, and not what it leads to" {
    mig 'SELECT migrate_apply()' >out
    mkdir -p "$kept"
    echo precious >file
    ln -s ../../../file "$kept"/schema.json
    ln -s nosuch "$kept"/database.json
    drift staging schema database
    [ "$(cat file)" = precious ]
    [ ! -e "$kept"/nosuch ] && [ ! -h "$kept"/schema.json ] && [ ! -h "$kept"/database.json ]
}

@test "drift: does not write into a folder that somebody has put in its way" {
    mig 'SELECT migrate_apply()' >out
    mkdir -p "$kept"/schema.json target
    run --separate-stderr -73 drift staging schema
    [ "$stderr" = "check-config-drift.sh: cannot create $kept/schema.json: there is a folder of that name" ]
    rmdir "$kept"/schema.json
    ln -s ../../../target "$kept"/schema.json
    run --separate-stderr -73 drift staging schema
    [ "$stderr" = "check-config-drift.sh: cannot create $kept/schema.json: there is a folder of that name" ]
    rm -r "$kept"
    ln -s ../../target "$kept"
    run --separate-stderr -73 drift staging schema
    [ "$stderr" = "check-config-drift.sh: the folder $kept is a symbolic link
hint: name the folder that it leads to with --output" ]
    [ "$(ls -A target)" = "" ]
}

@test "drift: leaves all files as they were when one key fails" {
    mig 'SELECT migrate_apply()' >out
    drift staging schema
    cp "$kept"/schema.json before
    plain 'CREATE TABLE more (x)'
    run --separate-stderr -66 drift staging schema file:nosuch.ini
    [ "$output" = "" ]
    [ "$stderr" = "check-config-drift.sh: there is no file nosuch.ini
hint: a name that is not absolute begins in the working directory" ]
    cmp before "$kept"/schema.json
}

@test "drift: refuses a name that is not that of an environment, and a key that there is not" {
    mig 'SELECT migrate_apply()' >out
    run --separate-stderr -64 drift ../../etc/x
    [ "$stderr" = "check-config-drift.sh: \"../../etc/x\" is not the name of an environment
hint: letters, digits, \".\" and \"-\", and a letter or digit first: staging is one" ]
    local key
    run --separate-stderr -64 drift staging databases
    [ "$stderr" = "check-config-drift.sh: there is no key \"databases\"
hint: the keys are: database compile_options schema migrations file:PATH env:PREFIX" ]
    for key in ../schema 'schema migrations' '' FILE:x "schema' --"; do
        run --separate-stderr -64 drift staging "$key"
        [ "$stderr" = "check-config-drift.sh: there is no key \"$key\"
hint: check-config-drift.sh --help" ]
    done
    for key in env: env:1 'env:A*' env:A-B env:.; do
        run --separate-stderr -64 drift staging "$key"
        [ "$stderr" = "check-config-drift.sh: \"$key\" names no environment variables
hint: env:APP_ is for all whose names begin with APP_" ]
    done
    run --separate-stderr -64 drift staging file:
    [ "$stderr" = "check-config-drift.sh: the key file: names no file
hint: file:config/app.ini is one" ]
    [ ! -e storage ]
}

@test "drift: fails without a database, and does not make one" {
    run --separate-stderr -66 drift staging
    [ "$stderr" = "check-config-drift.sh: there is no database app.db
hint: check --connection, DATABASE_URL and the working directory" ]
    [ ! -e app.db ] && [ ! -e storage ]
}

@test "drift: shows usage errors on standard error" {
    local args expected
    while IFS='|' read -r args expected; do
        # shellcheck disable=SC2086 # these are words
        run --separate-stderr -64 drift $args
        [ "$output" = "" ]
        [ "$stderr" = "check-config-drift.sh: $expected
hint: check-config-drift.sh --help" ]
    done <<'USAGE'
|the name of the environment is missing
--frobnicate|unknown option: --frobnicate
a --connection|option --connection needs a value
a --connection=|option --connection needs a value
a --output|option --output needs a value
--compare a|--compare takes the names of two environments
--compare a b --connection x|--connection and --compare do not go together
USAGE
    [ ! -e storage ]
}

@test "drift --help: prints the manual on standard output" {
    run --separate-stderr -0 drift --help
    [ "$stderr" = "" ]
    [ "${lines[0]}" = "Writes down how an environment is configured, so that two environments can be compared." ]
    [ "$(drift -h)" = "$output" ]
}
