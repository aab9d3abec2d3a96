#!/usr/bin/env bats
# check-config-drift.sh on MySQL and MariaDB.

# shellcheck disable=SC2016 # the texts stand as they are

load ../helpers/migrate
load ../helpers/mysql
load connect
load drift

setup_file() {
    mysql_start loopback
}

teardown_file() {
    mysql_stop
}

setup() {
    use_connect
    database=drift_$BATS_TEST_NUMBER
    mysql_database "$database"
    export DATABASE_URL=mysql://root:$mysql_password@127.0.0.1:$mysql_port/$database
}

sql() { # <text>
    mysql_run --database="$database" -N <<<"$1"
}

# The objects that a schema may have.
all_objects() {
    sql "CREATE TABLE users (id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(50) NOT NULL, gone int, KEY by_name (name),
            CONSTRAINT named CHECK (name <> ''));
        CREATE TABLE teams (id int PRIMARY KEY, lead bigint, CONSTRAINT led FOREIGN KEY (lead) REFERENCES users (id));
        CREATE TABLE events (at date) PARTITION BY RANGE (year(at)) (PARTITION old VALUES LESS THAN (2026), PARTITION rest VALUES LESS THAN MAXVALUE);
        CREATE VIEW names AS SELECT name FROM users;
        CREATE FUNCTION twice(x int) RETURNS int DETERMINISTIC RETURN x * 2;
        CREATE PROCEDURE nothing() SELECT 1;
        CREATE TRIGGER users_touch BEFORE INSERT ON users FOR EACH ROW SET NEW.gone = 1;
        CREATE EVENT daily ON SCHEDULE EVERY 1 DAY DO SELECT 1;"
}

