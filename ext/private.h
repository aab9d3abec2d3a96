/*
 * private.h - connections of our own: the only file that opens and closes them.
 *
 * One to the user's file is for what cannot run inside a function: VACUUM needs to be the only
 * statement of its connection, a copy needs a connection to copy into. One in memory or on a copy is for
 * trying out what must not be tried on the user's.
 */
#ifndef MIG_PRIVATE_H
#define MIG_PRIVATE_H

#include "compiler.h"
#include "session.h"

/*
 * Opens a file that is there for reading and writing (`vfs`: NULL for the default one), or, with NULL
 * for `file`, an empty database in memory. NULL when the session has failed or now fails.
 */
sqlite3 *mig_private_open(struct mig_session *s, const char *file, const char *vfs);

/* Closes it. Its statements must be finished. NULL is allowed. */
void mig_private_close(sqlite3 *db);

/*
 * Gives `private_db` what decides what SQL means on the session's connection: its limits; the switches of
 * sqlite3_db_config() (foreign keys, triggers, views, defensive, writable and trusted schema, legacy ALTER
 * TABLE, double-quoted strings); PRAGMA recursive_triggers, ignore_check_constraints and their like;
 * PRAGMA case_sensitive_like. No timeouts, journal modes or cache sizes.
 * Sources: https://www.sqlite.org/c3ref/c_dbconfig_defensive.html, https://www.sqlite.org/c3ref/limit.html
 */
void mig_private_liken(struct mig_session *s, sqlite3 *private_db);

/*
 * Runs `sql` (`length` bytes, one VACUUM statement) on a second connection. Refused, with the
 * reason, when that connection would not see the same database or would fight with the first: no
 * file, read-only, locking_mode EXCLUSIVE, or a file that only the first can read (encrypted). The
 * same VFS is used, so that both follow one scheme of locks. On a connection that runs nothing, which is one
 * of our own, it is run right there.
 * Source: https://www.sqlite.org/lang_vacuum.html
 */
void mig_private_vacuum(struct mig_session *s, const char *sql, size_t length);

#endif
