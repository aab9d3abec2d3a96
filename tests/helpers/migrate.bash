# What every test of the engine needs: a folder of its own, a database, and ways to ask it.
# Helpers build state and ask; they assert nothing.

bats_require_minimum_version 1.8.0

# To be called first in setup(): an empty working directory, $db and $folder below it.
use_scratch() {
    root=$(cd "$BATS_TEST_DIRNAME" && git rev-parse --show-toplevel 2>/dev/null) ||
        root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    extension=${MIGRATE_EXTENSION:-$root/build/migrate.so}
    hosts=${MIGRATE_HOSTS:-$root/build/hosts}
    case $extension in
    /*) ;;
    *) extension=$root/$extension ;;
    esac
    case $hosts in
    /*) ;;
    *) hosts=$root/$hosts ;;
    esac
    db=app.db
    folder=migrations
    cd "$BATS_TEST_TMPDIR" || return
    mkdir "$folder"
}

# Runs statements in the sqlite3 shell without the extension; rows on standard output.
plain() { # <sql>...
    sqlite3 -batch -bail -init /dev/null "$db" "$@"
}

# Runs statements in the sqlite3 shell with the extension loaded.
mig() { # <sql>...
    sqlite3 -batch -bail -init /dev/null "$db" -cmd ".load $extension" "$@"
}

# Writes an operation: the up file, and the down file when there is text for it.
operation() { # <version> <task> <description> <up> [<down> [<date>]]
    local date=${6-2025-01-10}
    mkdir -p "$folder/$date"
    printf '%s\n' "$4" >"$folder/$date/$1-$2-$3_up.sql"
    if [ -n "${5-}" ]; then
        printf '%s\n' "$5" >"$folder/$date/$1-$2-$3_down.sql"
    fi
}

# Writes a program operation from standard input.
program() { # <version> <task> <description> <extension> [<date>]
    local date=${5-2025-01-10}
    mkdir -p "$folder/$date"
    cat >"$folder/$date/$1-$2-$3.$4"
    chmod +x "$folder/$date/$1-$2-$3.$4"
}

# Three operations of two tasks that depend on each other.
three_operations() {
    operation 0001 TASK-1 create-users \
        'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);' 'DROP TABLE users;'
    operation 0002 TASK-1 add-users-index \
        'CREATE INDEX users_name ON users (name);' 'DROP INDEX users_name;'
    operation 0003 TASK-2 add-ann "INSERT INTO users (name) VALUES ('Ann');" \
        "DELETE FROM users WHERE name = 'Ann';"
}

# The versions whose status is completed, on one line.
completed() {
    plain "SELECT coalesce(group_concat(version, ' '), '') FROM
        (SELECT version FROM migration WHERE status = 'completed' ORDER BY version)" 2>/dev/null
}

# The names of the user's own tables, views, indexes and triggers, on one line.
objects() {
    plain "SELECT coalesce(group_concat(name, ' '), '') FROM
        (SELECT name FROM sqlite_schema
         WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' AND tbl_name NOT IN ('migration', 'migration_log')
         ORDER BY name)"
}

# The message in $stderr, as the extension wrote it: without what the shell puts around it (the
# result code stands behind it in parentheses, unless it is 1).
error_text() {
    local text=${stderr#Error: }
    text=${text#stepping, }
    text=${text#in prepare, }
    text=${text#Runtime error: }
    [[ $text =~ ^(.*)\ \([0-9]+\)$ ]] && text=${BASH_REMATCH[1]}
    printf '%s' "$text"
}
