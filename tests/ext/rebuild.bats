#!/usr/bin/env bats
# Table rebuilds in the plan: the orders of statements that people and tools use, and what each loses.

load ../helpers/migrate

setup() {
    use_scratch
    plain "CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT)" "INSERT INTO teams VALUES (1, 'a')" \
        "CREATE TABLE users $columns" "CREATE INDEX users_name ON users (name)" \
        "CREATE TRIGGER users_gone BEFORE DELETE ON users BEGIN SELECT 1; END" \
        "INSERT INTO users (id, name, email, team) VALUES (1, 'Ann', 'a@x', 1), (2, 'Bob', NULL, 1), (3, 'Cy', 'c@x', NULL)"
}

# What the table is like, what a copy brings, and what the table has beside it.
columns="(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL CHECK (name <> ''), email TEXT COLLATE NOCASE UNIQUE,
    team INTEGER REFERENCES teams (id) ON DELETE CASCADE, up TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL)"
values='id, name, email, team'
beside() { # <table>
    printf 'CREATE INDEX users_name ON %s (name);\n' "$1"
    printf 'CREATE TRIGGER users_gone BEFORE DELETE ON %s BEGIN SELECT 1; END;\n' "$1"
}

# Prints what the plan says of one operation, without kinds that are all the same: KINDS, then a line a finding.
judged() { # <name> <sql>
    rm -rf "$folder"
    operation 0001 TASK-1 example "$2"
    printf '%s: ' "$1"
    mig "SELECT group_concat(DISTINCT kind) FROM migrations_plan WHERE kind NOT IN ('create index', 'create trigger', 'pragma')" \
        "SELECT statement || ' ' || severity || ' ' || rule || ' ' || coalesce(object, '') || ': ' || why
            FROM migrations_plan WHERE direction = 'up' AND rule IS NOT NULL AND rule <> 'no-down'"
}

# The usual order, with another copy.
usual() { # <name> <copy>
    judged "$1" "CREATE TABLE users_new $columns;
$2;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
$(beside users)"
}

# Over a table between, with other statements.
aside() { # <name> <create kept> <statement behind it> <copy back>
    judged "$1" "$2;
$3;
DROP TABLE users;
CREATE TABLE users $columns;
$4;
DROP TABLE kept;
$(beside users)"
}

