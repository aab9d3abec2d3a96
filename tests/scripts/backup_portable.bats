#!/usr/bin/env bats
# backup-database.sh in every shell and in odd places.

# shellcheck disable=SC2016,SC2119,SC2120 # quotes: for the stubs; `run` passes the arguments

load ../helpers/migrate
load front
load backup

setup() {
    use_scratch
    use_backup
}

# A whole life in one shell: all that a snapshot can be, failures, names that hold everything.
life() { # <shell>
    shell=$1
    fast_clock
    local place=$'a b\'c"d\\e\nf' name=$'my "db" \'x\' \\ $(id)\nend' file
    mkdir "$place" "$place/tmp"
    age-keygen -o "$place/key" 2>/dev/null
    mv app.db "$place/$name.db"
    cd "$place" || return
    export TMPDIR=$PWD/tmp DATABASE_URL="sqlite:$name.db" MIGRATE_BACKUP_DIR=$name MIGRATE_BACKUP_IDENTITY=key
    file=$(backup first) || return
    [ "$(settled "$file")" = "$name/default_TIME_first.sqlite" ] || return
    sqlite3 "$PWD/$name.db" "PRAGMA journal_mode = WAL" >/dev/null || return
    MIGRATE_EXTENSION=nosuch backup --tables users -q || return
    backup --compress gzip -q || return
    backup --compress zstd --encrypt "age:$(age-keygen -y key)" --purpose $'a|b\n`c`' --json >out || return
    [ "$(sqlite3 :memory: "SELECT readfile('out') ->> 'verified'")" = 1 ] || return
    for file in "$name"/*.sqlite*; do
        case $file in
        *.sha256) ;;
        *) backup --verify "$file" -q || return ;;
        esac
    done
    [ "$(backup --list | grep -c ' yes$')" -eq 4 ] || return
    [ "$(backup --dry-run --keep-last 1 --min-keep 1 | wc -l)" -eq 2 ] || return
    backup last --keep-last 2 --min-keep 1 --metrics run.prom -q || return
    [ "$(backup --list --json | grep -c '"verified":true')" -eq 3 ] || return
    [ "$(grep -c '^| 20' "$name/REGISTER.md")" -eq 5 ] || return
    grep -qx 'sqlite_migrate_backup_last_run_status{connection="default"} 0' run.prom || return
    (cd "$name" && sha256sum --quiet -c -- *.sha256) || return
    run --separate-stderr -66 backup --connection sqlite:typo.db
    [ "${stderr_lines[0]}" = "backup-database.sh: there is no database typo.db" ] || return
    run --separate-stderr -64 backup --name ../x
    exec 6<"$name/.lock/default"
    flock -n 6
    run --separate-stderr -75 backup 6<&-
    exec 6<&-
    [ "${stderr_lines[0]}" = "backup-database.sh: another run works on the snapshots of default" ] || return
    run --separate-stderr -0 backup --help
    [ "$(find tmp "$name" -mindepth 1 -name '.new*' -o -path 'tmp/*' -o -name '.register*')" = "" ]
}

@test "backup-database.sh: works in dash" {
    life dash
}

@test "backup-database.sh: works in bash --posix" {
    life 'bash --posix'
}

@test "backup-database.sh: works in busybox sh" {
    life 'busybox sh'
}

@test "backup-database.sh: works in mksh" {
    life mksh
}

@test "backup-database.sh: works in yash" {
    life yash
}

@test "backup-database.sh: works with an empty environment, from another folder" {
    mkdir elsewhere
    (cd elsewhere && env -i PATH=/usr/bin:/bin MIGRATE_EXTENSION="$extension" DATABASE_URL=sqlite:../app.db \
        "$root/scripts/backup-database.sh" -q)
    [ "$(kept elsewhere/backups)" = "REGISTER.md
default_TIME_snapshot.sqlite
default_TIME_snapshot.sqlite.sha256" ]
}

@test "backup-database.sh: is not disturbed by the caller's IFS, CDPATH, start-up file, options or locale" {
    printf '.mode html\n.output /dev/null\nDROP TABLE users;\n' >.sqliterc
    mkdir -p elsewhere/backups
    HOME=$PWD IFS=/_ CDPATH=$PWD/elsewhere LC_ALL=tr_TR.UTF-8 TZ=Asia/Baku POSIXLY_CORRECT=1 GREP_OPTIONS=-v GZIP=-9 \
        ZSTD_CLEVEL=19 MIGRATE_BACKUP_COMPRESS=gzip backup -q
    HOME=$PWD LC_ALL=tr_TR.UTF-8 all_is_well
    [ "$(ls -A elsewhere/backups)" = "" ]
    [ "$(plain 'SELECT count(*) FROM users')" = 2 ]
}

@test "backup-database.sh: keeps the sqlite3 shell from reading the start-up file of the person" {
    # The shell looks for it in the home that the system knows, which a test cannot change.
    stub sqlite3 'case " $* " in *" -init /dev/null "*) exec "$real" "$@" ;; *) exit 9 ;; esac'
    backup --tables users -q
    all_is_well
}

@test "backup-database.sh: says when TMPDIR is not there, and when standard output is closed" {
    TMPDIR=$PWD/nosuch run --separate-stderr -73 backup
    [ "${stderr_lines[-2]}" = "backup-database.sh: cannot make a temporary folder" ]
    run --separate-stderr backup >&-
    "$root/scripts/backup-database.sh" >/dev/full 2>err </dev/null && return 1
    all_is_well
}
