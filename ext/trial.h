/*
 * trial.h - the statements of one text, tried on a clone of the live schema, in order.
 *
 * Each is prepared there under an authorizer (watch.h). What changes the schema is also executed; what
 * changes or reads rows never is, so no function of the application runs, and the rows of CREATE TABLE AS
 * are left out. Pragmas that decide what later statements mean are set until the text ends; others are
 * not run. ATTACH attaches an empty database in memory under the name that the statement gives.
 *
 * What could not be tried says why. Nothing is judged here.
 */
#ifndef MIG_TRIAL_H
#define MIG_TRIAL_H

#include "arena.h"
#include "clone.h"
#include "compiler.h"
#include "head.h"
#include "known_query.h"
#include "session.h"
#include "shape.h"
#include "watch.h"

#include <stdbool.h>
#include <stddef.h>

/* A statement. Texts and shapes are the arena's. */
struct mig_deed {
    size_t start; /* in the text */
    size_t length;
    struct mig_head head; /* its tokens are places in the text */
    const char *schema;   /* these are head's names without quotes; NULL: none */
    const char *name;
    const char *table;
    const char *column;
    const char *to;
    size_t first_action; /* of the trial's actions */
    size_t end_action;
    const char
        *failure;   /* why SQLite cannot prepare or execute it on the clone; NULL: it can */
    bool is_syntax; /* the failure is one of syntax, so it would fail anywhere */
    bool is_new;    /* it was executed, and the schema is another one since */
    const struct mig_shape
        *before; /* of the table that it drops or alters, or whose index it drops */
    const struct mig_shape *after; /* of the table that it alters or adds an index to */
    const struct mig_shape_foreign_key
        *children; /* that point at the table that it drops, renames,
                                                     deletes from or updates, before it does */
    size_t child_count;
    bool is_filled; /* CREATE TABLE AS SELECT */
    bool is_table;  /* it changes rows of a table, not of a view */
    const char
        *replaces; /* that table is declared ON CONFLICT REPLACE: of these columns; NULL: not */
    const struct mig_known_query
        *query; /* that uses the index that it drops; NULL: none is known */
};

/* What trials of one clone, and who judges them, remember from one to the next. Initialised to 0. */
struct mig_trial_memory {
    bool has_looked;
    bool has_replace; /* a table may be declared ON CONFLICT REPLACE */
    bool has_doubt;   /* the schema is perhaps not the one that a run will meet */
};

struct mig_trial {
    struct mig_session *s;                   /* the user's connection; borrowed */
    struct mig_clone *clone;                 /* borrowed */
    const char *text;                        /* borrowed */
    const struct mig_known_queries *queries; /* borrowed; NULL: none */
    struct mig_trial_memory *memory;         /* borrowed; set before */
    bool only_prepares;                      /* set before: nothing is executed */
    struct mig_arena arena;
    struct mig_actions actions;
    struct mig_deed *deeds; /* owned array */
    size_t count;
    size_t capacity;
    bool is_lost;     /* the transaction went with a statement that was stopped */
    bool has_failure; /* of any statement so far */
};

void mig_trial_init(struct mig_trial *trial);
void mig_trial_release(struct mig_trial *trial);

/*
 * Tries the statements of the text; `queries` may be set before. The clone is left with the schema behind the last one, in the
 * transaction that it was in. Fails `s` when memory runs out or the call is interrupted.
 */
void mig_trial_run(struct mig_session *s, struct mig_trial *trial, struct mig_clone *clone,
                   const char *text, size_t length);

/*
 * The shape of a table as the clone has it now, and the foreign keys that point at it. What cannot be read
 * is not there; what ends all work fails the user's session.
 */
const struct mig_shape *mig_trial_shape(struct mig_trial *trial, const char *table);
const struct mig_shape_foreign_key *mig_trial_children(struct mig_trial *trial,
                                                       const char *table, size_t *out_count);

/* The first action of that code about `first` (case aside; NULL: any) of the deed; NULL: none. */
const struct mig_touch *mig_trial_find(const struct mig_trial *trial,
                                       const struct mig_deed *deed, int code,
                                       const char *first);

/* True when the statement itself, no trigger, reads a column of the table (NULL: any column). */
bool mig_trial_reads(const struct mig_trial *trial, const struct mig_deed *deed,
                     const char *table, const char *column);

#endif
