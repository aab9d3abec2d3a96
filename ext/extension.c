/*
 * extension.c - the entry point that SQLite looks up when it loads migrate.so
 * (https://www.sqlite.org/loadext.html). The only symbol that leaves the library.
 */
#include "compiler.h"

#include "connection.h"
#include "functions.h"
#include "tables.h"

SQLITE_EXTENSION_INIT1

/* The oldest SQLite whose interface is used: sqlite3_error_offset() came with it. */
#define OLDEST_SQLITE 3038000

MIG_EXPORT int sqlite3_migrate_init(sqlite3 *db, char **out_error,
                                    const sqlite3_api_routines *routines);

int sqlite3_migrate_init(sqlite3 *db, char **out_error, const sqlite3_api_routines *routines)
{
    struct mig_connection *connection;
    int code;

    SQLITE_EXTENSION_INIT2(routines);
    if (sqlite3_libversion_number() < OLDEST_SQLITE) {
        *out_error = sqlite3_mprintf("migrate needs SQLite 3.38 or newer, and this is %s\n"
                                     "hint: load it into a newer sqlite3",
                                     sqlite3_libversion());
        return SQLITE_ERROR;
    }
    connection = mig_connection_new(db);
    if (connection == NULL)
        return SQLITE_NOMEM;
    mig_connection_hold(connection);
    code = mig_functions_register(connection);
    if (code == SQLITE_OK)
        code = mig_tables_register(connection);
    mig_connection_drop(connection);
    if (code == SQLITE_OK)
        return code;
    /* SQLite unloads the library of an extension that fails, so nothing of it may stay registered.
     * Where it cannot be taken away (in SELECT load_extension()), the library has to stay. */
    if (!mig_functions_unregister(db) || !mig_tables_unregister(db))
        return SQLITE_OK_LOAD_PERMANENTLY;
    return code;
}
