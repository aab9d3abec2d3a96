# What sqlite-migrate does alike on all servers; run.bash has what these use.

run_up() {
    server_operations
    run --separate-stderr -0 front up
    [ "$output" = "the database is at version 3" ]
    [ "$(timeless "$stderr")" = "1/3 up 2025-01-10/0001-TASK-1-create-users_up.sql (N ms)
2/3 up 2025-01-10/0002-TASK-1-add-users-index_up.sql (N ms)
3/3 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)" ]
    [ "$(states)" = "1=completed 2=completed 3=completed " ]
    [ "$(attempts)" = "1 up completed; 2 up completed; 3 up completed; " ]
    [ "$(ask "SELECT count(*) FROM migration_log WHERE started_at LIKE '20__-__-__T__:__:__.___Z' AND finished_at >= started_at
        AND duration_ms BETWEEN 0 AND 60000 AND host <> 'script' AND error IS NULL AND output IS NULL")" = 3 ]
    [ "$(ask 'SELECT name FROM users')" = Ann ]
    [ "$(ls -A tmp)" = "" ]
}

run_up_targets() {
    server_operations
    front up 1 -q
    [ "$(done_on_server)" = "1 " ]
    front apply +1 -q
    [ "$(done_on_server)" = "1 2 " ]
    front migrate TASK-2 -q
    [ "$(done_on_server)" = "1 2 3 " ]
    run --separate-stderr -66 front up 9
    [ "$stderr" = "sqlite-migrate: there is no operation 9 in migrations
hint: SELECT version, file_path FROM migrations_pending" ]
    run --separate-stderr -66 front up TASK-9
    [ "$stderr" = "sqlite-migrate: there is no operation of task TASK-9 in migrations
hint: SELECT DISTINCT task_name FROM migrations_pending" ]
}

# One client reads the state, one carries out; where there is nothing to do, one reads.
run_few_clients() {
    server_operations
    count_clients
    front up -q
    [ "$(cat clients)" = xx ]
    : >clients
    run --separate-stderr -0 front up
    [ "$output" = "nothing to do: the database is at version 3" ]
    [ "$stderr" = "" ]
    [ "$(cat clients)" = x ]
    : >clients
    front status >/dev/null
    [ "$(wc -c <clients)" -le 2 ]
}

run_pretend() {
    server_operations
    front up 1 -q
    run --separate-stderr -0 front up --dry-run
    [ "$output" = "up 2025-01-10/0002-TASK-1-add-users-index_up.sql
up 2025-01-10/0003-TASK-2-add-ann_up.sql" ]
    [ "$stderr" = "" ]
    [ "$(front down --pretend)" = "down 2025-01-10/0001-TASK-1-create-users_up.sql" ]
    [ "$(front to 0 --dry-run)" = "down 2025-01-10/0001-TASK-1-create-users_up.sql" ]
    [ "$(states)" = "1=completed " ]
}

run_reports() {
    server_operations
    run --separate-stderr -0 front up 2 --json --quiet
    [ "$stderr" = "" ]
    [ "$(timeless "$output")" = '{"version":2,"operations":[{"direction":"up","path":"2025-01-10/0001-TASK-1-create-users_up.sql","milliseconds":N},
{"direction":"up","path":"2025-01-10/0002-TASK-1-add-users-index_up.sql","milliseconds":N}]}' ]
    run --separate-stderr -0 front up --quiet
    [ "$output$stderr" = "" ]
    run --separate-stderr -0 front down 2 --progress bar
    [ "$output" = "the database is at version 1" ]
    [ "$(printf '%s' "$stderr" | tr '\r' '\n' | sed 's/ *$//')" = "
[###############...............] 1/2 2025-01-10/0003-TASK-2-add-ann_down.sql
[##############################] 2/2 2025-01-10/0002-TASK-1-add-users-index_down.sql" ]
    run --separate-stderr -0 front up +1 --progress off
    [ "$output" = "the database is at version 2" ]
    [ "$stderr" = "" ]
}

run_down() {
    server_operations
    front up -q
    run --separate-stderr -0 front down
    [ "$output" = "the database is at version 2" ]
    [ "$(timeless "$stderr")" = "1/1 down 2025-01-10/0003-TASK-2-add-ann_down.sql (N ms)" ]
    [ "$(ask 'SELECT count(*) FROM users')" = 0 ]
    front up -q
    run --separate-stderr -65 front down TASK-1
    [ "$stderr" = "sqlite-migrate: cannot roll back task TASK-1: later operations of other tasks are applied: 3 (TASK-2)
hint: roll those back first" ]
    front down TASK-2 -q
    front down all -q
    [ "$(states)" = "1=rollback 2=rollback 3=rollback " ]
    run -0 front down
    [ "$output" = "nothing to do: the database is at version 0" ]
    [ "$(grep -c "^DELETE FROM users WHERE name = 'Ann';$" backups/rollback-log.md)" = 2 ]
}

run_to_and_redo() {
    server_operations
    run --separate-stderr -0 front to 2
    [ "$output" = "the database is at version 2" ]
    run --separate-stderr -0 front to 3 -q
    run --separate-stderr -0 front redo 2
    [ "$output" = "the database is at version 3" ]
    [ "$(timeless "$stderr")" = "1/4 down 2025-01-10/0003-TASK-2-add-ann_down.sql (N ms)
2/4 down 2025-01-10/0002-TASK-1-add-users-index_down.sql (N ms)
3/4 up 2025-01-10/0002-TASK-1-add-users-index_up.sql (N ms)
4/4 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)" ]
    front to 0 -q
    [ "$(front current)" = 0 ]
    [ "$(front current --json)" = '[{"version":0}]' ]
}

run_status() {
    server_operations
    run --separate-stderr -2 front status --check
    [ "$output" = "version  task    description      date        state    when  took
1        TASK-1  create-users     2025-01-10  pending  -     -
2        TASK-1  add-users-index  2025-01-10  pending  -     -
3        TASK-2  add-ann          2025-01-10  pending  -     -" ]
    [ "$stderr" = "" ]
    front up 2 -q
    run --separate-stderr -0 front status
    [ "$(timeless "$output" | tr -s ' ')" = "version task description date state when took
1 TASK-1 create-users 2025-01-10 completed WHEN
2 TASK-1 add-users-index 2025-01-10 completed WHEN
3 TASK-2 add-ann 2025-01-10 pending - -" ]
    [ "$(front status --pending --json)" = '[{"version":3,"task":"TASK-2","description":"add-ann","date":"2025-01-10","state":"pending","when":null,"milliseconds":null,"reversible":1}]' ]
    front up -q
    front status --check -q
}

run_reads() {
    server_operations
    front up 1 -q --actor "Ann O'Hara" --note 'release "7" \ ə'
    [ "$(timeless "$(front history --json)")" = '[{"id":N,"version":1,"task":"TASK-1","action":"up","outcome":"completed","when":"T","milliseconds":N,"actor":"Ann O'"'"'Hara","error":null}]' ]
    [ "$(ask 'SELECT output FROM migration_log')" = 'release "7" \ ə' ]
    run --separate-stderr -0 front show 1
    [[ $output == "version      1
task         TASK-1
description  create-users
date         2025-01-10
state        completed
"*"
-- up
CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);

-- down
DROP TABLE users;" ]]
    run --separate-stderr -66 front show 7
    [ "$stderr" = "sqlite-migrate: there is no operation 7
hint: sqlite-migrate status" ]
    run --separate-stderr -0 front verify
    [ "$output$stderr" = "verified: no error" ]
    printf -- '-- changed\n' >>migrations/2025-01-10/0001-TASK-1-create-users_up.sql
    run --separate-stderr -65 front verify
    [[ $output == "error: 2025-01-10/0001-TASK-1-create-users_up.sql was changed after it was applied: "* ]]
    [ "$stderr" = "sqlite-migrate: errors found: 1
hint: no run starts before they are mended" ]
    run --separate-stderr -65 front up
    [[ $stderr == "sqlite-migrate: 2025-01-10/0001-TASK-1-create-users_up.sql was changed after it was applied: "* ]]
    run --separate-stderr -0 front repair 1 accept
    [ "$stderr" = "operation 1 is settled: accept" ]
    [ "$(ask 'SELECT action FROM migration_log ORDER BY id' | tr '\n' ' ')" = "up repair " ]
    front verify -q
    front up -q
    [ "$(done_on_server)" = "1 2 3 " ]
    [ "$(front show 1 | grep -A 1 '^CREATE')" = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);
-- changed" ]
}

run_baseline() {
    server_operations
    run --separate-stderr -0 front baseline 2
    [ "$output" = "the database is at version 2" ]
    [ "$stderr" = "" ]
    [ "$(states)" = "1=completed 2=completed " ]
    [ "$(attempts)" = "1 baseline completed; 2 baseline completed; " ]
    [ "$(ask 'SELECT rollback_code FROM migration WHERE version = 1')" = "DROP TABLE users;" ]
    run --separate-stderr -66 front baseline 9
    [ "$stderr" = "sqlite-migrate: cannot baseline version 9: there is no operation 9 in migrations
hint: SELECT version, file_path FROM migrations_pending" ]
    front baseline 3 -q
    [ "$(done_on_server)" = "1 2 3 " ]
    run --separate-stderr -65 front repair 3 completed
    [ "$stderr" = "sqlite-migrate: cannot repair operation 3: operation 3 is completed: there is nothing to settle
hint: only failed and running operations are settled as completed or rollback" ]
}

run_script_of_state() {
    server_operations
    front up 1 -q
    run --separate-stderr -0 front script
    [ "${lines[0]}" = "-- From version 1 to 3 of a database in $dialect, written by migrate_script() $(front version)." ]
    front script >up.sql
    run_client up.sql
    [ "$(front current)" = 3 ]
    front script 3:1 >down.sql
    run_client down.sql
    [ "$(states)" = "1=completed 2=rollback 3=rollback " ]
    front up -q
    [ "$(done_on_server)" = "1 2 3 " ]
}

run_seed() {
    server_operations
    front up 2 -q
    mkdir -p database/seeds
    printf "INSERT INTO users (id, name) VALUES (7, 'Bo');\nSELECT * FROM users;\n" >database/seeds/1.sql
    printf "INSERT INTO users (id, name)\n  SELECT 8, name FROM users" >"database/seeds/2 it's \"x\" ə.sql"
    run --separate-stderr -0 front seed
    [ "$output" = "" ]
    [ "$stderr" = "seeded" ]
    [ "$(ask 'SELECT id FROM users ORDER BY id' | tr '\n' ' ')" = "7 8 " ]
    printf "DELETE FROM users;\n\nDELETE FRM nosuch;\n" >database/seeds/3.sql
    printf '' >database/seeds/1.sql
    printf '' >"database/seeds/2 it's \"x\" ə.sql"
    run --separate-stderr -1 front seed
    [[ $stderr == "sqlite-migrate: cannot seed: database/seeds/3.sql:3: "*"
hint: $seeds_left" ]]
    [ "$(ask 'SELECT id FROM users ORDER BY id' | tr '\n' ' ')" = "7 8 " ]
    printf "SELECT 1; COMMIT; SELECT 2;\n" >database/seeds/3.sql
    run --separate-stderr -65 front seed
    [ "$stderr" = "sqlite-migrate: a seed ended the transaction that all of them share
hint: what ran before that may have been kept" ]
    rm database/seeds/*
    run --separate-stderr -66 front seed
    [ "$stderr" = "sqlite-migrate: there is no database/seeds/*.sql
hint: it is looked for from the working directory" ]
}

run_program_operations() {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);'
    program 0002 TASK-1 add-users sh <<'SH'
#!/bin/sh
printf 'two lines\nof %s\n' "$1" >&2
if [ "$1" = up ]; then
    printf "INSERT INTO users (id, name) VALUES (1, '%s');\n" "$MIGRATE_DIALECT"
else
    printf 'DELETE FROM users;\n'
fi
SH
    operation 0003 TASK-1 add-ann "INSERT INTO users (id, name) VALUES (2, 'Ann');"
    run --separate-stderr -77 front up
    [ "$stderr" = "sqlite-migrate: 2025-01-10/0002-TASK-1-add-users.sh is a program, and programs are switched off
hint: read it, then set option scripts to on" ]
    [ "$(ask "SELECT count(*) FROM information_schema.tables WHERE table_name = 'migration' AND table_schema IN ('public', '$name')")" = 0 ]
    run --separate-stderr -0 front up --scripts on
    [ "$output" = "the database is at version 3" ]
    [ "$(timeless "$stderr")" = "1/3 up 2025-01-10/0001-TASK-1-create-users_up.sql (N ms)
2/3 up 2025-01-10/0002-TASK-1-add-users.sh (N ms)
3/3 up 2025-01-10/0003-TASK-1-add-ann_up.sql (N ms)" ]
    [ "$(ask 'SELECT name FROM users ORDER BY id' | tr '\n' ' ')" = "$dialect Ann " ]
    [ "$(ask 'SELECT output FROM migration_log WHERE version = 2')" = "two lines
of up" ]
    [ "$(ask 'SELECT type FROM migration WHERE version = 2')" = program ]
    printf 'DELETE FROM users WHERE id = 2;\n' >migrations/2025-01-10/0003-TASK-1-add-ann_down.sql
    front repair 3 accept -q
    front down 2 -q --scripts on
    [ "$(ask 'SELECT count(*) FROM users')" = 0 ]
    [ "$(ask "SELECT output FROM migration_log WHERE version = 2 AND action = 'down'")" = "two lines
of down" ]
}

run_program_fails() {
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);'
    program 0002 TASK-1 add-users sh <<'SH'
#!/bin/sh
printf 'INSERT INTO users (id, name) VALUES (1, 2);\n'
printf 'cannot find the list\n' >&2
exit 3
SH
    run --separate-stderr -1 front up --scripts on
    [ "$(timeless "$stderr")" = "1/2 up 2025-01-10/0001-TASK-1-create-users_up.sql (N ms)
sqlite-migrate: cannot apply operation 2: program 2025-01-10/0002-TASK-1-add-users.sh exited with status 3: cannot find the list
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(ask 'SELECT error FROM migration_log WHERE version = 2')" = "cannot apply operation 2: program 2025-01-10/0002-TASK-1-add-users.sh exited with status 3: cannot find the list" ]
    [ "$(states)" = "1=completed " ]
    [ "$(attempts)" = "1 up completed; 2 up failed; " ]
    [ "$(ask 'SELECT count(*) FROM users')" = 0 ]
}

run_table_option() {
    server_operations
    front up 1 -q --table 'my "t" `x'
    [ "$(front current --table 'my "t" `x')" = 1 ]
    front down -q --table 'my "t" `x'
    [ "$(front current)" = 0 ]
}

run_foreign_table() {
    server_operations
    ask 'CREATE TABLE migration (id INTEGER)'
    run --separate-stderr -65 front up
    [ "$stderr" = "sqlite-migrate: the database has a table migration or migration_log that is not the one of this program, or only one of the two
hint: it was not touched; --table NAME takes others" ]
    run --separate-stderr -65 front status
    ask 'DROP TABLE migration'
    front up 1 -q
    ask 'DROP TABLE migration_log'
    run --separate-stderr -65 front up
    [ "$stderr" = "sqlite-migrate: the database has a table migration or migration_log that is not the one of this program, or only one of the two
hint: it was not touched; --table NAME takes others" ]
    run --separate-stderr -0 front status --pending --table other
}

run_waits_for_another() {
    server_operations
    hold_run_lock
    run --separate-stderr -75 front up --lock-timeout 200
    [ "$stderr" = "sqlite-migrate: another run is at work in $shown
hint: wait until it is done, or give --lock-timeout more milliseconds" ]
    [ "$output" = "" ]
    # Reading does not wait.
    [ "$(front current)" = 0 ]
    front up -q --lock-timeout 60000 3>&- &
    runner=$!
    let_go
    wait "$runner"
    [ "$(done_on_server)" = "1 2 3 " ]
}

run_two_runners() {
    local i
    for i in {1..20}; do
        operation "$(printf '%04d' "$i")" TASK-1 "number-$i" "CREATE TABLE t$i (id INTEGER);"
    done
    front up --lock-timeout 60000 >first 2>&1 3>&- &
    runner=$!
    front up --lock-timeout 60000 >second 2>&1
    wait "$runner"
    [ "$(ask 'SELECT count(*) FROM migration_log')" = 20 ]
    [ "$(ask "SELECT count(DISTINCT version) FROM migration_log WHERE outcome = 'completed'")" = 20 ]
    [ "$(tail -n 1 first | sed 's/nothing to do: //')" = "the database is at version 20" ]
    [ "$(tail -n 1 second | sed 's/nothing to do: //')" = "the database is at version 20" ]
}

run_prints_much() {
    operation 0001 TASK-1 create "CREATE TABLE t (id INTEGER, body TEXT);"
    operation 0002 TASK-1 print "INSERT INTO t VALUES (1, '0123456789'); INSERT INTO t SELECT id, body FROM t; INSERT INTO t SELECT id, body FROM t;
$(for _ in {1..10}; do printf 'INSERT INTO t SELECT id, body FROM t; '; done)
SELECT * FROM t; SELECT 'mark 1 2 3'; SELECT 'mark0123456789abcdef', 'end', 1, 2, 3; SELECT 'mark0123456789abcdef end 5 9 none';"
    operation 0003 TASK-1 more "DELETE FROM t WHERE id = 1;"
    run --separate-stderr -0 front up
    [ "$output" = "the database is at version 3" ]
    [ "$(timeless "$stderr")" = "1/3 up 2025-01-10/0001-TASK-1-create_up.sql (N ms)
2/3 up 2025-01-10/0002-TASK-1-print_up.sql (N ms)
3/3 up 2025-01-10/0003-TASK-1-more_up.sql (N ms)" ]
}

# What is in a file is stored and run as its bytes: quotes, emoji, ends of lines.
run_texts() {
    local text="it's \"quoted\" \`x\` \\ back \$code\$ //code// \$1 %s ə ş ف 🐘"
    mkdir -p migrations/2025-01-10
    operation 0001 TASK-1 create "CREATE TABLE t (id INTEGER, body VARCHAR(200));" 'DROP TABLE t;'
    printf -- '-- %s\r\nINSERT INTO t VALUES (1, %s);\r\nINSERT INTO t VALUES (2, %s);' "$text" \
        "'ə 🐘 it''s \$code\$ //code// \"x\"'" "'two
lines'" >migrations/2025-01-10/0002-TASK-1-odd_up.sql
    printf 'DELETE FROM t;' >migrations/2025-01-10/0002-TASK-1-odd_down.sql
    front up -q
    [ "$(ask 'SELECT body FROM t WHERE id = 1')" = "ə 🐘 it's \$code\$ //code// \"x\"" ]
    [ "$(ask "SELECT count(*) FROM t WHERE body = 'two
lines'")" = 1 ]
    [ "$(ask_hex 'SELECT code FROM migration WHERE version = 2')" = "$(od -An -v -tx1 migrations/2025-01-10/0002-TASK-1-odd_up.sql | tr -d ' \n')" ]
    [ "$(ask_hex 'SELECT rollback_code FROM migration WHERE version = 2')" = "$(od -An -v -tx1 migrations/2025-01-10/0002-TASK-1-odd_down.sql | tr -d ' \n')" ]
    front verify -q
    front down 2 -q
    front up -q
    [ "$(ask 'SELECT count(*) FROM t')" = 2 ]
}

run_large() {
    local i
    operation 0001 TASK-1 create "CREATE TABLE t (id INTEGER, body TEXT);"
    mkdir -p migrations/2025-01-10
    for i in {1..5000}; do
        printf 'INSERT INTO t VALUES (%d, %01000d);\n' "$i" "$i" | sed "s/, 0/, '0/; s/);/');/"
    done >migrations/2025-01-10/0002-TASK-1-large_up.sql
    [ "$(wc -c <migrations/2025-01-10/0002-TASK-1-large_up.sql)" -gt 5000000 ]
    front up -q
    [ "$(ask 'SELECT count(*) FROM t')" = 5000 ]
    front verify -q
}

run_many() {
    local i
    for i in {1..300}; do
        operation "$(printf '%04d' "$i")" TASK-1 "number-$i" "CREATE TABLE t$i (id INTEGER);" "DROP TABLE t$i;"
    done
    front up -q
    [ "$(front current)" = 300 ]
    [ "$(front history | wc -l)" = 301 ]
    front to 280 -q
    [ "$(ask "SELECT count(*) FROM migration WHERE status = 'completed'")" = 280 ]
}

run_dialect_files() {
    operation 0001 TASK-1 create "CREATE TABLE plain (id INTEGER);" "DROP TABLE plain;"
    printf 'CREATE TABLE of_%s (id INTEGER);\n' "$dialect" >"migrations/2025-01-10/0001-TASK-1-create_up.$dialect.sql"
    printf 'DROP TABLE of_%s;\n' "$dialect" >"migrations/2025-01-10/0001-TASK-1-create_down.$dialect.sql"
    front up -q
    [ "$(ask "SELECT count(*) FROM of_$dialect")" = 0 ]
    [ "$(ask 'SELECT code FROM migration')" = "CREATE TABLE of_$dialect (id INTEGER);" ]
    front verify -q
    front down -q
    run ! ask "SELECT count(*) FROM of_$dialect"
}

# The commands that need no server.
run_new() {
    run --separate-stderr -0 front new TASK-9 next
    [[ $output == "migrations/"*"/0001-TASK-9-next_up.sql
migrations/"*"/0001-TASK-9-next_down.sql" ]]
    [ "$(front version)" = "$(mig 'SELECT migrate_version()')" ]
}

# What a program says is kept also where it is no UTF-8.
run_program_bytes() {
    program 0001 TASK-1 say sh <<'SH'
#!/bin/sh
printf 'a \377 b\303 ə 🐘 \355\240\200 \360\237\220\n%s' "'\\' \"x\" :y" >&2
printf 'CREATE TABLE t (id INTEGER);\n'
SH
    front up -q --scripts on
    [ "$(ask_hex 'SELECT output FROM migration_log')" = "$(printf '%s' "a ? b? ə 🐘 ??? ???
'\\' \"x\" :y" | od -An -v -tx1 | tr -d ' \n')" ]
}

run_program_reads_text() { # <words that run the client and a query>
    operation 0001 TASK-1 create 'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);'
    operation 0002 TASK-1 add "INSERT INTO users (id, name) VALUES (1, 'é ə 🐘');"
    program 0003 TASK-1 copy sh <<SH
#!/bin/sh
name=\$($1 'SELECT name FROM users') || exit
printf "INSERT INTO users (id, name) VALUES (2, '%s');\n" "\$name"
SH
    LC_ALL=C front up -q --scripts on
    [ "$(ask "SELECT count(DISTINCT name), count(*) FROM users")" = "1	2" ]
}

# A program reads the database that it is for: what was committed before it.
run_program_reads() { # <words that run the client and a query>
    operation 0001 TASK-1 create 'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);'
    operation 0002 TASK-1 add "INSERT INTO users (id, name) VALUES (1, 'Ann'), (2, 'Bo');"
    program 0003 TASK-1 count sh <<SH
#!/bin/sh
count=\$($1 'SELECT count(*) FROM users') || exit
printf 'INSERT INTO users (id, name) VALUES (%d, '"'counted'"');\n' "\$((count + 1))"
SH
    front up -q --scripts on
    [ "$(ask "SELECT id FROM users WHERE name = 'counted'")" = 3 ]
    [ "$(states)" = "1=completed 2=completed 3=completed " ]
}
