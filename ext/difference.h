/*
 * difference.h - two shapes under comparison, and how one change between them is reported. Only
 * rebuild.c and rebuild_key.c use it; what others read is in rebuild.h.
 */
#ifndef MIG_DIFFERENCE_H
#define MIG_DIFFERENCE_H

#include "arena.h"
#include "compiler.h"
#include "rebuild.h"
#include "session.h"
#include "shape.h"

struct mig_difference {
    struct mig_session *s;
    struct mig_arena *arena;
    const struct mig_shape *before;
    const struct mig_shape *after;
    mig_rebuild_report report;
    void *context;
};

/*
 * Reports *change, whose `why` is made here, with the format of sqlite3_mprintf(). Without an object of
 * its own it is about the table, or about its column `change->column`.
 */
void mig_difference_report(const struct mig_difference *difference,
                           const struct mig_change *change, const char *format, ...);

/* The same for a change that has a rule and perhaps a column, and nothing else. */
void mig_difference_simple(const struct mig_difference *difference, enum mig_rule rule,
                           const char *column, const char *format, ...);

/* What the indexes, the unique keys and the foreign keys lose, and what they newly demand. */
void mig_difference_unique(const struct mig_difference *difference);
void mig_difference_foreign_keys(const struct mig_difference *difference);
void mig_difference_indexes(const struct mig_difference *difference);

#endif
