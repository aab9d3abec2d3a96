#!/usr/bin/env bats
# schema-dump.sh --prune: files go only where a dump does what they did.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load front
load schema

setup() {
    use_scratch
    use_schema
    three_operations
    operation 0004 TASK-3 add-mail 'ALTER TABLE users ADD COLUMN mail TEXT;' 'ALTER TABLE users DROP COLUMN mail;' 2025-02-01
    operation 0005 TASK-3 add-mail-index 'CREATE INDEX users_mail ON users (mail);' '' 2025-02-01
}

# All files of the folder, and of those beside it that a run could write.
files() {
    find migrations database backups -type f 2>/dev/null | sort
}

# The run with these options is refused with these lines, and nothing changes.
refuses_prune() { # <status> <line>...
    local status_wanted=$1 before
    shift
    before=$(files)
    run --separate-stderr "-$status_wanted" dump default main --prune
    [ "$output" = "" ]
    [ "$stderr" = "$(printf '%s\n' "$@")" ] || {
        printf '%s\n' "$stderr"
        return 1
    }
    [ "$(files | grep -v /REGISTER.md)" = "$before" ]
    [ ! -e migrations/.starts-after ]
}

# A new database from the dump and what is left of the folder is what the old one becomes.
still_complete() {
    rm -f new.db
    restore sqlite:new.db main -q || return
    front up --connection sqlite:new.db -q || return
    apply app.db
    [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ] || return
    [ "$(completed)" = "1 2 3 4 5" ] || return
    front verify -q || return
    rm new.db
}

