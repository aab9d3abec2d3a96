/*
 * connection.h - what the extension keeps for one connection: its options, and whether a function
 * that writes is running. Shared by the functions and tables of the connection, and released with
 * the last of them.
 */
#ifndef MIG_CONNECTION_H
#define MIG_CONNECTION_H

#include "compiler.h"
#include "options.h"
#include "sqlite_api.h"

#include <stdbool.h>

struct mig_connection {
    sqlite3 *db;
    struct mig_options options;
    bool is_running; /* a function that writes is in progress: refuse to be called again */
    int users;       /* registrations that hold the structure */
};

/* A new structure without users; NULL when memory ran out. */
struct mig_connection *mig_connection_new(sqlite3 *db);

/* One more registration holds it. */
void mig_connection_hold(struct mig_connection *connection);

/* One registration fewer; the last one frees it. To be used as xDestroy. NULL is allowed. */
void mig_connection_drop(void *connection);

#endif
