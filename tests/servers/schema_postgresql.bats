#!/usr/bin/env bats
# Schema dumps of PostgreSQL.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load ../helpers/postgresql
load ../readme/document
load ../scripts/page
load schema

setup_file() {
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true
    postgresql_start loopback
}

teardown_file() {
    postgresql_stop
}

setup() {
    use_scratch
    use_schema_server
}

server_url() { # <database>
    printf 'postgresql://%s:%s@127.0.0.1:%s/%s' "${2-$PGUSER}" "${3-$postgresql_password}" "$PGPORT" "$1"
}

server_database() { # <name>
    postgresql_database "$1"
    export "DATABASE_URL_${1^^}=$(server_url "$1")"
}

ask() { # <database> <sql>
    psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$1" -c "$2"
}

# Debian's psql is a wrapper; the programs take the newest client themselves.
client_path() { # <name>
    if [ -x "$postgresql_programs/$1" ]; then
        printf '%s' "$postgresql_programs/$1"
    else
        type -P "$1"
    fi
}

# Databases whose names begin like those of scratch databases.
scratches() {
    ask postgres "SELECT count(*) FROM pg_database WHERE datname LIKE 'migrate\_scratch\_%'"
}

# Objects of all kinds, with names and texts that are hard to quote.
use_all_kinds() {
    operation_from 0001 tables <<'SQL'
CREATE SCHEMA "We""ird \ %s";
CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'a\b');
CREATE TYPE pair AS (a int, "B c" text);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE DOMAIN positive AS int DEFAULT 1 CHECK (VALUE > 0);
CREATE SEQUENCE "We""ird \ %s"."Count er" START 5 INCREMENT 3 CYCLE MAXVALUE 50;
CREATE TABLE "We""ird \ %s"."T able; -- ' $$ :PORT" (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "It's" mood DEFAULT 'a\b',
    amount positive,
    doubled int GENERATED ALWAYS AS (amount * 2) STORED,
    next int DEFAULT nextval('"We""ird \ %s"."Count er"'),
    words text DEFAULT E'a\nb\\ ''c''' COLLATE "C",
    UNIQUE (words, next),
    EXCLUDE (next WITH =)
);
CREATE TABLE "SELECT" ("from" int REFERENCES "We""ird \ %s"."T able; -- ' $$ :PORT" ON DELETE CASCADE DEFERRABLE);
CREATE INDEX "i x" ON "SELECT" (("from" + 1) DESC NULLS LAST) WHERE "from" > 0;
COMMENT ON TABLE "SELECT" IS 'a comment
-- Name: x; Type: TABLE; Schema: public; Owner: -
--
\! echo';
COMMENT ON COLUMN "SELECT"."from" IS E'\\! quote '' and $$';
SQL
    operation_from 0002 parts <<'SQL'
