# sqlite-migrate on a server. A test file sets `dialect`, and defines ask SQL (prints rows, with tabs between
# values); `front` runs the command on the database that use_run has made.

# To be called in setup(): an empty folder, an empty database, and nothing set but its connection.
use_run() {
    use_scratch
    front=$root/scripts/sqlite-migrate
    name=run_$BATS_TEST_NUMBER
    unset MIGRATE_ENV APP_ENV NO_COLOR MIGRATE_SCHEMA MIGRATE_TABLE MIGRATE_SCRIPTS PGOPTIONS
    export MIGRATE_EXTENSION=$extension TMPDIR=$BATS_TEST_TMPDIR/tmp HOME=$BATS_TEST_TMPDIR/home
    mkdir "$TMPDIR" "$HOME"
    case $dialect in
    postgresql)
        postgresql_database "$name"
        url="postgresql:///$name?host=$PGHOST&port=$PGPORT&user=tester"
        drop_index='DROP INDEX users_name;'
        shown=postgresql:///$name
        kept='nothing of this operation was kept; mend it and run again'
        seeds_left='nothing of any seed was kept'
        ;;
    *)
        mysql_database "$name"
        url="mysql://root:$mysql_password@localhost/$name?socket=$mysql_socket"
        drop_index='DROP INDEX users_name ON users;'
        shown=mysql://localhost/$name
        seeds_left='nothing of any seed was kept, unless one changes the schema: that keeps what came before it'
        kept='what came before the error may have been kept; look at it, then: sqlite-migrate repair 4 completed, or rollback'
        ;;
    esac
}

# Runs the front command in the shell $shell (words without quotes), else as its first line says.
front() { # <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE -u PGPASSFILE DATABASE_URL="$url" ${shell-} "$front" "$@" </dev/null
}

# Three operations of two tasks that depend on each other.
server_operations() {
    operation 0001 TASK-1 create-users \
        'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);' 'DROP TABLE users;'
    operation 0002 TASK-1 add-users-index 'CREATE INDEX users_name ON users (name);' "$drop_index"
    operation 0003 TASK-2 add-ann "INSERT INTO users (id, name) VALUES (1, 'Ann');" "DELETE FROM users WHERE name = 'Ann';"
}

# The versions whose status is completed, on one line.
done_on_server() {
    ask "SELECT version FROM migration WHERE status = 'completed' ORDER BY version" | tr '\n' ' '
}

# The states of all rows, on one line.
states() {
    ask "SELECT concat(version, '=', status) FROM migration ORDER BY version" | tr '\n' ' '
}

# The attempts, on one line.
attempts() {
    ask "SELECT concat(version, ' ', action, ' ', outcome, ';') FROM migration_log ORDER BY id" | tr '\n' ' '
}

# Text without the durations and times of operations.
timeless() { # <text>
    printf '%s' "$1" | sed -E 's/\([0-9]+ ms\)/(N ms)/; s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}  *[0-9]+ ms/WHEN/
        s/(seconds":)[0-9]+/\1N/; s/"when":"[^"]*"/"when":"T"/; s/"id":[0-9]+/"id":N/'
}

# A client in front of the real one that counts how often it was started, in the file `clients`.
count_clients() {
    local client
    case $dialect in
    postgresql) client=psql ;;
    *) client=mariadb ;;
    esac
    mkdir stubs
    printf '#!/bin/sh\nprintf x >>"%s/clients"\nexec %s "$@"\n' "$PWD" "$real_client" >"stubs/$client"
    chmod +x "stubs/$client"
    PATH=$PWD/stubs:$PATH
    : >clients
}

# Takes the lock of all runs in a session of its own, until let_go is called.
hold_run_lock() {
    local sql
    case $dialect in
    postgresql) sql='SELECT pg_advisory_lock(7239150424);' ;;
    *) sql="SELECT GET_LOCK(concat('migrate.', md5('$name')), 0);" ;;
    esac
    hold "$sql"
}

# Runs statements in a session that stays open until let_go.
hold() { # <sql>
    [ -p held ] || mkfifo held let_go
    {
        printf '%s\n\\! echo held >held\n' "$1"
        cat let_go
    } | hold_client >/dev/null 3>&- &
    holder=$!
    read -r _ <held
}

let_go() {
    : >let_go
    wait "$holder"
}

# Ends a session that a failed test holds open. To be called in teardown().
run_end() {
    [ ! -p let_go ] || : <>let_go
}

# A whole life in one shell: all commands, and a failure.
run_life() { # <shell>
    shell=$1
    server_operations
    run front status --check
    [ "$status" = 2 ] || return
    [ "$(front up 2>out)" = "the database is at version 3" ] || return
    [ "$(timeless "$(cat out)")" = "1/3 up 2025-01-10/0001-TASK-1-create-users_up.sql (N ms)
2/3 up 2025-01-10/0002-TASK-1-add-users-index_up.sql (N ms)
3/3 up 2025-01-10/0003-TASK-2-add-ann_up.sql (N ms)" ] || return
    front down 2 -q || return
    [ "$(front plan --json 2>out | head -c 26)" = '[{"position":1,"version":2' ] || return
    [ "$(front up --dry-run)" = "up 2025-01-10/0002-TASK-1-add-users-index_up.sql
up 2025-01-10/0003-TASK-2-add-ann_up.sql" ] || return
    [ "$(front to 2 --json -q | head -c 13)" = '{"version":2,' ] || return
    [ "$(front redo 2>out)" = "the database is at version 2" ] || return
    [ "$(front current)" = 2 ] || return
    [ "$(front status --pending | wc -l)" -eq 2 ] || return
    [ "$(front history | wc -l)" -eq 9 ] || return
    [ "$(front show 1 | head -n 1)" = "version      1" ] || return
    front verify 2>out || return
    operation 0004 TASK-3 odd "INSERT INTO users (id, name) VALUES (4, 'O''Brien \\ ə 🐘 %s \$x');
INSERT INTO users (id, name) VALUES (nosuch, 'x');"
    front up 2>out && return 1
    [ "$(grep -c nosuch out)" -ge 1 ] || return
    if [ "$dialect" = mysql ]; then
        front repair 4 rollback 2>out || return
    fi
    operation 0004 TASK-3 odd "INSERT INTO users (id, name) VALUES (4, 'O''Brien \\ ə 🐘 %s \$x');" "DELETE FROM users WHERE id = 4;"
    [ "$(front script 3:4 | grep -c "^INSERT INTO users")" = 1 ] || return
    front up -q || return
    mkdir -p database/seeds
    printf "INSERT INTO users (id, name) VALUES (5, 'Eve');\n" >database/seeds/1.sql
    front seed 2>out || return
    [ "$(ask 'SELECT id FROM users ORDER BY id' | tr '\n' ' ')" = "1 4 5 " ] || return
    if [ "$dialect" = postgresql ]; then
        front fresh -q || return
        [ "$(ask 'SELECT id FROM users ORDER BY id' | tr '\n' ' ')" = "1 4 " ] || return
    fi
    front to 0 -q || return
    [ "$(front baseline 4)" = "the database is at version 4" ] || return
    [ "$(ls -A tmp)" = "" ]
}
