#!/usr/bin/env bats
# sqlite-migrate in every shell, in odd places, with other versions of the sqlite3 shell; its usage.

# shellcheck disable=SC2119,SC2120 # `run` passes the arguments

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front_database
    three_operations
}

# A whole life in one shell: all commands, a failure, names that hold everything.
life() { # <shell>
    shell=$1
    local place=$'a b\'c"d\\e\nf' name=$'my "db" \'x\' \\ $(id)\nend'
    mkdir "$place" "$place/tmp"
    mv migrations "$place/$name"
    cd "$place" || return
    export TMPDIR=$PWD/tmp DATABASE_URL="sqlite:$name.db" MIGRATIONS_DIR=$name
    front status --check >out 2>&1 && return 1
    [ "$(front up)" = "the database is at version 3" ] || return
    front down 2 -q || return
    [ "$(front plan 2>out | head -n 2 | tail -n 1)" = "     1  create index users_name" ] || return
    [ "$(front plan +1 --json 2>out | head -c 26)" = '[{"position":1,"version":2' ] || return
    [ "$(front up --dry-run)" = "up 2025-01-10/0002-TASK-1-add-users-index_up.sql
up 2025-01-10/0003-TASK-2-add-ann_up.sql" ] || return
    [ "$(front to 2 --json -q | head -c 13)" = '{"version":2,' ] || return
    [ "$(front current)" = 2 ] || return
    [ "$(front status --pending | wc -l)" -eq 2 ] || return
    [ "$(front history | wc -l)" -eq 7 ] || return
    [ "$(front show 1 | head -n 1)" = "version      1" ] || return
    front verify 2>out || return
    front new TASK-9 next >out || return
    front up 2>out && return 1
    [ "$(head -n 2 out | tail -n 1)" = "    1 | -- 0004-TASK-9-next" ] || return
    [ "$(front help up | head -n 3 | tail -n 1)" = "Usage: sqlite-migrate up [TARGET] [--dry-run | --pretend]" ] || return
    rm "$name"/*/0004-*
    (umask 027 && DATABASE_URL=sqlite:new.db front fresh -q 2>out) || return
    [ "$(stat -c %a new.db)" = 640 ] || return
    [ "$(ls -A tmp)" = "" ]
}

@test "sqlite-migrate: works in dash" {
    life dash
}

@test "sqlite-migrate: works in bash --posix" {
    life 'bash --posix'
}

@test "sqlite-migrate: works in busybox sh" {
    life 'busybox sh'
}

@test "sqlite-migrate: works in mksh" {
    life mksh
}

@test "sqlite-migrate: works in yash" {
    life yash
}

@test "sqlite-migrate: works with an empty environment" {
    env -i PATH=/usr/bin:/bin MIGRATE_EXTENSION="$extension" DATABASE_URL=sqlite:app.db "$front" up -q
    [ "$(completed)" = "1 2 3" ]
}

@test "sqlite-migrate: is not disturbed by the caller's IFS, CDPATH, start-up file or locale" {
    printf '.mode html\nDROP TABLE users;\n' >.sqliterc
    mkdir -p elsewhere/migrations
    HOME=$PWD IFS=/ CDPATH=$PWD/elsewhere LC_ALL=tr_TR.UTF-8 front up -q
    [ "$(HOME=$PWD front current)" = 3 ]
}

# Puts a sqlite3 in front of the real one whose messages are those of another version.
other_shell() { # <sed script for standard error> <exit status>
    mkdir -p stubs
    printf '#!/bin/sh\n%s "$@" 2>error.tmp\nstatus=$?\nsed -E "%s" error.tmp >&2\n[ "$status" = 0 ] || exit %s\n' \
        "$(command -v sqlite3)" "$1" "$2" >stubs/sqlite3
    chmod +x stubs/sqlite3
    PATH=$PWD/stubs:$PATH
}

@test "sqlite-migrate: takes the result code from SQLite's log, not from the shell" {
    other_shell '' 1
    run --separate-stderr -66 front up 9
    [ "$stderr" = "sqlite-migrate: there is no operation 9 in migrations
hint: SELECT version, file_path FROM migrations_pending" ]
}

@test "sqlite-migrate: finds the message whatever a version of the shell puts around it" {
    other_shell 's/^Error: stepping, /Runtime error near line 1: /; s/ \(12\)$//' 12
    run --separate-stderr -66 front up 9
    [ "$stderr" = "sqlite-migrate: there is no operation 9 in migrations
hint: SELECT version, file_path FROM migrations_pending" ]
}

@test "sqlite-migrate: keeps a number in parentheses that is not the result code" {
    operation 0004 TASK-2 check "SELECT migrate_assert(0, 'x (12)');"
    run --separate-stderr -1 front up
    [[ $stderr == *"assertion failed: x (12)
"* ]]
}

@test "sqlite-migrate: says when there is no sqlite3 shell" {
    mkdir tools
    local tool
    for tool in sh awk cat sed tr rm mktemp dirname readlink; do
        ln -s "$(command -v "$tool")" "tools/$tool"
    done
    PATH=$PWD/tools run --separate-stderr -69 front up
    [ "$stderr" = "sqlite-migrate: there is no sqlite3 shell
hint: install the package sqlite3" ]
}

@test "sqlite-migrate: the exit statuses are those of ext/outcome.def" {
    local name code status checked=0
    . "$root/scripts/lib/outcome.sh"
    while read -r name status; do
        code=$(printf '#include <sqlite3.h>\n%s\n' "$name" | cc -E -P - | tail -n 1)
        [ "$(outcome_status "$code")" = "$status" ] || {
            printf '%s (%s): %s\n' "$name" "$code" "$(outcome_status "$code")"
            return 1
        }
        checked=$((checked + 1))
    done < <(tr '\n' ' ' <"$root/ext/outcome.def" | grep -oE 'MIG_OUTCOME\([A-Z_]+, "[a-z-]+", SQLITE_[A-Z]+, [0-9]+' |
        sed -E 's/.*(SQLITE_[A-Z]+), /\1 /')
    [ "$checked" -eq "$(grep -c '^MIG_OUTCOME(' "$root/ext/outcome.def")" ]
}

@test "sqlite-migrate: prints its help on standard output" {
    run --separate-stderr -0 front --help
    [ "$stderr" = "" ]
    [ "${lines[0]}" = "Applies, rolls back and inspects the operations of a migration folder." ]
    [ "$output" = "$(front help)" ]
}

@test "sqlite-migrate: prints the help of each command, also by its other names" {
    local file name
    for file in "$root"/scripts/commands/*; do
        name=${file##*/}
        run --separate-stderr -0 front "$name" --help
        [[ $output == *"Usage: sqlite-migrate $name"* ]]
        front help | grep -qE "^ ?$name( |$)"
    done
    [ "$(front help migrate)" = "$(front help up)" ]
}

@test "sqlite-migrate: shows usage errors on standard error" {
    run --separate-stderr -64 front
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: no command was given
hint: sqlite-migrate help" ]
    run --separate-stderr -64 front --frobnicate
    [ "$stderr" = "sqlite-migrate: unknown option: --frobnicate
hint: sqlite-migrate help" ]
    run --separate-stderr -64 front ../lib/sql
    [ "$stderr" = "sqlite-migrate: unknown command: ../lib/sql
hint: sqlite-migrate help" ]
    [ ! -e app.db ]
}

@test "sqlite-migrate version: prints that of the extension" {
    run --separate-stderr -0 front --version
    [ "$output" = "$(mig 'SELECT migrate_version()')" ]
}
