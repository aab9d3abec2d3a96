/*
 * apply.h - a run: takes the lock, reads the state, plans, and carries the plan out in groups that
 * share a commit.
 *
 * With transaction=operation, operations run one after another in an open transaction that is
 * committed when commit_interval has passed, and at the end. When one fails, the open transaction is
 * rolled back whole and its operations are run again one by one, each committed, until that one fails
 * again alone. The result is exactly as if each had had a transaction of its own. ROLLBACK TO a
 * savepoint is never used: FTS tables do not survive it.
 */
#ifndef MIG_APPLY_H
#define MIG_APPLY_H

#include "compiler.h"
#include "plan.h"
#include "session.h"

enum mig_request_kind {
    MIG_REQUEST_APPLY,    /* up to the target */
    MIG_REQUEST_ROLLBACK, /* down by the target; the folder is not looked at */
    MIG_REQUEST_TO,       /* up or down to exactly the target's version */
    MIG_REQUEST_REDO,     /* down by the target's count, and up again */
};

struct mig_request {
    enum mig_request_kind kind;
    const char *function; /* the SQL function, for messages */
    const char *dir;      /* the migration folder */
    struct mig_target target;
};

/*
 * Carries the request out. No transaction is open afterwards, whatever happened. Returns the version
 * that the database was at when the last lock was let go: the highest completed one, 0 for none. Other
 * runs may have changed it since.
 */
int64_t mig_apply(struct mig_session *s, const struct mig_request *request);

#endif
