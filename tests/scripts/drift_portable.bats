#!/usr/bin/env bats
# check-config-drift.sh in every shell and in odd places; disks that are full, signals.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load reports

setup() {
    use_scratch
    use_reports
    three_operations
    kept=storage/config-drift
    mig 'SELECT migrate_apply()' >out
}

# Files of each kind that the program reads.
config_files() {
    cat >app.json <<<'{"a": {"password": "hunter2", "b": 1.50, "c": "é\n"}, "url": "x://u:p@h"}'
    printf '[a]\nb = c\nsecret = hunter2\n' >app.ini
    printf 'A="x\\ny"\nTOKEN=hunter2\n' >app.env
}

# A whole life in one shell, with names that hold everything.
life() { # <shell>
    shell=$1
    local place=$'a b\'c"d\\e\nf' name=$'my "db" \'x\' \\ $(id)\nend'
    config_files
    drift plain file:app.json file:app.ini file:app.env >out || return
    mkdir "$place" "$place/tmp"
    mv app.db "$place/$name.db"
    mv app.* "$place"
    cd "$place" || return
    export TMPDIR=$PWD/tmp DATABASE_URL="sqlite:$name.db" APP_X=$'a"b\n\\' APP_TOKEN=hunter2
    cp app.json "$name.json"
    drift staging --output "-$name" >out || return
    drift staging --output="-$name" file:app.json file:app.ini file:app.env env:APP_ "file:$name.json" >out || return
    [ "$(grep -c '\.json$' out)" -eq 5 ] || return
    cmp -- "-$name/staging/file%3Aapp.json.json" "-$name/staging/file%3Amy%20%22db%22%20%27x%27%20%5C%20%24%28id%29%0Aend.json.json" || return
    [ "$(cat -- "-$name/staging/env%3AAPP_.json")" = "{
  \"APP_TOKEN\": \"sha256:$(printf hunter2 | sha256sum | cut -d' ' -f1)\",
  \"APP_X\": \"a\\\"b\\n\\\\\"
}" ] || return
    for file in json ini env; do
        cmp -- "-$name/staging/file%3Aapp.$file.json" "../$kept/plain/file%3Aapp.$file.json" || return
    done
    cp -R -- "-$name/staging" "-$name/production"
    [ "$(drift --compare staging production --output "-$name")" = "staging and production are configured alike (9 files)" ] || return
    db=$name.db plain 'PRAGMA user_version = 3'
    drift production --output "-$name" -- database >out || return
    drift --compare staging production --output "-$name" >out && return 1
    [ "$(cat out)" = 'database: user_version: staging has 0, production has 3' ] || return
    drift ../x 2>out && return 1
    [ "$(ls -A tmp)" = "" ]
}

@test "drift: works in dash" {
    life dash
}

@test "drift: works in bash --posix" {
    life 'bash --posix'
}

@test "drift: works in busybox sh" {
    life 'busybox sh'
}

@test "drift: works in mksh" {
    life mksh
}

@test "drift: works in yash" {
    life yash
}

@test "drift: works with an empty environment" {
    env -i PATH=/usr/bin:/bin MIGRATE_EXTENSION="$extension" "$root/scripts/check-config-drift.sh" staging \
        --connection sqlite:app.db >out
    [ "$(tail -n 1 "$kept/staging/schema.json")" = "}" ]
}

@test "drift: is not disturbed by what the caller has set" {
    printf '.mode html\nDROP TABLE users;\n' >.sqliterc
    config_files
    drift plain database schema migrations file:app.json file:app.ini file:app.env >out
    mkdir -p elsewhere/storage
    env HOME="$PWD" IFS=/_ CDPATH="$PWD/elsewhere" LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8 TZ=Asia/Tokyo POSIXLY_CORRECT=1 \
        GREP_OPTIONS=-v drift_name=x json_functions=x secret_command=false compare=yes output=x \
        "$root/scripts/check-config-drift.sh" set database schema migrations file:app.json file:app.ini file:app.env >out
    diff -r "$kept/plain" "$kept/set"
}

