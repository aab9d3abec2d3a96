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
#include "request.h"
#include "session.h"

/*
 * Carries the request out. No transaction is open afterwards, whatever happened. Returns the version
 * that the database was at when the last lock was let go: the highest completed one, 0 for none. Other
 * runs may have changed it since.
 */
int64_t mig_apply(struct mig_session *s, const struct mig_request *request);

#endif