@test "schema-dump.sh --prune: removes what the dump covers, and keeps the folder as a snapshot" {
    apply app.db 4
    find migrations -type f | sort >before
    run --separate-stderr -0 dump default main --prune
    [ "${lines[0]}" = "$main" ]
    [[ ${lines[1]} =~ ^backups/migrations_[0-9]{8}T[0-9]{6}Z_prune\.tar\.gz$ ]]
    [ "${#lines[@]}" -eq 2 ]
    [ "$stderr" = "removed 8 files up to version 4" ]
    [ "$(find migrations -type f | sort)" = "migrations/.starts-after
migrations/2025-02-01/0005-TASK-3-add-mail-index_up.sql" ]
    [ "$(cat migrations/.starts-after)" = 4 ]
    [ ! -e migrations/2025-01-10 ]
    (cd backups && sha256sum -c --status "${lines[1]##*/}.sha256")
    [ "$(stat -c %a "${lines[1]}")" = 600 ]
    mkdir back
    tar -xzf "${lines[1]}" -C back
    (cd back && find . -type f | sed 's|^\.|migrations|' | sort) | cmp - before
    grep -qF "| schema-dump.sh --prune | local | folder migrations | ${lines[1]##*/} |" backups/REGISTER.md
    still_complete
}

@test "schema-dump.sh --prune: a database that has less than the dump is told to load it" {
    apply app.db 4
    dump default main --prune -q
    run --separate-stderr -65 front up --connection sqlite:new.db
    [ "$stderr" = "sqlite-migrate: the folder starts after version 4, which is not applied
hint: load the schema dump into an empty database (schema-restore.sh), or bring the pruned files back" ]
}

@test "schema-dump.sh --prune: can be done again, from the dump on" {
    apply app.db 2
    dump default main --prune -q
    apply app.db 4
    dump default main --prune -q
    [ "$(cat migrations/.starts-after)" = 4 ]
    still_complete
    run --separate-stderr -0 dump default main --prune
    [ "$(cat migrations/.starts-after)" = 5 ]
    run --separate-stderr -0 dump default main --prune
    [ "$output" = "$main" ]
    [ "$stderr" = "no file is left to remove" ]
    still_complete
    [ "$(find backups -name '*.tar.gz' | wc -l)" = 3 ]
}

@test "schema-dump.sh --prune --dry-run: lists what would go, the newest first, and changes nothing" {
    apply app.db 2
    before=$(files)
    run --separate-stderr -0 dump default main --prune --dry-run
    [ "$output" = "2025-01-10/0002-TASK-1-add-users-index_up.sql
2025-01-10/0002-TASK-1-add-users-index_down.sql
2025-01-10/0001-TASK-1-create-users_up.sql
2025-01-10/0001-TASK-1-create-users_down.sql" ]
    [ "$stderr" = "" ]
    [ "$(files)" = "$before" ]
    [ ! -e backups ]
    run --separate-stderr -64 dump --dry-run
    [ "${stderr_lines[0]}" = "schema-dump.sh: --dry-run is for --prune" ]
}

@test "schema-dump.sh --prune: works on the example" {
    use_example_of_sqlite
    apply app.db 12
    dump default main --prune -q
    apply app.db
    restore sqlite:new.db main -q
    apply new.db
    [ "$(fingerprint new.db)" = "$(fingerprint app.db)" ]
    [ -e migrations/README.md ]
    dump default main --prune -q
    [ "$(find migrations -type f | sort)" = "migrations/.starts-after
migrations/README.md" ]
    front verify -q
}

@test "schema-dump.sh --prune: is refused when the other files need rows that went" {
    use_example_of_sqlite
    apply app.db 9
    run --separate-stderr -65 dump default main --prune
    [ "${stderr_lines[0]}" = "schema-dump.sh: applying the other files behind the dump fails: cannot apply operation 12: foreign key violation: 12 rows of table grades have no parent in table users (the first has rowid 1)" ]
    [ ! -e migrations/.starts-after ]
    [ ! -e database ]
    [ "$(find backups -name 'migrations*' -type f)" = "" ]
}

@test "schema-dump.sh --prune: is refused when the schema is not what the files give" {
    apply app.db 4
    ask app.db 'CREATE TABLE by_hand (a)'
    refuses_prune 65 "schema-dump.sh: the files up to version 4 do not give the schema that app.db has" \
        "hint: something was changed beside them: sqlite-migrate verify"
}

@test "schema-dump.sh --prune: is refused when the files cannot be applied any more" {
    operation 0006 TASK-4 once "CREATE TABLE once (a); SELECT migrate_assert((SELECT count(*) FROM users) = 2, 'not two');"
    apply app.db 5
    ask app.db "INSERT INTO users (name) VALUES ('Bob')"
    apply app.db
    run --separate-stderr -65 dump default main --prune
    [ "${stderr_lines[0]}" = "schema-dump.sh: applying all files to an empty database fails: cannot apply operation 6: 2025-01-10/0006-TASK-4-once_up.sql:1:24: assertion failed: not two" ]
    [ ! -e migrations/.starts-after ]
}

@test "schema-dump.sh --prune: is refused when something below is pending, missing, renamed or changed" {
    apply app.db 4
    plain "DELETE FROM migration WHERE version = 2"
    run --separate-stderr -65 dump default main --prune
    [ "${stderr_lines[0]}" = "schema-dump.sh: no dump of app.db is made while its operations are not in order: 2025-01-10/0002-TASK-1-add-users-index_up.sql is late: version 4 is applied already" ]
    rm app.db
    apply app.db 4
    mv migrations/2025-01-10/0003-TASK-2-add-ann_up.sql .
    mv migrations/2025-01-10/0003-TASK-2-add-ann_down.sql ./down
    MIGRATE_GAPS=off run --separate-stderr -65 dump default main --prune
    [[ ${stderr_lines[0]} == *"operation 3 is applied, but 2025-01-10/0003-TASK-2-add-ann_up.sql is not there" ]]
    mv down migrations/2025-01-10/0003-TASK-2-add-anna_down.sql
    mv 0003-TASK-2-add-ann_up.sql migrations/2025-01-10/0003-TASK-2-add-anna_up.sql
    refuses_prune 65 "schema-dump.sh: the files up to version 4 stay: operation 3 was applied as 2025-01-10/0003-TASK-2-add-ann_up.sql and is now 2025-01-10/0003-TASK-2-add-anna_up.sql" \
        "hint: give it its old name back"
    mv migrations/2025-01-10/0003-TASK-2-add-anna_up.sql migrations/2025-01-10/0003-TASK-2-add-ann_up.sql
    mv migrations/2025-01-10/0003-TASK-2-add-anna_down.sql migrations/2025-01-10/0003-TASK-2-add-ann_down.sql
    sed -i 's/$/\r/' migrations/2025-01-10/0003*_up.sql
    refuses_prune 65 "schema-dump.sh: the files up to version 4 stay: 2025-01-10/0003-TASK-2-add-ann_up.sql has other line ends than when it was applied" \
        "hint: keep the line ends of migration files (.gitattributes: *.sql -text)"
}

@test "schema-dump.sh --prune: is refused when nothing is applied" {
    ask app.db VACUUM
    refuses_prune 65 "schema-dump.sh: nothing is applied to app.db" "hint: there is nothing that a dump could cover"
}

@test "schema-dump.sh --prune: does not run a program unasked" {
    program 0006 TASK-4 made sh <<<$'#!/bin/sh\necho "CREATE TABLE made (a);"'
    apply app.db 5
    refuses_prune 77 "schema-dump.sh: 2025-01-10/0006-TASK-4-made.sh is a program, and programs are switched off" \
        "hint: read it, then --scripts on; the proof runs it"
    dump default main --prune --scripts on -q
    [ "$(cat migrations/.starts-after)" = 5 ]
    MIGRATE_SCRIPTS=on apply app.db
    dump default main --prune --scripts=on -q
    [ "$(ls -A migrations)" = .starts-after ]
}

@test "schema-dump.sh --prune: goes on only from the dump that the files went into" {
    apply app.db 2
    dump default main --prune -q
    apply app.db
    run --separate-stderr -66 dump default other --prune
    [ "$stderr" = "schema-dump.sh: the folder migrations starts after version 2, and there is no dump database/schema/other.sql that it starts with
hint: name the dump that the files went into" ]
    sed -i 's/name TEXT NOT NULL/name TEXT/' "$main"
    run --separate-stderr -65 dump default main --prune
    [ "$stderr" = "schema-dump.sh: the dump $main is damaged
hint: take an undamaged copy" ]
    [ "$(cat migrations/.starts-after)" = 2 ]
}

@test "schema-dump.sh --prune: keeps what is not an operation" {
    apply app.db
    printf 'about\n' >migrations/README.md
    printf 'about\n' >migrations/2025-02-01/README.txt
    printf 'hidden\n' >migrations/2025-02-01/.hidden
    printf 'left\n' >migrations/2025-01-10/0001-TASK-1-create-users_up.sql~
    dump default main --prune -q
    [ "$(find migrations -type f | sort)" = "migrations/.starts-after
migrations/2025-01-10/0001-TASK-1-create-users_up.sql~
migrations/2025-02-01/.hidden
migrations/2025-02-01/README.txt
migrations/README.md" ]
}

@test "schema-dump.sh --prune: one at a time" {
    apply app.db 4
    mkdir -p backups/.lock/migrations
    chmod 700 backups
    exec 7<backups/.lock/migrations
    flock 7
    refuses_prune 75 "schema-dump.sh: another run works on the snapshots of migrations" "hint: wait until it has ended"
    exec 7<&-
    dump default main --prune -q
}

@test "schema-dump.sh --prune: a copy of the folder that is not the folder stops it" {
    apply app.db 4
    mkdir stubs
    printf '#!/bin/sh\n"%s" "$@"\ncase $1 in -xf) rm "$4"/2025-01-10/0001*_up.sql ;; esac\n' "$(command -v tar)" >stubs/tar
    chmod +x stubs/tar
    PATH=$PWD/stubs:$PATH run --separate-stderr -74 dump default main --prune
    [[ ${stderr_lines[0]} == "schema-dump.sh: cannot keep the folder migrations: Only in ./migrations/2025-01-10: 0001-TASK-1-create-users_up.sql" ]]
    [ "${stderr_lines[1]}" = "hint: check the free space; nothing was removed" ]
    [ "$(find migrations -type f | wc -l)" = 9 ]
    [ ! -e database ]
}

# Puts programs in front of the real ones. Of their calls with an argument that matches a pattern, the
# one of that number kills everything.
kill_at() { # <call> <pattern> <program>...
    local call=$1 pattern=$2 name
    shift 2
    rm -rf stubs
    mkdir stubs
    for name; do
        printf '#!/bin/sh\ncase " $* " in\n%s) echo >>"%s/calls" ;;\n*) exec %s "$@" ;;\nesac\n[ "$(wc -l <"%s/calls")" -ne %s ] || kill -9 0\nexec %s "$@"\n' \
            "$pattern" "$PWD" "$(command -v "$name")" "$PWD" "$call" "$(command -v "$name")" >"stubs/$name"
    done
    chmod +x stubs/*
    : >calls
}

# Kills a run at each of these calls in turn; after each the folder and the dump are as good as before,
# and the next run completes it.
survives() { # <kills> <pattern> <program>...
    local wanted=$1 call=0 kills=0 ended=
    shift
    cp -R migrations whole
    apply app.db 2
    cp app.db app.before
    while [ -z "$ended" ]; do
        call=$((call + 1))
        rm -rf migrations database backups
        cp -R whole migrations
        cp app.before app.db
        kill_at "$call" "$@"
        if PATH=$PWD/stubs:$PATH setsid -w "$root/scripts/schema-dump.sh" default main --prune -q </dev/null >out 2>&1 3>&-; then
            ended=yes
        else
            [ "$(wc -l <calls)" -eq "$call" ] || {
                cat out
                return 1
            }
            kills=$((kills + 1))
        fi
        # Both ways to a complete database are there, or the first still is.
        front verify -q || return
        if [ -e migrations/.starts-after ]; then
            still_complete || return
            cp app.before app.db
        else
            [ "$(find migrations -name '*.sql' | wc -l)" = 9 ] || return
        fi
        dump default main --prune -q || return
        [ "$(cat migrations/.starts-after)" = 2 ] || return
        [ "$(find migrations -type f | wc -l)" = 6 ] || return
    done
    [ "$kills" -eq "$wanted" ]
}

@test "schema-dump.sh --prune: survives a kill while the snapshot and the dump get their names" {
    survives 4 '*backups/* | *database/schema/*' mv ln
}

@test "schema-dump.sh --prune: survives a kill while the files go" {
    survives 5 '*/migrations/2*.sql* | *.starts-after[[:blank:]]*' mv rm
}

@test "schema-dump.sh --prune: files for another kind of database stay, and with them the others" {
    printf 'ALTER TABLE users ADD COLUMN mail VARCHAR(99);\n' >migrations/2025-02-01/0004-TASK-3-add-mail_up.postgresql.sql
    apply app.db
    refuses_prune 65 "schema-dump.sh: the files up to version 5 stay: 2025-02-01/0004-TASK-3-add-mail_up.postgresql.sql is for another kind of database than the dump"
}

@test "schema-dump.sh --prune: files for this kind of database go, behind those for all" {
    printf 'ALTER TABLE users ADD COLUMN mail;\n' >migrations/2025-02-01/0004-TASK-3-add-mail_up.sqlite.sql
    printf 'ALTER TABLE users DROP mail;\n' >migrations/2025-02-01/0004-TASK-3-add-mail_down.sqlite.sql
    apply app.db
    [ "$(dump default main --prune --dry-run | head -n 6)" = "2025-02-01/0005-TASK-3-add-mail-index_up.sql
2025-02-01/0004-TASK-3-add-mail_up.sql
2025-02-01/0004-TASK-3-add-mail_up.sqlite.sql
2025-02-01/0004-TASK-3-add-mail_down.sql
2025-02-01/0004-TASK-3-add-mail_down.sqlite.sql
2025-01-10/0003-TASK-2-add-ann_up.sql" ]
    dump default main --prune -q
    [ "$(ls -A migrations)" = .starts-after ]
}

@test "schema-dump.sh --prune: takes no snapshots of its scratch databases" {
    apply app.db 4
    MIGRATE_ENV=production MIGRATE_SNAPSHOT=before-apply dump default main --prune -q
    [ "$(cat migrations/.starts-after)" = 4 ]
    [ "$(find backups -type f -name '*.sqlite')" = "" ]
}
