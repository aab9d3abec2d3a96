#!/usr/bin/env bats
# restore-database.sh on PostgreSQL.

# shellcheck disable=SC2016,SC2154 # what stands in single quotes is for others; bats sets stderr

load ../helpers/migrate
load ../helpers/postgresql
load connect
load copies
load copies_postgresql

setup_file() {
    copies_postgresql_start
}

teardown_file() {
    postgresql_stop
}

setup() {
    use_copies_postgresql
    good=$(take good)
    on=$database admin <<<"INSERT INTO users (name) VALUES ('Carl')"
    operation 0001 TASK-1 one 'CREATE TABLE one (id int);' 'DROP TABLE one;'
}

# Fails unless nothing was replaced, taken or left over.
untouched() {
    [ "$(people)" = "Ann Bob Carl" ] && [ "$(databases)" = "$database" ] && [ "$(find backups -name '*before-restore*')" = "" ] &&
        [ ! -e backups/rollback-log.md ] && nothing_is_left
}

@test "restore, PostgreSQL: replaces the database, with a snapshot of what was there, and shows what is pending" {
    run --separate-stderr -0 restore --force --purpose 'wrong names' "$good"
    [ "$(settled "$stderr")" = "restored postgresql://$here from backups/default_TIME_good.dump; what was there before is kept as backups/default_TIME_before-restore.dump" ]
    [[ $output = *one*pending* ]]
    [ "$(people)" = "Ann Bob" ]
    [ "$(databases)" = "$database" ]
    [[ $(cat backups/rollback-log.md) = *'restore of default_'*'_good.dump: wrong names'*'| carol | local | default | default_'*'_before-restore.dump |' ]]
    nothing_is_left
    restore -q --force backups/*_before-restore.dump
    [ "$(people)" = "Ann Bob Carl" ]
}

@test "restore, PostgreSQL: the new database has owner, privileges and settings of the old one" {
    local before
    admin <<SQL
CREATE ROLE owner_$BATS_TEST_NUMBER;
ALTER DATABASE $database OWNER TO owner_$BATS_TEST_NUMBER;
ALTER DATABASE $database SET search_path = "\$user", public, side;
ALTER ROLE owner_$BATS_TEST_NUMBER IN DATABASE $database SET work_mem = '5MB';
REVOKE CONNECT ON DATABASE $database FROM PUBLIC;
GRANT CREATE ON DATABASE $database TO owner_$BATS_TEST_NUMBER WITH GRANT OPTION;
ALTER DATABASE $database CONNECTION LIMIT 7;
COMMENT ON DATABASE $database IS 'it''s
CREATE DATABASE ours';
SQL
    about() {
        admin <<SQL
SELECT pg_get_userbyid(datdba), (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(datacl) AS a), datconnlimit, encoding, datcollate, shobj_description(oid, 'pg_database'),
    (SELECT string_agg(setrole::text || setconfig::text, ' ' ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = d.oid)
FROM pg_database AS d WHERE datname = '$database'
SQL
    }
    before=$(about)
    restore -q --force "$good"
    [ "$(about)" = "$before" ]
    [ "$(people)" = "Ann Bob" ]
}

@test "restore, PostgreSQL: --no-snapshot keeps the old database under another name" {
    run --separate-stderr -0 restore --force --no-snapshot "$good"
    [ "$(settled "$stderr")" = "restored postgresql://$here from backups/default_TIME_good.dump; what was there before is kept as ${database}_replaced_TIME" ]
    [ "$(databases)" = "$database
${database}_replaced_TIME" ]
    [ "$(people)" = "Ann Bob" ]
    [ "$(people "$(admin <<<"SELECT datname FROM pg_database WHERE datname LIKE '${database}_replaced%'")")" = "Ann Bob Carl" ]
}

@test "restore, PostgreSQL: a name that fills all bytes there are is cut where a character ends" {
    local long
    long=$(printf 'ə%.0s' {1..30})
    admin <<<"CREATE DATABASE \"$long\""
    on=$long admin <<<"CREATE TABLE x (y int)"
    DATABASE_URL=${url%/*}/$(printf '%s' "$long" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g') restore -q --force --no-snapshot "$good"
    [ "$(people "$long")" = "Ann Bob" ]
    [ "$(admin <<<"SELECT count(*) FROM pg_database WHERE datname LIKE 'əə%əə!_replaced!_%' ESCAPE '!'")" = 1 ]
}

@test "restore, PostgreSQL: fills an empty database without more words, and needs no right to make one" {
    admin <<SQL
CREATE ROLE filler_$BATS_TEST_NUMBER LOGIN PASSWORD 'secret';
CREATE DATABASE ${database}_empty OWNER filler_$BATS_TEST_NUMBER;
SQL
    DATABASE_URL=postgresql://filler_$BATS_TEST_NUMBER:secret@${here}_empty run --separate-stderr -0 restore "$good"
    [ "${stderr_lines[0]}" = "restore-database.sh: warning: what belongs to tester will belong to who restores: there is no such role, or it may not be taken on" ]
    [ "$(people "${database}_empty")" = "Ann Bob" ]
    [ "$(find backups -name '*before-restore*')" = "" ]
    nothing_is_left
}

@test "restore, PostgreSQL: an empty database stays empty where the dump cannot be restored" {
    admin <<SQL
CREATE ROLE gone_$BATS_TEST_NUMBER;
SQL
    on=$database admin <<<"GRANT SELECT ON users TO gone_$BATS_TEST_NUMBER"
    granted=$(take granted)
    on=$database admin <<<"REVOKE SELECT ON users FROM gone_$BATS_TEST_NUMBER"
    admin <<SQL
DROP ROLE gone_$BATS_TEST_NUMBER;
CREATE DATABASE ${database}_empty;
SQL
    DATABASE_URL=${url}_empty run --separate-stderr -78 restore "$granted"
    [ "$stderr" = "restore-database.sh: role \"gone_$BATS_TEST_NUMBER\" does not exist
hint: a dump has no roles: make them first (pg_dumpall --globals-only writes them where they are)" ]
    [ "$(on=${database}_empty admin <<<"SELECT count(*) FROM pg_class WHERE relname = 'users'")" = 0 ]
    # The same where there is something: it stays.
    run -78 restore --force "$granted"
    [ "$(people)" = "Ann Bob Carl" ]
    nothing_is_left
}

@test "restore, PostgreSQL: refuses a database that is not empty, unless that is said" {
    run --separate-stderr -77 restore "$good"
    [ "$stderr" = "restore-database.sh: the database postgresql://$here is not empty: it has 2 objects
hint: --force replaces it, after a snapshot of it" ]
    untouched
}

@test "restore, PostgreSQL: refuses while somebody has a session, and says who" {
    mkfifo say
    PGHOST=$admin_place PGPORT=$port PGUSER=tester PGDATABASE=$database PGAPPNAME=shop "$postgresql_client" -X -q -A -t <say >heard 3>&- &
    local client=$!
    exec 7>say
    echo "SELECT 'here';" >&7
    server_wait "$client" test -s heard
    run --separate-stderr -75 restore --force "$good"
    exec 7>&-
    wait "$client"
    [ "$(settled "$stderr")" = "restore-database.sh: postgresql://$here is open in session N (tester, shop)
hint: stop what works with it, then start again; nothing was changed" ]
    untouched
}

@test "restore, PostgreSQL: refuses when somebody comes at the last moment" {
    mkfifo say
    PGHOST=$admin_place PGPORT=$port PGUSER=tester PGDATABASE=postgres PGAPPNAME=late "$postgresql_client" -X -q -A -t <say >heard 3>&- &
    local client=$!
    exec 7>say
    # The swap is the one file in which there is a RENAME.
    stub psql 'for word; do file=$word; done
if grep -q RENAME "$file" 2>/dev/null; then
    printf "\\\\connect %s\nSELECT 1;\n" '"$database >'$PWD/say'
    for try in {1..500}; do [ -s '$PWD/heard' ] || read -r -t 0.02 _ <> <(:); done"'
fi
exec "$real" "$@"'
    run --separate-stderr -75 restore --force "$good"
    exec 7>&-
    wait "$client"
    [ "$(settled "${stderr_lines[0]}")" = "restore-database.sh: postgresql://$here is open in session N (tester, late)" ]
    [ "$(people)" = "Ann Bob Carl" ]
    [ "$(databases)" = "$database" ]
    nothing_is_left
}

@test "restore, PostgreSQL: without the right to make databases, only an empty one can be restored into" {
    admin <<SQL
CREATE ROLE poor_$BATS_TEST_NUMBER LOGIN PASSWORD 'secret';
ALTER DATABASE $database OWNER TO poor_$BATS_TEST_NUMBER;
SQL
    DATABASE_URL=postgresql://poor_$BATS_TEST_NUMBER:secret@$here run --separate-stderr -77 restore --force "$good"
    [ "$stderr" = "restore-database.sh: cannot make a scratch database, in which a dump is proven: permission denied to create database
hint: ALTER ROLE NAME CREATEDB, which a superuser can do, gives the right" ]
    untouched
}

@test "restore, PostgreSQL: refuses what is damaged, partial, of another engine, or without its checksum" {
    local file name
    for name in short flip; do
        cp "$good" "backups/$name.dump"
    done
    truncate -s -100 backups/short.dump
    printf '\377\000\377\000\377\000' | dd of=backups/flip.dump bs=1 seek=$(($(stat -c %s "$good") - 20)) conv=notrunc 2>/dev/null
    for name in short flip; do
        sum "$name.dump"
        run --separate-stderr -65 restore --force "$name.dump"
        [[ ${stderr_lines[0]} = "restore-database.sh: backups/$name.dump is damaged: the dump is damaged: "* ]]
    done
    rm backups/short.dump.sha256
    run --separate-stderr -65 restore --force short.dump
    [ "${stderr_lines[0]}" = "restore-database.sh: there is no backups/short.dump.sha256 to compare the snapshot with" ]
    printf x >>backups/flip.dump
    run --separate-stderr -65 restore --force flip.dump
    [ "${stderr_lines[0]}" = "restore-database.sh: backups/flip.dump is not what was taken: its checksum is not that in backups/flip.dump.sha256" ]
    printf 'SELECT 1;\n-- Dump completed\n' >backups/other.sql
    sum other.sql
    run --separate-stderr -65 restore --force other.sql
    [ "$stderr" = "restore-database.sh: backups/other.sql is not named like a snapshot of this database
hint: such a name ends with .dump, .dump.gz or the like" ]
    cp backups/other.sql backups/text.dump
    sum text.dump
    run -65 restore --force text.dump
    file=$(take --tables users some)
    run --separate-stderr -65 restore --force "$file"
    [ "$(settled "${stderr_lines[0]}")" = "restore-database.sh: backups/default_TIME_some.partial.dump holds some tables only" ]
    untouched
}

@test "restore, PostgreSQL: says why it cannot connect" {
    DATABASE_URL=postgresql://tester:wrong@$here run -77 restore "$good"
    DATABASE_URL=${url%/*}/nosuch run --separate-stderr -66 restore "$good"
    [ "$stderr" = "restore-database.sh: there is no database postgresql://${here%/*}/nosuch
hint: createdb makes one" ]
    DATABASE_URL=postgresql://tester:$password@127.0.0.1:1/x run -69 restore "$good"
    untouched
}

@test "restore, PostgreSQL: a restore that fails in the snapshot of what is there changes nothing" {
    stub pg_dump 'case $* in *_before-restore* | *copy.dump*) echo "pg_dump: error: could not write to output file: No space left on device" >&2; exit 1 ;; *) exec "$real" "$@" ;; esac'
    run --separate-stderr -74 restore --force "$good"
    [ "${stderr_lines[0]}" = "restore-database.sh: cannot take a snapshot of what is there now: cannot copy postgresql://$here: could not write to output file: No space left on device" ]
    rm -r stubs
    untouched
}

@test "restore, PostgreSQL: --drill says what is in the snapshot, and leaves nothing" {
    fill_with_everything
    all=$(take all)
    run --separate-stderr -0 restore --drill "$all"
    [ "$stderr" = "" ]
    [[ $(settled "$output") = "drill passed: backups/default_TIME_all.dump: "*" objects, 506 rows, version 0, 1 pending" ]]
    untouched
}

@test "restore, PostgreSQL: latest is the newest whole dump, but none that a restore has taken" {
    take --tables users z >/dev/null
    printf x >backups/default_20990101T000000Z_x.sqlite
    sum default_20990101T000000Z_x.sqlite
    restore -q --force latest
    restore -q --force latest
    [ "$(people)" = "Ann Bob" ]
}

@test "restore, PostgreSQL: a restore that is killed at any moment leaves the old database or the new one" {
    local number=1 old=0 new=0
    while kill_after "$number" psql pg_dump pg_restore; do
        restore -q --force "$good" >out 2>&1 || :
        [ -e killed ] || break
        case $(people) in
        'Ann Bob Carl') old=$((old + 1)) ;;
        'Ann Bob') new=$((new + 1)) ;;
        *) false ;;
        esac
        number=$((number + 2))
    done
    [ "$old" -gt 5 ]
    [ "$new" -gt 0 ]
    for left in $(scratches); do
        admin <<<"DROP DATABASE $left"
    done
}

@test "restore, PostgreSQL: the password is in no command line, also of the snapshot before it" {
    watch_processes psql pg_dump pg_restore
    restore -q --force "$good"
    [ -s seen ]
    run ! grep -qF -e "$password" seen
    run ! grep -rqF -e "$password" backups
}
