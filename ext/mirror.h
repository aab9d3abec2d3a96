/*
 * mirror.h - does a down file undo its operation statement by statement, the last first? Read from the
 * words alone, so that what is obvious need not be tried: to change the schema of a clone twice more takes
 * longer than all the rest of the judgement.
 */
#ifndef MIG_MIRROR_H
#define MIG_MIRROR_H

#include "clone.h"
#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* A text with its length. */
struct mig_mirror_text {
    const char *text;
    size_t length;
};

/*
 * True when each statement of `down` that changes the schema takes back just what its counterpart in `up`
 * makes or renames: if `up` can be run, and all of `down` can be prepared behind it, the schema is the one
 * before. False where that is not certain. The clone is as it is before the operation.
 */
bool mig_mirror_is_sure(struct mig_session *s, struct mig_clone *clone,
                        const struct mig_mirror_text *up, const struct mig_mirror_text *down);

#endif
