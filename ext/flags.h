/*
 * flags.h - the flags of the connection that a script may set with PRAGMA, and that end with it.
 *
 * SQLite keeps such a flag until the connection is closed, ROLLBACK or not
 * (https://www.sqlite.org/pragma.html). A script that sets PRAGMA query_only, say, means itself: neither
 * the next script nor the application that called us may find it set. PRAGMA foreign_keys has rules of
 * its own (foreign_key.h).
 */
#ifndef MIG_FLAGS_H
#define MIG_FLAGS_H

#include "compiler.h"
#include "session.h"

#include <stddef.h>

#define MIG_FLAGS_MAX 16

struct mig_flags {
    int count;
    struct {
        const char *name;
        int64_t value;
    } list[MIG_FLAGS_MAX];
};

/* Notes the flags that the script of `length` bytes sets, as they are now. */
void mig_flags_save(struct mig_session *s, const char *text, size_t length,
                    struct mig_flags *out_flags);

/*
 * Sets them back, on a failed session too. Fails the session when one cannot be set back, which only
 * happens when memory ran out or the call was interrupted.
 */
void mig_flags_restore(struct mig_session *s, const struct mig_flags *flags);

#endif
