#!/usr/bin/env bats
# Option dangerous: what is refused before a run, what is shown, and what an approval does: the log keeps it, and
# views may break that it names.

load ../helpers/migrate

setup() {
    use_scratch
    unset MIGRATE_DANGEROUS MIGRATE_PROGRESS
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, fax TEXT);
CREATE TABLE teams (id INTEGER PRIMARY KEY);'
    mig "SELECT migrate_apply()" >/dev/null
    plain "INSERT INTO users VALUES (1, 'Ann', '1'), (2, 'Bob', '2')" 'INSERT INTO teams VALUES (1)'
}

users=2025-01-10/0002-TASK-2-drop-users_up.sql
teams=2025-01-10/0003-TASK-2-drop-teams_up.sql
advice="rename it away first, and drop it in a later release when nothing has missed it"

drop_users() { # [<directive>]
    operation 0002 TASK-2 drop-users "${1+$1
}DROP TABLE users;" 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, fax TEXT);'
}

drop_teams() { # [<directive>]
    operation 0003 TASK-2 drop-teams "${1+$1
}DROP TABLE teams;" 'CREATE TABLE teams (id INTEGER PRIMARY KEY);'
}

# The message about a table that is dropped.
dangerous() { # <version> <path> <line> <table> <rows>
    printf 'operation %s is dangerous: %s:%s: drops table %s: %s with it (drop-table)' "$@"
}

refusal() { # <table>
    printf '%s; or approve it in the file: -- migrate: allow drop-table %s: REASON' "$advice" "$1"
}

