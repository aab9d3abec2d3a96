# The situations of docs/errors.md: situation_NAME makes what the heading NAME of that page is about,
# and prints what the extension says, as the page shows it. Each runs in a scratch folder of its own.

# Runs SQL that fails, and prints the message.
refusal() { # <sql>...
    local stderr status=0
    stderr=$(mig "$@" 2>&1 >refusal.out) || status=$?
    [ "$status" -ne 0 ] || printf 'nothing was refused\n'
    # The 3.40 shell puts the result code behind the message.
    error_text | sed '$s/ ([0-9]*)$//'
    printf '\n'
}

# Prints the first finding of a kind as a message and its hint.
finding() { # <problem>
    mig "SELECT message || char(10) || 'hint: ' || hint FROM migrations_problems
        WHERE problem = '$1' LIMIT 1"
}

# An operation 1 with that text, and nothing else.
only_operation() { # <up> [<down>]
    operation 0001 TASK-1 create-users "$@"
}

parents_and_children() {
    only_operation 'CREATE TABLE teams (id INTEGER PRIMARY KEY);
CREATE TABLE users (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams);'
}

# Findings.

situation_bad_name() {
    mkdir -p "$folder/2025-01-10"
    printf 'CREATE TABLE users (id);\n' >"$folder/2025-01-10/create_users.sql"
    finding 'bad name'
}

situation_bad_file() {
    only_operation 'CREATE TABLE users (id)'
    finding 'bad file'
}

situation_duplicate() {
    only_operation 'CREATE TABLE users (id);'
    operation 0001 TASK-2 create-teams 'CREATE TABLE teams (id);'
    finding duplicate
}

situation_orphan_down() {
    only_operation 'CREATE TABLE users (id);'
    operation 0002 TASK-1 add-index 'CREATE INDEX i ON users (id);' 'DROP INDEX i;'
    rm "$folder/2025-01-10/0002-TASK-1-add-index_up.sql"
    finding 'orphan down'
}

situation_interrupted() {
    only_operation 'CREATE TABLE users (id);'
    mig 'SELECT migrate_apply()' >/dev/null
    plain "UPDATE migration SET status = 'running'"
    finding interrupted
}

situation_failed() {
    only_operation '-- migrate: no-transaction
CREATE TABLE users (id);
INSERT INTO teams VALUES (1);'
    mig 'SELECT migrate_apply()' >/dev/null 2>&1 || :
    finding failed
}

situation_missing_file() {
    three_operations
    mig 'SELECT migrate_apply()' >/dev/null
    rm "$folder/2025-01-10/0003-TASK-2-add-ann_up.sql" "$folder/2025-01-10/0003-TASK-2-add-ann_down.sql"
    finding 'missing file'
}

situation_changed() {
    only_operation 'CREATE TABLE users (id);'
    mig 'SELECT migrate_apply()' >/dev/null
    only_operation 'CREATE TABLE users (id, name);'
    finding changed
}

situation_renamed() {
    only_operation 'CREATE TABLE users (id);'
    mig 'SELECT migrate_apply()' >/dev/null
    mv "$folder/2025-01-10/0001-TASK-1-create-users_up.sql" \
        "$folder/2025-01-10/0001-TASK-1-create-people_up.sql"
    finding renamed
}

situation_gap() {
    only_operation 'CREATE TABLE users (id);'
    operation 0004 TASK-2 create-teams 'CREATE TABLE teams (id);'
    finding gap
}

situation_starts_later() {
    only_operation 'CREATE TABLE users (id);'
    printf '12\n' >"$folder/.starts-after"
    finding 'starts later'
}

situation_late() {
    only_operation 'CREATE TABLE users (id);'
    operation 0003 TASK-3 create-roles 'CREATE TABLE roles (id);'
    mig "SELECT migrate_config('gaps', 'off')" 'SELECT migrate_apply()' >/dev/null
    operation 0002 TASK-2 create-teams 'CREATE TABLE teams (id);'
    finding late
}

situation_drift() {
    only_operation 'CREATE TABLE users (id);'
    mig 'SELECT migrate_apply()' >/dev/null
    plain 'ALTER TABLE users ADD COLUMN name'
    finding drift
}

situation_broken_view() {
    only_operation 'CREATE TABLE users (id);'
    plain 'CREATE VIEW people AS SELECT name FROM users_old'
    finding 'broken view'
}

# Calls that are refused.

