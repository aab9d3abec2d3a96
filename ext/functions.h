/*
 * functions.h - the SQL functions: arguments in, one result out. docs/sql.md is their manual page; a
 * test compares it with what is registered.
 */
#ifndef MIG_FUNCTIONS_H
#define MIG_FUNCTIONS_H

#include "compiler.h"
#include "connection.h"

/*
 * Registers all functions on the connection. Returns a result code of SQLite. On failure some may be
 * registered: mig_functions_unregister() takes them away.
 */
MIG_MUST_USE int mig_functions_register(struct mig_connection *connection);

/* Takes all functions away. Returns false when SQLite refuses, because a statement is running. */
MIG_MUST_USE bool mig_functions_unregister(sqlite3 *db);

#endif
