#!/usr/bin/env bats
# schema-dump.sh and schema-restore.sh in every shell, and their usage.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load front
load schema

setup() {
    use_scratch
    use_schema
    three_operations
}

# Dump, load, apply the rest, prune, load again: in one shell, where names hold everything.
life() { # <shell>
    shell=$1
    local place=$'a b\'c"d\\e\nf' name=$'my "db" \'x\' \\ $(id)\nend'
    mkdir "$place" "$place/tmp"
    mv migrations "$place/$name"
    cd "$place" || return
    export TMPDIR=$PWD/tmp MIGRATIONS_DIR=$name MIGRATE_BACKUP_DIR="$name s"
    apply "$name.db" 2
    [ "$(dump "sqlite:$name.db")" = database/schema/my--db---x------id--end.sql ] || return
    dump "sqlite:$name.db" main -q || return
    dump "sqlite:$name.db" main --stdout | cmp - database/schema/main.sql || return
    restore sqlite:-new.db nothing 2>out && return 1
    [ "$(restore sqlite:-new.db main)" = "the database is at version 2" ] || return
    : >empty.db
    [ "$(restore sqlite:empty.db main)" = "the database is at version 2" ] || return
    restore sqlite:empty.db main 2>out && return 1
    [ "$(tail -n 1 out)" = "hint: a dump is loaded into an empty database only" ] || return
    [ "$(dump "sqlite:$name.db" main --prune --dry-run | wc -l)" -eq 4 ] || return
    dump "sqlite:$name.db" main --prune -q || return
    [ "$(cat "$name/.starts-after")" = 2 ] || return
    apply "$name.db"
    apply ./-new.db
    [ "$(fingerprint ./-new.db)" = "$(fingerprint "$name.db")" ] || return
    dump sqlite:-new.db main --prune -q || return
    [ "$(ls -A "$name")" = .starts-after ] || return
    [ "$(dump --help | sed -n 3p)" = "Usage: schema-dump.sh [OPTION]... [CONNECTION [NAME]]" ] || return
    [ "$(ls -A tmp)" = "" ]
}

@test "schema-dump.sh: works in dash" {
    life dash
}

@test "schema-dump.sh: works in bash --posix" {
    life 'bash --posix'
}

@test "schema-dump.sh: works in busybox sh" {
    life 'busybox sh'
}

@test "schema-dump.sh: works in mksh" {
    life mksh
}

@test "schema-dump.sh: works in yash" {
    life yash
}

@test "schema-dump.sh: works with an empty environment, and is not disturbed by the caller's" {
    apply app.db
    dump default main -q
    env -i PATH=/usr/bin:/bin MIGRATE_EXTENSION="$extension" "$root/scripts/schema-dump.sh" sqlite:app.db other -q
    cmp "$main" database/schema/other.sql
    printf '.mode html\nDROP TABLE users;\n' >.sqliterc
    mkdir -p elsewhere/migrations elsewhere/database
    HOME=$PWD IFS=/ CDPATH=$PWD/elsewhere LC_ALL=tr_TR.UTF-8 dump default third -q
    cmp "$main" database/schema/third.sql
    HOME=$PWD IFS=/ CDPATH=$PWD/elsewhere LC_ALL=tr_TR.UTF-8 restore sqlite:new.db third -q
    [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ]
}

@test "schema-dump.sh, schema-restore.sh: print their help on standard output" {
    local name
    for name in schema-dump.sh schema-restore.sh; do
        run --separate-stderr -0 "$root/scripts/$name" --help
        [ "$stderr" = "" ]
        [[ $output == *"Usage: $name [OPTION]... [CONNECTION [NAME]]"* ]]
        [[ $output == *"Exit status: 0 done, "* ]]
    done
}

@test "schema-dump.sh, schema-restore.sh: show usage errors on standard error" {
    local name
    for name in schema-dump.sh schema-restore.sh; do
        run --separate-stderr -64 "$root/scripts/$name" --frobnicate
        [ "$output" = "" ]
        [ "$stderr" = "$name: unknown option: --frobnicate
hint: $name --help" ]
        run --separate-stderr -64 "$root/scripts/$name" a b c
        [ "${stderr_lines[0]}" = "$name: too many arguments: c" ]
        run --separate-stderr -64 "$root/scripts/$name" --table
        [ "${stderr_lines[0]}" = "$name: option --table needs a value" ]
        run --separate-stderr -64 "$root/scripts/$name" --table=
        [ "${stderr_lines[0]}" = "$name: option --table needs a value" ]
    done
    run --separate-stderr -64 dump --stdout --prune
    [ "${stderr_lines[0]}" = "schema-dump.sh: --stdout and --prune do not go together" ]
    [ ! -e app.db ]
}

@test "schema-dump.sh, schema-restore.sh: stop at a signal, and leave nothing" {
    local name
    apply app.db
    dump default main -q
    mkfifo called
    mkdir stubs
    cat >stubs/sqlite3 <<STUB
#!/usr/bin/env python3
import os, signal, sys
if not any(a.startswith('.read') for a in sys.argv):
    os.execv('$(command -v sqlite3)', sys.argv)
signal.signal(signal.SIGINT, signal.SIG_DFL)
open(os.environ['MIGRATE_SHELL'], 'w').write('%d\\n' % os.getpid())
open('$PWD/called', 'w').write('called\\n')
signal.pause()
STUB
    chmod +x stubs/sqlite3
    for name in dump restore; do
        PATH=$PWD/stubs:$PATH "$root/scripts/schema-$name.sh" "sqlite:app.db" main --table migration </dev/null >out 2>&1 3>&- &
        [ "$name" = dump ] || {
            wait "$!" || :
            PATH=$PWD/stubs:$PATH "$root/scripts/schema-$name.sh" "sqlite:new.db" main </dev/null >out 2>&1 3>&- &
        }
        child=$!
        read -r _ <called
        kill -TERM "$child"
        status=0
        wait "$child" || status=$?
        [ "$status" -eq 143 ]
        [ "$(ls -A tmp)" = "" ]
        [ "$(ls -A database/schema)" = main.sql ]
        [ "$(echo new.db*)" = 'new.db*' ]
    done
}
