#!/usr/bin/env bats
# backup-database.sh on PostgreSQL.

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
}

@test "backup, PostgreSQL: makes a dump with its checksum and a row in the register" {
    run --separate-stderr -0 backup before-release
    [ "$stderr" = "" ]
    [ "$(settled "$output")" = backups/default_TIME_before-release.dump ]
    [ "$(kept)" = "REGISTER.md
default_TIME_before-release.dump
default_TIME_before-release.dump.sha256" ]
    [ "$(settled "$(tail -n 1 backups/REGISTER.md | cut -d '|' -f 3-7)")" = " carol | - | local | everything | default_TIME_before-release.dump " ]
    (cd backups && sha256sum --quiet -c -- *.sha256)
    nothing_is_left
}

@test "backup, PostgreSQL: a URL is known by the name of its database" {
    run --separate-stderr -0 backup --connection "$url"
    [ "$(settled "$output")" = "backups/${database//_/-}_TIME_snapshot.dump" ]
}

@test "backup, PostgreSQL: what is restored from a dump gives the same dump" {
    fill_with_everything
    # The server writes a list of texts in another way each time that it has read it.
    on=$database admin <<<'ALTER TABLE side."Odd ""Name" DROP CONSTRAINT "Odd ""Name_v_check"'
    take one
    admin <<<"CREATE DATABASE ${database}_copy"
    DATABASE_URL=${url}_copy restore -q "$(echo backups/*_one.dump)"
    [ "$(content "${database}_copy")" = "$(content "$database")" ]
}

@test "backup, PostgreSQL: --drill restores the dump into a scratch database, which goes" {
    fill_with_everything
    run --separate-stderr -0 backup --drill --name x
    [ "$stderr" = "" ]
    run --separate-stderr -0 backup --name y --verify
    [ "$stderr" = "" ]
    nothing_is_left
}

@test "backup, PostgreSQL: --drill finds rows that do not come back as they were" {
    on=$database admin <<'SQL'
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name = upper(NEW.name); RETURN NEW; END $$;
CREATE TRIGGER shout BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION shout();
SQL
    # As if the trigger came before the rows.
    stub pg_restore 'case $* in
*--single-transaction*) "$real" "$@" && exec '"'$postgresql_client'"' -X -q -w -d "$(for word; do case $word in migrate_scratch_*) echo "$word" ;; esac; done)" -c "UPDATE users SET name = upper(name)" ;;
*) exec "$real" "$@" ;;
esac'
    run --separate-stderr -65 backup --drill
    [ "${stderr_lines[0]}" = "backup-database.sh: the copy of postgresql://$here could not be restored: what is in the dump and what the server makes of it are not the same: there are other rows" ]
    [ "$(kept)" = "" ]
    nothing_is_left
}

@test "backup, PostgreSQL: --drill goes with a whole database only" {
    run --separate-stderr -64 backup --drill --tables users
    [ "${stderr_lines[0]}" = "backup-database.sh: --drill needs all of the database, and --tables copies some of it" ]
}

