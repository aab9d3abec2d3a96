/*
 * copy.h - the pages of the main database in a new file, and whether that file is sound.
 *
 * The copy is of one moment: a read transaction of the user's connection is held from the first page to
 * the last, so nobody's commit can make it begin again, and nobody waits longer than that takes. The
 * second connection, on the new file, is opened and closed here.
 * Source: https://www.sqlite.org/c3ref/backup_finish.html
 */
#ifndef MIG_COPY_H
#define MIG_COPY_H

#include "compiler.h"
#include "session.h"

#include <stdbool.h>

struct mig_copy {
    int64_t objects;    /* rows of the schema table */
    int64_t violations; /* rows without a parent; -1: not searched, or that is not possible */
};

/*
 * Copies the main database into `file`, which is there and empty, and leaves it without companions: a
 * file of its own, in no WAL mode. No transaction may be open. Nothing is made durable: the caller does
 * that. Waits for other connections as option lock_timeout says; an interrupt ends it between two pages.
 * A database without any object fails as missing.
 */
void mig_copy_make(struct mig_session *s, const char *file, struct mig_copy *out_copy);

/*
 * Copies the main database into the empty main database of `second`, a connection of our own that is
 * careless: nothing of the copy is made durable, and it is broken when that fails. Nothing is begun or
 * ended on the session's connection: to be called while a transaction of it, or a statement that is being
 * read, holds the database as it is. Fails when that connection has changes that are not committed.
 */
void mig_copy_pages(struct mig_session *s, sqlite3 *second);

/*
 * Proves the copy: PRAGMA integrity_check says ok, it has as many objects as *copy says, and the rows
 * without a parent are counted (they are the database's own, and fail nothing). Where the schema uses
 * functions or collations of the application, the user's connection is asked, which has them.
 */
void mig_copy_check(struct mig_session *s, const char *file, struct mig_copy *copy);

#endif
