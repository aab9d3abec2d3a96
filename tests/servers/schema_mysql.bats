#!/usr/bin/env bats
# Schema dumps of MySQL and MariaDB.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load ../helpers/mysql
load schema

setup_file() {
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true
    mysql_start loopback
}

teardown_file() {
    mysql_stop
}

setup() {
    use_scratch
    use_schema_server
}

server_url() { # <database>
    printf 'mysql://%s:%s@127.0.0.1:%s/%s' "${2-root}" "${3-$mysql_password}" "$mysql_port" "$1"
}

server_database() { # <name>
    mysql_database "$1"
    export "DATABASE_URL_${1^^}=$(server_url "$1")"
}

ask() { # <database> <sql>
    "$mysql_client" --defaults-file="$mysql_options" --batch --skip-column-names --comments --default-character-set=utf8mb4 "$1" -e "$2"
}

client_path() { # <name>
    type -P "$1"
}

# Names of scratch databases that are left.
scratches() {
    ask information_schema "SELECT count(*) FROM schemata WHERE schema_name LIKE 'migrate\\_scratch\\_%'"
}

# True where the server is MariaDB, which has sequences.
has_sequences() {
    [[ "$(ask information_schema 'SELECT version()')" == *MariaDB* ]]
}

# Objects of all kinds, with names and texts that are hard to quote.
use_all_kinds() {
    operation_from 0001 tables <<'SQL'
CREATE TABLE `T able; -- ' "x" \ %s ``q` (
    id bigint AUTO_INCREMENT PRIMARY KEY COMMENT 'AUTO_INCREMENT=9 DEFINER=`a`@`b` \\ ''q'' \n new',
    `It's "so"` enum('a', 'it''s', 'a\\b') DEFAULT 'a\\b',
    amount int NOT NULL DEFAULT 1,
    doubled int GENERATED ALWAYS AS (amount * 2) STORED,
    halved int GENERATED ALWAYS AS (amount DIV 2) VIRTUAL,
    doc json,
    at timestamp NULL DEFAULT '2025-01-01 12:00:00',
    name varchar(100) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT 'ä',
    UNIQUE KEY `u x` (name(10), amount),
    FULLTEXT KEY words (name),
    CHECK (amount > 0)
) COMMENT ') ENGINE=InnoDB AUTO_INCREMENT=7 \\ ''';
INSERT INTO `T able; -- ' "x" \ %s ``q` (amount) VALUES (1), (2), (3);
CREATE TABLE `ə ş` (a bigint, FOREIGN KEY (a) REFERENCES `T able; -- ' "x" \ %s ``q` (id) ON DELETE CASCADE) COLLATE utf8mb4_bin;
CREATE TABLE `select` (`from` int) ENGINE=MyISAM ROW_FORMAT=FIXED;
SQL
    operation_from 0002 parts <<'SQL'
CREATE TABLE parts (id int, day date) PARTITION BY RANGE (year(day))
    (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
SQL
    operation_from 0003 views <<'SQL'
CREATE VIEW z_view AS SELECT `from`, 'a\\b' AS `back slash` FROM `select`;
CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW a_view AS SELECT * FROM z_view WHERE `from` > 1 WITH CHECK OPTION;
CREATE VIEW `v ``x` AS SELECT count(*) AS n, 'ə' AS e FROM a_view;
SQL
    operation_from 0004 routines <<'SQL'
DELIMITER |
CREATE FUNCTION plus(a int) RETURNS int DETERMINISTIC
BEGIN
    -- a comment; with // and //1//
    RETURN a + 1; /* \! touch ran */
END|
CREATE PROCEDURE `do it`(IN `p p` varchar(10), OUT r int) COMMENT 'it''s \\'
BEGIN
    SELECT 'a\\b', "it's; ə", `p p` INTO @x, @y, @z;

    SET r = 1;
END|
CREATE TRIGGER second BEFORE INSERT ON parts FOR EACH ROW SET NEW.id = NEW.id + 1|
CREATE TRIGGER first BEFORE INSERT ON parts FOR EACH ROW BEGIN SET NEW.id = NEW.id * 10; END|
CREATE EVENT `ev ent` ON SCHEDULE EVERY 1 DAY STARTS '2031-01-01 00:00:00' DISABLE COMMENT 'c''c' DO DELETE FROM parts|
DELIMITER ;
CREATE VIEW b_view AS SELECT plus(`from`) AS p FROM a_view;
SQL
    operation_from 0005 modes <<'SQL'
SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT', character_set_client = utf8mb4, collation_connection = utf8mb4_bin;
CREATE FUNCTION ansi() RETURNS varchar(10) DETERMINISTIC RETURN 'a\ ' || "x y"();
ALTER DATABASE COLLATE = latin1_swedish_ci;
CREATE FUNCTION old(a varchar(10)) RETURNS varchar(10) DETERMINISTIC RETURN a;
ALTER DATABASE COLLATE = utf8mb4_unicode_ci;
SQL
    printf -- 'SELECT 1; -- \\r\r\nSELECT 2; -- ə \1 \33 \n' | operation_from 0006 bytes
    printf -- '-- \1 \33 \177\n' >>migrations/2025-01-10/0006-TASK-1-bytes_up.sql
    if has_sequences; then
        operation_from 0007 sequences <<'SQL'
CREATE SEQUENCE `s q` START WITH 5 INCREMENT BY 3;
CREATE TABLE counted (a int DEFAULT nextval(`s q`) COMMENT ' DEFAULT nextval(`one`.`x`)');
SELECT nextval(`s q`);
SQL
    fi
}

# Loads the dump of app into the database that was made last, as a person would.
load_bare() {
    mysql_run --binary-mode --comments <"$stored/app.sql" 2>&1
}

# Three operations, in the words of MySQL.
three_operations() {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id int PRIMARY KEY, name varchar(50) NOT NULL);' 'DROP TABLE users;'
    operation 0002 TASK-1 add-users-index 'CREATE INDEX users_name ON users (name);' 'DROP INDEX users_name ON users;'
    operation 0003 TASK-2 add-ann "INSERT INTO users VALUES (1, 'Ann');" 'DELETE FROM users;'
}