@test "drift: is the same with another awk and other tools" {
    config_files
    printf 'a = \xff\xc3\xa9\n' >>app.ini
    drift this database schema migrations file:app.json file:app.ini file:app.env >out
    mkdir stubs
    local tool
    for tool in awk sort sed tr cmp cat tail mktemp mv grep sha256sum; do
        ln -s "$(command -v busybox)" "stubs/$tool"
    done
    PATH=$PWD/stubs:$PATH drift other database schema migrations file:app.json file:app.ini file:app.env >out
    diff -r "$kept/this" "$kept/other"
    PATH=$PWD/stubs:$PATH run -0 drift --compare this other
    [ "$output" = "this and other are configured alike (6 files)" ]
}

@test "drift: leaves the old file on a disk that is full" {
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a small file system"
    mkdir -p stubs small
    ln -s "$(command -v busybox)" stubs/awk
    local path
    for path in "$PATH" "$PWD/stubs:$PATH"; do
        PATH=$path run --separate-stderr -74 unshare -rm sh -c '
            mount -t tmpfs -o size=16k none small && mkdir small/staging && echo old >small/staging/schema.json || exit
            head -c 20000 /dev/zero >small/full 2>/dev/null
            "$0" staging schema --output small
            status=$?
            (cd small && grep -r . staging)
            exit "$status"
        ' "$root/scripts/check-config-drift.sh"
        [ "$output" = "staging/schema.json:old" ]
        [ "$stderr" = "check-config-drift.sh: cannot write in the folder small/staging
hint: check the free space" ]
    done
}

@test "drift: writes nothing when the rows of the database were cut off" {
    mkdir stubs
    printf '#!/bin/sh\n%s "$@" | head -c 500\n' "$(command -v sqlite3)" >stubs/sqlite3
    chmod +x stubs/sqlite3
    PATH=$PWD/stubs:$PATH run --separate-stderr -74 drift staging schema
    [ "$stderr" = "check-config-drift.sh: cannot write in the temporary folder
hint: check TMPDIR and the free space" ]
    [ ! -e storage ]
}

@test "drift: writes nothing when an awk does not notice that the temporary folder is full" {
    config_files
    mkdir stubs
    # Of what is longer than some bytes, the rest is lost.
    printf '#!/bin/sh\n%s "$@" | head -c 70\n' "$(type -P awk)" >stubs/awk
    chmod +x stubs/awk
    local key
    for key in file:app.json file:app.ini file:app.env schema env:PATH; do
        PATH=$PWD/stubs:$PATH run --separate-stderr -74 drift staging "$key"
        [ ! -e storage/config-drift/staging ] || [ -z "$(ls -A storage/config-drift/staging)" ]
    done
}

@test "drift: a signal leaves nothing behind" {
    mkdir stubs
    printf '#!/bin/sh\nkill -s TERM "$PPID"\n' >stubs/mv
    chmod +x stubs/mv
    PATH=$PWD/stubs:$PATH run -143 drift staging file:migrations/2025-01-10/nosuch.ini schema
    PATH=$PWD/stubs:$PATH run -143 drift staging schema
    [ "$(find storage tmp -type f)" = "" ]
}

@test "drift: waits for a lock only as long as it may" {
    mkfifo held let_go
    {
        printf 'BEGIN EXCLUSIVE;\n.shell echo held > held\n'
        cat let_go
    } | sqlite3 -batch -bail -init /dev/null app.db 3>&- &
    local holder=$!
    read -r _ <held
    MIGRATE_LOCK_TIMEOUT=10 run --separate-stderr -75 drift staging
    echo >let_go
    wait "$holder"
    [ "$stderr" = "check-config-drift.sh: database is locked" ]
    [ ! -e storage ]
}
