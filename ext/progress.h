/*
 * progress.h - what a person sees on standard error while a run goes on, when option progress asks
 * for it. The only file that writes to a stream of the process.
 */
#ifndef MIG_PROGRESS_H
#define MIG_PROGRESS_H

#include "compiler.h"
#include "session.h"

#include <stddef.h>

struct mig_progress {
    int mode; /* enum mig_progress_mode */
    size_t total;
    size_t done;
    size_t shown; /* the most that was ever done */
};

/* Begins the display of `total` steps. */
void mig_progress_begin(struct mig_session *s, struct mig_progress *progress, size_t total);

/* One operation has been carried out: `direction` is up or down, `duration` in milliseconds. */
void mig_progress_step(struct mig_progress *progress, const char *direction, const char *path,
                       int64_t duration);

/* Operations that were reported have been rolled back and are going to be run again: `done` is what
 * is left. They are not reported twice. */
void mig_progress_back(struct mig_progress *progress, size_t done);

/* Shows a warning, as one line, before the display begins. Nothing with option progress off. */
void mig_progress_warn(struct mig_session *s, const char *text);

/* Ends the display. */
void mig_progress_end(struct mig_progress *progress);

#endif
