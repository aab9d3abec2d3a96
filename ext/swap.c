#include "compiler.h"

#include "swap.h"

#include "traffic.h"
#include "transfer.h"

void mig_swaps_init(struct mig_swaps *swaps)
{
    memset(swaps, 0, sizeof(*swaps));
}

void mig_swaps_release(struct mig_swaps *swaps)
{
    sqlite3_free(swaps->list);
    sqlite3_free(swaps->of_deed);
    mig_swaps_init(swaps);
}

const struct mig_swap *mig_swaps_of(const struct mig_swaps *swaps, size_t deed)
{
    return swaps->of_deed == NULL || swaps->of_deed[deed] == 0
               ? NULL
               : &swaps->list[swaps->of_deed[deed] - 1];
}

static void mark(struct mig_swaps *swaps, size_t deed)
{
    if (deed != MIG_TRAFFIC_NONE && swaps->of_deed[deed] == 0)
        swaps->of_deed[deed] = swaps->count;
}

static void mark_table(struct mig_swaps *swaps, const struct mig_traffic *traffic, size_t i)
{
    const struct mig_traffic_table *table = &traffic->tables[i];

    mark(swaps, table->create);
    mark(swaps, table->away);
    for (size_t d = 0; d < traffic->trial->count && table->rename != MIG_TRAFFIC_NONE; d++)
        if (traffic->renamed[d] == i + 1)
            mark(swaps, d);
}

/* Marks the statements that are the swap: of its tables, those on the way of the rows, and the copies. */
static void mark_swap(struct mig_swaps *swaps, const struct mig_traffic *traffic,
                      const struct mig_swap *swap)
{
    for (size_t c = 0; c < swap->copy_count; c++) {
        mark(swaps, swap->copies[c].deed);
        if (traffic->tables[swap->copies[c].table].made != NULL)
            mark_table(swaps, traffic, swap->copies[c].table);
    }
}

static void add_swap(struct mig_traffic *traffic, size_t old, size_t new,
                     struct mig_swaps *swaps)
{
    const struct mig_traffic_table *from = &traffic->tables[old];
    const struct mig_traffic_table *to = &traffic->tables[new];
    void *list = swaps->list;
    struct mig_swap *swap =
        mig_array_add(traffic->s, &list, swaps->count, &swaps->capacity, sizeof(*swap));

    swaps->list = list;
    if (swap == NULL)
        return;
    swaps->count++;
    swap->origin = from->first;
    swap->name = to->name;
    swap->made = to->made;
    swap->kept = from->name;
    swap->before = from->before;
    swap->seen = from->seen;
    swap->create = to->create;
    swap->away = from->away != MIG_TRAFFIC_NONE ? from->away : from->rename;
    swap->is_renamed_first = from->rename != MIG_TRAFFIC_NONE;
    swap->rename = from->rename;
    swap->copy_count = mig_traffic_way(traffic, old, new, swap->copies);
    mark_table(swaps, traffic, old);
    mark_table(swaps, traffic, new);
    mark_swap(swaps, traffic, swap);
}

#define TWO (SIZE_MAX - 1) /* more than one table */

static bool is_main(const struct mig_traffic_table *table)
{
    return sqlite3_stricmp(table->schema, "main") == 0;
}

/* True for a table of main that the text has made and left there. */
static bool is_result(const struct mig_traffic_table *table)
{
    return table->made != NULL && table->name != NULL && is_main(table);
}

/* True for a new table that is called now what the old one was called first, or at last. */
static bool takes_place(const struct mig_traffic_table *old,
                        const struct mig_traffic_table *new)
{
    return is_result(new) &&
           (sqlite3_stricmp(new->name, old->first) == 0 ||
            (old->last != NULL && sqlite3_stricmp(new->name, old->last) == 0));
}

/* True for a table that has half of the columns at least, computed ones aside. */
static bool is_alike(struct mig_traffic *traffic, const struct mig_shape *before,
                     const char *name)
{
    const struct mig_shape *after = mig_trial_shape(traffic->trial, name);
    size_t columns = 0;
    size_t kept = 0;

    for (size_t c = 0; after != NULL && c < before->column_count; c++) {
        if (before->columns[c].generated != NULL)
            continue;
        columns++;
        kept += mig_shape_column(after, before->columns[c].name) != NULL ? 1 : 0;
    }
    return kept * 2 >= columns && kept > 0;
}

/* How well the new table follows the old one, which is gone, under another name: 0, not at all; 1, rows of the
 * old one may be left out; 2, they all come. */
static int rate(struct mig_traffic *traffic, size_t old, size_t new)
{
    const struct mig_traffic_table *from = &traffic->tables[old];
    struct mig_traffic_copy copies[MIG_TRAFFIC_COPIES];
    size_t count;

    if (!is_result(&traffic->tables[new]))
        return 0;
    count = mig_traffic_way(traffic, old, new, copies);
    if (count == 0 || !is_alike(traffic, from->before, traffic->tables[new].name))
        return 0;
    for (size_t c = 0; c < count; c++) {
        const struct mig_deed *deed = &traffic->trial->deeds[copies[c].deed];
        struct mig_transfer transfer;

        mig_transfer_read(traffic->trial->text + deed->start, deed->length, &deed->head,
                          &transfer);
        if (transfer.odd != NULL)
            return 1;
    }
    return 2;
}

/* The table that follows one which is gone; MIG_TRAFFIC_NONE: none does, or more than one as well as another. */
static size_t find_successor(struct mig_traffic *traffic, size_t old)
{
    size_t found = MIG_TRAFFIC_NONE;
    int best = 1;

    if (traffic->tables[old].name != NULL)
        return MIG_TRAFFIC_NONE;
    for (size_t new = 0; new < traffic->count &&mig_session_ok(traffic->s); new ++) {
        const int rating = rate(traffic, old, new);

        if (rating < best || rating == 0)
            continue;
        found = found != MIG_TRAFFIC_NONE && rating == best ? TWO : new;
        best = rating;
    }
    return found == TWO ? MIG_TRAFFIC_NONE : found;
}

/* Looks for tables that have the name now which another one had before, or its rows. */
static void match(struct mig_traffic *traffic, struct mig_swaps *swaps)
{
    for (size_t old = 0; old < traffic->count; old++) {
        const struct mig_traffic_table *from = &traffic->tables[old];
        size_t successor = MIG_TRAFFIC_NONE;
        bool found = false;

        if (from->first == NULL || from->before == NULL || !is_main(from))
            continue;
        for (size_t new = 0; new < traffic->count; new ++) {
            if (!takes_place(from, &traffic->tables[new]))
                continue;
            add_swap(traffic, old, new, swaps);
            found = true;
        }
        if (!found)
            successor = find_successor(traffic, old);
        if (successor != MIG_TRAFFIC_NONE)
            add_swap(traffic, old, successor, swaps);
    }
}

void mig_swaps_find(struct mig_session *s, struct mig_trial *trial, struct mig_swaps *swaps)
{
    struct mig_traffic traffic;

    if (!mig_session_ok(s) || trial->count == 0)
        return;
    swaps->of_deed = sqlite3_malloc64(trial->count * sizeof(swaps->of_deed[0]));
    if (swaps->of_deed == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    memset(swaps->of_deed, 0, trial->count * sizeof(swaps->of_deed[0]));
    mig_traffic_init(s, &traffic, trial);
    if (mig_session_ok(s))
        match(&traffic, swaps);
    mig_traffic_release(&traffic);
}