situation_transaction_open() {
    refusal BEGIN 'SELECT migrate_apply()'
}

situation_transaction_with_changes() {
    only_operation 'CREATE TABLE users (id);'
    refusal BEGIN 'CREATE TABLE teams (id)' 'SELECT * FROM migrations_rehearsal'
}

situation_statement_not_done() {
    refusal 'CREATE TABLE users (id)' 'INSERT INTO users VALUES (1)' 'SELECT migrate_apply() FROM users'
}

situation_read_only() {
    plain 'CREATE TABLE users (id)'
    db='file:app.db?mode=ro' refusal 'SELECT migrate_apply()'
}

situation_query_only() {
    refusal 'PRAGMA query_only = ON' 'SELECT migrate_apply()'
}

situation_called_from_a_migration() {
    only_operation 'SELECT migrate_apply();'
    refusal 'SELECT migrate_apply()'
}

situation_locked() {
    only_operation 'CREATE TABLE users (id);'
    mkfifo held let_go
    {
        printf 'BEGIN IMMEDIATE;\n.shell echo held > held\n'
        cat let_go
    } | sqlite3 -batch -bail -init /dev/null "$db" 3>&- &
    read -r _ <held
    refusal "SELECT migrate_config('lock_timeout', 10)" 'SELECT migrate_apply()'
    printf 'ROLLBACK;\n' >let_go
    wait
}

situation_no_folder() {
    refusal "SELECT migrate_apply('database/migrations')"
}

situation_empty_folder() {
    refusal 'SELECT migrate_apply()'
}

situation_no_such_target() {
    only_operation 'CREATE TABLE users (id);'
    refusal "SELECT migrate_apply(NULL, 7)"
}

situation_no_rollback_code() {
    only_operation 'CREATE TABLE users (id);'
    refusal 'SELECT migrate_apply()' 'SELECT migrate_rollback()'
}

situation_later_tasks() {
    three_operations
    refusal 'SELECT migrate_apply()' "SELECT migrate_rollback('TASK-1')"
}

situation_programs_off() {
    printf '#!/bin/sh\n' | program 0001 TASK-1 import-users sh
    refusal 'SELECT migrate_apply()'
}

situation_dangerous() {
    only_operation "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO users VALUES (1, 'Ann');"
    mig 'SELECT migrate_apply()' >applied.out
    operation 0002 TASK-1 drop-users 'DROP TABLE users;'
    refusal "SELECT migrate_config('dangerous', 'deny')" 'SELECT migrate_apply()'
}

situation_cannot_share() {
    three_operations
    operation 0004 TASK-2 compact '-- migrate: no-transaction
PRAGMA wal_checkpoint;' 'SELECT 1;'
    refusal "SELECT migrate_config('transaction', 'task')" 'SELECT migrate_apply()'
}

situation_nothing_to_settle() {
    only_operation 'CREATE TABLE users (id);'
    refusal 'SELECT migrate_apply()' "SELECT migrate_repair(1, 'completed')"
}

situation_table_of_another() {
    plain 'CREATE TABLE migration (id)'
    only_operation 'CREATE TABLE users (id);'
    refusal 'SELECT migrate_apply()'
}

situation_no_such_option() {
    refusal "SELECT migrate_config('folder')"
}

situation_value_of_an_option() {
    refusal "SELECT migrate_config('gaps', 'maybe')"
}

# Operations that fail.

situation_statement_fails() {
    only_operation 'CREATE TABLE users (id);
INSERT INTO teams VALUES (1);'
    refusal 'SELECT migrate_apply()'
}

situation_foreign_key() {
    parents_and_children
    operation 0002 TASK-2 drop-teams 'INSERT INTO teams VALUES (1);
INSERT INTO users VALUES (1, 1);
DROP TABLE teams;
CREATE TABLE teams (id INTEGER PRIMARY KEY);'
    refusal 'SELECT migrate_apply()'
}

situation_missing_parent() {
    parents_and_children
    operation 0002 TASK-2 rebuild-teams 'ALTER TABLE teams RENAME TO old_teams;
CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO teams (id) SELECT id FROM old_teams;
DROP TABLE old_teams;'
    refusal 'SELECT migrate_apply()'
}

situation_parent_key() {
    only_operation 'CREATE TABLE teams (name TEXT);
CREATE UNIQUE INDEX teams_name ON teams (name);
CREATE TABLE users (id INTEGER PRIMARY KEY, team TEXT REFERENCES teams (name));'
    operation 0002 TASK-2 drop-index 'DROP INDEX teams_name;'
    refusal 'SELECT migrate_apply()'
}

