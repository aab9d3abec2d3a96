/*
 * work.h - a step of a plan with all that is needed to run and record it: the text of its direction, and
 * the row that the tracking table is to hold, or holds.
 */
#ifndef MIG_WORK_H
#define MIG_WORK_H

#include "arena.h"
#include "clock.h"
#include "compiler.h"
#include "plan.h"
#include "program.h"
#include "session.h"
#include "source.h"
#include "tracking.h"

#include <stddef.h>

struct mig_work {
    const struct mig_step *step; /* borrowed */
    struct mig_arena arena;
    struct mig_content content; /* up: what the files hold */
    struct mig_record record;   /* what the tracking table is to hold, or holds */
    struct mig_program_output printed;
    const char *path; /* of the text: the up file's, or the down file's; the arena's */
    const char
        *text; /* the code of the direction; of a program, once it has run, what it printed */
    size_t length;
    bool has_delimiter; /* what a program printed: as in struct mig_script */
    char completed_at[MIG_CLOCK_SIZE];
};

/* Work that holds nothing. */
void mig_work_init(struct mig_work *work);

void mig_work_release(struct mig_work *work);

/*
 * Reads what the step is made of: up from the folder, where the files must be what they were when the
 * step was vetted; down from the tracking table. *work is initialised first. To be released on every
 * path. `source` may be NULL for a step down.
 */
void mig_work_load(struct mig_session *s, const struct mig_source *source,
                   const struct mig_step *step, struct mig_work *work);

/* What a record says of an operation, with the contents of its files. All pointers are borrowed. */
void mig_work_describe(const struct mig_operation *operation, const struct mig_content *content,
                       struct mig_record *record);

/*
 * Runs the program of the step; what it printed, which is sound for option dialect, becomes the text.
 * work->printed.log is what it said besides.
 */
void mig_work_run_program(struct mig_session *s, const struct mig_source *source,
                          struct mig_work *work);

/* Reads and vets the text of a step, and notes in the step what vetting has found out; texts are the
 * arena's. */
void mig_work_vet(struct mig_session *s, const struct mig_source *source,
                  struct mig_arena *arena, struct mig_step *step);

#endif