@test "schema-dump.sh, MySQL: of the example, a dump and the rest give what everything gives" {
    use_example
    last=16
    same_from_each 0 12 16
    [ "$(ask two "SELECT count(*), min(status) FROM migration")" = "$(ask all "SELECT count(*), max(status) FROM migration")" ]
}

@test "schema-dump.sh, MySQL: of all kinds of objects, a dump and the rest give what everything gives" {
    use_all_kinds
    same_from_each 0 1 2 3 4 5 6
    [ "$(ask two "INSERT INTO parts VALUES (1, '2025-01-01'); SELECT id FROM parts")" = 20 ]
    [[ "$(ask two 'SHOW CREATE PROCEDURE `do it`')" == *"it's; ə"* ]]
    [[ "$(ask two 'SHOW CREATE FUNCTION old')" == *latin1_swedish_ci* ]]
    [ "$(ask two 'SELECT @@collation_database')" = utf8mb4_unicode_ci ]
    [ ! -e ran ]
}

@test "schema-dump.sh, MySQL: two runs write the same bytes, and leave the file alone" {
    use_all_kinds
    server_database app
    apply app
    run --separate-stderr -0 dump app
    [ "$output" = "$stored/app.sql" ]
    [ "$stderr" = "" ]
    touch -d 2001-01-01 "$stored/app.sql"
    cp -p "$stored/app.sql" before
    ask app "INSERT INTO \`T able; -- ' \"x\" \\ %s \`\`q\` (amount) VALUES (8)"
    dump app -q
    cmp "$stored/app.sql" before
    [ ! "$stored/app.sql" -nt before ]
    # Settings of the server do not matter, and neither does who dumps.
    ask app "SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', GLOBAL sql_quote_show_create = 0, GLOBAL time_zone = '+05:00';
        CREATE USER IF NOT EXISTS other@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO other@'127.0.0.1'"
    export DATABASE_URL_OTHER
    DATABASE_URL_OTHER=$(server_url app other secret)
    TZ=Asia/Tehran dump other other -q
    ask app "SET GLOBAL sql_mode = DEFAULT, GLOBAL sql_quote_show_create = 1, GLOBAL time_zone = 'SYSTEM'"
    cmp "$stored/app.sql" "$stored/other.sql"
    server_database new
    DATABASE_URL=$(server_url new other secret) restore default app -q
    dump new -q
    cmp "$stored/app.sql" "$stored/new.sql"
}

