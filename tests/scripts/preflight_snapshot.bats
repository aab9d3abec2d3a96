#!/usr/bin/env bats
# preflight.sh on a snapshot, in every shell, and when it is stopped.

# shellcheck disable=SC2016,SC2154 # what stands in single quotes is for others; bats sets stderr

load ../helpers/migrate
load front
load preflight

setup() {
    use_scratch
    use_preflight
    good_operations
}

backup() { # <argument>...
    "$root/scripts/backup-database.sh" "$@" 2>/dev/null
}

# The last line of a report.
verdict() {
    settled "$output" | tail -n 1
}

@test "preflight: what is in a snapshot takes the place of the database, without a connection" {
    local file
    front up 2 -q
    file=$(backup good)
    rm app.db
    unset DATABASE_URL
    run --separate-stderr -0 preflight --skip drift "$file"
    [ "$(verdict)$stderr" = "checks passed: 5; skipped: drift" ]
    run -0 preflight --json "${file##*/}" --only rehearsal
    [[ $output = '{"database":"'"$file"'",'* ]]
    [ ! -e app.db ]
    [ "$(ls -A "$TMPDIR")" = "" ]
}

@test "preflight: latest is the newest snapshot of the connection, packed or not" {
    front up 2 -q
    backup first >out
    front up -q
    backup second --compress gzip >out
    run -0 preflight latest --only verify,rehearsal
    [ "$(settled "$output" | sed -n 3p)" = "rehearsal  skipped  -  nothing is pending" ]
    run -0 preflight latest --connection default --only verify,rehearsal
    run -66 preflight latest --connection sqlite:other.db
}

@test "preflight: the dump of a snapshot is that of its label" {
    local file
    front up -q
    file=$(backup)
    "$root/scripts/schema-dump.sh" -q
    unset DATABASE_URL
    run -0 preflight --only drift "$file"
    [ "$(settled "$output" | sed -n 6p)" = "drift  passed  T  database/schema/default.sql, version 3" ]
}

@test "preflight: refuses a snapshot that is damaged, has another checksum, or is none" {
    local file
    front up -q
    file=$(backup good)
    run --separate-stderr -66 preflight nosuch.sqlite
    [ "${stderr_lines[0]}" = "preflight.sh: there is no snapshot backups/nosuch.sqlite" ]
    printf x >>"$file"
    run --separate-stderr -65 preflight "$file"
    [ "${stderr_lines[0]}" = "preflight.sh: $file is not what was taken: its checksum is not that in $file.sha256" ]
    printf 'no database' >broken.sqlite
    run --separate-stderr -65 preflight ./broken.sqlite
    [ "${stderr_lines[0]}" = "preflight.sh: broken.sqlite is damaged: file is not a database" ]
    printf 'SELECT 1' >broken.txt
    run --separate-stderr -65 preflight ./broken.txt
    [ "${stderr_lines[0]}" = "preflight.sh: broken.txt is not named like a snapshot of this database" ]
    [ "$output" = "" ]
    [ "$(ls -A "$TMPDIR")" = "" ]
}

# All checks in one shell, where names hold everything.
life() { # <shell>
    shell=$1
    local place=$'a b\'c"d\\e\nf' name=$'my "db" \'x\' \\ $(id)\nend'
    mkdir "$place" "$place/tmp"
    mv migrations "$place/$name"
    cd "$place" || return
    export TMPDIR=$PWD/tmp DATABASE_URL="sqlite:$name.db" MIGRATIONS_DIR=$name
    front up 2 -q
    "$root/scripts/schema-dump.sh" -q
    seed_file 1.sql "INSERT INTO users (name) VALUES ('Ann');"
    run --separate-stderr -0 preflight --junit "-$name.xml"
    [ "$stderr" = "" ] || return
    [ "$(verdict)" = "checks passed: 6" ] || return
    [ "$(tail -n 1 "./-$name.xml")" = '</testsuites>' ] || return
    printf 'SELECT x;\n' >database/seeds/1.sql
    run --separate-stderr -2 preflight --json --skip rehearsal
    [[ $output = *'"result":"problem"'* ]] || return
    run -2 preflight --only fresh
    [ "$(verdict)" = "problems found by: fresh; skipped: verify, lint, rehearsal, round-trip, drift" ] || return
    [ "$(ls -A tmp)" = "" ]
}

@test "preflight: works in dash" {
    life dash
}

@test "preflight: works in bash --posix" {
    life 'bash --posix'
}

@test "preflight: works in busybox sh" {
    life 'busybox sh'
}

@test "preflight: works in mksh" {
    life mksh
}

@test "preflight: works in yash" {
    life yash
}

@test "preflight: is the same with another awk, with nothing in the environment, and with a lot in it" {
    mkdir stubs
    ln -s "$(command -v busybox)" stubs/awk
    PATH=$PWD/stubs:$PATH run -0 preflight --skip lint
    [ "$(verdict)" = "checks passed: 3; skipped: lint, rehearsal, drift" ]
    run -0 env -i PATH=/usr/bin:/bin MIGRATE_EXTENSION="$extension" "$root/scripts/preflight.sh" sqlite:app.db --skip lint
    [ "$(verdict)" = "checks passed: 3; skipped: lint, rehearsal, drift" ]
    printf '.mode html\nDROP TABLE users;\n' >.sqliterc
    HOME=$PWD IFS=/ CDPATH=$PWD LC_ALL=tr_TR.UTF-8 snapshot=x only=x skip=verify preflight_done=x anew_state=broken \
        run -0 preflight --skip lint
    [ "$(verdict)" = "checks passed: 3; skipped: lint, rehearsal, drift" ]
}

@test "preflight: a signal ends it at once, without a report, and leaves nothing" {
    local signal status
    mkfifo begun
    front up -q
    program 0004 TASK-3 wait sh <<'END'
#!/bin/sh
echo begun >begun
exec sleep 60
END
    for signal in TERM HUP INT; do
        env --default-signal=INT "$root/scripts/preflight.sh" --scripts on --only fresh --junit report.xml </dev/null >out 2>&1 3>&- &
        read -r _ <begun
        kill -s "$signal" "$!"
        status=0
        wait "$!" || status=$?
        [ "$status" -gt 128 ]
        [ "$(ls -A "$TMPDIR")" = "" ]
        [ ! -e report.xml ]
        [ "$(find . -name '.new.*')" = "" ]
        run ! grep -E 'passed|failed' out
    done
}
