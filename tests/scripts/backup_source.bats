#!/usr/bin/env bats
# backup-database.sh: what it is asked to copy, whole or in parts, good or bad.

# shellcheck disable=SC2016,SC2119,SC2120 # quotes: for the stubs; `run` passes the arguments

load ../helpers/migrate
load front
load backup

setup() {
    use_scratch
    use_backup
}

# Nothing was made in the folder of the snapshots.
nothing_was_kept() {
    [ ! -d backups ] || { [ "$(kept)" = "" ] && nothing_is_left; }
}

@test "backup-database.sh: prints the path of the snapshot, which has everything in it" {
    run --separate-stderr -0 backup
    [ "$stderr" = "" ]
    [ "$(settled "$output")" = backups/default_TIME_snapshot.sqlite ]
    [ "$(sqlite3 "$output" .dump)" = "$(plain .dump)" ]
    [ "$(kept)" = "REGISTER.md
default_TIME_snapshot.sqlite
default_TIME_snapshot.sqlite.sha256" ]
    all_is_well
}

@test "backup-database.sh: a snapshot of a database in WAL mode is one file, which needs no other" {
    plain "PRAGMA journal_mode = WAL" >mode
    run --separate-stderr -0 backup
    chmod 400 "$output"
    [ "$(sqlite3 -readonly "$output" "PRAGMA journal_mode" "SELECT count(*) FROM users")" = "delete
2" ]
    [ "$(kept)" = "REGISTER.md
default_TIME_snapshot.sqlite
default_TIME_snapshot.sqlite.sha256" ]
}

@test "backup-database.sh: without the extension, a snapshot of a database in WAL mode is one file, too" {
    without_extension
    plain "PRAGMA journal_mode = WAL" >mode
    run --separate-stderr -0 backup
    chmod 400 "$output"
    [ "$(sqlite3 -readonly "$output" "PRAGMA journal_mode" "SELECT count(*) FROM users")" = "delete
2" ]
    all_is_well
}

@test "backup-database.sh: does not make a database that is not there" {
    run --separate-stderr -66 backup --connection sqlite:typo.db
    [ "$output" = "" ]
    [ "$stderr" = "backup-database.sh: there is no database typo.db
hint: check --connection, DATABASE_URL and the working directory" ]
    ln -s nowhere.db dangling.db
    run --separate-stderr -66 backup --connection sqlite:dangling.db
    [ "${stderr_lines[0]}" = "backup-database.sh: there is no database dangling.db" ]
    [ ! -e typo.db ]
    [ ! -e nowhere.db ]
    nothing_was_kept
}

@test "backup-database.sh: refuses what cannot be a database" {
    : >empty.db
    mkdir folder.db
    mkfifo pipe.db
    printf 'This is a letter, and a long one, so that nobody takes it for anything else.%0500d' 0 >letter.db
    head -c 8192 /dev/urandom >encrypted.db
    run --separate-stderr -65 backup --connection sqlite:empty.db
    [ "$stderr" = "backup-database.sh: empty.db is an empty file, not a database
hint: check --connection and DATABASE_URL" ]
    run --separate-stderr -65 backup --connection sqlite:folder.db
    [ "$stderr" = "backup-database.sh: folder.db is not a file
hint: check --connection and DATABASE_URL" ]
    run --separate-stderr -65 backup --connection sqlite:pipe.db
    [ "$stderr" = "backup-database.sh: pipe.db is not a file
hint: check --connection and DATABASE_URL" ]
    run --separate-stderr -65 backup --connection sqlite:/dev/null
    [ "$stderr" = "backup-database.sh: /dev/null is not a file
hint: check --connection and DATABASE_URL" ]
    local name
    for name in letter encrypted; do
        run --separate-stderr -65 backup --connection "sqlite:$name.db"
        [ "$stderr" = "backup-database.sh: cannot copy $name.db: file is not a database
hint: it is not an SQLite database, or it is encrypted" ]
        MIGRATE_EXTENSION=nosuch run --separate-stderr -65 backup --connection "sqlite:$name.db"
        [ "$stderr" = "backup-database.sh: cannot copy $name.db: file is not a database
hint: it is not an SQLite database, or it is encrypted" ]
    done
    nothing_was_kept
}

@test "backup-database.sh: keeps no copy of a database in which nothing is" {
    sqlite3 fresh.db "PRAGMA user_version = 7"
    run --separate-stderr -66 backup --connection sqlite:fresh.db
    [ "$stderr" = "backup-database.sh: cannot copy fresh.db: the database is empty
hint: a wrong path opens an empty database: check it" ]
    without_extension
    run --separate-stderr -66 backup --connection sqlite:fresh.db
    [ "$stderr" = "backup-database.sh: cannot copy fresh.db: the database is empty
hint: a wrong path opens an empty database: check it" ]
    nothing_was_kept
}

@test "backup-database.sh: follows a symbolic link to a database" {
    mkdir elsewhere
    plain "PRAGMA journal_mode = WAL" >mode
    mv app.db elsewhere
    ln -s elsewhere/app.db app.db
    run --separate-stderr -0 backup
    [ "$(sqlite3 "$output" "SELECT count(*) FROM users")" = 2 ]
    all_is_well
}

@test "backup-database.sh: works on names that hold everything" {
    local name
    for name in $'a b\tc\nd' "it's \"x\"" 'back\slash' "\$(touch x);*" -dash .hidden 'per%25cent' 'ha#sh' 'şah فا' 'file:x'; do
        cp app.db "./${name/\%25/%}"
        run --separate-stderr -0 backup --connection "sqlite:$name" -q
        MIGRATE_EXTENSION=nosuch run --separate-stderr -0 backup --connection "sqlite:$name"
        [ "$(sqlite3 "$output" "SELECT count(*) FROM users")" = 2 ]
    done
    [ ! -e x ]
    all_is_well
    [ "$(snapshots | grep -cvE '^backups/[A-Za-z0-9][A-Za-z0-9.-]*_[0-9TZ]+_snapshot(-[0-9]+)?\.sqlite$')" = 0 ]
}

@test "backup-database.sh: keeps page size, encoding, auto_vacuum and the numbers of the application" {
    local size
    for size in 512 1024 65536; do
        rm -f odd.db
        sqlite3 odd.db "PRAGMA page_size = $size" "PRAGMA encoding = 'UTF-16be'" "PRAGMA auto_vacuum = incremental" \
            "PRAGMA application_id = 42" "PRAGMA user_version = 9" "CREATE TABLE t (x INTEGER) STRICT"
        run --separate-stderr -0 backup --connection sqlite:odd.db
        [ "$(sqlite3 "$output" "PRAGMA page_size" "PRAGMA encoding" "PRAGMA auto_vacuum" "PRAGMA application_id" \
            "PRAGMA user_version" | tr '\n' ' ')" = "$size UTF-16be 2 42 9 " ]
    done
}

@test "backup-database.sh: copies full-text indexes, tables without rowid, generated columns, views and triggers" {
    plain "CREATE TABLE kinds (a TEXT PRIMARY KEY, b AS (upper(a)) STORED) WITHOUT ROWID" \
        "CREATE VIRTUAL TABLE words USING fts5 (text)" "CREATE VIRTUAL TABLE places USING rtree (id, a, b)" \
        "CREATE VIEW names AS SELECT name FROM users" "CREATE INDEX some ON users (name) WHERE id > 1" \
        "CREATE TRIGGER again AFTER INSERT ON users BEGIN INSERT INTO words VALUES (new.name); END" \
        "INSERT INTO kinds VALUES ('x')" "INSERT INTO words VALUES ('hello world')" "INSERT INTO places VALUES (1, 2, 3)"
    run --separate-stderr -0 backup
    [ "$(sqlite3 "$output" "SELECT (SELECT b FROM kinds), (SELECT text FROM words WHERE words MATCH 'world'), (SELECT a FROM places)")" = "X|hello world|2.0" ]
    [ "$(sqlite3 "$output" .schema)" = "$(plain .schema)" ]
    all_is_well
}

# Changes bytes in the middle of a page that holds rows.
damage() { # <file>
    printf '\377\377\377\377\377\377\377\377' | dd of="$1" bs=1 seek=$((512 * 6)) conv=notrunc status=none
}

rows_of_text() {
    rm -f app.db
    plain "PRAGMA page_size = 512" "CREATE TABLE users (name)" \
        "INSERT INTO users WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT 'row ' || i FROM n"
}

@test "backup-database.sh: keeps no copy of a database that is damaged" {
    rows_of_text
    damage app.db
    run --separate-stderr -65 backup
    [[ ${stderr_lines[0]} == "backup-database.sh: the database is damaged: "* ]]
    [ "${stderr_lines[1]}" = "hint: PRAGMA integrity_check in the original says whether it is; restore a snapshot if so" ]
    MIGRATE_EXTENSION=nosuch run --separate-stderr -65 backup
    [[ ${stderr_lines[0]} == "backup-database.sh: the database is damaged: "* ]]
    nothing_was_kept
}

@test "backup-database.sh: keeps no copy of a database in which an index does not know every row" {
    plain "CREATE INDEX users_name ON users (name)" "PRAGMA writable_schema = ON" "CREATE TABLE kept AS
        SELECT * FROM sqlite_schema WHERE name = 'users_name'" "DELETE FROM sqlite_schema WHERE name = 'users_name'"
    plain "INSERT INTO users (name) VALUES ('Carl')"
    plain "PRAGMA writable_schema = ON" "INSERT INTO sqlite_schema SELECT * FROM kept"
    run --separate-stderr -65 backup
    [ "$stderr" = "backup-database.sh: the database is damaged: row 3 missing from index users_name
hint: PRAGMA integrity_check in the original says whether it is; restore a snapshot if so" ]
    without_extension
    run --separate-stderr -65 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: the database is damaged: row 3 missing from index users_name" ]
    nothing_was_kept
}

@test "backup-database.sh: keeps no copy of a database of which the end is missing" {
    rows_of_text
    truncate -s 5000 app.db
    run --separate-stderr -65 backup
    [[ ${stderr_lines[0]} == "backup-database.sh: "*"app.db"*malformed* || ${stderr_lines[0]} == "backup-database.sh: the database is damaged: "* ]]
    MIGRATE_EXTENSION=nosuch run --separate-stderr -65 backup
    nothing_was_kept
}

@test "backup-database.sh: rows without a parent are the database's own, so they are a warning" {
    plain "CREATE TABLE pets (owner REFERENCES users (id))" "INSERT INTO pets VALUES (1), (8), (9)"
    run --separate-stderr -0 backup
    [ "$stderr" = "backup-database.sh: warning: 2 rows refer to a parent that is not there, in the original as in the copy" ]
    all_is_well
    run --separate-stderr -0 backup -q
    [ "$output$stderr" = "" ]
}

@test "backup-database.sh: foreign keys that cannot be checked are a warning" {
    plain "CREATE TABLE pets (owner REFERENCES users (name))" "INSERT INTO pets VALUES ('Ann')"
    run --separate-stderr -0 backup
    [[ $stderr == "backup-database.sh: warning: foreign keys cannot be checked: foreign key mismatch"* ]]
    all_is_well
}

# An index that only those can read who have a function of the application: here, of an extension that
# is not found by itself.
application_function() {
    mkdir own
    cp "$extension" own/migrate.so
    mig "CREATE INDEX sums ON users (migrate_checksum(name))"
    without_extension
}

@test "backup-database.sh: a database that cannot be checked is not called damaged, and no copy is kept" {
    application_function
    run --separate-stderr -69 backup
    [ "$stderr" = "backup-database.sh: the copy cannot be checked here: unknown function: migrate_checksum()
hint: --load EXTENSION loads what the application brings along" ]
    nothing_was_kept
}

@test "backup-database.sh: --load makes the functions of the application known" {
    application_function
    run --separate-stderr -0 backup --load "$PWD/own/migrate.so"
    MIGRATE_BACKUP_LOAD=$PWD/own/migrate.so run --separate-stderr -0 backup --verify "$output"
    MIGRATE_BACKUP_LOAD=$PWD/own/migrate.so backup --tables users -q
    run --separate-stderr -69 backup --load "$PWD/nosuch.so"
    [[ ${stderr_lines[0]} == "backup-database.sh: cannot load the extension $PWD/nosuch.so: "* ]]
}

@test "backup-database.sh: .env does not say what is loaded" {
    application_function
    printf 'MIGRATE_BACKUP_LOAD=%s\n' "$PWD/own/migrate.so" >.env
    run --separate-stderr -69 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: the copy cannot be checked here: unknown function: migrate_checksum()" ]
}

@test "backup-database.sh: a program that read .env does not hand on what it says is loaded" {
    printf 'MIGRATE_BACKUP_LOAD=x.so\nMIGRATE_BACKUP_NAME=y\n' >.env
    run --separate-stderr -0 sh -c "set -eu; here=$root/scripts; . \"\$here/lib/program.sh\"; dotenv_read
        printf '%s\n' \"\${MIGRATE_BACKUP_LOAD-none} \$MIGRATE_BACKUP_NAME\""
    [ "$output" = "none y" ]
}

@test "backup-database.sh: a database with a table of a module that is not here can be copied" {
    mig "CREATE VIRTUAL TABLE words USING fts5 (text)" "PRAGMA writable_schema = ON" \
        "UPDATE sqlite_schema SET sql = replace(sql, 'fts5', 'nosuch') WHERE name = 'words'"
    run --separate-stderr -0 backup
    [ "$(sqlite3 "$output" "SELECT sql FROM sqlite_schema WHERE name = 'words'")" = "CREATE VIRTUAL TABLE words USING nosuch (text)" ]
}

@test "backup-database.sh: --tables copies some tables with what belongs to them, and marks the file" {
    plain "CREATE TABLE pets (id INTEGER PRIMARY KEY AUTOINCREMENT, owner)" "INSERT INTO pets (owner) VALUES ('secret')" \
        "CREATE INDEX pets_owner ON pets (owner)" "CREATE VIRTUAL TABLE words USING fts5 (text)" \
        "INSERT INTO words VALUES ('hello')" "CREATE VIEW all_names AS SELECT name FROM users JOIN pets" \
        "CREATE INDEX users_name ON users (name)"
    run --separate-stderr -0 backup --tables USERS,words part
    [ "$(settled "$output")" = backups/default_TIME_part.partial.sqlite ]
    [ "$(sqlite3 "$output" "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema
        WHERE name NOT GLOB 'words_*' AND name NOT GLOB 'sqlite_*' ORDER BY name)")" = "users users_name words" ]
    [ "$(sqlite3 "$output" "SELECT text FROM words WHERE words MATCH 'hello'")" = hello ]
    [ "$(sqlite3 "$output" "PRAGMA freelist_count")" = 0 ]
    run ! grep -q secret "$output"
    [ "$(grep -c '| local | USERS,words |' backups/REGISTER.md)" = 1 ]
    all_is_well
}

@test "backup-database.sh: --tables refuses a table that is not there" {
    plain "CREATE VIEW names AS SELECT name FROM users" "CREATE TABLE userAx (y)"
    local name
    for name in nosuch names user_x 'user%' '*' sqlite_schema ''; do
        run --separate-stderr -66 backup --tables "users,$name"
        [ "$stderr" = "backup-database.sh: there is no table \"$name\" in app.db
hint: names stand as they are, with commas between them" ]
    done
    nothing_was_kept
}

@test "backup-database.sh: --tables takes names that hold everything" {
    local name names=($'a b\tc\nd' "it's" 'we""ird' 'back\slash' '$(touch x);DROP' '-x' '.dump' 'ş%_?' 'a|b`c`')
    for name in "${names[@]}"; do
        plain "CREATE TABLE \"$name\" (x)" "INSERT INTO \"$name\" VALUES (1)" "CREATE TABLE \"other $name\" (x)"
    done
    names[2]='we"ird'
    run --separate-stderr -0 backup --tables "$(IFS=, && printf '%s' "${names[*]}")"
    [ "$(sqlite3 "$output" "SELECT count(*) FROM sqlite_schema")" = 9 ]
    [ "$(wc -l <backups/REGISTER.md)" = 5 ]
    all_is_well
}

@test "backup-database.sh: a folder that cannot be written to is no matter, unless the database is in WAL mode" {
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a read-only folder"
    mkdir sealed
    mv app.db sealed
    local sealed='mount --bind sealed sealed && mount -o remount,ro,bind sealed && exec "$@"'
    unshare -rm sh -c "$sealed" sh "$root/scripts/backup-database.sh" --connection sqlite:sealed/app.db -q
    sqlite3 sealed/app.db "PRAGMA journal_mode = WAL" >mode
    run --separate-stderr -77 unshare -rm sh -c "$sealed" sh "$root/scripts/backup-database.sh" --connection sqlite:sealed/app.db
    [[ ${stderr_lines[0]} == "backup-database.sh: cannot open sealed/app.db: "* ]]
    [ "${stderr_lines[1]}" = "hint: who copies a database in WAL mode must be able to write to its folder" ]
    [ "$(snapshots | wc -l)" = 1 ]
    all_is_well
}

# Runs the program without the rights that root has.
backup_bound() { # <argument>...
    local command=("$root/scripts/backup-database.sh" "$@")
    if [ "$(id -u)" = 0 ]; then
        command=(setpriv "--bounding-set=-dac_override,-dac_read_search"
            "--inh-caps=-dac_override,-dac_read_search" -- "${command[@]}")
    fi
    "${command[@]}" </dev/null
}

@test "backup-database.sh: a database that belongs to somebody else and is closed to us is refused" {
    chmod 0 app.db
    run --separate-stderr -77 backup_bound
    [ "$output" = "" ]
    [ "$stderr" = "backup-database.sh: cannot read app.db
hint: check its permissions" ]
    [ ! -e backups ]
}

@test "backup-database.sh: a shell that may open few files, or has little memory, fails or copies, and never keeps a bad file" {
    local status=0
    (ulimit -n 9 && backup >out 2>said) || status=$?
    [ "$status" -eq 0 ] || [ -s said ]
    status=0
    (ulimit -v 60000 && backup >out 2>said) || status=$?
    [ "$status" -eq 0 ] || [ -s said ]
    [ ! -d backups ] || all_is_well
}

@test "backup-database.sh: a database of more than 1 GiB, whose lock page is no page, is copied whole" {
    [ "$(df -Pk . | awk 'NR == 2 { print ($4 > 6000000) }')" = 1 ] || skip "there is no room for a database of 1 GiB and its copy here"
    plain "PRAGMA synchronous = OFF" "PRAGMA journal_mode = OFF" "CREATE TABLE big (x)" \
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) INSERT INTO big SELECT zeroblob(1000000) FROM n" >out
    [ "$(stat -c %s app.db)" -gt 1073745920 ]
    run --separate-stderr -0 backup
    [ "$(stat -c %s "$output")" = "$(stat -c %s app.db)" ]
    [ "$(sqlite3 -init /dev/null "$output" "SELECT count(*), sum(length(x)) FROM big" "SELECT count(*) FROM users")" = "1100|1100000000
2" ]
    rm -f app.db "$output"
}
