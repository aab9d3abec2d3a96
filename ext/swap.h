/*
 * swap.h - finds the table rebuilds in a text: statements that put a new table into the place of another
 * one, whatever their order (create, copy, drop, rename; rename away, create, copy, drop; copy away, drop,
 * create, copy back).
 * Source: https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes
 */
#ifndef MIG_SWAP_H
#define MIG_SWAP_H

#include "compiler.h"
#include "session.h"
#include "trial.h"

#include <stdbool.h>
#include <stddef.h>

/* How a copy brings rows from one table to another. */
struct mig_swap_copy {
    size_t deed;      /* INSERT, or CREATE TABLE AS */
    const char *from; /* the table that it reads, as it was called then */
    const char *to;
    const struct mig_shape *shape; /* of the one that it reads; NULL: not known */
};

/* The most copies that rows go through on their way. */
#define MIG_SWAP_COPIES 4

/* One table for another. Texts are those of the trial. */
struct mig_swap {
    const char *origin;             /* the old table's name when the text began */
    const char *name;               /* that of the new one behind the text */
    const char *made;               /* what the new one was called when it was made */
    const char *kept;               /* what the old one is called now; NULL: it is gone */
    const struct mig_shape *before; /* the old table */
    struct mig_swap_copy copies[MIG_SWAP_COPIES]; /* the way of the rows */
    size_t copy_count;                            /* 0: no rows are copied */
    size_t create;                                /* the deed that makes the new one */
    size_t away;           /* the deed that drops the old table, or renames it */
    bool is_renamed_first; /* the old table was renamed before it went */
    size_t rename;         /* the deed that did so */
};

struct mig_swaps {
    struct mig_swap *list; /* owned array */
    size_t count;
    size_t capacity;
    size_t *of_deed; /* owned array: for each deed of the trial, 1 + its swap, or 0 */
};

void mig_swaps_init(struct mig_swaps *swaps);
void mig_swaps_release(struct mig_swaps *swaps);

/* Finds them. *swaps is initialised; it borrows from the trial. */
void mig_swaps_find(struct mig_session *s, struct mig_trial *trial, struct mig_swaps *swaps);

/* The table behind FROM of a statement that brings rows: SQLite asks for nothing where it copies a whole
 * table at once. NULL: none. The text is the trial's. */
const char *mig_swaps_source(struct mig_session *s, struct mig_trial *trial,
                             const struct mig_deed *deed);

/* The swap that the deed is part of; NULL: none. */
const struct mig_swap *mig_swaps_of(const struct mig_swaps *swaps, size_t deed);

#endif
