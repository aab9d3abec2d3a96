/*
 * old_sqlite: an application whose SQLite says that it is 3.37.2.
 *
 *     old_sqlite EXTENSION
 *
 * Calls the entry point with a copy of SQLite's table of routines that tells the older version, and
 * prints the result code and the message.
 */
#define SQLITE_CORE 1 /* the names stay those of the library that this program is linked to */
#include <sqlite3ext.h>

#include "host.h"

#include <dlfcn.h>

typedef int entry_point(sqlite3 *, char **, const sqlite3_api_routines *);

static sqlite3_api_routines routines;

/* SQLite hands its routines to every automatic extension. */
static int take_routines(sqlite3 *db, char **error, const sqlite3_api_routines *given)
{
    (void)db;
    (void)error;
    routines = *given;
    return SQLITE_OK;
}

static int old_number(void)
{
    return 3037002;
}

static const char *old_version(void)
{
    return "3.37.2";
}

int main(int count, char **arguments)
{
    entry_point *taker = take_routines;
    entry_point *start = NULL;
    void (*automatic)(void) = NULL;
    char *message = NULL;
    sqlite3 *db = NULL;
    void *library;
    void *symbol;

    memcpy(&automatic, &taker, sizeof(automatic));
    if (sqlite3_auto_extension(automatic) != SQLITE_OK ||
        sqlite3_open(":memory:", &db) != SQLITE_OK)
        host_die("open", sqlite3_errmsg(db));
    routines.libversion_number = old_number;
    routines.libversion = old_version;

    library = dlopen(host_argument(count, arguments, 1), RTLD_NOW);
    if (library == NULL)
        host_die("dlopen", dlerror());
    symbol = dlsym(library, "sqlite3_migrate_init");
    if (symbol == NULL)
        host_die("dlsym", dlerror());
    memcpy(&start, &symbol, sizeof(start));
    printf("%d\n", start(db, &message, &routines));
    printf("%s\n", message == NULL ? "no message" : message);
    sqlite3_free(message);
    (void)sqlite3_close(db);
    (void)dlclose(library);
    return 0;
}
