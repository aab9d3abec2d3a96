/*
 * sqlite_api.h - SQLite's interface as a loadable extension sees it: every call goes through the
 * table of function pointers that the host hands to the entry point.
 * Source: https://www.sqlite.org/loadext.html
 *
 * Compiled with SQLITE_CORE (the unit tests and the fuzzers), the same calls are ordinary ones.
 */
#ifndef MIG_SQLITE_API_H
#define MIG_SQLITE_API_H

#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3

#endif
