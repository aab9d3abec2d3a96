#!/usr/bin/env bats
# capture-migration-status.sh in every shell and in odd places; disks that are full, signals.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load reports

setup() {
    use_scratch
    use_reports
    three_operations
    kept=storage/migration-status
}

# A whole life in one shell, with names that hold everything.
life() { # <shell>
    shell=$1
    local place=$'a b\'c"d\\e\nf' name=$'my "db" \'x\' \\ $(id)\nend'
    mkdir "$place" "$place/tmp"
    mv migrations "$place/$name"
    cd "$place" || return
    export TMPDIR=$PWD/tmp DATABASE_URL="sqlite:$name.db" MIGRATIONS_DIR=$name
    capture staging 2>out && return 1
    [ "$(head -n 2 out)" = "capture-migration-status.sh: there is no database $name.db" ] || return
    db=$name.db mig 'SELECT migrate_apply(NULL, 2)' >out
    clock 20261121T101500Z 20261121T101500Z 20261121T101501Z
    [ "$(capture staging)" = "$kept/staging_20261121T101500Z.txt" ] || return
    [ "$(capture staging --keep=1)" = "$kept/staging_20261121T101501Z.txt" ] || return
    [ "$(capture production "sqlite:$name.db" --output "-$name")" = "-$name/production_20261121T101501Z.txt" ] || return
    mv -- "-$name"/production_* "$kept" || return
    [ "$(ls "$kept")" = "production_20261121T101501Z.txt
staging_20261121T101501Z.txt" ] || return
    [ "$(capture --diff staging production)" = "staging and production are at the same state (version 2)" ] || return
    db=$name.db mig 'SELECT migrate_apply()' >out
    clock 20261121T101502Z
    capture production -- >out || return
    capture --diff staging production --check >out && return 1
    [ "$(cat out)" = "staging is at version 2, production at version 3
staging lacks 1 operation that production has:
  3  TASK-2  add-ann  (pending in staging)" ] || return
    [ "$(stat -c %a "$kept"/staging_*)" = 644 ] || return
    [ "$(ls -A tmp)" = "" ]
}

@test "capture: works in dash" {
    life dash
}

@test "capture: works in bash --posix" {
    life 'bash --posix'
}

@test "capture: works in busybox sh" {
    life 'busybox sh'
}

@test "capture: works in mksh" {
    life mksh
}

@test "capture: works in yash" {
    life yash
}

@test "capture: works with an empty environment" {
    mig 'SELECT migrate_apply()' >out
    env -i PATH=/usr/bin:/bin MIGRATE_EXTENSION="$extension" "$root/scripts/capture-migration-status.sh" staging sqlite:app.db
    [ "$(tail -n 1 "$kept"/staging_*)" = "end of capture" ]
}

@test "capture: is not disturbed by what the caller has set" {
    printf '.mode html\nDROP TABLE users;\n' >.sqliterc
    mig 'SELECT migrate_apply()' >out
    capture plain
    mkdir -p elsewhere/storage
    local before stamp
    before=$(date -u +%Y%m%dT%H%M%SZ)
    env HOME="$PWD" IFS=/_ CDPATH="$PWD/elsewhere" LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8 TZ=Asia/Tokyo POSIXLY_CORRECT=1 \
        GREP_OPTIONS=-v capture_connection=x environment_umask=0 keep=1 check=yes \
        "$root/scripts/capture-migration-status.sh" set
    diff <(body "$kept"/plain_*) <(body "$kept"/set_*)
    stamp=$(echo "$kept"/set_*)
    stamp=${stamp##*_}
    [[ ! ${stamp%.txt} < $before && ! ${stamp%.txt} > $(date -u +%Y%m%dT%H%M%SZ) ]]
}

@test "capture: is the same with another awk" {
    mig 'SELECT migrate_apply()' >out
    capture this
    mkdir stubs
    ln -s "$(command -v busybox)" stubs/awk
    PATH=$PWD/stubs:$PATH capture other
    diff <(body "$kept"/this_*) <(body "$kept"/other_*)
    PATH=$PWD/stubs:$PATH run -0 capture --diff this other
    [ "$output" = "this and other are at the same state (version 3)" ]
}

@test "capture: leaves no file on a disk that is full" {
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a small file system"
    mig 'SELECT migrate_apply()' >out
    mkdir -p stubs small
    # This one does not say that it could not write.
    ln -s "$(command -v busybox)" stubs/awk
    local path
    for path in "$PATH" "$PWD/stubs:$PATH"; do
        PATH=$path run --separate-stderr -74 unshare -rm sh -c '
            mount -t tmpfs -o size=12k none small && head -c 12288 /dev/zero >small/full || exit
            "$0" staging --output small
            status=$?
            find small -type f ! -name full
            exit "$status"
        ' "$root/scripts/capture-migration-status.sh"
        [ "$output" = "" ]
        [ "$stderr" = "capture-migration-status.sh: cannot write in the folder small
hint: check the free space" ]
    done
}

@test "capture: leaves no file when its rows were cut off" {
    mig 'SELECT migrate_apply()' >out
    mkdir stubs
    # A shell that does not notice that the temporary folder is full.
    printf '#!/bin/sh\n%s "$@" | head -c 500\n' "$(command -v sqlite3)" >stubs/sqlite3
    chmod +x stubs/sqlite3
    PATH=$PWD/stubs:$PATH run --separate-stderr -74 capture staging
    [ "$stderr" = "capture-migration-status.sh: cannot write in the folder storage/migration-status
hint: check the free space" ]
    [ "$(find storage -type f)" = "" ]
}

@test "capture: a signal leaves nothing behind" {
    mig 'SELECT migrate_apply()' >out
    mkdir stubs
    printf '#!/bin/sh\nkill -s TERM "$PPID"\n' >stubs/ln
    chmod +x stubs/ln
    PATH=$PWD/stubs:$PATH run -143 capture staging
    [ "$(find storage tmp -type f)" = "" ]
}

@test "capture: a run that was killed leaves no half file under the name, and does not disturb the next" {
    mig 'SELECT migrate_apply()' >out
    mkdir stubs
    printf '#!/bin/sh\nkill -s KILL "$PPID"\n' >stubs/ln
    chmod +x stubs/ln
    PATH=$PWD/stubs:$PATH run -137 capture staging
    [ "$(find storage -name '*.txt')" = "" ]
    capture staging --keep 1
    [ "$(find storage -name '*.txt' | wc -l)" -eq 1 ]
}

@test "capture: says when a file system takes no second name" {
    mig 'SELECT migrate_apply()' >out
    clock 20261121T101500Z
    printf '#!/bin/sh\nexit 1\n' >stubs/ln
    chmod +x stubs/ln
    run --separate-stderr -73 capture staging
    [ "$stderr" = "capture-migration-status.sh: cannot create storage/migration-status/staging_20261121T101500Z.txt
hint: the folder must take hard links" ]
    [ "$(find storage -type f)" = "" ]
}

@test "capture: says when there is no sqlite3 shell, and no extension" {
    plain 'PRAGMA user_version = 1'
    mkdir tools
    local tool
    for tool in sh awk cat sed tr rm mktemp dirname readlink; do
        ln -s "$(command -v "$tool")" "tools/$tool"
    done
    PATH=$PWD/tools run --separate-stderr -69 capture staging
    [ "$stderr" = "capture-migration-status.sh: there is no sqlite3 shell
hint: install the package sqlite3" ]
    MIGRATE_EXTENSION=./nosuch run --separate-stderr -69 capture staging
    [ "$stderr" = "capture-migration-status.sh: there is no extension ./nosuch
hint: MIGRATE_EXTENSION names it" ]
}