@test "drift, MySQL: writes a file for each key, for its owner alone" {
    run --separate-stderr -0 drift staging
    [ "$output" = "storage/config-drift/staging/settings.json
storage/config-drift/staging/extensions.json
storage/config-drift/staging/roles.json
storage/config-drift/staging/database.json
storage/config-drift/staging/schema.json
storage/config-drift/staging/migrations.json" ]
    [ "$stderr" = "" ]
    [ "$(stat -c %a storage/config-drift/staging/*.json | sort -u)" = 600 ]
    jq -e . storage/config-drift/staging/*.json >/dev/null
    [ "$(facts staging database)" = '"character_set": "utf8mb4",
"collation": "utf8mb4_general_ci"' ] || [ "$(facts staging database | wc -l)" = 2 ]
    [ "$(facts staging migrations)" = '"version": 0' ]
    [ "$(find "$TMPDIR" -mindepth 1)" = "" ]
}

@test "drift, MySQL: settings are those of the server, not of our session or of this machine" {
    sql 'SET GLOBAL lock_wait_timeout = 77, GLOBAL max_connections = 49'
    drift staging settings >said
    sql 'SET GLOBAL lock_wait_timeout = 86400, GLOBAL max_connections = 50'
    [ "$(fact staging settings lock_wait_timeout)" = '"77"' ]
    [ "$(fact staging settings max_connections)" = '"49"' ]
    [ "$(fact staging settings character_set_server)" = '"utf8mb4"' ]
    [[ $(fact staging settings optimizer_switch) != *sha256* ]]
    # The file of accounts is an option of the server of these tests.
    sed '/"init_file"/d' storage/config-drift/staging/settings.json >settings
    run ! grep -F -e "$mysql_folder" -e "\"$mysql_port\"" -e "\"$HOSTNAME" settings
    [ "$(wc -l <settings)" -gt 300 ]
}

@test "drift, MySQL: another server that is configured alike has the same files" {
    all_objects
    drift one >said
    mysql_start loopback
    mysql_database other
    database=other all_objects
    DATABASE_URL=mysql://root:$mysql_password@127.0.0.1:$mysql_port/other drift two >said
    mysql_stop
    # The file of accounts is an option of the servers of these tests.
    sed -i '/"init_file"/d' storage/config-drift/*/settings.json
    [ "$(drift --compare one two)" = "one and two are configured alike (6 files)" ]
}

@test "drift, MySQL: no file has a secret" {
    sql "CREATE USER sleeper@localhost IDENTIFIED BY 'hunter2'"
    sql "SET GLOBAL init_connect = 'SET @password = ''hunter2'''"
    drift staging >said
    sql "SET GLOBAL init_connect = ''"
    run ! grep -rE 'hunter2|\*[0-9A-F]{40}' storage
    [[ $(fact staging settings init_connect) =~ ^\"SET\ @password\ =\ sha256:[0-9a-f]{64}\"$ ]]
}

@test "drift, MySQL: roles are users and roles with how they prove who they are, and privileges" {
    sql "CREATE ROLE team; GRANT SELECT ON *.* TO team; CREATE USER worker@localhost IDENTIFIED BY 'x' ACCOUNT LOCK; GRANT team TO worker@localhost;
        GRANT INSERT, UPDATE ON $database.* TO worker@localhost; CREATE USER \`both\`@'%' IDENTIFIED VIA unix_socket OR mysql_native_password USING PASSWORD('x')"
    drift staging roles >said
    [ "$(fact staging roles team@)" = '"role; global privileges 1"' ]
    [ "$(fact staging roles worker@localhost)" = '"mysql_native_password, locked, member of team; USAGE; in the database: INSERT, UPDATE"' ]
    [ "$(fact staging roles both@%)" = '"mysql_native_password, or unix_socket; USAGE"' ]
    [[ $(fact staging roles root@localhost) = *"SUPER"*"with grant option\"" ]]
}

@test "drift, MySQL: extensions are what was loaded from a library" {
    sql "INSTALL SONAME 'locales'" || skip 'there is no plugin to load'
    drift staging extensions >said
    sql "UNINSTALL SONAME 'locales'"
    [[ $(facts staging extensions) = '"LOCALES": "1.0 locales.so"' ]]
}

@test "drift, MySQL: a change of an object changes its digest, and no other" {
    all_objects
    changes <<'CHANGES'
CREATE TABLE fresh (x int) -> column fresh.x, table fresh
CREATE SEQUENCE counter -> sequence counter
DROP SEQUENCE counter -> sequence counter
ALTER TABLE users ALTER gone SET DEFAULT 5 -> column users.gone
ALTER TABLE users MODIFY gone bigint -> column users.gone
ALTER TABLE users MODIFY gone bigint NOT NULL -> column users.gone
ALTER TABLE users DROP gone, ADD gone bigint AS (char_length(name) + 1) -> column users.gone
ALTER TABLE users MODIFY name varchar(50) COLLATE utf8mb4_bin NOT NULL -> column users.name
ALTER TABLE users ROW_FORMAT = COMPRESSED -> table users
ALTER TABLE users DROP CONSTRAINT named, ADD CONSTRAINT named CHECK (name <> 'x') -> constraint users.named
ALTER TABLE teams DROP CONSTRAINT led -> constraint teams.led
ALTER TABLE teams ADD CONSTRAINT led FOREIGN KEY (lead) REFERENCES users (id) ON DELETE CASCADE -> constraint teams.led
ALTER TABLE users DROP KEY by_name, ADD KEY by_name (name(10)) -> index users.by_name
ALTER TABLE events REORGANIZE PARTITION rest INTO (PARTITION next VALUES LESS THAN (2030), PARTITION rest VALUES LESS THAN MAXVALUE) -> table events
CREATE OR REPLACE VIEW names AS SELECT upper(name) AS name FROM users -> view names
CREATE OR REPLACE FUNCTION twice(x bigint) RETURNS int DETERMINISTIC RETURN x * 2 -> function twice
CREATE OR REPLACE PROCEDURE nothing() SELECT 2 -> procedure nothing
CREATE OR REPLACE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW SET NEW.name = 'x' -> trigger users_touch
ALTER EVENT daily DISABLE -> event daily
CHANGES
}

@test "drift, MySQL: what is no schema changes nothing" {
    all_objects
    changes <<'CHANGES'
INSERT INTO users (name) VALUES ('Ann'), ('Bob') -> nothing
ANALYZE TABLE users -> nothing
ALTER TABLE users COMMENT 'people' -> nothing
GRANT SELECT ON users TO root@localhost -> nothing
CREATE TABLE migration (id int PRIMARY KEY, x int CHECK (x > 1), UNIQUE KEY k (x)) -> nothing
CREATE TABLE migration_log (id int) -> nothing
CHANGES
}

@test "drift, MySQL: two databases of the same schema are alike, whatever they are called and how it came about" {
    all_objects
    sql 'ALTER TABLE users DROP gone; DROP TRIGGER users_touch'
    drift staging schema database >said
    mysql_database drift_other
    database=drift_other all_objects
    database=drift_other sql 'DROP TRIGGER users_touch; ALTER TABLE users DROP gone; ALTER TABLE users ADD gone int; ALTER TABLE users DROP gone;
        DROP INDEX by_name ON users; CREATE INDEX by_name ON users (name)'
    DATABASE_URL=mysql://root:$mysql_password@127.0.0.1:$mysql_port/drift_other drift production schema database >said
    [ "$(drift --compare staging production)" = "staging and production are configured alike (2 files)" ]
}

@test "drift, MySQL: says which key a user may not read, and writes none" {
    all_objects
    sql "CREATE USER reader@127.0.0.1 IDENTIFIED BY 'secret'; GRANT SELECT, EXECUTE ON $database.* TO reader@127.0.0.1"
    export DATABASE_URL=mysql://reader:secret@127.0.0.1:$mysql_port/$database
    run --separate-stderr -77 drift staging settings roles
    [ "$stderr" = "check-config-drift.sh: cannot read the key roles: SELECT command denied to user 'reader'@'127.0.0.1' for table \`mysql\`.\`roles_mapping\`
hint: GRANT SELECT ON mysql.* TO the user, or leave out the key roles" ]
    run --separate-stderr -77 drift staging schema
    [ "$stderr" = "check-config-drift.sh: cannot read the key schema: the user may not see the text of function twice
hint: take a user who sees the whole schema, such as the one who migrates it" ]
    [ ! -e storage ]
    drift staging settings extensions database migrations >said
    [ "$(wc -l <said)" = 4 ]
}

@test "drift, MySQL: looks again where the schema has changed meanwhile, and gives up when it always does" {
    sql 'CREATE TABLE t (x int)'
    restless mariadb 1 <<CHANGE
#!/bin/sh
'$mysql_client' --defaults-file='$mysql_options' $database -e "ALTER TABLE t ADD c\$1 int"
CHANGE
    PATH=$PWD/stubs:$PATH drift staging schema migrations >said
    facts staging schema | grep -q '"column t.c1"'
    echo 1000 >stubs/left
    PATH=$PWD/stubs:$PATH run --separate-stderr -75 drift staging schema migrations
    [ "$stderr" = "check-config-drift.sh: cannot read the key schema: the schema of mysql://127.0.0.1:$mysql_port/$database changes all the time
hint: try again when nobody is at work in it" ]
}
