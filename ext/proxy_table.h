/*
 * proxy_table.h - stand-ins for modules of virtual tables that a private connection does not have; see
 * proxy.h. A table has the columns that PRAGMA table_xinfo tells of the table of that name on the live
 * connection: one that is not there yet cannot be created. A module that is a table by itself (a
 * table-valued function) hands its arguments on. The tables of this extension cannot be read in a
 * rehearsal, which would be one within another.
 */
#ifndef MIG_PROXY_TABLE_H
#define MIG_PROXY_TABLE_H

#include "compiler.h"
#include "proxy.h"
#include "session.h"

/* Registers a stand-in for the module `name` on `private_db`. `s` is on the live connection and is
 * borrowed until `private_db` is closed. */
void mig_proxy_table_install(struct mig_session *s, sqlite3 *private_db, const char *name,
                             enum mig_proxy_use use);

#endif