# All orders of statements, for a new table of the name.
all_orders() { # <new name>
    local copy="SELECT $values FROM" made="CREATE TABLE $1 $columns"
    judged sqlite "PRAGMA foreign_keys = OFF;
CREATE TABLE new_x $columns;
INSERT INTO new_x ($values) $copy users;
DROP TABLE users;
ALTER TABLE new_x RENAME TO $1;
$(beside "$1")"
    judged alembic "CREATE TABLE _alembic_tmp_users $columns;
INSERT INTO _alembic_tmp_users (id, name, email, team) SELECT users.id, users.name, users.email, users.team FROM users;
DROP TABLE users;
ALTER TABLE _alembic_tmp_users RENAME TO $1;
$(beside "$1")"
    judged prisma "PRAGMA defer_foreign_keys=ON;
CREATE TABLE \"new_users\" $columns;
INSERT INTO \"new_users\" (\"id\", \"name\", \"email\", \"team\") SELECT \"id\", \"name\", \"email\", \"team\" FROM \"users\";
DROP TABLE \"users\";
ALTER TABLE \"new_users\" RENAME TO \"$1\";
$(beside "$1")"
    judged drizzle "CREATE TABLE \`__new_users\` $columns;
INSERT INTO \`__new_users\`(\"id\", \"name\", \"email\", \"team\") SELECT \"id\", \"name\", \"email\", \"team\" FROM \`users\`;
DROP TABLE \`users\`;
ALTER TABLE \`__new_users\` RENAME TO \`$1\`;
$(beside "$1")"
    judged 'away first' "ALTER TABLE users RENAME TO users_old;
$made;
INSERT INTO $1 ($values) $copy users_old;
DROP TABLE users_old;
$(beside "$1")"
    judged 'away between' "CREATE TABLE users_new $columns;
INSERT INTO users_new ($values) $copy users;
ALTER TABLE users RENAME TO users_old;
ALTER TABLE users_new RENAME TO $1;
DROP TABLE users_old;
$(beside "$1")"
    judged rails "CREATE TEMPORARY TABLE ausers (id INTEGER PRIMARY KEY, name varchar, email varchar, team integer);
INSERT INTO ausers ($values) $copy users;
DROP TABLE users;
$made;
INSERT INTO $1 ($values) $copy ausers;
DROP TABLE ausers;
$(beside "$1")" | grep -v outside-main
    judged doctrine "CREATE TEMPORARY TABLE __temp__users AS $copy users;
DROP TABLE users;
$made;
INSERT INTO $1 ($values) $copy __temp__users;
DROP TABLE __temp__users;
$(beside "$1")" | grep -v outside-main
    judged sequelize "CREATE TABLE IF NOT EXISTS users_backup $columns;
INSERT INTO users_backup ($values) $copy users;
DROP TABLE users;
CREATE TABLE IF NOT EXISTS $1 $columns;
INSERT INTO $1 ($values) $copy users_backup;
DROP TABLE users_backup;
$(beside "$1")"
    judged 'two names' "CREATE TABLE first $columns;
INSERT INTO first ($values) $copy users;
ALTER TABLE first RENAME TO second;
DROP TABLE users;
ALTER TABLE second RENAME TO $1;
$(beside "$1")"
}

@test "rebuild: the orders of statements that people and tools use are one change that loses nothing" {
    run --separate-stderr -0 all_orders users
    [ "$output" = 'sqlite: rebuild
alembic: rebuild
prisma: rebuild
drizzle: rebuild
away first: rebuild
away between: rebuild
rails: rebuild
doctrine: rebuild
sequelize: rebuild
two names: rebuild' ]
}

@test "rebuild: the same with another name for the new table takes nothing but the old name" {
    run --separate-stderr -0 all_orders people
    local goes='warn rename-table users: the rows of users go to people: programs that use the old name fail'
    [ "$output" = "sqlite: rebuild
4 $goes
alembic: rebuild
3 $goes
prisma: rebuild
4 $goes
drizzle: rebuild
3 $goes
away first: rebuild
1 $goes
away between: rebuild
3 $goes
rails: rebuild
3 $goes
doctrine: rebuild
2 $goes
sequelize: rebuild
3 $goes
two names: rebuild
4 $goes" ]
}

# A new table under another name, with a mistake.
mistakes() {
    judged 'rows' "CREATE TABLE people_new $columns;
INSERT INTO people_new ($values) SELECT $values FROM users WHERE id > 1;
DROP TABLE users;
ALTER TABLE people_new RENAME TO people;
$(beside people)"
    judged 'some of them' "ALTER TABLE users RENAME TO users_old;
CREATE TABLE people $columns;
INSERT INTO people ($values) SELECT $values FROM users_old LIMIT 2;
DROP TABLE users_old;
$(beside people)"
    judged 'a column' "CREATE TABLE people $columns;
INSERT INTO people (id, name, team) SELECT id, name, team FROM users;
DROP TABLE users;
$(beside people)"
    judged 'another column' "CREATE TABLE people $columns;
INSERT INTO people ($values) SELECT id, email, name, team FROM users;
DROP TABLE users;
$(beside people)"
    judged 'the rest' "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT, team INTEGER);
INSERT INTO people SELECT $values FROM users;
DROP TABLE users;"
    judged 'behind a rename' "CREATE TABLE users_new $columns;
INSERT INTO users_new ($values) SELECT $values FROM users WHERE id > 1;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
ALTER TABLE users RENAME TO people;
$(beside people)"
}

@test "rebuild: what a new table of another name loses is told of the old one" {
    run --separate-stderr -0 mistakes
    [ "$output" = "rows: rebuild
2 error rebuild-loses-rows users: the copy has WHERE, so rows of users can be left out, which has 3 rows
3 warn rename-table users: the rows of users go to people: programs that use the old name fail
some of them: rebuild
1 warn rename-table users: the rows of users go to people: programs that use the old name fail
3 error rebuild-loses-rows users: the copy has LIMIT, so rows of users can be left out, which has 3 rows
a column: rebuild
2 error drop-column users.email: the copy leaves column email out: its values in 3 rows go
3 warn rename-table users: the rows of users go to people: programs that use the old name fail
another column: rebuild
2 warn update-without-where users.name: the copy puts other values into column name of people: email
2 warn update-without-where users.email: the copy puts other values into column email of people: name
3 warn rename-table users: the rows of users go to people: programs that use the old name fail
the rest: rebuild
3 warn rename-table users: the rows of users go to people: programs that use the old name fail
3 warn rebuild-loses-constraint users.name: users.name is not NOT NULL any more
3 warn change-collation users.email: users.email compares by BINARY now, it was NOCASE
3 warn rebuild-loses-generated users.up: the column users.up, computed as (upper(name)), is gone
3 warn rebuild-loses-constraint users.email: UNIQUE (email) of users is gone
3 warn rebuild-loses-constraint users: CHECK (name <> '') of users is gone
3 warn rebuild-loses-foreign-key users.team: the foreign key (team) of users to teams is gone
3 warn rebuild-loses-autoincrement users: users has no AUTOINCREMENT any more
3 warn rebuild-loses-index users_name: the index users_name (name) of users is gone
3 warn rebuild-loses-trigger users_gone: the trigger users_gone of users is gone
behind a rename: rebuild
2 error rebuild-loses-rows users: the copy has WHERE, so rows of users can be left out, which has 3 rows
5 warn rename-table users: renames table users to people: programs that use the old name fail" ]
}

# Tables that hold something of the one that goes, and are not in its place.
no_places() {
    judged 'no copy' "CREATE TABLE people $columns; DROP TABLE users; $(beside people)"
    judged 'one column' "CREATE TABLE names AS SELECT name FROM users; DROP TABLE users;"
    judged 'two halves' "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO people SELECT id, name FROM users;
CREATE TABLE mails (id INTEGER PRIMARY KEY, email TEXT, team INTEGER);
INSERT INTO mails SELECT id, email, team FROM users;
DROP TABLE users;"
    judged 'one of before' "INSERT INTO teams SELECT id + 9, name FROM users; DROP TABLE users;" | grep -v mixed-change
    judged 'through one of before' "INSERT INTO teams SELECT id + 9, name FROM users;
CREATE TABLE people AS SELECT id - 9 AS id, name, NULL AS email, NULL AS team FROM teams;
DROP TABLE users;" | grep -v mixed-change
    judged 'gone too' "CREATE TABLE people AS SELECT * FROM users; DROP TABLE users; DROP TABLE people;"
    judged 'temporary' "CREATE TEMP TABLE people AS SELECT * FROM users; DROP TABLE users;" | grep -v outside-main
    judged 'another database' "-- migrate: no-transaction
ATTACH ':memory:' AS other;
CREATE TABLE other.users_new AS SELECT * FROM main.users;
DROP TABLE main.users;
ALTER TABLE other.users_new RENAME TO users;" | grep -v outside-main
    judged 'the same name there' "-- migrate: no-transaction
ATTACH ':memory:' AS other;
CREATE TABLE other.users (x);
DROP TABLE main.users;" | grep -v outside-main
}

@test "rebuild: a table that is not in the place of the old one does not hide that it goes" {
    run --separate-stderr -0 no_places
    [ "$output" = "no copy: create table,drop table
2 error drop-table users: drops table users: 3 rows go with it
one column: create table,drop table
2 error drop-table users: drops table users: 3 rows go with it
two halves: create table,data change,drop table
5 error drop-table users: drops table users: 3 rows go with it
one of before: data change,drop table
2 error drop-table users: drops table users: 3 rows go with it
through one of before: data change,create table,drop table
3 error drop-table users: drops table users: 3 rows go with it
gone too: create table,drop table
2 error drop-table users: drops table users: 3 rows go with it
3 note drop-table people: drops table people: an unknown number of rows go with it
temporary: create table,drop table
2 error drop-table users: drops table users: 3 rows go with it
another database: attach,create table,drop table,rename table
3 error drop-table users: drops table users: 3 rows go with it
4 warn rename-table users_new: renames table users_new to users: programs that use the old name fail
the same name there: attach,create table,drop table
3 error drop-table users: drops table users: 3 rows go with it" ]
}

@test "rebuild: where several tables have rows of the old one, that with all of them is the new one" {
    run --separate-stderr -0 judged several "CREATE TABLE some AS SELECT * FROM users WHERE id > 1;
CREATE TABLE people $columns;
INSERT INTO people ($values) SELECT $values FROM users;
DROP TABLE users;
$(beside people)"
    [ "$output" = "several: create table,rebuild
4 warn rename-table users: the rows of users go to people: programs that use the old name fail" ]
    run --separate-stderr -0 judged alike "CREATE TABLE some AS SELECT * FROM users;
CREATE TABLE people AS SELECT * FROM users;
DROP TABLE users;"
    [ "$output" = "alike: create table,drop table
3 error drop-table users: drops table users: 3 rows go with it" ]
}

# Copies that do not bring each row of the old table.
odd_copies() {
    local into="INSERT INTO users_new ($values)" all="SELECT $values FROM users"
    usual 'one row of all' "$into SELECT max(id), name, email, team FROM users"
    usual 'counted' "$into SELECT id, name, email, count(*) FILTER (WHERE id > 0) FROM users"
    usual 'on conflict' "$into $all ORDER BY id ON CONFLICT DO NOTHING"
    usual 'from another' "$into SELECT t.id, (SELECT u.name FROM users AS u WHERE u.id = t.id), NULL, t.id FROM teams AS t"
    usual 'with' "WITH users AS (SELECT * FROM main.users LIMIT 1) $into $all"
    usual 'raise' "CREATE TRIGGER skip BEFORE INSERT ON users_new WHEN NEW.id > 1 BEGIN SELECT RAISE(IGNORE); END; $into $all"
    usual 'too early' "CREATE TABLE kept (id, name, email, team);
$into SELECT $values FROM kept; INSERT INTO kept $all; DROP TABLE kept"
    usual 'another database' "ATTACH ':memory:' AS other;
CREATE TABLE other.users AS $all WHERE id = 1;
$into SELECT $values FROM other.users" | grep -v outside-main
}

@test "rebuild: a copy that leaves rows out is told of, however it does so" {
    run --separate-stderr -0 odd_copies
    [ "$output" = "one row of all: rebuild
2 error rebuild-loses-rows users: the copy has a function that makes one row of many, so rows of users can be left out, which has 3 rows
2 warn update-without-where users.id: the copy puts other values into column id of users: max(id)
counted: rebuild
2 error rebuild-loses-rows users: the copy has a function that makes one row of many, so rows of users can be left out, which has 3 rows
2 warn update-without-where users.team: the copy puts other values into column team of users: count(*) FILTER (WHERE id > 0)
on conflict: rebuild
2 error rebuild-loses-rows users: the copy has ON CONFLICT, so rows of users can be left out, which has 3 rows
from another: rebuild
2 error rebuild-loses-rows users: the copy has another table behind FROM, so rows of users can be left out, which has 3 rows
2 warn update-without-where users.name: the copy puts other values into column name of users: (SELECT u.name FROM users AS u WHERE u.id = t.id)
2 warn update-without-where users.email: the copy puts other values into column email of users: NULL
2 warn update-without-where users.team: the copy puts other values into column team of users: t.id
with: rebuild,data change
3 error rebuild-loses-rows users: no row is copied to the new users, and the old one had 3 rows
raise: rebuild
3 error rebuild-loses-rows users: the copy has a trigger with RAISE(IGNORE), so rows of users can be left out, which has 3 rows
too early: rebuild,create table,data change,drop table
5 note drop-table kept: drops table kept: an unknown number of rows go with it
6 error rebuild-loses-rows users: no row is copied to the new users, and the old one had 3 rows
another database: rebuild,attach
2 error refused other: \"ATTACH\" cannot run in the transaction of the operation
4 error rebuild-loses-rows users: the copy has WHERE, so rows of users can be left out, which has 3 rows" ]
}

# Copies that bring each row.
even_copies() {
    local into="INSERT INTO users_new ($values)"
    usual 'windows and queries of their own' "$into SELECT id, name, email, team FROM users
    ORDER BY min(id) OVER (), max(id, 1), (SELECT count(*) FROM teams)"
    usual 'strings for names' "INSERT INTO users_new ('id', 'name', 'email', 'team') SELECT id, name, email, team FROM main.users"
    usual 'renamed behind it' "INSERT INTO users_new ($values) SELECT $values FROM users;
ALTER TABLE users_new RENAME COLUMN team TO t; ALTER TABLE users_new RENAME COLUMN t TO team" | grep -v rename-column
    judged 'renamed before it' "ALTER TABLE users RENAME TO users_old;
ALTER TABLE users_old RENAME COLUMN name TO n;
CREATE TABLE users $columns;
INSERT INTO users ($values) SELECT id, n, email, team FROM users_old;
DROP TABLE users_old;
$(beside users)" | grep -v rename-column
}

@test "rebuild: a copy that brings each row and each column is not told of" {
    run --separate-stderr -0 even_copies
    [ "$output" = "windows and queries of their own: rebuild
strings for names: rebuild
renamed behind it: rebuild,rename column
renamed before it: rebuild,rename column" ]
}

@test "rebuild: only what fills a column where it has no value keeps the values" {
    run --separate-stderr -0 usual filled "INSERT INTO users_new ($values)
    SELECT id, ifnull(email, 'x'), coalesce(email, 'x') || 'y', coalesce(team, (1)) FROM users"
    [ "$output" = "filled: rebuild
2 warn update-without-where users.name: the copy puts other values into column name of users: ifnull(email, 'x')
2 warn update-without-where users.email: the copy puts other values into column email of users: coalesce(email, 'x') || 'y'
2 note updates-rows users.team: the copy fills column team of users where it has no value: coalesce(team, (1))" ]
}

@test "rebuild: what the triggers of the new table do while it is filled is told of" {
    run --separate-stderr -0 usual triggers "CREATE TRIGGER thin AFTER INSERT ON users_new BEGIN
    DELETE FROM users_new WHERE id > 1; UPDATE teams SET name = 'x'; END;
INSERT INTO users_new ($values) SELECT $values FROM users"
    [ "$output" = "triggers: rebuild
3 warn deletes-rows users_new: trigger thin deletes rows of users_new
3 note updates-rows teams: trigger thin overwrites name in rows of teams" ]
}

# What happens to rows on their way.
on_their_way() {
    local back="INSERT INTO users ($values) SELECT $values FROM kept" all="SELECT $values FROM users"
    aside 'deleted' "CREATE TABLE kept AS $all" 'DELETE FROM kept WHERE id > 1' "$back" | grep -v mixed-change
    aside 'overwritten' "CREATE TABLE kept AS $all" "UPDATE kept SET name = 'x'" "$back" | grep -v mixed-change
    aside 'temporary, deleted' "CREATE TEMP TABLE kept AS $all" 'DELETE FROM kept' "$back" | grep -v -e mixed-change -e outside-main
    aside 'temporary, overwritten' "CREATE TEMP TABLE kept AS $all" "UPDATE kept SET name = 'x' WHERE id = 1" "$back" |
        grep -v -e mixed-change -e outside-main
    aside 'in the way' 'CREATE TABLE kept (id, name, email UNIQUE ON CONFLICT IGNORE, team)' "INSERT INTO kept $all" "$back"
    aside 'converted' 'CREATE TABLE kept (id INTEGER, name NUMERIC, email, team INT)' "INSERT INTO kept $all" "$back"
    aside 'temporary, converted' 'CREATE TEMP TABLE kept (id INTEGER, name VARCHAR(9), email REAL NOT NULL, team NUM)' \
        "INSERT INTO kept $all" "$back" | grep -v outside-main
    aside 'temporary, moved' 'CREATE TEMP TABLE kept (id, email, name, team)' "INSERT INTO kept $all" "$back" | grep -v outside-main
    aside 'temporary, all columns' 'CREATE TEMP TABLE kept AS SELECT id, email, name, team FROM users' 'SELECT 1' \
        "INSERT INTO users ($values) SELECT * FROM kept" | grep -v outside-main
}

@test "rebuild: what is lost in a table on the way is told of" {
    run --separate-stderr -0 on_their_way
    [ "$output" = "deleted: rebuild,data change
2 warn deletes-rows kept: deletes rows of kept, which has 3 rows
overwritten: rebuild,data change
2 warn update-without-where kept: overwrites name in all rows of kept: 3 rows
temporary, deleted: rebuild,data change
2 error rebuild-loses-rows users: rows of users are on their way in kept, and it deletes there
temporary, overwritten: rebuild,data change
2 note updates-rows users: rows of users are on their way in kept, and it overwrites values there
in the way: rebuild
5 error rebuild-loses-rows users: the copy has ON CONFLICT IGNORE on its way, so rows of users can be left out, which has 3 rows
converted: rebuild
2 warn change-type users.name: on its way through kept, column name is NUMERIC: values are converted where that is possible
temporary, converted: rebuild
2 warn change-type users.email: on its way through kept, column email is REAL: values are converted where that is possible
temporary, moved: rebuild
5 warn update-without-where users.name: the copy puts other values into column name of users: email
5 warn update-without-where users.email: the copy puts other values into column email of users: name
temporary, all columns: rebuild,query
5 warn update-without-where users.name: the copy puts other values into column name of users: *
5 warn update-without-where users.email: the copy puts other values into column email of users: *" ]
}

@test "rebuild: foreign keys that are left at the old name are told of, and those that follow to the new one are not" {
    plain "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id))" \
        "INSERT INTO posts VALUES (1, 1), (2, 2)"
    run --separate-stderr -0 judged left "CREATE TABLE people $columns;
INSERT INTO people ($values) SELECT $values FROM users;
DROP TABLE users;
$(beside people)"
    [ "$output" = "left: rebuild
3 warn rename-table users: the rows of users go to people: programs that use the old name fail
3 error fires-cascade posts: rows of posts refer to users (author), so the operation fails" ]
    run --separate-stderr -0 judged follow "ALTER TABLE users RENAME TO people;
CREATE TABLE people_new $columns;
INSERT INTO people_new ($values) SELECT $values FROM people;
DROP TABLE people;
ALTER TABLE people_new RENAME TO people;
$(beside people)"
    [ "$output" = "follow: rebuild
1 warn rename-table users: renames table users to people: programs that use the old name fail" ]
    run --separate-stderr -0 mig "SELECT migrate_apply()"
    [ "$(plain "SELECT * FROM pragma_foreign_key_list('posts')" "SELECT count(*) FROM people")" = "0|0|people|author|id|NO ACTION|NO ACTION|NONE
3" ]
}

@test "rebuild: a table that points at itself does so under its new name" {
    plain "CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree (id))" \
        "INSERT INTO tree VALUES (1, NULL), (2, 1)"
    run --separate-stderr -0 judged itself "CREATE TABLE nodes (id INTEGER PRIMARY KEY, up INTEGER REFERENCES nodes (id));
INSERT INTO nodes SELECT * FROM tree;
DROP TABLE tree;"
    [ "$output" = "itself: rebuild
3 warn rename-table tree: the rows of tree go to nodes: programs that use the old name fail" ]
    run --separate-stderr -0 judged 'the old one' "CREATE TABLE nodes (id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree (id));
INSERT INTO nodes SELECT * FROM tree;
DROP TABLE tree;"
    [ "$output" = "the old one: rebuild
3 warn rename-table tree: the rows of tree go to nodes: programs that use the old name fail
3 error fires-cascade nodes: rows of nodes refer to tree (up), so the operation fails" ]
}

@test "rebuild: later operations know that the new table has the rows of the old one" {
    judged x "CREATE TABLE people $columns;
INSERT INTO people ($values) SELECT $values FROM users;
DROP TABLE users;
$(beside people)" >/dev/null
    operation 0002 TASK-1 column 'ALTER TABLE people DROP COLUMN team;'
    operation 0003 TASK-1 table 'DROP TABLE people;'
    run --separate-stderr -0 mig "SELECT version, rule, object, why FROM migrations_plan WHERE severity = 'error'"
    [ "$output" = "2|drop-column|people.team|drops column team of people: the values of 3 rows go with it
3|drop-table|people|drops table people: 3 rows go with it" ]
}
