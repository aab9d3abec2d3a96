/*
 * dialect.h - the offline script: plain SQL that applies or rolls back operations without the extension,
 * with their bookkeeping, for somebody to review and for the client of the database to run.
 *
 * The script is guarded: each operation begins with a check that the database is at the version before
 * it, so a script that is run twice, or against another database, stops at once.
 */
#ifndef MIG_DIALECT_H
#define MIG_DIALECT_H

#include "compiler.h"
#include "name.h"
#include "session.h"

struct mig_dialect_request {
    const char *dir;
    int64_t
        from; /* the version that the database is at; -1: that of this connection's database */
    int64_t to; /* the version that it is to be at; -1: the last one of the folder */
    enum mig_dialect dialect;
};

/*
 * The script from one version to the other, up or down, owned by the caller (sqlite3_free). NULL with a
 * failed session: an operation is missing, is a program, is not fit for the dialect, or has no way down.
 * The way down is the code that this connection's database has stored, else the file's.
 */
char *mig_dialect_script(struct mig_session *s, const struct mig_dialect_request *request);

#endif
