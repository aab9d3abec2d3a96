# Offline scripts, run by the client of each kind of database. A test file sets `dialect` and defines
# run_script FILE (runs a file with the client as a person would), ask SQL (prints rows, values with a
# tab between them) and fresh (an empty database).

# The example of these tests: what is hard to quote, bodies with semicolons, and a way down.
script_operations() {
    operation 0001 TASK-1 create-users "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);" "DROP TABLE users;"
    operation 0002 TASK-1 add-odd-names "INSERT INTO users (id, name) VALUES (1, 'O''Brien; -- \$code\$ //code//'), (2, 'ə ş ف');
INSERT INTO users (id, name) VALUES (3, 'two
lines');" "DELETE FROM users;"
    operation 0003 TASK-2 add-teams "CREATE TABLE teams (id INTEGER PRIMARY KEY);
CREATE TABLE members (team INTEGER NOT NULL REFERENCES teams (id));" "DROP TABLE members;
DROP TABLE teams;"
}

# Prints the script from $1 to $2.
script() { # <from> <to>
    mig "SELECT rtrim(migrate_script(NULL, $1, $2, '$dialect'), char(10))"
}

# What the tracking table and the log of the server say.
recorded() {
    ask "SELECT version, status, task_name, description, file_path FROM migration ORDER BY version"
}

logged() {
    ask "SELECT version, action, outcome FROM migration_log ORDER BY id"
}

script_applies() {
    script_operations
    script NULL NULL >up.sql
    fresh
    run_script up.sql
    [ "$(recorded)" = "1	completed	TASK-1	create-users	2025-01-10/0001-TASK-1-create-users_up.sql
2	completed	TASK-1	add-odd-names	2025-01-10/0002-TASK-1-add-odd-names_up.sql
3	completed	TASK-2	add-teams	2025-01-10/0003-TASK-2-add-teams_up.sql" ]
    [ "$(logged)" = "1	up	completed
2	up	completed
3	up	completed" ]
    [ "$(ask "SELECT name FROM users WHERE id < 3 ORDER BY id")" = "O'Brien; -- \$code\$ //code//
ə ş ف" ]
    [ "$(ask "SELECT count(*) FROM members")" = 0 ]
}

# The stored code is the file, byte for byte, and its checksum is the engine's.
script_stores() {
    local version
    script_operations
    fresh
    script NULL NULL >up.sql
    run_script up.sql
    for version in 1 2 3; do
        [ "$(ask "SELECT checksum FROM migration WHERE version = $version")" = "$(mig "SELECT checksum FROM migrations_pending WHERE version = $version")" ]
        [ "$(ask_hex code "$version")" = "$(mig "SELECT lower(hex(CAST(code AS BLOB))) FROM migrations_pending WHERE version = $version")" ]
        [ "$(ask_hex rollback_code "$version")" = "$(mig "SELECT lower(hex(CAST(rollback_code AS BLOB))) FROM migrations_pending WHERE version = $version")" ]
    done
    [ "$(ask "SELECT count(*) FROM migration_log WHERE duration_ms >= 0 AND duration_ms < 100000 AND started_at LIKE '20__-__-__T__:__:__.___Z' AND finished_at >= started_at")" = 3 ]
}

script_is_guarded() {
    script_operations
    fresh
    script 0 2 >up.sql
    run_script up.sql
    run ! run_script up.sql
    [[ "$output" == *"the database is not at version 0"* ]]
    [ "$(logged | wc -l)" = 2 ]
    script 0 3 >all.sql
    run ! run_script all.sql
    script 1 3 >later.sql
    run ! run_script later.sql
    [[ "$output" == *"the database is not at version 1"* ]]
    [ "$(ask "SELECT max(version) FROM migration")" = 2 ]
    script 2 3 >last.sql
    run_script last.sql
    [ "$(ask "SELECT max(version) FROM migration")" = 3 ]
}

script_goes_down() {
    script_operations
    fresh
    script 0 3 >up.sql
    run_script up.sql
    script 3 1 >down.sql
    run_script down.sql
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	rollback
3	rollback" ]
    [ "$(ask "SELECT count(*) FROM users")" = 0 ]
    [ "$(logged | tail -n 2)" = "3	down	completed
2	down	completed" ]
    script 1 3 >again.sql
    run_script again.sql
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	completed
3	completed" ]
    script 3 0 >empty.sql
    run_script empty.sql
    run ! ask "SELECT count(*) FROM users"
}

# What an operation sets ends with it, as in a run; $1 sets something, and $2 puts into t what $3 is, unless that
# is so still.
script_settings_end() { # <sql> <sql> <value>
    operation 0001 TASK-1 make-t "CREATE TABLE t (x VARCHAR(100));"
    operation 0002 TASK-1 set-something "$1"
    operation 0003 TASK-1 fill-t "$2"
    fresh
    script 0 3 >up.sql
    run_script up.sql
    [ "$(ask "SELECT x FROM t")" = "$3" ]
    [ "$(recorded | cut -f 1,2)" = "1	completed
2	completed
3	completed" ]
}