@test "schema-dump.sh, MySQL: holds no counter, no definer and no version" {
    use_all_kinds
    server_database app
    apply app
    dump app -q
    run ! grep -E -e '^\) ENGINE=[A-Za-z]+ AUTO_INCREMENT=' -e '^CREATE .*DEFINER=`root`' -e 'sandbox' -e '10\.[0-9]+\.' -e '@127.0.0.1' "$stored/app.sql"
    # What only looks like one is kept.
    grep -q -F 'AUTO_INCREMENT=9 DEFINER=`a`@`b`' "$stored/app.sql"
    grep -q -F "ENGINE=InnoDB AUTO_INCREMENT=7" "$stored/app.sql"
}

@test "schema-dump.sh, MySQL: keeps every byte of the tracking rows, and no row of anything else" {
    use_all_kinds
    server_database app
    apply app
    ask app "INSERT INTO parts VALUES (1, '2025-01-01'); UPDATE migration SET id = id + 70"
    dump app -q
    server_database new
    restore new app -q
    rows='SELECT md5(group_concat(concat_ws("|", id, version, hex(task_name), hex(description), migration_date, type, hex(file_path), checksum,
        status, started_at, completed_at, hex(code), hex(rollback_code)) ORDER BY id)) FROM migration'
    [ "$(ask new "SET group_concat_max_len = 1000000; $rows")" = "$(ask app "SET group_concat_max_len = 1000000; $rows")" ]
    [ "$(ask new 'SELECT (SELECT count(*) FROM parts) + (SELECT count(*) FROM migration_log)')" = 0 ]
}

@test "schema-dump.sh, MySQL: keeps what a routine says to its readers, and its line ends" {
    three_operations
    server_database app
    apply app 1
    printf -- "DELIMITER |\nCREATE FUNCTION noted(a int) RETURNS int DETERMINISTIC\nBEGIN -- a comment; with // and //1//\r\n    /* it's \\! touch ran */ RETURN a + 1; # \\! touch ran\nEND|\n" >noted.sql
    mysql_run --comments --binary-mode <noted.sql
    dump app -q
    server_database new
    restore new app -q
    [[ "$(ask new 'SHOW CREATE FUNCTION noted')" == *'-- a comment; with // and //1//'$'\r''\n    /* it'"'"'s \\! touch ran */ RETURN a + 1; # \\! touch ran\nEND'* ]]
    [ ! -e ran ]
}

@test "schema-dump.sh, MySQL: views come behind those that they read" {
    three_operations
    server_database app
    apply app 1
    ask app "CREATE VIEW z AS SELECT id FROM users; CREATE VIEW \`y (from \`\`z\`\`\` AS SELECT id FROM z;
        CREATE VIEW a AS SELECT z.id FROM z JOIN \`y (from \`\`z\`\`\` AS z2 WHERE z.id IN (SELECT id FROM z) WITH CHECK OPTION;
        CREATE VIEW b AS SELECT ' from \`c\`' AS c; CREATE VIEW c AS SELECT ' from \`b\`' AS b"
    dump app -q
    [ "$(sed -n 's/^CREATE .*VIEW `\([a-z]\).*/\1/p' "$stored/app.sql" | tr -d '\n')" = zyacb ]
    server_database new
    restore new app -q
    dump new -q
    cmp "$stored/app.sql" "$stored/new.sql"
}

