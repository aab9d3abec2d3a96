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
#include "prepare.h"
#include "request.h"
#include "session.h"
#include "step.h"

#include <stddef.h>

/* What somebody who watches a run is told. `step` and the others are places in prepared->plan.steps. */
struct mig_apply_observer {
    void *context; /* handed to all of them */

    /* A step is about to be carried out, or has just been; on a failed session when that has failed. A
     * transaction is open unless the step is marked no-transaction. Steps of one transaction that fails
     * may come again. */
    void (*before)(void *context, struct mig_session *s, const struct mig_prepared *prepared,
                   size_t step);
    void (*after)(void *context, struct mig_session *s, const struct mig_prepared *prepared,
                  size_t step, const struct mig_step_result *result);

    /* The steps from `first` up to, and without, `end` are committed. No transaction is open. */
    void (*committed)(void *context, struct mig_session *s, const struct mig_prepared *prepared,
                      size_t first, size_t end);
};

/*
 * Carries the request out. No transaction is open afterwards, whatever happened. Returns the version
 * that the database was at when the last lock was let go: the highest completed one, 0 for none. Other
 * runs may have changed it since.
 */
int64_t mig_apply(struct mig_session *s, const struct mig_request *request);

/* The same with an observer (borrowed; NULL: nobody watches). */
int64_t mig_apply_observed(struct mig_session *s, const struct mig_request *request,
                           const struct mig_apply_observer *observer);

#endif
