#include "compiler.h"

#include "lineage.h"

/* The newest entry of a name counts, so going back is to forget the newest ones. */
struct mig_lineage_table {
    const char *name;
    struct mig_ancestry ancestry;
    size_t columns_from; /* columns noted before belong to a table that had this name before */
};

struct mig_lineage_column {
    const char *table;
    const char *name;
    struct mig_column_ancestry ancestry;
};

void mig_lineage_init(struct mig_lineage *lineage)
{
    memset(lineage, 0, sizeof(*lineage));
}

void mig_lineage_release(struct mig_lineage *lineage)
{
    sqlite3_free(lineage->tables);
    sqlite3_free(lineage->columns);
    mig_arena_release(&lineage->arena);
    mig_lineage_init(lineage);
}

static const struct mig_lineage_table *find_table(const struct mig_lineage *lineage,
                                                  const char *table)
{
    for (size_t i = lineage->count; i > 0; i--)
        if (sqlite3_stricmp(lineage->tables[i - 1].name, table) == 0)
            return &lineage->tables[i - 1];
    return NULL;
}

struct mig_ancestry mig_lineage_of(const struct mig_lineage *lineage, const char *table)
{
    const struct mig_lineage_table *found = find_table(lineage, table);
    const struct mig_ancestry same = {.live = table};

    return found == NULL ? same : found->ancestry;
}

struct mig_column_ancestry mig_lineage_of_column(const struct mig_lineage *lineage,
                                                 const char *table, const char *column)
{
    const struct mig_lineage_table *found = find_table(lineage, table);
    const size_t from = found == NULL ? 0 : found->columns_from;
    struct mig_column_ancestry same = {.live = column};

    for (size_t i = lineage->column_count; i > from; i--)
        if (sqlite3_stricmp(lineage->columns[i - 1].name, column) == 0 &&
            sqlite3_stricmp(lineage->columns[i - 1].table, table) == 0)
            return lineage->columns[i - 1].ancestry;
    if (found != NULL && found->ancestry.live == NULL) {
        same.live = NULL;
        same.step = found->ancestry.step;
        same.has_old = found->ancestry.has_old;
    }
    return same;
}

static void put_table(struct mig_session *s, struct mig_lineage *lineage, const char *table,
                      const struct mig_ancestry *ancestry, size_t columns_from)
{
    void *list = lineage->tables;
    struct mig_lineage_table *added =
        mig_array_add(s, &list, lineage->count, &lineage->capacity, sizeof(*added));

    lineage->tables = list;
    if (added == NULL)
        return;
    added->name = mig_arena_text(s, &lineage->arena, table);
    added->ancestry = *ancestry;
    added->ancestry.live = mig_arena_text(s, &lineage->arena, ancestry->live);
    added->columns_from = columns_from;
    if (mig_session_ok(s))
        lineage->count++;
}

static void put_column(struct mig_session *s, struct mig_lineage *lineage, const char *table,
                       const char *column, const struct mig_column_ancestry *ancestry)
{
    void *list = lineage->columns;
    struct mig_lineage_column *added = mig_array_add(s, &list, lineage->column_count,
                                                     &lineage->column_capacity, sizeof(*added));

    lineage->columns = list;
    if (added == NULL)
        return;
    added->table = mig_arena_text(s, &lineage->arena, table);
    added->name = mig_arena_text(s, &lineage->arena, column);
    added->ancestry = *ancestry;
    added->ancestry.live = mig_arena_text(s, &lineage->arena, ancestry->live);
    if (mig_session_ok(s))
        lineage->column_count++;
}

static size_t columns_from(const struct mig_lineage *lineage, const char *table)
{
    const struct mig_lineage_table *found = find_table(lineage, table);

    return found == NULL ? 0 : found->columns_from;
}

void mig_lineage_create(struct mig_session *s, struct mig_lineage *lineage, const char *table)
{
    const struct mig_ancestry made = {.step = lineage->step};

    put_table(s, lineage, table, &made, lineage->column_count);
}

void mig_lineage_rename(struct mig_session *s, struct mig_lineage *lineage, const char *table,
                        const char *to)
{
    const struct mig_ancestry moved = mig_lineage_of(lineage, table);
    const size_t from = columns_from(lineage, table);
    const size_t end = lineage->column_count;

    put_table(s, lineage, to, &moved, end);
    for (size_t i = from; i < end; i++) {
        const struct mig_lineage_column column = lineage->columns[i];

        if (sqlite3_stricmp(column.table, table) == 0)
            put_column(s, lineage, to, column.name, &column.ancestry);
    }
}

void mig_lineage_add_column(struct mig_session *s, struct mig_lineage *lineage,
                            const char *table, const char *column)
{
    const struct mig_column_ancestry made = {.step = lineage->step};

    put_column(s, lineage, table, column, &made);
}

void mig_lineage_rename_column(struct mig_session *s, struct mig_lineage *lineage,
                               const char *table, const char *column, const char *to)
{
    const struct mig_column_ancestry moved = mig_lineage_of_column(lineage, table, column);

    put_column(s, lineage, table, to, &moved);
}

void mig_lineage_fill(struct mig_session *s, struct mig_lineage *lineage, const char *table)
{
    struct mig_ancestry ancestry = mig_lineage_of(lineage, table);

    if (ancestry.filled == lineage->step && ancestry.is_changed)
        return;
    ancestry.filled = lineage->step;
    ancestry.is_changed = true;
    put_table(s, lineage, table, &ancestry, columns_from(lineage, table));
}

bool mig_lineage_is_old(const struct mig_column_ancestry *column)
{
    return column->live != NULL || column->has_old;
}

void mig_lineage_take(struct mig_session *s, struct mig_lineage *lineage, const char *table)
{
    struct mig_ancestry ancestry = mig_lineage_of(lineage, table);

    if (ancestry.live != NULL)
        return;
    ancestry.has_old = true;
    mig_lineage_set(s, lineage, table, &ancestry);
}

void mig_lineage_change(struct mig_session *s, struct mig_lineage *lineage, const char *table,
                        const char *column)
{
    struct mig_ancestry ancestry = mig_lineage_of(lineage, table);
    struct mig_column_ancestry changed;

    if (column != NULL) {
        changed = mig_lineage_of_column(lineage, table, column);
        if (changed.is_changed)
            return;
        changed.is_changed = true;
        put_column(s, lineage, table, column, &changed);
        return;
    }
    if (ancestry.is_thinned)
        return;
    ancestry.is_changed = true;
    ancestry.is_thinned = true;
    put_table(s, lineage, table, &ancestry, columns_from(lineage, table));
}

void mig_lineage_set(struct mig_session *s, struct mig_lineage *lineage, const char *table,
                     const struct mig_ancestry *ancestry)
{
    put_table(s, lineage, table, ancestry, lineage->column_count);
}

void mig_lineage_set_column(struct mig_session *s, struct mig_lineage *lineage,
                            const char *table, const char *column,
                            const struct mig_column_ancestry *ancestry)
{
    put_column(s, lineage, table, column, ancestry);
}

struct mig_lineage_mark mig_lineage_mark(const struct mig_lineage *lineage)
{
    const struct mig_lineage_mark mark = {lineage->count, lineage->column_count};

    return mark;
}

void mig_lineage_back(struct mig_lineage *lineage, const struct mig_lineage_mark *mark)
{
    lineage->count = mark->count;
    lineage->column_count = mark->column_count;
}
