#!/usr/bin/env bats
# restore-database.sh in every shell, in odd places.

# shellcheck disable=SC2119,SC2120 # `run` passes the arguments
# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load front
load restore

setup() {
    use_scratch
    use_restore
}

# A snapshot, a drill, a restore, a refusal in one shell, with names that hold everything.
life() { # <shell>
    shell=$1
    local place=$'a b\'c"d\\e\n*f' name=$'my "db" \'x\' \\ $(id)\n%end'
    mkdir "$place" "$place/tmp"
    mv migrations "$place"
    mv app.db "$place/$name"
    cd "$place" || return
    export TMPDIR=$PWD/tmp DATABASE_URL="sqlite:${name/\%/%25}" MIGRATE_BACKUP_DIR="-b \$x"
    mkdir "./$MIGRATE_BACKUP_DIR"
    sqlite3 "./$name" ".backup snap.tmp"
    gzip -c snap.tmp >"./$MIGRATE_BACKUP_DIR/-s 1'.sqlite.gz"
    (cd "./$MIGRATE_BACKUP_DIR" && sha256sum -- "-s 1'.sqlite.gz" >"-s 1'.sqlite.gz.sha256")
    sqlite3 "./$name" "PRAGMA journal_mode = WAL; INSERT INTO users (name) VALUES ('Bob')" >out
    [[ $(restore --drill -- "-s 1'.sqlite.gz") == "drill passed: -b \$x/-s 1'.sqlite.gz: "*", version 3, 0 pending" ]] || return
    [ "$(restore "./-b \$x/-s 1'.sqlite.gz" 2>out | wc -l)" -eq 4 ] || return
    [ "$(people "./$name")" = Ann ] || return
    rm "./$MIGRATE_BACKUP_DIR/-s 1'.sqlite.gz.sha256"
    restore -- "-s 1'.sqlite.gz" 2>out && return 1
    restore --no-snapshot --without-checksum -- "-s 1'.sqlite.gz" 2>out >&2 || return
    [ "$(find . -maxdepth 1 -name '*.replaced' | tr -d '\n' | wc -c)" -gt 0 ] || return
    [ "$(grep -c '^## ' "./$MIGRATE_BACKUP_DIR/rollback-log.md")" -eq 2 ] || return
    [ "$(ls -A tmp)" = "" ]
}

@test "restore-database.sh: works in dash" {
    life dash
}

@test "restore-database.sh: works in bash --posix" {
    life 'bash --posix'
}

@test "restore-database.sh: works in busybox sh" {
    life 'busybox sh'
}

@test "restore-database.sh: works in mksh" {
    life mksh
}

@test "restore-database.sh: works in yash" {
    life yash
}

@test "restore-database.sh: works with an empty environment" {
    take good.sqlite
    add Bob
    env -i PATH=/usr/bin:/bin MIGRATE_EXTENSION="$extension" \
        "$root/scripts/restore-database.sh" good.sqlite sqlite:app.db -q
    [ "$(people)" = Ann ]
}

@test "restore-database.sh: is not disturbed by the caller's IFS, CDPATH, umask, start-up file or locale" {
    take good.sqlite
    add Bob
    printf '.mode html\nDROP TABLE users;\n' >.sqliterc
    mkdir -p elsewhere/backups
    (umask 000 && HOME=$PWD IFS=/ CDPATH=$PWD/elsewhere LC_ALL=tr_TR.UTF-8 restore good.sqlite -q)
    [ "$(people)" = Ann ]
    [ "$(find backups -name '*.md' ! -perm 600)" = "" ]
}

@test "restore-database.sh: works without the extension, but for the status" {
    take good.sqlite
    add Bob
    printf 'no library\n' >none.so
    MIGRATE_EXTENSION=$PWD/none.so run --separate-stderr -0 restore good.sqlite
    [[ $stderr == *"warning: the database is restored, but its status cannot be shown: cannot load the extension "* ]]
    [ "$(people)" = Ann ]
}

@test "restore-database.sh: takes the URL of a relative and of an absolute path, and a name from .env" {
    take good.sqlite
    unset DATABASE_URL
    restore good.sqlite sqlite:one.db -q
    restore good.sqlite "sqlite:$PWD/two.db" -q
    printf 'DATABASE_URL_THREE=sqlite:three.db\n' >.env
    restore good.sqlite three -q
    [ "$(people one.db)$(people two.db)$(people three.db)" = AnnAnnAnn ]
}

@test "restore-database.sh: passes an extension on that is named by a person, not by .env" {
    take good.sqlite
    printf 'MIGRATE_BACKUP_LOAD=./evil.so\n' >.env
    restore good.sqlite -q
    run --separate-stderr -69 restore good.sqlite --load ./evil.so
    [[ $stderr == *"cannot load the extension ./evil.so"* ]]
    # Nor does it reach the snapshot that the front command takes.
    operation 0004 TASK-2 add-bob "INSERT INTO users (name) VALUES ('Bob');"
    MIGRATE_ENV=production front up -q
    [ "$(people)" = "Ann Bob" ]
}
