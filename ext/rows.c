#include "compiler.h"

#include "rows.h"

void mig_rows_init(struct mig_rows *rows)
{
    memset(rows, 0, sizeof(*rows));
}

void mig_rows_release(struct mig_rows *rows)
{
    mig_arena_release(&rows->arena);
    sqlite3_free(rows->list);
    mig_rows_init(rows);
}

const struct mig_row *mig_rows_find(const struct mig_rows *rows, int64_t version)
{
    /* Without gaps, version n is the n-th. */
    const size_t likely = version > 0 ? (size_t)version - 1 : 0;
    size_t low = 0;
    size_t high = rows->count;

    if (likely < high && rows->list[likely].version == version)
        return &rows->list[likely];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (rows->list[middle].version < version)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < rows->count && rows->list[low].version == version)
        return &rows->list[low];
    return NULL;
}

int64_t mig_rows_newest(const struct mig_rows *rows)
{
    for (size_t i = rows->count; i > 0; i--)
        if (rows->list[i - 1].state == MIG_STATE_COMPLETED)
            return rows->list[i - 1].version;
    return 0;
}
