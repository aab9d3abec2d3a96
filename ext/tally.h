/*
 * tally.h - what a table holds, in a few numbers that do not depend on the order of its rows or columns:
 * how many rows, and sums over the hashes of all values. Two tallies that are equal by accident could hide
 * a lost row, with a chance of about one in 2^64; they are no protection against somebody who wants that.
 *
 * One pass over the table, in constant memory.
 */
#ifndef MIG_TALLY_H
#define MIG_TALLY_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

struct mig_tally_column {
    const char *name; /* the arena's */
    uint64_t sum;     /* of its values, whichever row they are in */
};

struct mig_tally {
    bool is_there; /* there is such a table */
    bool is_known; /* false: it cannot be read, and nothing is known of its rows */
    int64_t rows;
    uint64_t sum[2];                  /* of the rows */
    struct mig_tally_column *columns; /* the arena's */
    size_t column_count;
};

/*
 * Takes the tally of a table of the main database of the session's connection. What keeps it from being
 * read fails nothing, want of memory and an interrupt aside.
 */
void mig_tally_take(struct mig_session *s, struct mig_arena *arena, const char *table,
                    struct mig_tally *out_tally);

/* True when both are known and the tables have the same rows, or neither is there. */
bool mig_tally_is_same(const struct mig_tally *left, const struct mig_tally *right);

/* The sum of the column of that name, case aside; NULL when there is none. */
const uint64_t *mig_tally_sum(const struct mig_tally *tally, const char *column);

#endif
