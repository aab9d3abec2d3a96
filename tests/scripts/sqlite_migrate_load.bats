#!/usr/bin/env bats
# --load: an extension of the application, which operations or the schema need.

load ../helpers/migrate
load front

setup_file() {
    # A function `twice` and a collation `backwards`.
    cat >"$BATS_FILE_TMPDIR/application.c" <<'C'
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1
static void twice(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int64(context, 2 * sqlite3_value_int64(values[0]));
}
static int backwards(void *data, int n, const void *a, int m, const void *b)
{
    int least = n < m ? n : m;
    (void)data;
    for (int i = 0; i < least; i++)
        if (((const char *)a)[i] != ((const char *)b)[i])
            return ((const char *)b)[i] - ((const char *)a)[i];
    return m - n;
}
int sqlite3_extension_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
    (void)message;
    SQLITE_EXTENSION_INIT2(api);
    sqlite3_create_collation(db, "backwards", SQLITE_UTF8, 0, backwards);
    return sqlite3_create_function(db, "twice", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, 0, twice, 0, 0);
}
C
    cc -shared -fPIC -o "$BATS_FILE_TMPDIR/my application.so" "$BATS_FILE_TMPDIR/application.c"
}

setup() {
    use_scratch
    use_front_database
    unset MIGRATE_LOAD
    application="$BATS_FILE_TMPDIR/my application.so"
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT COLLATE backwards);
CREATE INDEX twice_ids ON users (twice(id));
CREATE INDEX names ON users (name);
INSERT INTO users (name) VALUES ('"'Ann'), ('Bob'"');' 'DROP TABLE users;'
}

@test "--load: operations can use what the application has" {
    run --separate-stderr -1 front up -q
    [ "$(sed -n 1p <<<"$stderr")" = "sqlite-migrate: cannot apply operation 1: 2025-01-10/0001-TASK-1-create-users_up.sql:1:1: no such collation sequence: backwards" ]
    run --separate-stderr -0 front up --progress off --load "$application"
    [ "$output" = "the database is at version 1" ]
    MIGRATE_LOAD=$application front redo -q
    [ "$(completed)" = 1 ]
}

@test "--load: an extension that is not there is named" {
    run --separate-stderr -69 front up --load ./nosuch.so
    [[ ${stderr_lines[0]} == "sqlite-migrate: cannot load the extension ./nosuch.so: "* ]]
    [ "${stderr_lines[1]}" = "hint: --load or MIGRATE_LOAD names a file that sqlite3 can load" ]
    [ ! -e backups ]
}

@test "--load: .env does not say what is loaded" {
    printf 'MIGRATE_LOAD=%s\n' "$application" >.env
    run --separate-stderr -1 front up -q
    [ "$(sed -n 1p <<<"$stderr")" = "sqlite-migrate: cannot apply operation 1: 2025-01-10/0001-TASK-1-create-users_up.sql:1:1: no such collation sequence: backwards" ]
}

@test "--load: the snapshot before a run is proven with it, and restored with it" {
    export MIGRATE_LOAD=$application
    front up -q
    MIGRATE_ENV=production front redo -q
    set -- backups/default_*_before-redo.sqlite
    [ -f "$1" ]
    "$root/scripts/restore-database.sh" -q "$1"
    "$root/scripts/backup-database.sh" -q
    [ "$(completed)" = 1 ]
}

@test "--load: a schema with it is dumped, and loaded again" {
    front up -q --load "$application"
    run --separate-stderr -69 "$root/scripts/schema-dump.sh" --load ./nosuch.so
    run --separate-stderr -0 "$root/scripts/schema-dump.sh" --load "$application"
    [ "$output" = database/schema/default.sql ]
    "$root/scripts/schema-restore.sh" -q --load="$application" --file database/schema/default.sql sqlite:copy.db
    [ "$(MIGRATE_LOAD=$application front current --connection sqlite:copy.db)" = 1 ]
}
