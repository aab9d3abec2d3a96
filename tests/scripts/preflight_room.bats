#!/usr/bin/env bats
# What is known before a run, where the temporary folder is full: nothing is called fine that was cut off.

# shellcheck disable=SC2016,SC2154 # what stands in single quotes is for others; bats sets stderr

load ../helpers/migrate
load front
load preflight

setup() {
    use_scratch
    use_preflight
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a small file system"
    plain 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)' "INSERT INTO users VALUES (1, 'Ann')"
    operation 0001 TASK-1 delete-users 'DELETE FROM users;' 'SELECT 1;'
}

# Runs a program with so many pages of 4096 bytes left for its temporary folder, and prints what it leaves there.
with_room() { # <pages> <program> <argument>...
    local filled=$((131072 - 4096 * $1))
    shift
    run --separate-stderr unshare -rm sh -c 'mount -t tmpfs -o size=128k none "$TMPDIR" || exit 70
        head -c "$1" /dev/zero >"$TMPDIR/full"
        shift
        "$@" </dev/null
        status=$?
        find "$TMPDIR" . -mindepth 1 \( -path "$TMPDIR/*" ! -name full -o -name ".new.*" \) -printf "left: %P\n"
        exit "$status"
    ' sh "$filled" "$@"
}

@test "a full temporary folder: a rehearsal says so, and not that there is nothing to do" {
    local pages full=0
    for pages in 1 2 3 4 5 6 8; do
        with_room "$pages" "$front" rehearse --progress off --check
        if [ "$status" -eq 74 ]; then
            full=$((full + 1))
            [ "$output" = "" ]
            [ "$stderr" = "sqlite-migrate: cannot write into the temporary folder
hint: check TMPDIR and the free space" ]
        else
            [ "$status" -eq 2 ]
            [[ $output == "completed: "*"    round trip: rows lost: table users has lost 1 of 1 rows" ]]
        fi
    done
    [ "$full" -ge 2 ]
}

@test "a full temporary folder: a plan says so, and not that there is nothing to do" {
    local pages full=0
    for pages in 1 2 3 4 5 6 8; do
        with_room "$pages" "$front" plan --check
        if [ "$status" -eq 74 ]; then
            full=$((full + 1))
            [ "$output" = "" ]
            [ "${stderr_lines[0]}" = "sqlite-migrate: cannot write into the temporary folder" ]
        else
            [ "$status" -eq 2 ]
            [[ $output == *"error delete-without-where: deletes all rows of users: 1 row"* ]]
        fi
    done
    [ "$full" -ge 2 ]
}

@test "a full temporary folder: preflight.sh says so, leaves nothing, and calls nothing passed that was not looked at" {
    local pages full=0
    for pages in 1 2 3 4 6 8 10 12 24; do
        with_room "$pages" "$root/scripts/preflight.sh" --json --junit report.xml --only verify,lint,rehearsal
        [[ $output != *left:* ]]
        if [ "$status" -ne 2 ]; then
            full=$((full + 1))
            [[ $output != '{"database":"app.db","result":"passed"'* ]]
            [[ $stderr == *"preflight.sh: the run ended with "*", and there is no room for its report
hint: check TMPDIR and the free space" ]] || [[ $stderr == *"preflight.sh: cannot write into the temporary folder"* ]] ||
                [[ $output == *'"result":"failed"'*"cannot write into the temporary folder"* ]]
        fi
    done
    [ "$full" -ge 2 ]
    [ "$status" -eq 2 ]
}
