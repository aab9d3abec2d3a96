/*
 * swap.h - finds the table rebuilds in a text: statements that put a new table into the place of another
 * one, whatever their order (create, copy, drop, rename; rename away, create, copy, drop; copy away, drop,
 * create, copy back). The new table has the name of the old one behind the text, or another one: then the
 * old one is gone, its rows are copied to the new one, and that has half of its columns at least. Where two
 * tables are such, and a look at their copies does not tell which is meant, there is no rebuild. Only tables
 * of main take the place of others, or leave theirs.
 * Source: https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes
 */
#ifndef MIG_SWAP_H
#define MIG_SWAP_H

#include "compiler.h"
#include "session.h"
#include "traffic.h"
#include "trial.h"

#include <stdbool.h>
#include <stddef.h>

/* One table for another. Texts are those of the trial. */
struct mig_swap {
    const char *origin; /* the old table's name when the text began */
    const char *name;   /* that of the new one behind the text; may be another one */
    const char *made;   /* what the new one was called when it was made */
    const char *kept;   /* what the old one is called now; NULL: it is gone */
    const struct mig_shape *before;                     /* the old table, ... */
    size_t seen;                                        /* ... as it was when this deed began */
    struct mig_traffic_copy copies[MIG_TRAFFIC_COPIES]; /* the way of the rows */
    size_t copy_count;                                  /* 0: no rows are copied */
    size_t create;                                      /* the deed that makes the new one */
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

/* The swap that the deed is part of; NULL: none. */
const struct mig_swap *mig_swaps_of(const struct mig_swaps *swaps, size_t deed);

#endif