@test "backup, PostgreSQL: --drill without the right to make a database says who can give it" {
    admin <<SQL
CREATE ROLE plain_$BATS_TEST_NUMBER LOGIN PASSWORD 'secret';
ALTER DATABASE $database OWNER TO plain_$BATS_TEST_NUMBER;
SQL
    on=$database admin <<<"ALTER TABLE users OWNER TO plain_$BATS_TEST_NUMBER"
    DATABASE_URL=postgresql://plain_$BATS_TEST_NUMBER:secret@$here run --separate-stderr -77 backup --drill
    [ "$stderr" = "backup-database.sh: the copy of postgresql://$here could not be restored: cannot make a scratch database, in which a dump is proven: permission denied to create database
hint: ALTER ROLE NAME CREATEDB, which a superuser can do, gives the right" ]
    [ "$(kept)" = "" ]
}

@test "backup, PostgreSQL: a scratch database that a killed run left goes a day later, others stay" {
    admin <<'SQL'
CREATE DATABASE migrate_scratch_20200101000000_0123456789abcdef;
CREATE DATABASE migrate_scratch_20990101000000_0123456789abcdef;
CREATE DATABASE migrate_scratch_mine;
SQL
    backup -q --drill
    [ "$(scratches)" = "migrate_scratch_20990101000000_0123456789abcdef
migrate_scratch_mine" ]
    admin <<'SQL'
DROP DATABASE migrate_scratch_20990101000000_0123456789abcdef;
DROP DATABASE migrate_scratch_mine;
SQL
}

@test "backup, PostgreSQL: a signal in the middle of a drill leaves no scratch database and no file" {
    local signal
    mkfifo ready let_go
    for signal in INT TERM HUP; do
        stub pg_restore "case \$* in *--single-transaction*) echo ready >'$PWD/ready'; read -r _ <'$PWD/let_go' ;; esac; exec \"\$real\" \"\$@\""
        env --default-signal=INT timeout 60 "$root/scripts/backup-database.sh" --drill </dev/null >out 2>&1 3>&- &
        local run=$!
        read -r _ <ready
        [ "$(scratches | wc -l)" -eq 1 ]
        kill "-$signal" "$run" 2>/dev/null
        status=0
        wait "$run" || status=$?
        [ "$status" -gt 128 ]
        [ "$(kept)" = "" ]
        nothing_is_left
    done
}

@test "backup, PostgreSQL: --tables copies these tables, whatever their case, and the partitions in them" {
    on=$database admin <<'SQL'
CREATE TABLE "Odd ""Name" (x int); INSERT INTO "Odd ""Name" VALUES (1);
CREATE TABLE parts (id int, d int) PARTITION BY RANGE (d);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10); INSERT INTO parts VALUES (1, 1);
CREATE SCHEMA side; CREATE TABLE side.users (y int);
CREATE TABLE users_too (z int);
SQL
    run --separate-stderr -0 backup --tables='users,Odd "Name,parts,side.users' some
    [ "$(settled "$output")" = backups/default_TIME_some.partial.dump ]
    [ "$(pg_restore -l "$output" | sed -n 's/.* TABLE DATA \(.*\) tester$/\1/p' | sort)" = 'public Odd "Name
public parts_1
public users
side users' ]
    [[ $(tail -n 1 backups/REGISTER.md) = *'| users,Odd "Name,parts,side.users |'* ]]
}

@test "backup, PostgreSQL: --tables refuses a name that is not there, and a pattern" {
    local name
    for name in nosuch 'user*' USERS public.nosuch; do
        run --separate-stderr -66 backup --tables "users,$name"
        [ "$stderr" = "backup-database.sh: there is no table \"$name\" in postgresql://$here
hint: names stand as they are, with commas between them; of tables that are not on the search path, SCHEMA.TABLE" ]
        [ "$(kept)" = "" ]
    done
    nothing_is_left
}

@test "backup, PostgreSQL: says why it cannot connect, and leaves nothing" {
    DATABASE_URL=postgresql://tester:wrong@$here run --separate-stderr -77 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: cannot connect to postgresql://$here: password authentication failed for user \"tester\"" ]
    DATABASE_URL=${url%/*}/nosuch run --separate-stderr -66 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: cannot connect to postgresql://${here%/*}/nosuch: database \"nosuch\" does not exist" ]
    DATABASE_URL=postgresql://tester:$password@127.0.0.1:1/x run --separate-stderr -69 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: cannot connect to postgresql://127.0.0.1:1/x: Connection refused" ]
    [ ! -e backups ]
    nothing_is_left
}

@test "backup, PostgreSQL: an empty database is no source" {
    admin <<<"CREATE DATABASE ${database}_empty"
    DATABASE_URL=${url}_empty run --separate-stderr -66 backup
    [ "$stderr" = "backup-database.sh: cannot copy postgresql://${here}_empty: the database is empty
hint: check the URL of the connection" ]
    [ ! -e backups ]
}

@test "backup, PostgreSQL: a pg_dump that is older than the server is not used" {
    stub pg_dump 'case $1 in --version) echo "pg_dump (PostgreSQL) 9.2.1" ;; *) exec "$real" "$@" ;; esac'
    run --separate-stderr -69 backup
    [[ ${stderr_lines[0]} = "backup-database.sh: pg_dump is of version 9, and the server of postgresql://$here is of version "* ]]
    [ ! -e backups ]
}

@test "backup, PostgreSQL: a table that may not be read is an error" {
    admin <<<"CREATE ROLE reader_$BATS_TEST_NUMBER LOGIN PASSWORD 'secret'"
    DATABASE_URL=postgresql://reader_$BATS_TEST_NUMBER:secret@$here run --separate-stderr -77 backup
    [ "$stderr" = "backup-database.sh: cannot copy postgresql://$here: permission denied for table users" ]
    [ "$(kept)" = "" ]
    nothing_is_left
}

@test "backup, PostgreSQL: a table that somebody has locked is waited for as long as was said" {
    mkfifo say
    PGHOST=$admin_place PGPORT=$port PGUSER=tester PGDATABASE=$database "$postgresql_client" -X -q -A -t <say >locked 3>&- &
    local locker=$!
    exec 7>say
    echo "BEGIN; LOCK TABLE users; SELECT 'locked';" >&7
    server_wait "$locker" test -s locked
    run --separate-stderr -75 backup --lock-timeout 100
    exec 7>&-
    wait "$locker"
    [ "${stderr_lines[0]}" = "backup-database.sh: cannot copy postgresql://$here: canceling statement due to statement timeout" ]
    [ "$(kept)" = "" ]
}

@test "backup, PostgreSQL: a dump program that ends well and writes nothing, or half, is found out" {
    stub pg_dump 'case $1 in --version) exec "$real" "$@" ;; esac'
    run --separate-stderr -74 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: pg_dump ended well, but there is no copy of postgresql://$here" ]
    stub pg_dump 'case $1 in --version) exec "$real" "$@" ;; esac
"$real" "$@" || exit
for word; do file=$word; done
truncate -s -40 "$file"'
    run --separate-stderr -65 backup
    [[ ${stderr_lines[0]} = "backup-database.sh: the dump is damaged: "* ]]
    [ "$(kept)" = "" ]
    nothing_is_left
}

@test "backup, PostgreSQL: --verify FILE finds what is cut off or changed, without a server" {
    local file
    fill_with_everything
    file=$(take good)
    unset DATABASE_URL
    run --separate-stderr -0 backup --verify "$file"
    [[ $output = "$file: verified, objects: "* ]]
    cp "$file" backups/default_20200101T000000Z_short.dump
    truncate -s -2000 backups/default_20200101T000000Z_short.dump
    sum default_20200101T000000Z_short.dump
    run --separate-stderr -65 backup --verify backups/default_20200101T000000Z_short.dump
    [[ ${stderr_lines[0]} = "backup-database.sh: backups/default_20200101T000000Z_short.dump: the dump is damaged: "* ]]
    cp "$file" backups/default_20200101T000000Z_flip.dump
    printf '\377\000\377\000\377\000' | dd of=backups/default_20200101T000000Z_flip.dump bs=1 seek=$(($(stat -c %s "$file") - 600)) conv=notrunc 2>/dev/null
    run -65 backup --verify backups/default_20200101T000000Z_flip.dump
    sum default_20200101T000000Z_flip.dump
    run --separate-stderr -65 backup --verify backups/default_20200101T000000Z_flip.dump
}

@test "backup, PostgreSQL: packed, encrypted and listed like every snapshot" {
    backup -q --compress zstd packed
    age-keygen -o key 2>/dev/null
    backup -q --encrypt "age:$(age-keygen -y key)" sealed
    [ "$(kept)" = "REGISTER.md
default_TIME_packed.dump.zst
default_TIME_packed.dump.zst.sha256
default_TIME_sealed.dump.age
default_TIME_sealed.dump.age.sha256" ]
    backup -q --verify backups/*_packed.dump.zst
    backup -q --identity key --verify backups/*_sealed.dump.age
    [ "$(backup --list | wc -l)" -eq 3 ]
}

@test "backup, PostgreSQL: what is too much goes, whatever the engine" {
    mkdir backups
    for day in 01 02 03 04; do
        printf x >"backups/default_202001${day}T000000Z_snapshot.dump"
        sum "default_202001${day}T000000Z_snapshot.dump"
    done
    backup -q --keep-last 2 --min-keep 1
    [ "$(find backups -name '*.dump' | wc -l)" -eq 2 ]
}

@test "backup, PostgreSQL: the password is in no command line, message, register or file" {
    watch_processes psql pg_dump pg_restore
    MIGRATE_BACKUP_COMPRESS=gzip run -0 backup --drill
    DATABASE_URL=postgresql://tester:$password@${here}x run -66 backup
    [ -s seen ]
    run ! grep -qF -e "$password" seen
    run ! grep -rqF -e "$password" backups
    [[ $output != *"$password"* ]]
}

@test "backup, PostgreSQL: a run that is killed at any moment leaves no file under a final name" {
    local number=1
    while kill_after "$number" psql pg_dump pg_restore; do
        backup --drill >out 2>&1 || :
        [ -e killed ] || break
        for file in backups/*.dump; do
            [ ! -e "$file" ] || backup -q --verify "$file"
        done
        number=$((number + 2))
    done
    [ "$number" -gt 8 ]
    for left in $(scratches); do
        admin <<<"DROP DATABASE $left"
    done
}

@test "backup, PostgreSQL: every shell does the same" {
    copies_in_all_shells
}
