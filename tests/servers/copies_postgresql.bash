# What the tests of backup-database.sh and restore-database.sh need of a server of PostgreSQL.

# shellcheck disable=SC2119,SC2120 # the tests give admin arguments

copies_postgresql_start() {
    # A test counts the scratch databases of the server.
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true
    postgresql_start loopback
    admin_place=$PGHOST
    export admin_place port=$PGPORT password=$postgresql_password
}

# To be called in setup(): a database with the table users, with Ann and Bob in it, at $url.
use_copies_postgresql() {
    use_connect
    database=app_$BATS_TEST_NUMBER
    here=127.0.0.1:$port/$database
    url=postgresql://tester:$password@$here
    admin <<<"CREATE DATABASE $database"
    # shellcheck disable=SC2030,SC2031 # each test is a process
    on=$database admin <<'SQL'
CREATE TABLE users (id serial PRIMARY KEY, name varchar(40) NOT NULL);
INSERT INTO users (name) VALUES ('Ann'), ('Bob');
SQL
    PATH=$postgresql_programs:$PATH
    use_copies
}

# Runs the client as the superuser, by the socket.
admin() { # <argument>...
    PGHOST=$admin_place PGPORT=$port PGUSER=tester PGDATABASE=${on-postgres} \
        "$postgresql_client" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

scratches() {
    admin <<<"SELECT datname FROM pg_database WHERE datname LIKE 'migrate!_scratch!_%' ESCAPE '!' ORDER BY datname"
}

databases() {
    admin <<<"SELECT datname FROM pg_database WHERE NOT datistemplate AND datname ~ '^$database(_|\$)' ORDER BY datname" |
        sed -E 's/[0-9]{8}T[0-9]{6}Z/TIME/g'
}

# All that is in a database, without what differs from dump to dump.
content() { # <database>
    local dumper=$postgresql_programs/pg_dump
    # Where the server's programs are links in another folder, its clients are elsewhere.
    [ -x "$dumper" ] || dumper=$(type -P pg_dump)
    PGHOST=$admin_place PGPORT=$port PGUSER=tester "$dumper" "$1" |
        sed '/^\\restrict /d; /^\\unrestrict /d'
}

# Who is in the table users.
people() { # [<database>]
    on=${1-$database} admin <<<"SELECT string_agg(name, ' ' ORDER BY id) FROM users"
}

# Objects of many kinds, and values that are hard to copy.
fill_with_everything() {
    on=$database admin <<'SQL'
CREATE EXTENSION citext;
CREATE SCHEMA side;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN side.short AS varchar(4) CHECK (VALUE <> 'long');
CREATE TABLE side."Odd ""Name" (id bigint GENERATED ALWAYS AS IDENTITY, m mood, t text, b bytea, d double precision,
    s side.short, c citext, v varchar(9) CHECK (v IN ('a', 'b')), j jsonb, PRIMARY KEY (id));
INSERT INTO side."Odd ""Name" (m, t, b, d, s, c, v, j) VALUES ('glad', E'a\tb\\N\n\\.\n', '\x00ff', 0.1, 'x', 'Q', 'a', '{"a": [1]}'),
    (NULL, NULL, NULL, 'NaN', NULL, NULL, NULL, NULL);
INSERT INTO side."Odd ""Name" (t) SELECT repeat('x', i % 7 * 900) FROM generate_series(1, 500) AS i;
CREATE TABLE parts (id int, d int) PARTITION BY RANGE (d);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
INSERT INTO parts VALUES (1, 1);
CREATE VIEW glad AS SELECT * FROM side."Odd ""Name" WHERE m = 'glad';
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM users;
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE INDEX users_name ON users (lower(name));
COMMENT ON TABLE users IS 'it''s; -- people';
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_of_them ON users USING (true);
SELECT lo_from_bytea(0, '\xdeadbeef');
SQL
}
