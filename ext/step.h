/*
 * step.h - carries one step of a plan out and records it: an operation up or down, in the open
 * transaction, or on its own where it must not run in one.
 */
#ifndef MIG_STEP_H
#define MIG_STEP_H

#include "compiler.h"
#include "plan.h"
#include "session.h"
#include "source.h"
#include "tracking.h"

#include <stdbool.h>

/* What came of a step, for the log and the display. */
struct mig_step_result {
    char started_at[MIG_CLOCK_SIZE];
    int64_t duration;   /* milliseconds */
    int64_t statement;  /* the statement that failed, from 1; 0: none */
    int64_t statements; /* as in struct mig_execution */
    int64_t rows_changed;
    bool creates_body; /* as in struct mig_execution */
    char path[300];    /* of the text that was run: the up file's, or the down file's */
    char *output; /* owned; what the text approves, and what a program said; NULL: nothing */
};

void mig_step_result_init(struct mig_step_result *result);
void mig_step_result_release(struct mig_step_result *result);

/*
 * Carries the step out in the open transaction, with its row and its line in the log. On failure the
 * transaction is left to the caller, and nothing is logged.
 */
void mig_step_perform(struct mig_session *s, const struct mig_source *source,
                      struct mig_tracking *tracking, const struct mig_step *step,
                      struct mig_step_result *out_result);

/*
 * Carries a no-transaction step out. A transaction is open and holds nothing yet: it commits the row
 * as `running`, runs the script, and commits the row as completed, rolled back or failed, each with
 * its line in the log. When even that cannot be written, the row stays `running`.
 */
void mig_step_perform_alone(struct mig_session *s, const struct mig_source *source,
                            struct mig_tracking *tracking, const struct mig_step *step,
                            struct mig_step_result *out_result);

/* Writes the line of a failed attempt in a transaction of its own, and keeps the failure of *s. */
void mig_step_log_failure(struct mig_session *s, struct mig_tracking *tracking,
                          const struct mig_step *step, const struct mig_step_result *result);

#endif
