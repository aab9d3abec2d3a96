/*
 * rows.h - what is known of the operations that a database has: the rows of its tracking table, as far
 * as decisions need them, in memory and in order of version. tracking.h reads them.
 */
#ifndef MIG_ROWS_H
#define MIG_ROWS_H

#include "arena.h"
#include "compiler.h"
#include "outcome.h"

#include <stddef.h>

/* The state of one operation, as far as decisions need it. Texts are the arena's. */
struct mig_row {
    int64_t version;
    enum mig_state state;
    const char *task;
    const char *path;
};

struct mig_rows {
    struct mig_arena arena;
    struct mig_row *list; /* owned array, in order of version */
    size_t count;
    size_t capacity;
};

/* No rows. */
void mig_rows_init(struct mig_rows *rows);

void mig_rows_release(struct mig_rows *rows);

/* The row of that version; NULL when there is none. */
const struct mig_row *mig_rows_find(const struct mig_rows *rows, int64_t version);

/* The highest completed version; 0 when there is none. */
int64_t mig_rows_newest(const struct mig_rows *rows);

#endif