situation_deferred_constraint() {
    only_operation 'CREATE TABLE teams (id INTEGER PRIMARY KEY);
CREATE TABLE users (team INTEGER REFERENCES teams DEFERRABLE INITIALLY DEFERRED);
INSERT INTO users VALUES (7);'
    refusal 'PRAGMA foreign_keys = ON' 'SELECT migrate_apply()'
}

situation_view_breaks() {
    only_operation 'CREATE TABLE users (id, name);
CREATE VIEW names AS SELECT name FROM users;'
    operation 0002 TASK-2 drop-users 'DROP TABLE users;'
    refusal 'SELECT migrate_apply()'
}

situation_transaction_ended() {
    only_operation 'CREATE TABLE users (id UNIQUE);
INSERT INTO users VALUES (1);
INSERT OR ROLLBACK INTO users VALUES (1);'
    refusal 'SELECT migrate_apply()'
}

situation_transaction_left_open() {
    only_operation '-- migrate: no-transaction
BEGIN;
CREATE TABLE users (id);'
    refusal 'SELECT migrate_apply()'
}

situation_assertion() {
    only_operation "CREATE TABLE users (id);
SELECT migrate_assert((SELECT count(*) FROM users) > 0, 'there is no user');"
    refusal 'SELECT migrate_apply()'
}

situation_program_fails() {
    printf '#!/bin/sh\nprintf "users.csv: line 7 has no name\\n" >&2\nexit 1\n' |
        program 0001 TASK-1 import-users sh
    refusal "SELECT migrate_config('scripts', 'on')" 'SELECT migrate_apply()'
}

# Prints "message|hint" for each thing that is wrong with the text of a file, as the table has them.
texts_refused() {
    local text
    only_operation 'SELECT 1;'
    while IFS= read -r text; do
        # shellcheck disable=SC2059 # the texts are formats, for bytes that cannot stand in a script
        printf -- "$text" >"$folder/2025-01-10/0001-TASK-1-create-users_up.sql"
        mig "SELECT '| ' || replace(rtrim(substr(message, instr(message, ': ') + 2,
                instr(message || char(10), char(10)) - instr(message, ': ') - 2)), '|', '\\|')
            || ' | ' || hint || ' |' FROM migrations_problems"
    done <<'TEXTS'
-- nothing\n
SELECT 1;\0\n
\377\376S\0E\0
SELECT 1;\rSELECT 2;\n
SELECT 1; /* open\n
SELECT 'open;\n
CREATE TRIGGER t AFTER INSERT ON u BEGIN SELECT 1;\n
DELETE FROM users\n
INSERT INTO users VALUES (:name);\n
.read users.sql\n
SELECT 1;\nGO\n
DELIMITER $$\n
BEGIN;\n
ATTACH 'a.db' AS a;\n
VACUUM;\n
PRAGMA journal_mode = WAL;\n
PRAGMA case_sensitive_like = ON;\n
EXPLAIN SELECT 1;\n
-- migrate: fast\nSELECT 1;\n
-- +goose Up\nSELECT 1;\n
-- migrate: allow drop-tables\nSELECT 1;\n
SELECT 1;\n-- migrate: no-transaction\n
TEXTS
}

# Prints the name of each file that has a bad name, and what is wrong with it.
names_refused() {
    local name
    while IFS= read -r name; do
        rm -rf "${folder:?}"
        mkdir -p "$folder/2025-01-10"
        : >"$folder/2025-01-10/$name"
        mig "SELECT '| \`$name\` | ' || substr(message, instr(message, ': ') + 2) || ' |'
            FROM migrations_problems WHERE problem = 'bad name'"
    done <<'NAMES'
create_users.sql
001-TASK-1-create-users_up.sql
0000-TASK-1-create-users_up.sql
99999999999999999999-TASK-1-create-users_up.sql
0001_TASK-1-create-users_up.sql
0001-create-users_up.sql
0001-TASK_1-create-users_up.sql
0001-TASK-create-users_up.sql
0001-TASK-1_up.sql
0001-TASK-1-create users_up.sql
0001-TASK-1-create-users.sql
0001-TASK-1-create-users
0001-TASK-1-create-users_up.SQL
0001-TASK-1-create-users_up.sh
NAMES
}