# Everything that a run could have left behind.
traces() {
    cksum "$db"
    printf '%s\n' "$db"* "$folder"/*/* backups*
    plain 'SELECT count(*) FROM migration' 'SELECT count(*) FROM migration_log'
}

@test "dangerous deny: refuses a run with a finding of severity error" {
    drop_users
    run --separate-stderr -20 mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply()"
    [ "$output" = deny ]
    [ "$(error_text)" = "$(dangerous 2 "$users" 1 users "2 rows go")
hint: $(refusal users)" ]
    [ "$(objects)" = "teams users" ]
}

@test "dangerous deny: can be asked for by the environment" {
    drop_users
    MIGRATE_DANGEROUS=deny run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(completed)" = 1 ]
}

@test "dangerous deny: writes nothing when it refuses" {
    operation 0002 TASK-2 add-index 'CREATE INDEX users_name ON users (name);'
    drop_teams
    local before
    before=$(traces)
    run --separate-stderr -20 mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply()"
    [ "$(error_text)" = "$(dangerous 3 "$teams" 1 teams "1 row goes")
hint: $(refusal teams)" ]
    [ "$(traces)" = "$before" ]
}

@test "dangerous deny: takes no snapshot when it refuses" {
    drop_users
    run --separate-stderr -20 mig "SELECT migrate_config('dangerous', 'deny')" \
        "SELECT migrate_config('snapshot', 'before-apply')" "SELECT migrate_apply()"
    [ ! -e backups ]
}

@test "dangerous deny: counts the other findings" {
    drop_users
    drop_teams
    run --separate-stderr -20 mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply()"
    [ "$(error_text)" = "$(dangerous 2 "$users" 1 users "2 rows go") (and 1 more)
hint: $(refusal users)" ]
}

@test "dangerous deny: leaves the connection without a transaction" {
    drop_users
    run sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" <<'SQL'
.output /dev/null
SELECT migrate_config('dangerous', 'deny');
SELECT migrate_apply();
.output
BEGIN;
COMMIT;
SELECT migrate_config('dangerous', 'warn');
SELECT migrate_apply();
SQL
    [ "${lines[-2]}" = warn ]
    [ "${lines[-1]}" = 2 ]
}

@test "dangerous deny: lets pass what the file approves" {
    drop_users '-- migrate: allow drop-table users: nobody has read it since May'
    drop_teams '-- migrate: allow drop-table'
    [ "$(mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply()")" = "deny
3" ]
}

@test "dangerous deny: refuses what is approved for another object" {
    drop_users '-- migrate: allow drop-table teams: nobody has read it since May'
    run --separate-stderr -20 mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply()"
    [ "$(error_text)" = "$(dangerous 2 "$users" 2 users "2 rows go")
hint: $(refusal users)" ]
}

@test "dangerous deny: refuses what is approved in another file" {
    drop_users
    drop_teams '-- migrate: allow drop-table: all of it'
    run --separate-stderr -20 mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply()"
    [ "$(error_text)" = "$(dangerous 2 "$users" 1 users "2 rows go")
hint: $(refusal users)" ]
}

@test "dangerous deny: judges what a call applies, not what it leaves" {
    operation 0002 TASK-2 add-index 'CREATE INDEX users_name ON users (name);'
    drop_teams
    [ "$(mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply(NULL, 2)")" = "deny
2" ]
}

@test "dangerous deny: refuses a statement that is going to fail" {
    operation 0002 TASK-2 drop-people 'DELETE FROM users WHERE id = 1;
DROP TABLE people;'
    local before
    before=$(traces)
    run --separate-stderr -20 mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply()"
    [ "$(error_text)" = "operation 2 is dangerous: 2025-01-10/0002-TASK-2-drop-people_up.sql:2: it fails: no such table: people (refused)
hint: mend the file; the message says what is wrong with it" ]
    [ "$(traces)" = "$before" ]
}

@test "dangerous deny: lets a statement run that cannot be tried" {
    operation 0002 TASK-2 shout 'UPDATE users SET name = shout(name) WHERE id = 1;'
    run --separate-stderr -1 mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply()"
    [ "$output" = deny ]
    [ "$(error_text)" = "cannot apply operation 2: 2025-01-10/0002-TASK-2-shout_up.sql:1:25: no such function: shout
    1 | UPDATE users SET name = shout(name) WHERE id = 1;
hint: nothing of this operation was kept; mend it and run again" ]
}

@test "dangerous deny: lets a run roll back" {
    drop_users
    mig "SELECT migrate_apply()" >/dev/null
    [ "$(mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_rollback()")" = "deny
1" ]
}

@test "dangerous deny: refuses a redo whose way up is dangerous" {
    operation 0002 TASK-2 empty-users 'DELETE FROM users;' 'SELECT 1;'
    mig "SELECT migrate_apply()" >/dev/null
    plain "INSERT INTO users VALUES (3, 'Cid', '3')"
    local before
    before=$(traces)
    run --separate-stderr -20 mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_redo()"
    [ "$(error_text)" = "operation 2 is dangerous: 2025-01-10/0002-TASK-2-empty-users_up.sql:1: deletes all rows of users: 1 row (delete-without-where)
hint: say with WHERE which rows are meant; or approve it in the file: -- migrate: allow delete-without-where users: REASON" ]
    [ "$(traces)" = "$before" ]
}

@test "dangerous deny: has nothing against a redo that loses nothing" {
    drop_users
    mig "SELECT migrate_apply()" >/dev/null
    [ "$(mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_redo()")" = "deny
2" ]
}

@test "dangerous deny: refuses to go up to a version, but not down" {
    drop_users
    run --separate-stderr -20 mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_to(2)"
    [ "$(error_text)" = "$(dangerous 2 "$users" 1 users "2 rows go")
hint: $(refusal users)" ]
    mig "SELECT migrate_apply()" >/dev/null
    [ "$(mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_to(1)")" = "deny
1" ]
}

@test "dangerous deny: has nothing against an operation that is not dangerous" {
    operation 0002 TASK-2 add-email 'ALTER TABLE users ADD COLUMN email TEXT;'
    [ "$(mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply()")" = "deny
2" ]
}

@test "dangerous deny: has nothing to judge when nothing is pending" {
    [ "$(mig "SELECT migrate_config('dangerous', 'deny')" "SELECT migrate_apply()")" = "deny
1" ]
}

@test "dangerous deny: refuses the steps for a server, too" {
    drop_users
    run --separate-stderr -20 mig "SELECT migrate_config('dangerous', 'deny')" \
        "SELECT migrate_config('dialect', 'postgresql')" "SELECT count(*) FROM migrations_steps('apply')"
    [ "${stderr#*operation 2 is dangerous: "$users":1: }" != "$stderr" ]
}

@test "dangerous warn: goes on and says nothing without a display" {
    drop_users
    run --separate-stderr -0 mig "SELECT migrate_apply()"
    [ "$output" = 2 ]
    [ "$stderr" = "" ]
}

@test "dangerous warn: shows all findings of severity error before the first step" {
    drop_users
    drop_teams
    run --separate-stderr -0 mig "SELECT migrate_config('progress', 'lines')" "SELECT migrate_apply()"
    [ "$output" = "lines
3" ]
    [ "$(sed 's/ms)$/)/; s/([0-9]* )/()/' <<<"$stderr")" = "warning: $(dangerous 2 "$users" 1 users "2 rows go")
warning: $(dangerous 3 "$teams" 1 teams "1 row goes")
1/2 up $users ()
2/2 up $teams ()" ]
}

@test "dangerous warn: does not show what is approved" {
    drop_users '-- migrate: allow drop-table users'
    run --separate-stderr -0 mig "SELECT migrate_config('progress', 'lines')" "SELECT migrate_apply()"
    [ "$(sed 's/ms)$/)/; s/([0-9]* )/()/' <<<"$stderr")" = "1/1 up $users ()" ]
}

@test "dangerous warn: shows nothing about a run down" {
    drop_users
    mig "SELECT migrate_apply()" >/dev/null
    run --separate-stderr -0 mig "SELECT migrate_config('progress', 'lines')" "SELECT migrate_rollback()"
    [ "${stderr#warning}" = "$stderr" ]
}

@test "approval: the log keeps what a file approves, whatever option dangerous says" {
    drop_users '-- migrate: allow drop-table users: replaced by people
-- migrate: allow deletes-rows'
    mig "SELECT migrate_apply()" >/dev/null
    [ "$(plain 'SELECT version, output FROM migration_log ORDER BY id')" = "1|
2|allowed drop-table users: replaced by people
allowed deletes-rows" ]
}

@test "approval: stands in the log behind the note and the snapshot, and before what a program said" {
    program 0002 TASK-2 import-teams sh <<'SH'
#!/bin/sh
printf '%s\n' '-- migrate: allow deletes-rows teams: they come again' 'DELETE FROM teams WHERE id = 1;'
printf 'one team less' >&2
SH
    mig "SELECT migrate_config('scripts', 'on')" "SELECT migrate_config('note', 'release 7')" \
        "SELECT migrate_apply()" >/dev/null
    [ "$(plain 'SELECT output FROM migration_log WHERE version = 2')" = "release 7
allowed deletes-rows teams: they come again
one team less" ]
}

@test "approval: the log keeps that of an operation outside a transaction" {
    operation 0002 TASK-2 drop-users '-- migrate: no-transaction
-- migrate: allow drop-table users: by hand
DROP TABLE users;'
    mig "SELECT migrate_apply()" >/dev/null
    [ "$(plain 'SELECT output FROM migration_log WHERE version = 2')" = "allowed drop-table users: by hand" ]
}

@test "approval: the log keeps that of the down file when it is run" {
    operation 0002 TASK-2 add-log 'CREATE TABLE log (text);' \
        '-- migrate: allow down-loses-data log: it is copied elsewhere
DROP TABLE log;'
    mig "SELECT migrate_apply()" "SELECT migrate_rollback()" >/dev/null
    [ "$(plain 'SELECT action, output FROM migration_log WHERE version = 2 ORDER BY id')" = "up|
down|allowed down-loses-data log: it is copied elsewhere" ]
}

@test "approval: the log keeps that of an attempt that failed" {
    operation 0002 TASK-2 drop-users '-- migrate: allow drop-table users
DROP TABLE users; SELECT 1 FROM nosuch;'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(plain 'SELECT outcome, output FROM migration_log WHERE version = 2')" = "failed|allowed drop-table users" ]
}

@test "approval: an offline script keeps it in the log" {
    drop_users '-- migrate: allow drop-table users: replaced by people'
    mig "SELECT migrate_script('migrations', 1, 2)" >up.sql
    plain '.read up.sql'
    [ "$(plain 'SELECT output FROM migration_log WHERE version = 2')" = "applied by a script
allowed drop-table users: replaced by people" ]
}

@test "approval: the steps for a server keep it in the log" {
    drop_users '-- migrate: allow drop-table users: replaced by people'
    [ "$(mig "SELECT migrate_config('dialect', 'postgresql')" "SELECT migrate_config('note', 'release 7')" \
        "SELECT count(*) FROM migrations_steps('apply') WHERE tail LIKE '%release 7' || char(10) ||
            'allowed drop-table users: replaced by people%'")" = "postgresql
release 7
1" ]
}

# Two views and a trigger that break without the table teams.
use_views() {
    plain 'CREATE VIEW team_ids AS SELECT id FROM teams' 'CREATE VIEW "team.names" AS SELECT id FROM teams' \
        'CREATE TRIGGER leave AFTER DELETE ON users BEGIN DELETE FROM teams WHERE id = OLD.id; END'
}

broken="no such table: main.teams
hint: drop or rebuild it in the same operation, or put \"-- migrate: allow broken-view\" at the head of the file"

@test "approval of broken-view: does not let another view break" {
    use_views
    operation 0002 TASK-2 drop-teams '-- migrate: allow broken-view team_ids: it goes next
-- migrate: allow broken-view leave
DROP TABLE teams;'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 2: view team.names does not compile any more: $broken" ]
    [ "$(completed)" = 1 ]
    [ "$(objects)" = "leave team.names team_ids teams users" ]
}

@test "approval of broken-view: does not let a trigger break for a view" {
    use_views
    operation 0002 TASK-2 drop-teams '-- migrate: allow broken-view team_ids: it goes next
-- migrate: allow broken-view team.names: too
DROP TABLE teams;'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 2: trigger leave does not compile any more: $broken" ]
    [ "$(completed)" = 1 ]
}

@test "approval of broken-view: lets those break that it names" {
    use_views
    operation 0002 TASK-2 drop-teams '-- migrate: allow broken-view TEAM_IDS: it goes next
-- migrate: allow broken-view team.names
-- migrate: allow broken-view leave: and so does this
DROP TABLE teams;'
    [ "$(mig "SELECT migrate_apply()")" = 2 ]
}

@test "approval of broken-view: lets all break when it names none" {
    use_views
    operation 0002 TASK-2 drop-teams '-- migrate: allow broken-view: they all go next
DROP TABLE teams;'
    [ "$(mig "SELECT migrate_apply()")" = 2 ]
}

@test "approval of broken-view: does not hold for what another operation breaks" {
    use_views
    drop_users '-- migrate: allow broken-view'
    operation 0003 TASK-2 drop-teams 'DROP TABLE teams;'
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operation 3: view team.names does not compile any more: $broken" ]
    [ "$(completed)" = "1 2" ]
}

@test "approval of broken-view: operations of one transaction are judged together, by what each of them names" {
    plain 'CREATE VIEW team_ids AS SELECT id FROM teams' 'CREATE VIEW user_ids AS SELECT id FROM users'
    operation 0002 TASK-2 drop-users '-- migrate: allow broken-view team_ids
DROP TABLE users;'
    operation 0003 TASK-2 drop-teams '-- migrate: allow broken-view team_ids
DROP TABLE teams;'
    run --separate-stderr -1 mig "SELECT migrate_config('transaction', 'all')" "SELECT migrate_apply()"
    [ "$(error_text)" = "cannot apply operations 2 to 3: view user_ids does not compile any more: ${broken/teams/users}" ]
    [ "$(completed)" = 1 ]
    operation 0003 TASK-2 drop-teams '-- migrate: allow broken-view team_ids
-- migrate: allow broken-view user_ids
DROP TABLE teams;'
    [ "$(mig "SELECT migrate_config('transaction', 'all')" "SELECT migrate_apply()")" = "all
3" ]
}

@test "approval of broken-view: a down file names its own" {
    operation 0002 TASK-2 add-notes 'CREATE TABLE notes (id INTEGER);' '-- migrate: allow broken-view note_ids: for now
DROP TABLE notes;'
    mig "SELECT migrate_apply()" >/dev/null
    plain 'CREATE VIEW note_ids AS SELECT id FROM notes' 'CREATE VIEW old_notes AS SELECT id FROM notes'
    run --separate-stderr -1 mig "SELECT migrate_rollback()"
    [ "$(error_text)" = "cannot roll back operation 2: view old_notes does not compile any more: ${broken/teams/notes}" ]
    [ "$(completed)" = "1 2" ]
    plain 'DROP VIEW old_notes'
    [ "$(mig "SELECT migrate_rollback()")" = 1 ]
}

@test "approval of broken-view: a redo goes by the down file that was applied" {
    operation 0002 TASK-2 add-notes 'CREATE TABLE notes (id INTEGER);' '-- migrate: allow broken-view note_ids: for now
DROP TABLE notes;'
    mig "SELECT migrate_apply()" >/dev/null
    plain 'CREATE VIEW note_ids AS SELECT id FROM notes'
    operation 0002 TASK-2 add-notes 'CREATE TABLE notes (nr INTEGER);' 'DROP TABLE notes;'
    [ "$(mig "SELECT migrate_config('transaction', 'all')" "SELECT migrate_redo()")" = "all
2" ]
}

@test "approval of broken-view: a rehearsal goes by the names, there and back" {
    plain 'CREATE VIEW team_ids AS SELECT id FROM teams'
    operation 0002 TASK-2 drop-teams '-- migrate: allow broken-view user_ids
DROP TABLE teams;'
    run --separate-stderr -0 mig "SELECT outcome, error FROM migrations_rehearsal"
    [ "$output" = "failed|cannot apply operation 2: view team_ids does not compile any more: $broken" ]
    operation 0002 TASK-2 add-notes 'CREATE TABLE notes (id INTEGER); CREATE VIEW note_ids AS SELECT id FROM notes;' \
        '-- migrate: allow broken-view user_ids
DROP TABLE notes;'
    rm "$folder/2025-01-10/0002-TASK-2-drop-teams_up.sql"
    run --separate-stderr -0 mig "SELECT outcome, round_trip, details FROM migrations_rehearsal"
    [ "$output" = "completed|failed|down: view note_ids does not compile any more: no such table: main.notes" ]
}
