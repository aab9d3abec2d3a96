/*
 * prepare.h - what a request becomes before anything is changed: the folder's operations, the rows, the
 * plan, and the certainty that all of it can be started. A run and the steps for a server begin alike.
 */
#ifndef MIG_PREPARE_H
#define MIG_PREPARE_H

#include "compiler.h"
#include "options.h"
#include "plan.h"
#include "problem.h"
#include "request.h"
#include "rows.h"
#include "session.h"
#include "source.h"
#include "tracking.h"

#include <stdbool.h>

struct mig_prepared {
    const struct mig_request *request; /* borrowed */
    struct mig_source source;
    struct mig_rows rows;
    struct mig_problems problems;
    struct mig_plan plan;
    enum mig_transaction_mode mode;
};

/* Takes the request and the options. Nothing is read yet. */
void mig_prepare_init(struct mig_session *s, struct mig_prepared *prepared,
                      const struct mig_request *request);

void mig_prepare_release(struct mig_prepared *prepared);

/* Lists the folder, where the request needs one. It fails where that holds no operation. */
void mig_prepare_folder(struct mig_session *s, struct mig_prepared *prepared);

/*
 * Reads the rows, makes the plan, and verifies it: what the folder and the rows say, but not what the
 * texts of the steps do. To be called behind mig_prepare_folder(), with the lock where there is going to
 * be one. `tracking` is for its statements.
 */
void mig_prepare_steps(struct mig_session *s, struct mig_prepared *prepared,
                       struct mig_tracking *tracking);

/* The same, and vets each of the steps. */
void mig_prepare_plan(struct mig_session *s, struct mig_prepared *prepared,
                      struct mig_tracking *tracking);

/* True when the two steps, which follow one another, share a transaction on purpose (task, all). */
bool mig_prepared_joins(const struct mig_prepared *prepared, const struct mig_step *step,
                        const struct mig_step *next);

#endif