CREATE TABLE parts (id int, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE parts_2025 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
CREATE TABLE parent (a int);
CREATE TABLE child (b int) INHERITS (parent);
ALTER TABLE parent ENABLE ROW LEVEL SECURITY;
CREATE POLICY "only mine" ON parent FOR SELECT USING (a > 0);
CREATE UNLOGGED TABLE quick (a int) WITH (fillfactor = 70);
CREATE STATISTICS both_ways ON id, day FROM parts;
INSERT INTO quick VALUES (1);
SQL
    operation_from 0003 routines <<'SQL'
CREATE FUNCTION one(text, VARIADIC int[]) RETURNS int LANGUAGE plpgsql AS $body$
BEGIN
    -- a comment

--
-- Name: fake; Type: USER MAPPING; Schema: -; Owner: -
--

    RAISE NOTICE '$$ %', $1;
    RETURN 1;
END $body$;
CREATE FUNCTION one(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION atomic(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a + 1; END;
CREATE PROCEDURE "do it"() LANGUAGE plpgsql AS $a$ BEGIN EXECUTE $b$SELECT '\'$b$; END $a$;
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER second BEFORE INSERT ON "SELECT" FOR EACH ROW WHEN (NEW."from" > 0) EXECUTE FUNCTION touch('a\b', '''');
CREATE TRIGGER first BEFORE INSERT ON "SELECT" FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE "SELECT" DISABLE TRIGGER second;
SQL
    operation_from 0004 views <<'SQL'
CREATE VIEW z_view AS SELECT "from", 'a\b'::text AS "back slash" FROM "SELECT";
CREATE VIEW a_view WITH (security_barrier) AS SELECT * FROM z_view WHERE "from" > 1 WITH CHECK OPTION;
CREATE MATERIALIZED VIEW kept AS SELECT count(*) FROM a_view;
CREATE UNIQUE INDEX ON kept (count);
CREATE RULE nothing AS ON DELETE TO "SELECT" DO INSTEAD NOTHING;
CREATE FUNCTION viewed() RETURNS SETOF a_view LANGUAGE sql AS 'SELECT * FROM a_view';
SQL
    operation_from 0005 extensions <<'SQL'
CREATE EXTENSION citext;
CREATE EXTENSION pgcrypto SCHEMA "We""ird \ %s";
CREATE TABLE folded (name citext PRIMARY KEY);
SQL
    printf -- "SELECT 'a\\\\b''c', E'\\\\n'; -- \\r\r\nSELECT 1; -- \\1 \\33 ə \n" | operation_from 0006 bytes
    printf -- '-- \1 \33 \177\n' >>migrations/2025-01-10/0006-TASK-1-bytes_up.sql
}

@test "schema-dump.sh, PostgreSQL: of the example, a dump and the rest give what everything gives" {
    use_example
    same_from_each 0 12 18 19
    [ "$(ask two "SELECT count(*), min(status) FROM migration")" = "$(ask all "SELECT count(*), max(status) FROM migration")" ]
}

@test "schema-dump.sh, PostgreSQL: of all kinds of objects, a dump and the rest give what everything gives" {
    use_all_kinds
    same_from_each 0 1 2 3 4 5 6
    [ "$(ask two 'SELECT count(*) FROM quick')" = 0 ]
}

@test "schema-dump.sh, PostgreSQL: two runs write the same bytes, and leave the file alone" {
    use_all_kinds
    server_database app
    apply app
    run --separate-stderr -0 dump app
    [ "$output" = "$stored/app.sql" ]
    [ "$stderr" = "" ]
    touch -d 2001-01-01 "$stored/app.sql"
    cp -p "$stored/app.sql" before
    dump app -q
    cmp "$stored/app.sql" before
    [ ! "$stored/app.sql" -nt before ]
    TZ=Asia/Tehran LC_ALL=C.UTF-8 MIGRATE_ACTOR=somebody PGOPTIONS='-c standard_conforming_strings=off -c bytea_output=escape' \
        dump app other -q
    cmp "$stored/app.sql" "$stored/other.sql"
    grep -c -e 'Dumped' -e '^\\restrict' -e '15\.' before >count || :
    [ "$(cat count)" = 0 ]
}

@test "schema-dump.sh, PostgreSQL: takes out what differs from client to client" {
    use_all_kinds
    server_database app
    apply app
    dump app one -q
    stub pg_dump 'case $* in
*--help*) "$real" --help | grep -v restrict ;;
*) "$real" "$@" | sed "s/^-- Dumped by .*/-- Dumped by pg_dump version 99.1/; s/^SET row_security = off;/SET row_security = off;\nSET transaction_timeout = 0;/" ;;
esac'
    dump app two -q
    cmp "$stored/one.sql" "$stored/two.sql"
}

@test "schema-dump.sh, PostgreSQL: holds no owner, privilege or password, and no comment of an extension" {
    three_operations
    server_database subscribed
    ask subscribed "SET client_min_messages = warning; DROP ROLE IF EXISTS someone; CREATE ROLE someone;
        CREATE TABLE theirs (a int); ALTER TABLE theirs OWNER TO someone; GRANT SELECT ON theirs TO PUBLIC;
        CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h');
        CREATE USER MAPPING FOR someone SERVER far OPTIONS (user 'u', password 'geheim');
        CREATE SUBSCRIPTION sub CONNECTION 'host=h password=geheim' PUBLICATION p WITH (connect = false);
        ALTER DATABASE subscribed SET work_mem = '9MB'; ALTER SCHEMA public OWNER TO someone"
    dump subscribed -q
    run ! grep -e geheim -e someone -e GRANT -e 'COMMENT ON EXTENSION' -e SUBSCRIPTION -e 'creating schema' "$stored/subscribed.sql"
    server_database new
    restore new subscribed -q
    [ "$(ask new 'SELECT count(*) FROM pg_foreign_server')" = 1 ]
    dump new -q
    cmp "$stored/subscribed.sql" "$stored/new.sql"
    ask subscribed 'ALTER SUBSCRIPTION sub DISABLE; ALTER SUBSCRIPTION sub SET (slot_name = NONE)'
    ask subscribed 'DROP SUBSCRIPTION sub; DROP OWNED BY someone CASCADE'
}

@test "schema-dump.sh, PostgreSQL: keeps every byte of the tracking rows, and no row of anything else" {
    use_all_kinds
    server_database app
    apply app
    ask app "INSERT INTO quick VALUES (2); UPDATE migration SET id = id + 70"
    dump app -q
    # However the server reads backslashes by itself.
    server_database new
    ask new 'ALTER DATABASE new SET standard_conforming_strings = off'
    restore new app -q
    [ "$(ask new 'SELECT md5(string_agg(m::text, chr(10) ORDER BY id)) FROM migration AS m')" = \
        "$(ask app 'SELECT md5(string_agg(m::text, chr(10) ORDER BY id)) FROM migration AS m')" ]
    [ "$(ask new 'SELECT (SELECT count(*) FROM quick) + (SELECT count(*) FROM migration_log)')" = 0 ]
    operation 0007 TASK-2 last 'SELECT 1;'
    apply new
    [ "$(ask new 'SELECT id FROM migration WHERE version = 7')" = 77 ]
}

@test "schema-dump.sh, PostgreSQL: says what the dump is, and loads by psql alone" {
    three_operations
    server_database app
    apply app 1
    dump app -q
    [ "$(sed -n '1,7p' "$stored/app.sql")" = "-- The schema of a database, and which operations it comes from. Written by schema-dump.sh.
-- schema-restore.sh loads it into an empty database; so does psql.
-- format: 1
-- engine: postgresql
-- version: 1
-- fingerprint: $(fingerprint app)
-- table: \"migration\"" ]
    server_database new
    psql -X -q -d new -f "$stored/app.sql" >printed 2>&1
    [ ! -s printed ]
    dump new -q
    cmp "$stored/app.sql" "$stored/new.sql"
}

@test "schema-dump.sh, PostgreSQL: takes the tracking table from --table, whatever its name, and its schema" {
    three_operations
    server_database app
    ask app 'CREATE SCHEMA "my \ "" s"'
    export MIGRATE_TABLE="o'per \\ \"ations\" \$\$" MIGRATE_SCHEMA='my \ " s'
    apply app 2
    dump app -q
    server_database new
    run --separate-stderr -78 restore new app --table other
    [ "$stderr" = "schema-restore.sh: the dump $stored/app.sql has its operations in table \"o'per \\\\ \\\"ations\\\" \$\$\", and the tracking table is \"other\"
hint: --table or MIGRATE_TABLE names it" ]
    [ "$(ask new "SELECT count(*) FROM pg_tables WHERE schemaname <> 'pg_catalog' AND schemaname <> 'information_schema'")" = 0 ]
    restore new app -q
    dump new -q
    cmp "$stored/app.sql" "$stored/new.sql"
    run --separate-stderr -0 program_run sqlite-migrate current --connection new
    [ "$output" = 2 ]
}

@test "schema-dump.sh, PostgreSQL: a database without operations is one at version 0" {
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

@test "schema-dump.sh, PostgreSQL: is refused while an operation is not settled, or was changed" {
    three_operations
    server_database app
    apply app 2
    printf -- '-- changed\n' >>migrations/2025-01-10/0002-TASK-1-add-users-index_up.sql
    run --separate-stderr -65 dump app
    [[ "$stderr" == "schema-dump.sh: no dump of postgresql://127.0.0.1:$PGPORT/app is made while its operations are not in order: 2025-01-10/0002-TASK-1-add-users-index_up.sql was changed after it was applied: its checksum is "* ]]
    [ ! -e database ]
    ask app "UPDATE migration SET status = 'running' WHERE version = 2"
    run --separate-stderr -65 dump app
    [[ "$stderr" == "schema-dump.sh: no dump of "*" is made while its operations are not in order: operation 2 "* ]]
}

@test "schema-dump.sh, PostgreSQL: a run that is recorded meanwhile stops it" {
    three_operations
    server_database app
    apply app 2
    stub pg_dump '"$real" "$@"
case $* in *--help*) ;; *) '"'$postgresql_client' -X -q -d '$(server_url app)' -c \"INSERT INTO migration_log (version, task_name, description, action, outcome, started_at, finished_at, duration_ms, rows_changed, actor, host, sqlite_version, migrate_version) VALUES (3, 'T', 'd', 'up', 'completed', '', '', 0, 0, '', '', '', '')\""' ;; esac'
    run --separate-stderr -75 dump app
    [ "$stderr" = "schema-dump.sh: postgresql://127.0.0.1:$PGPORT/app is being migrated
hint: try again when the run is done" ]
    [ ! -e database ]
}

@test "schema-dump.sh --verify, PostgreSQL: loads the dump into a scratch database, which goes" {
    use_all_kinds
    server_database app
    apply app
    dump app --verify -q
    [ "$(scratches)" = 0 ]
    # A dump that lacks something would not pass.
    stub pg_dump '"$real" "$@" | sed "/^CREATE UNLOGGED TABLE/s/fillfactor/fillfacto/; s/^    amount public.positive,/    amount integer,/"'
    cp "$stored/app.sql" before
    run --separate-stderr -65 dump app --verify
    [[ "$stderr" == "schema-dump.sh: the dump of postgresql://127.0.0.1:$PGPORT/app would not "* ]]
    [ "$(scratches)" = 0 ]
    cmp before "$stored/app.sql"
}

@test "schema-dump.sh --verify, PostgreSQL: needs the right to make a database" {
    three_operations
    server_database app
    apply app 1
    ask app "SET client_min_messages = warning; DROP ROLE IF EXISTS poor;
        CREATE ROLE poor LOGIN PASSWORD 'secret'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO poor; GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO poor"
    export DATABASE_URL_POOR
    DATABASE_URL_POOR=$(server_url app poor secret)
    dump app app -q
    dump poor poor -q
    cmp "$stored/app.sql" "$stored/poor.sql"
    run --separate-stderr -77 dump poor --verify
    [ "${stderr%%$'\n'*}" = "schema-dump.sh: the dump of postgresql://127.0.0.1:$PGPORT/app would not load: cannot make a scratch database, in which a dump is proven: permission denied to create database" ]
    [ "$(scratches)" = 0 ]
}

@test "schema-dump.sh --prune, PostgreSQL: removes what the dump covers" {
    three_operations
    operation 0004 TASK-3 more 'CREATE TABLE more (a int REFERENCES users);' 'DROP TABLE more;'
    sed -i 's/^INSERT .*/INSERT INTO users VALUES (1, '"'Ann'"');/' migrations/2025-01-10/0003-*_up.sql
    server_database app
    apply app 3
    run --separate-stderr -0 dump app --prune --dry-run
    [ "$(wc -l <<<"$output")" = 6 ]
    [ ! -e database ]
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
    # And again, from the dump on.
    run --separate-stderr -0 dump app --prune
    [ "$stderr" = "removed 2 files up to version 4" ]
}

@test "schema-dump.sh --prune, PostgreSQL: is refused when the schema is not what the files give" {
    three_operations
    server_database app
    apply app 2
    ask app 'ALTER TABLE users ADD COLUMN age int'
    run --separate-stderr -65 dump app --prune
    [ "${stderr%%$'\n'*}" = "schema-dump.sh: the files up to version 2 do not give the schema that postgresql://127.0.0.1:$PGPORT/app has" ]
    [ "$(find migrations -type f | wc -l)" = 6 ]
    [ "$(scratches)" = 0 ]
}

@test "schema-restore.sh, PostgreSQL: refuses a database that is not empty, and says what is in it" {
    three_operations
    server_database app
    apply app 1
    dump app -q
    server_database new
    ask new 'CREATE SCHEMA "a b"; CREATE TABLE "a b"."T" (a int); CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; CREATE TYPE e AS ENUM ()'
    run --separate-stderr -65 restore new app
    [ "$stderr" = "schema-restore.sh: the database postgresql://127.0.0.1:$PGPORT/new is not empty: it has function public.f, schema \"a b\", table \"a b\".\"T\" and 1 more
hint: a dump is loaded into an empty database only" ]
    run ! psql -X -q -d new -f "$stored/app.sql"
    [[ "$output" == *"ERROR:  the database is not empty: it has function public.f"* ]]
    [ "$(ask new "SELECT to_regclass('migration') IS NULL")" = t ]
}

@test "schema-restore.sh, PostgreSQL: an extension that is there already does no harm" {
    operation 0001 TASK-1 one 'CREATE EXTENSION citext; CREATE TABLE a (b citext);'
    server_database app
    apply app
    dump app -q
    server_database new
    ask new 'CREATE EXTENSION citext'
    restore new app -q
    dump new -q
    cmp "$stored/app.sql" "$stored/new.sql"
}

@test "schema-restore.sh, PostgreSQL: a dump of which one statement fails loads nothing" {
    three_operations
    server_database app
    apply app 2
    dump app -q
    sed 's/^CREATE INDEX .*/CREATE INDEX nothing ON public.nosuch (a);/' "$stored/app.sql" >bad.sql
    sign bad.sql
    server_database new
    line=$(grep -n nosuch bad.sql)
    run --separate-stderr -65 restore new --file bad.sql
    [ "$stderr" = "schema-restore.sh: cannot load bad.sql: line ${line%%:*}: relation \"public.nosuch\" does not exist
hint: postgresql://127.0.0.1:$PGPORT/new is as it was" ]
    psql -X -q -d new -f bad.sql >/dev/null 2>&1 || :
    [ "$(ask new "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")" = 0 ]
}

@test "schema-restore.sh, PostgreSQL: refuses a dump that is cut off or changed, before anything runs" {
    three_operations
    server_database app
    apply app 2
    dump app -q
    server_database new
    for lines in 3 8 12 60 $(($(wc -l <"$stored/app.sql") - 1)); do
        head -n "$lines" "$stored/app.sql" >cut.sql
        run --separate-stderr -65 restore new --file cut.sql
    done
    [ "$stderr" = "schema-restore.sh: the dump cut.sql is cut off: its last line is not COMMIT;
hint: take an undamaged copy" ]
    sed 's/create-users/create-usess/' "$stored/app.sql" >changed.sql
    run --separate-stderr -65 restore new --file changed.sql
    [ "$stderr" = "schema-restore.sh: the dump changed.sql is damaged: it has not the checksum that its head names
hint: take an undamaged copy" ]
    sed '/^-- checksum: /d' "$stored/app.sql" >unsigned.sql
    run --separate-stderr -65 restore new --file unsigned.sql
    sed 's/DROP TABLE users/DROP TABLE userz/' "$stored/app.sql" >other.sql
    sign other.sql
    run --separate-stderr -65 restore new --file other.sql
    [ "$stderr" = "schema-restore.sh: the dump other.sql is damaged: the code of operation 1 was changed
hint: take an undamaged copy" ]
}

@test "schema-restore.sh, PostgreSQL: refuses commands of psql" {
    use_all_kinds
    server_database app
    apply app
    dump app -q
    server_database new
    sed '/^COMMIT;$/i \\\\! touch ran' "$stored/app.sql" >bad.sql
    sign bad.sql
    line=$(grep -n 'touch ran' bad.sql)
    run --separate-stderr -65 restore new --file bad.sql
    [ "$stderr" = "schema-restore.sh: line ${line%%:*} of the dump bad.sql is a command of psql
hint: a dump holds plain SQL" ]
    [ ! -e ran ]
}

@test "schema-restore.sh: refuses a dump of another kind of database" {
    three_operations
    server_database app
    apply app 1
    dump app -q
    run --separate-stderr -65 restore sqlite:new.db app
    [ "$stderr" = "schema-restore.sh: the dump $stored/app.sql is of postgresql, and new.db is of sqlite
hint: a dump is for one kind of database" ]
    [ ! -e new.db ]
    program_run sqlite-migrate up --connection sqlite:lite.db --quiet
    dump sqlite:lite.db -q
    server_database new
    run --separate-stderr -65 restore new lite
    [ "$stderr" = "schema-restore.sh: the dump $stored/lite.sql is of sqlite, and postgresql://127.0.0.1:$PGPORT/new is of postgresql
hint: a dump is for one kind of database" ]
}

@test "schema-dump.sh, schema-restore.sh, PostgreSQL: say why there is no connection" {
    three_operations
    server_database app
    apply app 1
    dump app -q
    for program in dump restore; do
        DATABASE_URL=$(server_url app tester wrong) run --separate-stderr -77 "$program" default app
        [ "$stderr" = "schema-$program.sh: cannot connect to postgresql://127.0.0.1:$PGPORT/app: password authentication failed for user \"tester\"
hint: check user and password: in the URL, PGPASSWORD, PGPASSFILE or ~/.pgpass" ]
        DATABASE_URL=$(server_url nosuch) run --separate-stderr -66 "$program" default app
        DATABASE_URL=postgresql://127.0.0.1:1/app run --separate-stderr -69 "$program" default app
        [[ "$stderr" == "schema-$program.sh: cannot connect to postgresql://127.0.0.1:1/app: Connection refused"* ]]
    done
    [ "$(ls "$stored")" = app.sql ]
}

@test "schema-dump.sh, PostgreSQL: says what it may not read, and who is in its way" {
    three_operations
    server_database app
    apply app 1
    ask app "SET client_min_messages = warning; DROP ROLE IF EXISTS blind;
        CREATE ROLE blind LOGIN PASSWORD 'secret'; GRANT SELECT ON migration, migration_log TO blind"
    DATABASE_URL=$(server_url app blind secret) run --separate-stderr -77 dump
    [ "$stderr" = "schema-dump.sh: query failed: ERROR:  permission denied for table users
detail: Query was: LOCK TABLE public.users IN ACCESS SHARE MODE
hint: pg_dump locks each table, which takes the privilege SELECT" ] || {
        printf '%s\n' "$stderr"
        false
    }
    mkfifo statements held
    psql -X -q -A -t -d app <statements >held 3>&- &
    session=$!
    exec 7>statements
    printf 'BEGIN; LOCK TABLE users; SELECT 1;\n' >&7
    read -r _ <held
    MIGRATE_LOCK_TIMEOUT=200 run --separate-stderr -75 dump app
    exec 7>&-
    wait "$session"
    [[ "$stderr" == "schema-dump.sh: somebody else holds a lock in postgresql://127.0.0.1:$PGPORT/app for longer than 200 ms: "* ]]
    [ ! -e database ]
}

@test "schema-dump.sh, PostgreSQL: says when pg_dump is missing, too old, ends early or writes half" {
    three_operations
    server_database app
    apply app 1
    stub pg_dump 'printf "pg_dump: error: server version: 99.1; pg_dump version: 15.1\npg_dump: error: aborting because of server version mismatch\n" >&2; exit 1'
    run --separate-stderr -69 dump app
    [ "$stderr" = "schema-dump.sh: pg_dump is older than the server: server version: 99.1; pg_dump version: 15.1
aborting because of server version mismatch
hint: install the clients of the server's version" ] || {
        printf '%s\n' "$stderr"
        false
    }
    stub pg_dump '"$real" "$@" | head -n 60'
    run --separate-stderr -74 dump app
    [ "$stderr" = "schema-dump.sh: pg_dump has not written all of its dump
hint: check TMPDIR and the free space" ]
    stub pg_dump 'exit 0'
    run --separate-stderr -74 dump app
    [ ! -e database ]
}

@test "schema-restore.sh, PostgreSQL: a signal and a kill leave an empty database, and the next run fills it" {
    three_operations
    server_database app
    apply app 2
    dump app -q
    server_database new
    mkfifo statements held
    for signal in TERM HUP KILL; do
        psql -X -q -A -t -d new <statements >held 3>&- 7>&- &
        session=$!
        exec 7>statements
        printf 'SELECT pg_advisory_lock(7239150424);\n' >&7
        read -r _ <held
        env -u PGHOST -u PGPORT -u PGUSER -u PGPASSFILE -u PGDATABASE MIGRATE_LOCK_TIMEOUT=60000 \
            "$root/scripts/schema-restore.sh" new app >/dev/null 2>&1 3>&- 7>&- &
        runner=$!
        until [ "$(ask new "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")" = 1 ]; do :; done
        kill "-$signal" "$runner"
        if [ "$signal" = KILL ]; then
            ask new "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted" >/dev/null
        fi
        status=0
        wait "$runner" || status=$?
        [ "$status" -ge 128 ]
        exec 7>&-
        wait "$session"
        [ "$(ask new "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")" = 0 ]
    done
    [ "$(find "$TMPDIR" -mindepth 1 | wc -l)" -le 30 ]
    restore new app -q
    dump new -q
    cmp "$stored/app.sql" "$stored/new.sql"
}

# As the reader of a page, who is not told where the server of the test is.
as_reader() { # <command>...
    (cd top && env -i PATH="$PATH" HOME="$BATS_TEST_TMPDIR" LC_ALL=C TZ=UTC USER=ann LD_LIBRARY_PATH=../lib \
        MIGRATE_EXTENSION="$extension" PGPORT="$PGPORT" PGPASSFILE="$PGPASSFILE" "$@" 3>&-)
}

@test "docs/schema-restore.md: shows what its commands for a server print" {
    local client
    use_page
    postgresql_database school
    # The page names a host; here it is this machine.
    for client in psql pg_dump pg_restore; do
        printf '#!/bin/sh\nexec env PGHOSTADDR=127.0.0.1 %s "$@"\n' "$(client_path "$client")" >"bin/$client"
        chmod +x "bin/$client"
    done
    run_console docs/schema-restore.md
    [ "$commands" -gt 8 ]
}
