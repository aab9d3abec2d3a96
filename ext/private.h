/*
 * private.h - a second connection to the user's database, for what cannot run inside a function:
 * VACUUM needs to be the only statement of its connection. The only file that opens a connection.
 */
#ifndef MIG_PRIVATE_H
#define MIG_PRIVATE_H

#include "compiler.h"
#include "session.h"

/*
 * Runs `sql` (`length` bytes, one VACUUM statement) on a second connection. Refused, with the
 * reason, when that connection would not see the same database or would fight with the first: no
 * file, read-only, locking_mode EXCLUSIVE, or a file that only the first can read (encrypted). The
 * same VFS is used, so that both follow one scheme of locks.
 * Source: https://www.sqlite.org/lang_vacuum.html
 */
void mig_private_vacuum(struct mig_session *s, const char *sql, size_t length);

#endif
