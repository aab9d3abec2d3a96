#!/usr/bin/env bats
# backup-database.sh on MySQL and MariaDB.

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
}

@test "backup, MySQL: makes a compressed dump with its checksum and a row in the register" {
    run --separate-stderr -0 backup before-release
    [ "$stderr" = "" ]
    [ "$(settled "$output")" = backups/default_TIME_before-release.sql.gz ]
    [ "$(kept)" = "REGISTER.md
default_TIME_before-release.sql.gz
default_TIME_before-release.sql.gz.sha256" ]
    [ "$(zcat "$output" | tail -n 1)" = "-- Dump completed" ]
    (cd backups && sha256sum --quiet -c -- *.sha256)
    nothing_is_left
}

@test "backup, MySQL: --compress none makes a plain file, and so does each other tool its own" {
    backup -q --compress none plain
    backup -q --compress zstd small
    [ "$(kept)" = "REGISTER.md
default_TIME_plain.sql
default_TIME_plain.sql.sha256
default_TIME_small.sql.zst
default_TIME_small.sql.zst.sha256" ]
    backup -q --verify backups/*_plain.sql
    backup -q --verify backups/*_small.sql.zst
}

@test "backup, MySQL: a URL is known by the name of its database" {
    run --separate-stderr -0 backup --connection "$url"
    [ "$(settled "$output")" = "backups/${database//_/-}_TIME_snapshot.sql.gz" ]
}

@test "backup, MySQL: what is restored from a dump gives the same dump" {
    fill_with_everything
    take one >/dev/null
    admin <<<"CREATE DATABASE ${database}_copy"
    DATABASE_URL=${url}_copy restore -q "$(echo backups/*_one.sql.gz)"
    [ "$(content "${database}_copy")" = "$(content "$database")" ]
}

@test "backup, MySQL: two dumps of the same are the same" {
    fill_with_everything
    take one >/dev/null
    take two >/dev/null
    cmp <(zcat backups/*_one.sql.gz) <(zcat backups/*_two.sql.gz)
}

@test "backup, MySQL: --drill restores the dump into a scratch database, in which no event runs, and which goes" {
    fill_with_everything
    stub "$client" 'exec "$real" "$@" < <(tee -a '"'$PWD/said')"
    run --separate-stderr -0 backup --drill
    [ "$stderr" = "" ]
    grep -q 'EVENT `daily` .* DISABLE DO' said
    run ! grep -q 'EVENT `daily` .* ENABLE DO' said
    [[ $(zcat backups/*.sql.gz) = *'EVENT `daily` '*' ENABLE DO'* ]]
    nothing_is_left
}

@test "backup, MySQL: --drill works, and leaves nothing, where the name of the database is not ASCII" {
    on=$database admin --default-character-set=utf8mb4 <<<"CREATE DATABASE \`odd é\`; CREATE TABLE \`odd é\`.t (x int)"
    DATABASE_URL=${url%/*}/$(encoded 'odd é') LC_ALL=C run --separate-stderr -0 backup --drill
    [ "$stderr" = "" ]
    nothing_is_left
}

@test "backup, MySQL: leaves no password behind where its last words cannot be written" {
    stub "$client" 'case $* in *--database=migrate_scratch_* | */options\ --batch) exit 1 ;; *) exec "$real" "$@" ;; esac'
    unheard() { backup --drill 2>/dev/full; }
    run ! unheard
    PATH=${PATH#"$PWD/stubs:"}
    scratches | sed 's/.*/DROP DATABASE &;/' | admin
    nothing_is_left
}

@test "backup, MySQL: --drill finds rows that do not come back as they were" {
    stub "$client" 'case $* in *--database=migrate_scratch_*max-allowed-packet* | *max-allowed-packet*--database=migrate_scratch_*) exec "$real" "$@" < <(sed "s/Ann/Eve/") ;; *) exec "$real" "$@" ;; esac'
    run --separate-stderr -65 backup --drill
    [ "${stderr_lines[0]}" = "backup-database.sh: the copy of mysql://$here could not be restored: what is in the dump and what the server makes of it are not the same: there are other rows" ]
    [ "$(kept)" = "" ]
    nothing_is_left
}

@test "backup, MySQL: --drill without the right to make a database says who can give it" {
    admin <<SQL
CREATE USER plain_$BATS_TEST_NUMBER@'%' IDENTIFIED BY 'secret';
GRANT ALL ON \`${database//_/\\_}\`.* TO plain_$BATS_TEST_NUMBER@'%';
SQL
    DATABASE_URL=mysql://plain_$BATS_TEST_NUMBER:secret@$here run --separate-stderr -77 backup --drill
    [[ ${stderr_lines[0]} = "backup-database.sh: the copy of mysql://$here could not be restored: cannot make a scratch database, in which a dump is proven: Access denied for user "* ]]
    [ "${stderr_lines[1]}" = 'hint: GRANT ALL ON `migrate\_scratch\_%`.* TO the user, which an administrator can do, gives the right' ]
    admin <<<"GRANT ALL ON \`migrate\\_scratch\\_%\`.* TO plain_$BATS_TEST_NUMBER@'%'"
    DATABASE_URL=mysql://plain_$BATS_TEST_NUMBER:secret@$here backup -q --drill
    nothing_is_left
}

@test "backup, MySQL: warns of triggers and routines that the user may not see, for they are not in the copy" {
    admin <<SQL
CREATE USER reader_$BATS_TEST_NUMBER@'%' IDENTIFIED BY 'secret';
GRANT SELECT, SHOW VIEW, EVENT ON \`${database//_/\\_}\`.* TO reader_$BATS_TEST_NUMBER@'%';
SQL
    DATABASE_URL=mysql://reader_$BATS_TEST_NUMBER:secret@$here run --separate-stderr -0 backup
    [ "$stderr" = "backup-database.sh: warning: the user may not see triggers and routines: where there are any, they are not in the copy (GRANT TRIGGER, EXECUTE shows them)" ]
    admin <<SQL
GRANT TRIGGER ON *.* TO reader_$BATS_TEST_NUMBER@'%';
GRANT EXECUTE ON \`${database%_*}\_%\`.* TO reader_$BATS_TEST_NUMBER@'%';
SQL
    DATABASE_URL=mysql://reader_$BATS_TEST_NUMBER:secret@$here run --separate-stderr -0 backup
    [ "$stderr" = "" ]
}

@test "backup, MySQL: a scratch database that a killed run left goes a day later, others stay" {
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

@test "backup, MySQL: a signal in the middle of a drill leaves no scratch database and no file" {
    local signal status
    mkfifo ready let_go
    for signal in INT TERM HUP; do
        stub "$client" "case \$* in *--database=migrate_scratch_*) echo ready >'$PWD/ready'; read -r _ <'$PWD/let_go' ;; esac; exec \"\$real\" \"\$@\""
        env --default-signal=INT timeout 60 "$root/scripts/backup-database.sh" --drill </dev/null >out 2>&1 3>&- &
        local run=$!
        read -r _ <ready
        [ "$(scratches | wc -l)" -eq 1 ]
        kill "-$signal" "$run"
        status=0
        wait "$run" || status=$?
        [ "$status" -gt 128 ]
        [ "$(kept)" = "" ]
        nothing_is_left
    done
}

@test "backup, MySQL: --tables copies these tables, and their triggers" {
    fill_with_everything
    run --separate-stderr -0 backup --tables='users,odd `name' some
    [ "$(settled "$output")" = backups/default_TIME_some.partial.sql.gz ]
    [ "$(zcat "$output" | grep -o '^CREATE TABLE .*(\|TRIGGER .* BEFORE\|EVENT\|PROCEDURE')" = 'CREATE TABLE `users` (
TRIGGER shout BEFORE
CREATE TABLE `odd ``name` (' ]
}

@test "backup, MySQL: --tables refuses a name that is not there, a view, and a pattern" {
    local name
    fill_with_everything
    for name in nosuch 'user%' use_s v; do
        run --separate-stderr -66 backup --tables "users,$name"
        [ "$stderr" = "backup-database.sh: there is no table \"$name\" in mysql://$here
hint: names stand as they are, with commas between them" ]
        [ "$(kept)" = "" ]
    done
    nothing_is_left
}

@test "backup, MySQL: names the tables that no transaction protects" {
    on=$database admin <<<"CREATE TABLE old (x int) ENGINE=MyISAM; CREATE TABLE older (x int) ENGINE=MyISAM"
    run --separate-stderr -0 backup
    [ "$stderr" = "backup-database.sh: warning: these tables are not of the engine InnoDB, and may be copied at another moment than the others: old, older" ]
}

@test "backup, MySQL: says why it cannot connect, and leaves nothing" {
    DATABASE_URL=mysql://root:wrong@$here run --separate-stderr -77 backup
    [[ ${stderr_lines[0]} = "backup-database.sh: cannot connect to mysql://$here: Access denied for user 'root'@"* ]]
    DATABASE_URL=${url%/*}/nosuch run --separate-stderr -66 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: cannot connect to mysql://${here%/*}/nosuch: Unknown database 'nosuch'" ]
    DATABASE_URL=mysql://root:$mysql_password@127.0.0.1:1/x run --separate-stderr -69 backup
    [ ! -e backups ]
    nothing_is_left
}

@test "backup, MySQL: an empty database is no source" {
    admin <<<"CREATE DATABASE ${database}_empty"
    DATABASE_URL=${url}_empty run --separate-stderr -66 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: cannot copy mysql://${here}_empty: the database is empty" ]
    [ ! -e backups ]
}

@test "backup, MySQL: an option file that leaves rows out of dumps does not" {
    printf '[client]\npassword="%s"\n[mysqldump]\nwhere=id=1\n[mariadb-dump]\nno-data\n' "$mysql_password" >"$HOME/.my.cnf"
    DATABASE_URL=mysql://root@$here run -0 backup
    [[ $(zcat "$output") = *Ann*Bob* ]]
}

@test "backup, MySQL: a dump program that fails, ends early, or says nothing of its end is found out" {
    on=$database admin <<<"CREATE TABLE gone (x int); CREATE VIEW broken AS SELECT * FROM gone; DROP TABLE gone"
    run --separate-stderr -1 backup
    [[ ${stderr_lines[0]} = "backup-database.sh: cannot copy mysql://$here: "* ]]
    on=$database admin <<<"DROP VIEW broken"
    stub "$dumper" 'case $* in *--single-transaction*) "$real" "$@" | head -n 20 ;; *) exec "$real" "$@" ;; esac'
    run --separate-stderr -65 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: the dump is damaged: its last line is not \"-- Dump completed\"" ]
    [ "$(kept)" = "" ]
    nothing_is_left
}

@test "backup, MySQL: --verify FILE finds what is cut off or changed, without a server" {
    local file
    file=$(take good)
    unset DATABASE_URL
    run --separate-stderr -0 backup --verify "$file"
    [ "$output" = "$file: verified, objects: 1" ]
    head -c -30 "$file" >backups/default_20200101T000000Z_short.sql.gz
    sum default_20200101T000000Z_short.sql.gz
    run -65 backup --verify backups/default_20200101T000000Z_short.sql.gz
    zcat "$file" | sed '$d' >backups/default_20200101T000000Z_short.sql
    sum default_20200101T000000Z_short.sql
    run --separate-stderr -65 backup --verify backups/default_20200101T000000Z_short.sql
    [ "${stderr_lines[0]}" = "backup-database.sh: backups/default_20200101T000000Z_short.sql: the dump is damaged: its last line is not \"-- Dump completed\"" ]
    cp "$file" backups/default_20200101T000000Z_flip.sql.gz
    printf '\377\000\377\000' | dd of=backups/default_20200101T000000Z_flip.sql.gz bs=1 seek=200 conv=notrunc 2>/dev/null
    sum default_20200101T000000Z_flip.sql.gz
    run -65 backup --verify backups/default_20200101T000000Z_flip.sql.gz
}

@test "backup, MySQL: the password is in no command line, message, register or file" {
    watch_processes "$client" "$dumper"
    run -0 backup --drill
    DATABASE_URL=mysql://root:$mysql_password@${here}x run -66 backup
    [ -s seen ]
    run ! grep -qF -e "$mysql_password" seen
    run ! grep -rqF -e "$mysql_password" backups
    [[ $output != *"$mysql_password"* ]]
}

@test "backup, MySQL: every shell does the same" {
    copies_in_all_shells
}
