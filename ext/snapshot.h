/*
 * snapshot.h - a snapshot: a copy of the main database under a name of its own, verified, durable, and
 * with its SHA-256 beside it. The only file that makes files which stay.
 *
 * The copy is made under a hidden name in the same folder and gets its own name by link(2), which is
 * atomic and never overwrites. The file FILE.sha256, in the form of sha256sum(1), is there before.
 */
#ifndef MIG_SNAPSHOT_H
#define MIG_SNAPSHOT_H

#include "compiler.h"
#include "digest.h"
#include "session.h"

#include <stdbool.h>

struct mig_snapshot {
    int64_t bytes;
    char sha256[MIG_DIGEST_SIZE]; /* "": not computed */
    int64_t milliseconds;
    int64_t
        violations; /* rows without a parent, as in the database; -1: they cannot be searched */
};

/*
 * Takes a snapshot of the main database as `path`, which must not be there; its folder must. Only the
 * owner can read it. No transaction may be open, a read-only connection is fine. Unless `is_checked`, the
 * copy is not checked, has no SHA-256 and gets no FILE.sha256, for a caller who does both. What was begun is removed when
 * anything fails. Fails as mig_copy_make() and mig_copy_check() do, and for the files.
 */
void mig_snapshot_take(struct mig_session *s, const char *path, bool is_checked,
                       struct mig_snapshot *out_snapshot);

/*
 * Takes a snapshot into the folder of option snapshot_dir, which is made where it is not there. Its name
 * is that of the database, the time, and "before-apply". Returns the path, owned by the caller
 * (sqlite3_free); NULL when there is nothing to copy yet, or on a failed session.
 */
char *mig_snapshot_before_run(struct mig_session *s);

#endif