@test "schema-dump.sh, MySQL: says what the dump is, and loads by the client alone" {
    three_operations
    server_database app
    apply app 1
    dump app -q
    [ "$(sed -n '1,7p' "$stored/app.sql")" = "-- The schema of a database, and which operations it comes from. Written by schema-dump.sh.
-- schema-restore.sh loads it into an empty database; so does mariadb --binary-mode --comments, or mysql.
-- format: 1
-- engine: mysql
-- version: 1
-- fingerprint: $(fingerprint app)
-- table: \"migration\"" ]
    server_database new
    [ "$(load_bare)" = "" ]
    dump new -q
    cmp "$stored/app.sql" "$stored/new.sql"
}

@test "schema-dump.sh, MySQL: takes the tracking table from --table, whatever its name" {
    three_operations
    server_database app
    export MIGRATE_TABLE="o'per \"ations\" \`ə"
    apply app 2
    dump app -q
    server_database new
    run --separate-stderr -78 restore new app --table other
    [ "$stderr" = "schema-restore.sh: the dump $stored/app.sql has its operations in table \"o'per \\\"ations\\\" \`ə\", and the tracking table is \"other\"
hint: --table or MIGRATE_TABLE names it" ]
    [ "$(ask new "SHOW TABLES")" = "" ]
    restore new app -q
    dump new -q
    cmp "$stored/app.sql" "$stored/new.sql"
    run --separate-stderr -0 program_run sqlite-migrate current --connection new
    [ "$output" = 2 ]
}

@test "schema-dump.sh, MySQL: a database without operations is one at version 0" {
    three_operations
    server_database app
    ask app 'CREATE TABLE a (b int)'
    dump app -q
    grep -q -x -e '-- version: 0' "$stored/app.sql"
    server_database new
    run --separate-stderr -0 restore new app
    [ "$output" = "the database is at version 0" ]
    [ "$(ask new 'SELECT count(*) FROM a')" = 0 ]
}

@test "schema-dump.sh, MySQL: is refused when the tracking table is in another database" {
    three_operations
    server_database app
    server_database other
    export MIGRATE_SCHEMA=other
    apply app 1
    run --separate-stderr -78 dump app
    [ "$stderr" = "schema-dump.sh: the tracking table is in another database, other, than the schema
hint: a dump is of one database: name that in the URL, and leave out option schema" ]
}

@test "schema-dump.sh, MySQL: is refused while an operation is not settled, or was changed" {
    three_operations
    server_database app
    apply app 2
    printf -- '-- changed\n' >>migrations/2025-01-10/0002-TASK-1-add-users-index_up.sql
    run --separate-stderr -65 dump app
    [[ "$stderr" == "schema-dump.sh: no dump of mysql://127.0.0.1:$mysql_port/app is made while its operations are not in order: 2025-01-10/0002-TASK-1-add-users-index_up.sql was changed after it was applied: its checksum is "* ]]
    ask app "UPDATE migration SET status = 'running' WHERE version = 2"
    run --separate-stderr -65 dump app
    [[ "$stderr" == "schema-dump.sh: no dump of "*" is made while its operations are not in order: operation 2 "* ]]
    [ ! -e database ]
}

@test "schema-dump.sh, MySQL: is refused for a view that refers to nothing, and a routine that is not shown" {
    three_operations
    server_database app
    apply app 1
    ask app "CREATE VIEW broken AS SELECT id FROM users; CREATE TABLE gone (a int); CREATE OR REPLACE VIEW broken AS SELECT a FROM gone; DROP TABLE gone"
    run --separate-stderr -65 dump app
    [ "$stderr" = "schema-dump.sh: the view broken refers to what is not there, or may not be read
hint: drop it, or bring back what it refers to" ]
    ask app "DROP VIEW broken; CREATE FUNCTION hidden() RETURNS int DETERMINISTIC RETURN 1;
        CREATE USER IF NOT EXISTS poor@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON app.* TO poor@'127.0.0.1'"
    DATABASE_URL=$(server_url app poor secret) run --separate-stderr -77 dump
    [ "$stderr" = "schema-dump.sh: the server does not show how hidden was made
hint: that takes the privilege SHOW CREATE ROUTINE, or SELECT on mysql.proc" ]
    [ ! -e database ]
}

@test "schema-dump.sh --verify, MySQL: loads the dump into a scratch database, which goes" {
    use_all_kinds
    server_database app
    apply app
    dump app --verify -q
    [ "$(scratches)" = 0 ]
}

@test "schema-dump.sh --verify, MySQL: needs the right to make a database" {
    three_operations
    server_database app
    apply app 1
    ask app "CREATE USER IF NOT EXISTS small@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT ALL ON app.* TO small@'127.0.0.1'"
    export DATABASE_URL_SMALL
    DATABASE_URL_SMALL=$(server_url app small secret)
    dump small app -q
    run --separate-stderr -77 dump small --verify
    [[ "$stderr" == "schema-dump.sh: the dump of mysql://127.0.0.1:$mysql_port/app would not load: cannot make a scratch database, in which a dump is proven: "* ]]
    [ "$(scratches)" = 0 ]
}

@test "schema-dump.sh --prune, MySQL: removes what the dump covers" {
    three_operations
    operation 0004 TASK-3 more 'CREATE TABLE more (a int, FOREIGN KEY (a) REFERENCES users (id));' 'DROP TABLE more;'
    server_database app
    apply app 3
    run --separate-stderr -0 dump app --prune
    [ "${output%%$'\n'*}" = "$stored/app.sql" ]
    [ "$stderr" = "removed 6 files up to version 3" ]
    [ "$(cat migrations/.starts-after)" = 3 ]
    [ "$(scratches)" = 0 ]
    apply app
    server_database new
    restore new app -q
    apply new
    dump app one -q
    dump new two -q
    [ "$(fingerprint one)" = "$(fingerprint two)" ]
}

@test "schema-dump.sh --prune, MySQL: is refused when the schema is not what the files give" {
    three_operations
    server_database app
    apply app 2
    ask app 'ALTER TABLE users ADD COLUMN age int'
    run --separate-stderr -65 dump app --prune
    [ "${stderr%%$'\n'*}" = "schema-dump.sh: the files up to version 2 do not give the schema that mysql://127.0.0.1:$mysql_port/app has" ]
    [ "$(find migrations -type f | wc -l)" = 6 ]
    [ "$(scratches)" = 0 ]
}

@test "schema-restore.sh, MySQL: refuses a database that is not empty, and says what is in it" {
    three_operations
    server_database app
    apply app 1
    dump app -q
    server_database new
    ask new "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1; CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1"
    run --separate-stderr -65 restore new app
    [ "$stderr" = "schema-restore.sh: the database mysql://127.0.0.1:$mysql_port/new is not empty: it has event e, function f
hint: a dump is loaded into an empty database only" ]
    run ! load_bare
    [[ "$output" == *"Column 'the database is not empty' cannot be null"* ]]
    [ "$(ask new 'SHOW TABLES')" = "" ]
}

@test "schema-restore.sh, MySQL: says what a statement that fails has left" {
    three_operations
    server_database app
    apply app 2
    dump app -q
    sed 's/^  KEY `users_name` .*/  KEY `users_name` (`nosuch`)/' "$stored/app.sql" >bad.sql
    sign bad.sql
    server_database new
    line=$(grep -n '^CREATE TABLE `users`' bad.sql)
    run --separate-stderr -65 restore new --file bad.sql
    [ "$stderr" = "schema-restore.sh: cannot load bad.sql: line ${line%%:*}: Key column 'nosuch' doesn't exist in table
hint: mysql://127.0.0.1:$mysql_port/new is incomplete, it has 2 objects: DROP DATABASE and CREATE DATABASE make it empty again" ]
    run --separate-stderr -65 restore new app
    [[ "$stderr" == *" is not empty: it has table migration, table migration_log"* ]]
    server_database new
    restore new app -q
}

@test "schema-restore.sh, MySQL: refuses a dump that is cut off or changed, before anything runs" {
    three_operations
    server_database app
    apply app 2
    dump app -q
    server_database new
    for lines in 3 8 12 40 $(($(wc -l <"$stored/app.sql") - 1)); do
        head -n "$lines" "$stored/app.sql" >cut.sql
        run --separate-stderr -65 restore new --file cut.sql
    done
    [ "$stderr" = "schema-restore.sh: the dump cut.sql is cut off: its last line is not -- The dump ends here.
hint: take an undamaged copy" ]
    sed 's/create-users/create-usess/' "$stored/app.sql" >changed.sql
    run --separate-stderr -65 restore new --file changed.sql
    [ "$stderr" = "schema-restore.sh: the dump changed.sql is damaged: it has not the checksum that its head names
hint: take an undamaged copy" ]
    [ "$(ask new 'SHOW TABLES')" = "" ]
}

@test "schema-restore.sh, MySQL: does not obey commands of the client in a dump" {
    three_operations
    server_database app
    apply app 2
    dump app -q
    server_database new
    for command in '\! touch ran' 'system touch ran' 'source other.sql' 'tee ran'; do
        awk -v command="$command" '/^DO RELEASE_LOCK/ { gsub(/!/, "!", command); print command }
            { print }' "$stored/app.sql" >bad.sql
        sign bad.sql
        server_database new
        run --separate-stderr -65 restore new --file bad.sql
        [ ! -e ran ]
    done
}

@test "schema-dump.sh, schema-restore.sh, MySQL: say why there is no connection" {
    three_operations
    server_database app
    apply app 1
    dump app -q
    for program in dump restore; do
        DATABASE_URL=$(server_url app root wrong) run --separate-stderr -77 "$program" default app
        [[ "$stderr" == "schema-$program.sh: cannot connect to mysql://127.0.0.1:$mysql_port/app: Access denied for user 'root'@"* ]]
        DATABASE_URL=$(server_url nosuch) run --separate-stderr -66 "$program" default app
        DATABASE_URL=mysql://127.0.0.1:1/app run --separate-stderr -69 "$program" default app
        [[ "$stderr" == "schema-$program.sh: cannot connect to mysql://127.0.0.1:1/app: "* ]]
    done
    [ "$(ls "$stored")" = app.sql ]
}

@test "schema-restore.sh, MySQL: waits for a run that is at work, and stops at a signal" {
    three_operations
    server_database app
    apply app 2
    dump app -q
    server_database new
    mkfifo statements held
    for signal in TERM HUP; do
        mysql_run --skip-column-names --unbuffered <statements >held 3>&- 7>&- &
        session=$!
        exec 7>statements
        printf "SELECT GET_LOCK(concat('migrate.', md5(database())), 0);\n" >&7
        read -r _ <held
        "$root/scripts/schema-restore.sh" new app >/dev/null 2>&1 3>&- 7>&- &
        runner=$!
        until [ "$(ask information_schema "SELECT count(*) FROM processlist WHERE state = 'User lock'")" = 1 ]; do :; done
        kill "-$signal" "$runner"
        status=0
        wait "$runner" || status=$?
        [ "$status" -ge 128 ]
        exec 7>&-
        wait "$session"
        [ "$(ask new 'SHOW TABLES')" = "" ]
    done
    restore new app -q
    dump new -q
    cmp "$stored/app.sql" "$stored/new.sql"
}
