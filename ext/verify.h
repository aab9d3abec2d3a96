/*
 * verify.h - compares the folder with the tracking table and finds what is wrong: gaps, late,
 * changed, missing and renamed files, operations that failed or were interrupted; and, when it is to
 * be thorough, pending files that cannot run, drift of the schema, views that do not compile.
 */
#ifndef MIG_VERIFY_H
#define MIG_VERIFY_H

#include "compiler.h"
#include "problem.h"
#include "session.h"
#include "source.h"
#include "tracking.h"

#include <stdbool.h>

struct mig_verify_scope {
    const struct mig_source *source; /* listed; its findings are in the list already */
    const struct mig_rows *rows;
    struct mig_tracking *tracking; /* for its statements */
    int64_t floor; /* rows above this version count as not applied; INT64_MAX: none */
    bool thorough; /* read all files, not only those from the newest applied date folder on */
};

/* Adds the findings to *problems, in the order in which they should be looked at. */
void mig_verify(struct mig_session *s, const struct mig_verify_scope *scope,
                struct mig_problems *problems);

/* Lists the folder, reads the tracking table and verifies thoroughly: all there is to find. */
void mig_verify_folder(struct mig_session *s, const char *dir, struct mig_problems *problems);

/* Adds only what the rows themselves say: failed and interrupted operations. */
void mig_verify_rows(struct mig_session *s, const struct mig_rows *rows,
                     struct mig_problems *problems);

#endif
