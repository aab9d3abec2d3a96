/*
 * plan.h - what a run is going to do: the operations to roll back and to apply, in order. Two lists
 * in (the folder's operations and the tracking table's rows), one out; nothing is read or run.
 */
#ifndef MIG_PLAN_H
#define MIG_PLAN_H

#include "arena.h"
#include "compiler.h"
#include "digest.h"
#include "session.h"
#include "source.h"
#include "tracking.h"

#include <stdbool.h>
#include <stddef.h>

enum mig_target_kind {
    MIG_TARGET_ALL,     /* everything */
    MIG_TARGET_VERSION, /* up to and with that version */
    MIG_TARGET_COUNT,   /* that many operations */
    MIG_TARGET_TASK,    /* up to and with the last operation of a task; all of a task */
};

struct mig_target {
    enum mig_target_kind kind;
    int64_t number;   /* a version or a count */
    const char *task; /* borrowed */
};

struct mig_step {
    bool is_down;
    int64_t version;
    const char *task; /* borrowed from the source, or from the rows the plan was made of */
    const struct mig_operation *operation; /* up: borrowed from the source */
    bool has_row;                          /* in the tracking table */
    /* What vetting found out about the text: */
    bool is_alone; /* cannot share a transaction: no-transaction, or a program */
    bool no_transaction;
    bool has_delimiter;
    const char *broken_views; /* comments that approve rule broken-view; NULL: none */
    char checksum[MIG_DIGEST_SIZE];
    bool is_done; /* another connection has done it meanwhile */
};

struct mig_plan {
    struct mig_arena arena; /* of what vetting found out */
    struct mig_step *steps; /* owned array */
    size_t count;
    size_t capacity;
    int64_t floor; /* rows above this version are rolled back first; INT64_MAX: none */
};

void mig_plan_init(struct mig_plan *plan);
void mig_plan_release(struct mig_plan *plan);

/* True when the text of the step lets the view or trigger of that name break. */
bool mig_plan_lets_break(const struct mig_step *step, const char *name);

/*
 * Adds the ups: what the folder has and the rows up to plan->floor have not completed, up to the
 * target. Fails when the target is not in the folder.
 */
void mig_plan_up(struct mig_session *s, const struct mig_source *source,
                 const struct mig_rows *rows, const struct mig_target *target,
                 struct mig_plan *plan);

/* Adds the ups of the versions that the plan rolls back. Fails when one has no file any more. */
void mig_plan_up_again(struct mig_session *s, const struct mig_source *source,
                       const struct mig_rows *rows, struct mig_plan *plan);

/*
 * Adds the downs: the newest completed operations, newest first; or all of a task, which fails when
 * later operations of other tasks are still applied. Sets plan->floor.
 */
void mig_plan_down(struct mig_session *s, const struct mig_rows *rows,
                   const struct mig_target *target, struct mig_plan *plan);

/* Adds the downs of everything above `version`. Sets plan->floor. */
void mig_plan_down_to(struct mig_session *s, const struct mig_rows *rows, int64_t version,
                      struct mig_plan *plan);

/* Adds both: the downs of what is above the target, a version, and the ups of what is pending below. */
void mig_plan_to(struct mig_session *s, const struct mig_source *source,
                 const struct mig_rows *rows, const struct mig_target *target,
                 struct mig_plan *plan);

/* True when the operation is pending: not completed by the rows up to `floor`. */
bool mig_plan_is_pending(const struct mig_rows *rows, int64_t version, int64_t floor);

#endif
