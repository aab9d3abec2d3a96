#!/usr/bin/env bats
# sqlite-migrate fresh and seed.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front_database
    three_operations
}

seed_file() { # <name> <text>
    mkdir -p database/seeds
    printf '%s\n' "$2" >"database/seeds/$1"
}

# The databases that are there, but for app.db itself.
others() {
    find . -maxdepth 1 -name 'app.db?*'
}

@test "sqlite-migrate seed: runs all files in the order of their names" {
    front up -q
    seed_file 02-more.sql "UPDATE users SET name = name || '!';"
    seed_file 01-first.sql "INSERT INTO users (name) VALUES ('Bob'); SELECT 'not shown';"
    run --separate-stderr -0 front seed
    [ "$output" = "" ]
    [ "$stderr" = "seeded" ]
    [ "$(plain "SELECT group_concat(name, ' ') FROM users")" = "Ann! Bob!" ]
}

@test "sqlite-migrate seed: keeps nothing when a file fails, and names the line" {
    front up -q
    seed_file 01-first.sql "INSERT INTO users (name) VALUES ('Bob');"
    seed_file "02 it's.sql" $'INSERT INTO users (name) VALUES (\'Carl\');\nINSERT INTO users (id, name) VALUES (1, NULL);'
    run --separate-stderr -1 front seed
    [ "$stderr" = "sqlite-migrate: cannot seed: database/seeds/02 it's.sql:2: NOT NULL constraint failed: users.name
hint: nothing of any seed was kept" ]
    [ "$(plain "SELECT group_concat(name, ' ') FROM users")" = "Ann" ]
}

@test "sqlite-migrate seed: refuses commands of the shell, and what would end the transaction" {
    front up -q
    seed_file 01-first.sql "INSERT INTO users (name) VALUES ('Bob');"
    seed_file 02-bad.sql $'SELECT 1;\n.shell touch made'
    run --separate-stderr -65 front seed
    [ "$stderr" = "sqlite-migrate: database/seeds/02-bad.sql:2: .shell is not SQL
hint: write plain SQL; all seeds share one transaction" ]
    seed_file 02-bad.sql $'commit;'
    run --separate-stderr -65 front seed
    [ "${stderr_lines[0]}" = "sqlite-migrate: database/seeds/02-bad.sql:1: \"commit;\" cannot run in the transaction of the seeds" ]
    [ ! -e made ]
    [ "$(plain "SELECT group_concat(name, ' ') FROM users")" = "Ann" ]
}

@test "sqlite-migrate seed: does not say that nothing was kept when a seed has ended the transaction" {
    front up -q
    seed_file 01-first.sql "INSERT INTO users (name) VALUES ('Bob'); COMMIT;"
    run --separate-stderr -65 front seed
    [ "$stderr" = "sqlite-migrate: a seed ended the transaction that all of them share
hint: what ran before that may have been kept" ]
}

@test "sqlite-migrate seed: says when there is nothing to run, or no database" {
    run --separate-stderr -66 front seed
    [ "${stderr_lines[0]}" = "sqlite-migrate: there is no database app.db" ]
    front up -q
    run --separate-stderr -66 front seed
    [ "$stderr" = "sqlite-migrate: there is no database/seeds/*.sql
hint: it is looked for from the working directory" ]
}

@test "sqlite-migrate fresh: builds the database anew, and keeps the old one" {
    front up -q
    plain "INSERT INTO users (name) VALUES ('Bob')"
    chmod 640 app.db
    run --separate-stderr -0 front fresh
    [ "$output" = "the database is at version 3" ]
    [ "$(plain 'SELECT count(*) FROM users')" = 1 ]
    [ "$(find app.db -perm 640)" = app.db ]
    [[ $(others) =~ ^\./app\.db\.[0-9]{8}T[0-9]{6}Z$ ]]
    [ "${stderr_lines[-1]}" = "the old database is kept as $(basename "$(others)")" ]
    [ "$(sqlite3 "$(others)" 'SELECT count(*) FROM users')" = 2 ]
}

@test "sqlite-migrate fresh: keeps every old database" {
    front up -q
    front fresh -q
    front fresh -q
    front fresh -q
    [ "$(others | wc -l)" -eq 3 ]
}

@test "sqlite-migrate fresh: takes along what is still in the log of the old database" {
    front up -q
    plain 'PRAGMA journal_mode = WAL' >/dev/null
    # A process that dies leaves its log behind.
    sqlite3 app.db "INSERT INTO users (name) VALUES ('Bob'); SELECT 1;" '.shell kill -9 $PPID' || :
    [ -s app.db-wal ]
    front fresh -q
    [ "$(others | wc -l)" -eq 1 ]
    [ "$(sqlite3 "$(others)" 'SELECT count(*) FROM users')" = 2 ]
    [ "$(plain 'SELECT count(*) FROM users')" = 1 ]
    [ "$(plain 'PRAGMA journal_mode')" = wal ]
}

@test "sqlite-migrate fresh: makes a database where there is none" {
    (umask 027 && front fresh -q)
    [ "$(completed)" = "1 2 3" ]
    [ "$(find app.db -perm 640)" = app.db ]
    [ "$(others)" = "" ]
}

@test "sqlite-migrate fresh: leaves the old database alone when an operation fails" {
    front up -q
    plain "INSERT INTO users (name) VALUES ('Bob')"
    operation 0004 TASK-2 fail 'SELECT nosuch;'
    run --separate-stderr -1 front fresh
    [[ $stderr == *"sqlite-migrate: cannot apply operation 4: "* ]]
    [ "$(plain 'SELECT count(*) FROM users')" = 2 ]
    [ "$(others)" = "" ]
}

@test "sqlite-migrate fresh --seed: seeds, and leaves the old database alone when a seed fails" {
    front up -q
    seed_file 01-first.sql "INSERT INTO users (name) VALUES ('Bob');"
    front fresh --seed -q
    [ "$(plain "SELECT group_concat(name, ' ') FROM users")" = "Ann Bob" ]
    seed_file 02-bad.sql "INSERT INTO nosuch VALUES (1);"
    run --separate-stderr -1 front fresh --seed -q
    [[ $stderr == "sqlite-migrate: cannot seed: database/seeds/02-bad.sql:1: no such table: nosuch"* ]]
    [ "$(plain "SELECT group_concat(name, ' ') FROM users")" = "Ann Bob" ]
    [ "$(others | wc -l)" -eq 1 ]
}

@test "sqlite-migrate fresh: is refused in production, unless it is forced" {
    front up -q
    MIGRATE_ENV=production run --separate-stderr -77 front fresh
    [ "$stderr" = "sqlite-migrate: this is production: everything in app.db would be dropped
hint: --force does it" ]
    APP_ENV=production run -77 front fresh
    printf 'APP_ENV=production\n' >.env
    run -77 front fresh
    [ "$(others)" = "" ]
    MIGRATE_ENV=staging front fresh -q
    front fresh --force -q
    [ "$(others | wc -l)" -eq 2 ]
}

@test "sqlite-migrate fresh: waits for nobody who is writing" {
    front up -q
    mkfifo held let_go
    {
        printf 'BEGIN IMMEDIATE;\n.shell echo held > held\n'
        cat let_go
    } | sqlite3 -batch -bail -init /dev/null app.db 3>&- &
    holder=$!
    read -r _ <held
    run --separate-stderr -75 front fresh -q
    [ "$stderr" = "sqlite-migrate: database is locked" ]
    printf 'ROLLBACK;\n' >let_go
    wait "$holder"
    [ "$(others)" = "" ]
}

@test "sqlite-migrate fresh: refuses a symbolic link, and an option that it does not know" {
    front up -q --connection sqlite:real.db
    ln -s real.db app.db
    run --separate-stderr -78 front fresh
    [ "$stderr" = "sqlite-migrate: the database app.db is a symbolic link
hint: name the file that it leads to" ]
    run --separate-stderr -64 front fresh --all
    [ "${stderr_lines[0]}" = "sqlite-migrate: fresh does not take --all" ]
}
