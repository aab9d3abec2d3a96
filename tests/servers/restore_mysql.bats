#!/usr/bin/env bats
# restore-database.sh on MySQL and MariaDB.

# shellcheck disable=SC2016,SC2154 # what stands in single quotes is for others; bats sets stderr

load ../helpers/migrate
load ../helpers/mysql
load connect
load copies
load copies_mysql

setup_file() {
    copies_mysql_start
}

teardown_file() {
    mysql_stop
}

setup() {
    use_copies_mysql
    dumper=$(basename "$(type -P mariadb-dump || type -P mysqldump)")
    client=${mysql_client##*/}
    good=$(take good)
    on=$database admin <<<"INSERT INTO users (name) VALUES ('Carl')"
}

# Fails unless nothing was replaced, taken or left over.
untouched() {
    [ "$(people)" = "Ann Bob Carl" ] && [ "$(find backups -name '*before-restore*')" = "" ] &&
        [ ! -e backups/rollback-log.md ] && nothing_is_left
}

@test "restore, MySQL: replaces the database, with a snapshot of what was there, and shows what is pending" {
    on=$database admin <<<"CREATE TABLE newer (x int)"
    run --separate-stderr -0 restore --force "$good"
    [ "$(settled "$stderr")" = "restored mysql://$here from backups/default_TIME_good.sql.gz; what was there before is kept as backups/default_TIME_before-restore.sql.gz" ]
    [[ $output = *one*pending* ]]
    [ "$(people)" = "Ann Bob" ]
    [ "$(on=$database admin <<<"SHOW TABLES")" = users ]
    [ "$(on=$database admin <<<"SELECT @@collation_database")" = latin1_german2_ci ]
    [[ $(cat backups/rollback-log.md) = *'restore of default_'*'_good.sql.gz'*'| default_'*'_before-restore.sql.gz |' ]]
    nothing_is_left
    restore -q --force backups/*_before-restore.sql.gz
    [ "$(people)" = "Ann Bob Carl" ]
}

@test "restore, MySQL: fills an empty database without more words" {
    admin <<<"CREATE DATABASE ${database}_empty"
    DATABASE_URL=${url}_empty run --separate-stderr -0 restore "$good"
    [ "$(people "${database}_empty")" = "Ann Bob" ]
    [ "$(find backups -name '*before-restore*')" = "" ]
    nothing_is_left
}

@test "restore, MySQL: does not drop what the user may not see" {
    admin <<SQL
CREATE USER weak_$BATS_TEST_NUMBER@'%' IDENTIFIED BY 'secret';
GRANT SELECT, INSERT, CREATE, DROP, ALTER, LOCK TABLES, SHOW VIEW, EVENT ON $database.* TO weak_$BATS_TEST_NUMBER@'%';
GRANT ALL ON \`migrate\_scratch\_%\`.* TO weak_$BATS_TEST_NUMBER@'%';
SQL
    DATABASE_URL=mysql://weak_$BATS_TEST_NUMBER:secret@$here run --separate-stderr -77 restore --force "$good"
    [ "$stderr" = "restore-database.sh: nothing was changed, for a snapshot of mysql://$here may not be complete: the user may not see triggers and routines
hint: take a user who sees the whole schema, or GRANT TRIGGER, EXECUTE on it" ]
    untouched
}

@test "restore, MySQL: refuses a database that is not empty, unless that is said, and to go without a snapshot" {
    run --separate-stderr -77 restore "$good"
    [ "$stderr" = "restore-database.sh: the database mysql://$here is not empty: it has 1 objects
hint: --force replaces it, after a snapshot of it" ]
    run --separate-stderr -64 restore --force --no-snapshot "$good"
    [ "$stderr" = "restore-database.sh: --no-snapshot cannot be used where the database is not empty: MySQL cannot keep it under another name
hint: the snapshot is the only way back" ]
    untouched
}

@test "restore, MySQL: refuses while somebody has a session, and says who" {
    mkfifo say
    on=$database admin --unbuffered <say >heard 3>&- &
    local session=$!
    exec 7>say
    echo "SELECT 'here';" >&7
    server_wait "$session" test -s heard
    run --separate-stderr -75 restore --force "$good"
    exec 7>&-
    wait "$session"
    [ "$(settled "$stderr")" = "restore-database.sh: mysql://$here is open in session N (root)
hint: stop what works with it, then start again; nothing was changed" ]
    untouched
}

@test "restore, MySQL: says when the user may not see the sessions of others" {
    admin <<SQL
CREATE USER plain_$BATS_TEST_NUMBER@'%' IDENTIFIED BY 'secret';
GRANT ALL ON *.* TO plain_$BATS_TEST_NUMBER@'%';
REVOKE PROCESS ON *.* FROM plain_$BATS_TEST_NUMBER@'%';
SQL
    DATABASE_URL=mysql://plain_$BATS_TEST_NUMBER:secret@$here run --separate-stderr -0 restore --force "$good"
    [ "${stderr_lines[0]}" = "restore-database.sh: warning: cannot see which processes have mysql://$here open: the user has not the privilege PROCESS" ]
}

@test "restore, MySQL: a dump that the server does not take leaves the database as it was" {
    local file
    file=$(zcat "$good" | sed 's/^UNLOCK TABLES;/SELECT nosuch();/' | gzip >backups/bad.sql.gz && echo bad.sql.gz)
    sum "$file"
    run --separate-stderr -1 restore --force "$file"
    [[ ${stderr_lines[0]} = "restore-database.sh: "*nosuch* ]]
    untouched
}

@test "restore, MySQL: refuses what is damaged, partial, of another engine, or without its checksum" {
    local file
    head -c -30 "$good" >backups/short.sql.gz
    sum short.sql.gz
    run --separate-stderr -65 restore --force short.sql.gz
    zcat "$good" | head -n 25 >backups/short.sql
    sum short.sql
    run --separate-stderr -65 restore --force short.sql
    [ "${stderr_lines[0]}" = "restore-database.sh: backups/short.sql is damaged: the dump is damaged: its last line is not \"-- Dump completed\"" ]
    rm backups/short.sql.sha256
    run -65 restore --force short.sql
    cp "$good" backups/wrong.sql.gz
    sum wrong.sql.gz
    printf x >>backups/wrong.sql.gz
    run --separate-stderr -65 restore --force wrong.sql.gz
    [ "${stderr_lines[0]}" = "restore-database.sh: backups/wrong.sql.gz is not what was taken: its checksum is not that in backups/wrong.sql.gz.sha256" ]
    printf PGDMP >backups/other.dump
    sum other.dump
    run --separate-stderr -65 restore --force other.dump
    [ "${stderr_lines[0]}" = "restore-database.sh: backups/other.dump is not named like a snapshot of this database" ]
    file=$(take --tables users some)
    run -65 restore --force "$file"
    untouched
}

@test "restore, MySQL: the line for newer clients goes where the client does not know it, and only there" {
    zcat "$good" | sed '1{/^\/\*M!999999/d}' >rest.sql
    { printf '/*M!999999\\- enable the sandbox mode */ \n' && cat rest.sql; } >backups/new.sql
    sum new.sql
    admin <<<"CREATE DATABASE ${database}_one; CREATE DATABASE ${database}_two"
    stub "$client" 'exec "$real" "$@" < <(tee -a '"'$PWD/said')"
    DATABASE_URL=${url}_one restore -q new.sql
    [ "$(people "${database}_one")" = "Ann Bob" ]
    grep -q '^/[*]M!999999' said
    # An older client takes the line for a command.
    stub "$client" 'exec "$real" "$@" < <(sed "1s/^.*M!999999.*$/\\\\- enable the sandbox mode/")'
    DATABASE_URL=${url}_two restore -q new.sql
    [ "$(people "${database}_two")" = "Ann Bob" ]
}

@test "restore, MySQL: says why it cannot connect" {
    DATABASE_URL=mysql://root:wrong@$here run -77 restore "$good"
    DATABASE_URL=${url%/*}/nosuch run --separate-stderr -66 restore "$good"
    [ "$stderr" = "restore-database.sh: there is no database mysql://${here%/*}/nosuch
hint: CREATE DATABASE makes one" ]
    DATABASE_URL=mysql://root:$mysql_password@127.0.0.1:1/x run -69 restore "$good"
    untouched
}

@test "restore, MySQL: --drill says what is in the snapshot, and leaves nothing" {
    fill_with_everything
    all=$(take all)
    run --separate-stderr -0 restore --drill "$all"
    [ "$stderr" = "" ]
    [ "$(settled "$output")" = "drill passed: backups/default_TIME_all.sql.gz: 8 objects, 8 rows, version 0, 1 pending" ]
    untouched
}

@test "restore, MySQL: what a killed restore leaves says so, and the next restore goes on" {
    local number=1 old=0 new=0 half=0
    while kill_after "$number" "$client" "$dumper"; do
        restore -q --force "$good" >out 2>&1 || :
        [ -e killed ] || break
        if [ "$(on=$database admin <<<"SHOW TABLES LIKE 'migrate_restore_unfinished'")" != "" ]; then
            half=$((half + 1))
            rm -r stubs
            run --separate-stderr -65 backup
            [ "${stderr_lines[0]}" = "backup-database.sh: cannot copy mysql://$here: a restore of it has stopped in the middle, and there is a part of it only" ]
            restore -q --force backups/*_before-restore.sql.gz
            [ "$(people)" = "Ann Bob Carl" ]
        fi
        case $(people) in
        'Ann Bob Carl') old=$((old + 1)) ;;
        'Ann Bob') new=$((new + 1)) ;;
        *) false ;;
        esac
        rm -f backups/*before-restore*
        on=$database admin <<<"REPLACE INTO users (id, name) VALUES (3, 'Carl')"
        number=$((number + 1))
    done
    [ "$old" -gt 5 ]
    [ "$half" -gt 0 ]
    for left in $(scratches); do
        admin <<<"DROP DATABASE $left"
    done
}

@test "restore, MySQL: a restore that the server stops in the middle says how to go on" {
    # The database itself is filled with this one; the scratch database is not.
    stub "$client" 'case $* in
*--database='"$database"*'max-allowed-packet* | *max-allowed-packet*--database='"$database"*') exec "$real" "$@" < <(sed "s/^UNLOCK TABLES;/KILL CONNECTION_ID();/") ;;
*) exec "$real" "$@" ;; esac'
    run --separate-stderr restore --force "$good"
    [ "$status" -ne 0 ]
    [[ ${stderr_lines[0]} = "restore-database.sh: the restore of mysql://$here has stopped in the middle, and there is a part of it only: "* ]]
    [ "$(settled "${stderr_lines[-1]}")" = "hint: find out why, then restore backups/default_TIME_before-restore.sql.gz with --force" ]
    rm -r stubs
    restore -q --force backups/*_before-restore.sql.gz
    [ "$(people)" = "Ann Bob Carl" ]
    nothing_is_left
}

@test "restore, MySQL: the password is in no command line, also of the snapshot before it" {
    watch_processes "$client" "$dumper"
    restore -q --force "$good"
    [ -s seen ]
    run ! grep -qF -e "$mysql_password" seen
    run ! grep -rqF -e "$mysql_password" backups
}
