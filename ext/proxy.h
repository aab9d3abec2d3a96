/*
 * proxy.h - stand-ins on a private connection for what the application has added to the live one:
 * functions, collations, modules of virtual tables. Without them a schema that uses them cannot be
 * created, and nothing that touches such a table can be compiled.
 *
 * - A scalar function calls the function of the same name on the live connection and returns its value
 *   or its error. Its flags (SQLITE_DETERMINISTIC, SQLITE_DIRECTONLY, SQLITE_INNOCUOUS) are those of the
 *   original, so it may be used where that one may. One that is SQLITE_DIRECTONLY may do things outside the
 *   database, and fails when it is called. Subtypes and pointers do not pass.
 * - An aggregate or window function compiles, and fails when it is used.
 * - A collation is looked for when the private connection first needs it, and asks the live one for every
 *   comparison.
 * - A module gives the columns that the table has on the live connection. Nothing can be written
 *   through it. Rows: see enum mig_proxy_use.
 * - The functions of this extension: migrate_assert, migrate_checksum and migrate_version work; all others
 *   fail with "NAME cannot be called in a rehearsal", also where the extension is loaded into every
 *   connection of the process.
 *
 * The live connection is only asked, with SELECTs, and nothing is set on it. Statements on it are kept
 * for as long as the private connection is open, and finalized by closing it: it must be closed before
 * the call is over, or the application could not close its own (a cached statement makes sqlite3_close()
 * fail). Where the introspection pragmas are left out of SQLite there are no functions and no modules,
 * and what needs them does not compile: never an error of the session.
 * Sources: https://www.sqlite.org/pragma.html#pragma_function_list, https://www.sqlite.org/vtab.html,
 * https://www.sqlite.org/c3ref/collation_needed.html
 */
#ifndef MIG_PROXY_H
#define MIG_PROXY_H

#include "compiler.h"
#include "session.h"

enum mig_proxy_use {
    /* Statements are compiled, and rows do not matter: a virtual table has none. */
    MIG_PROXY_PLAN,
    /* Statements are run: a virtual table has the rows that it has on the live connection. */
    MIG_PROXY_REHEARSAL,
};

/*
 * Puts stand-ins on `private_db` for what the session's connection has and `private_db` has not. `s`
 * must be on the live connection and outlive `private_db`. Fails when memory runs out or the call is
 * interrupted.
 */
void mig_proxy_install(struct mig_session *s, sqlite3 *private_db, enum mig_proxy_use use);

#endif
