#include "compiler.h"

#include "census.h"

#include "query.h"
#include "tracking.h"

/* What is known of a table. Texts and tallies are the arena's. */
struct mig_census_table {
    const char *name;
    const struct mig_tally *tally; /* the last one; NULL: none was taken yet */
    int64_t violations;            /* rows without a parent */
    bool has_violations;           /* they were counted */
    bool was_shadow;               /* it was a shadow table before the operation that runs */
    /* Of the operation that runs: */
    bool is_touched; /* it may have other rows, or another shape */
    bool is_written; /* it may have other rows */
    bool is_thinned; /* rows that it had may be others or gone: not only by INSERT */
    bool is_shadow;  /* it is a shadow table now */
    int64_t inserted;
    int64_t updated;
    int64_t deleted;
};

/* The place of the table; that of a new one when it is not known yet; `count` when memory runs out. */
static size_t find_table(struct mig_census *census, const char *name)
{
    void *list = census->tables;
    struct mig_census_table *table;

    for (size_t i = 0; i < census->count; i++)
        if (sqlite3_stricmp(census->tables[i].name, name) == 0)
            return i;
    table =
        mig_array_add(census->copy, &list, census->count, &census->capacity, sizeof(*table));
    census->tables = list;
    if (table == NULL)
        return census->count;
    table->name = mig_arena_text(census->copy, &census->arena, name);
    if (table->name == NULL)
        return census->count;
    return census->count++;
}

/* A row was changed. */
static void count_row(void *context, int operation, const char *schema, const char *name,
                      sqlite3_int64 rowid)
{
    struct mig_census *census = context;
    struct mig_census_table *table;

    (void)schema;
    (void)rowid;
    if (census->last >= census->count || strcmp(census->tables[census->last].name, name) != 0)
        census->last = find_table(census, name);
    if (census->last >= census->count)
        return;
    table = &census->tables[census->last];
    table->inserted += operation == SQLITE_INSERT ? 1 : 0;
    table->updated += operation == SQLITE_UPDATE ? 1 : 0;
    table->deleted += operation == SQLITE_DELETE ? 1 : 0;
}

/* Notes which tables are shadow tables of virtual ones. */
static void find_shadows(struct mig_census *census)
{
    struct mig_session *s = census->copy;
    sqlite3_stmt *query = mig_query_prepare(s, "SELECT name FROM pragma_table_list WHERE "
                                               "schema='main' AND type='shadow'");

    for (size_t i = 0; i < census->count; i++)
        census->tables[i].is_shadow = false;
    while (mig_query_step(s, query)) {
        const char *name = (const char *)sqlite3_column_text(query, 0);
        const size_t i = name == NULL ? census->count : find_table(census, name);

        if (i != census->count)
            census->tables[i].is_shadow = true;
    }
    mig_query_finish(query);
}

static void keep_shadows(struct mig_census *census)
{
    for (size_t i = 0; i < census->count; i++)
        census->tables[i].was_shadow = census->tables[i].is_shadow;
}

void mig_census_init(struct mig_session *live, struct mig_session *copy,
                     struct mig_census *census)
{
    memset(census, 0, sizeof(*census));
    census->live = live;
    census->copy = copy;
    mig_actions_init(&census->actions);
    (void)sqlite3_update_hook(copy->db, count_row, census);
    find_shadows(census);
    keep_shadows(census);
}

void mig_census_release(struct mig_census *census)
{
    if (census->copy != NULL)
        (void)sqlite3_update_hook(census->copy->db, NULL, NULL);
    mig_actions_release(&census->actions);
    mig_arena_release(&census->arena);
    sqlite3_free(census->tables);
    memset(census, 0, sizeof(*census));
}

void mig_census_begin(struct mig_census *census)
{
    for (size_t i = 0; i < census->count; i++) {
        struct mig_census_table *table = &census->tables[i];

        table->is_touched = table->is_written = table->is_thinned = false;
        table->inserted = table->updated = table->deleted = 0;
    }
    mig_actions_release(&census->actions);
    mig_watch_begin(census->copy, census->copy->db, &census->actions);
}

/* Notes what an action touches. */
static void note_action(struct mig_census *census, const struct mig_touch *action)
{
    const bool is_alter = action->code == SQLITE_ALTER_TABLE;
    const bool is_written =
        mig_touch_writes_rows(action) || action->code == SQLITE_CREATE_TABLE ||
        action->code == SQLITE_DROP_TABLE || action->code == SQLITE_CREATE_VTABLE ||
        action->code == SQLITE_DROP_VTABLE;
    const char *schema = is_alter ? action->first : action->schema;
    const char *name = is_alter ? action->second : action->first;
    size_t i;

    if ((!is_alter && !is_written) || name == NULL ||
        (schema != NULL && strcmp(schema, "main") != 0) ||
        sqlite3_strnicmp(name, "sqlite_", 7) == 0 || mig_tracking_is_own(census->copy, name))
        return;
    i = find_table(census, name);
    if (i == census->count)
        return;
    census->tables[i].is_touched = true;
    census->tables[i].is_written |= is_written;
    census->tables[i].is_thinned |= is_written && action->code != SQLITE_INSERT;
}

void mig_census_end(struct mig_census *census)
{
    mig_watch_end(&census->actions);
    for (size_t i = 0; i < census->actions.count; i++)
        note_action(census, &census->actions.list[i]);
}

/* A table that is new or gone was touched: SQLite does not say what RENAME TO makes of a name. */
static void note_object(void *context, enum mig_inventory_change change,
                        const struct mig_inventory_object *object)
{
    struct mig_census *census = context;
    size_t i;

    if (change == MIG_INVENTORY_CHANGED || strcmp(object->type, "table") != 0)
        return;
    i = find_table(census, object->name);
    if (i == census->count)
        return;
    census->tables[i].is_touched = true;
    census->tables[i].is_written = true;
}

static bool has_table(const struct mig_inventory *inventory, const char *name)
{
    for (size_t i = 0; i < inventory->count; i++)
        if (strcmp(inventory->list[i].type, "table") == 0 &&
            sqlite3_stricmp(inventory->list[i].name, name) == 0)
            return true;
    return false;
}

/* Takes off the list what was no table of its own, and is none: views, and shadow tables, which come and
 * go with their virtual one. */
static void drop_others(struct mig_census *census, const struct mig_inventory *before,
                        const struct mig_inventory *after)
{
    for (size_t i = 0; i < census->count; i++) {
        struct mig_census_table *table = &census->tables[i];

        if (table->is_touched)
            table->is_touched = (!table->was_shadow && has_table(before, table->name)) ||
                                (!table->is_shadow && has_table(after, table->name));
    }
}

static const struct mig_tally *take_tally(struct mig_census *census, struct mig_session *s,
                                          const char *name)
{
    struct mig_tally *tally = mig_arena_alloc(census->copy, &census->arena, sizeof(*tally));

    if (tally == NULL)
        return NULL;
    mig_tally_take(s, &census->arena, name, tally);
    if (s != census->copy)
        mig_session_take(census->copy, s);
    return tally;
}

/* True when a column that both have does not hold the same, or the rows do not. */
static bool has_other_values(const struct mig_tally *before, const struct mig_tally *after)
{
    for (size_t i = 0; i < before->column_count; i++) {
        const uint64_t *sum = mig_tally_sum(after, before->columns[i].name);

        if (sum != NULL && *sum != before->columns[i].sum)
            return true;
    }
    return before->column_count == after->column_count && !mig_tally_is_same(before, after);
}

/*
 * Makes the counts fit the numbers of rows: what the update hook did not hear of was deleted by REPLACE or
 * all at once, or belongs to a table WITHOUT ROWID, or to one that was built anew under another name.
 */
static void mend_counts(struct mig_census_change *change, bool is_thinned)
{
    const bool is_silent =
        change->inserted == 0 && change->updated == 0 && change->deleted == 0;
    int64_t more;

    if (change->after == NULL || !change->before->is_known || !change->after->is_known)
        return;
    more = change->after->rows - change->before->rows - (change->inserted - change->deleted);
    if (more > 0)
        change->inserted += more;
    else
        change->deleted -= more;
    /* Rows that came may stand for others that went. */
    if (is_silent && (more == 0 ? has_other_values(change->before, change->after)
                                : more > 0 && is_thinned && change->before->rows > 0))
        change->updated = -1;
}

static void take_change(struct mig_census *census, size_t i, enum mig_census_mode mode,
                        struct mig_census_changes *changes)
{
    struct mig_census_change *change = &changes->list[changes->count];
    struct mig_census_table *table = &census->tables[i];

    change->name = table->name;
    change->inserted = table->inserted;
    change->updated = table->updated;
    change->deleted = table->deleted;
    if (table->tally == NULL)
        table->tally = take_tally(census, census->live, table->name);
    change->before = table->tally;
    if (mode != MIG_CENSUS_LAST || table->is_written)
        change->after = take_tally(census, census->copy, table->name);
    if (!mig_session_ok(census->copy))
        return;
    mend_counts(change, table->is_thinned);
    if (mode != MIG_CENSUS_TRIAL && change->after != NULL)
        table->tally = change->after;
    /* It came and went. */
    if (change->after != NULL && !change->before->is_there && !change->after->is_there)
        return;
    changes->count++;
}

/* Rows of the child without a parent; -1 when they cannot be searched. */
static int64_t count_violations(struct mig_session *s, const char *child)
{
    struct mig_session probe;
    int64_t count = -1;

    if (!mig_session_ok(s))
        return count;
    mig_session_init(&probe, s->db, s->options);
    count = mig_query_integer(
        &probe, -1, "SELECT count(*) FROM pragma_foreign_key_check(%Q,'main')", child);
    if (probe.outcome == MIG_NO_MEMORY || probe.outcome == MIG_INTERRUPTED)
        mig_session_take(s, &probe);
    mig_session_release(&probe);
    return count;
}

static void add_violations(int64_t *sum, int64_t more)
{
    *sum = *sum < 0 || more < 0 ? -1 : *sum + more;
}

static void check_child(struct mig_census *census, size_t i, enum mig_census_mode mode,
                        struct mig_census_changes *changes)
{
    struct mig_census_table *table = &census->tables[i];
    int64_t now;

    if (!table->has_violations) {
        const struct mig_census_change *change = mig_census_find(changes, table->name);
        const bool was_there = change == NULL || change->before->is_there;

        table->violations = was_there ? count_violations(census->live, table->name) : 0;
        mig_session_take(census->copy, census->live);
        table->has_violations = true;
    }
    now = count_violations(census->copy, table->name);
    add_violations(&changes->violations_before, table->violations);
    add_violations(&changes->violations_after, now);
    if (mode != MIG_CENSUS_TRIAL)
        table->violations = now;
}

/* Counts the rows without a parent in the children that were touched, or whose parents were. */
static void check_children(struct mig_census *census, enum mig_census_mode mode,
                           struct mig_census_changes *changes)
{
    sqlite3_stmt *query = mig_query_prepare(
        census->copy, "SELECT DISTINCT l.name, f.\"table\" FROM pragma_table_list l, "
                      "pragma_foreign_key_list(l.name,'main') f WHERE l.schema='main' AND "
                      "l.type='table' ORDER BY 1");
    size_t done = SIZE_MAX;

    while (mig_query_step(census->copy, query)) {
        const char *child = (const char *)sqlite3_column_text(query, 0);
        const char *parent = (const char *)sqlite3_column_text(query, 1);
        size_t i;

        if (child == NULL || parent == NULL ||
            (mig_census_find(changes, child) == NULL &&
             mig_census_find(changes, parent) == NULL))
            continue;
        i = find_table(census, child);
        if (i != census->count && i != done)
            check_child(census, i, mode, changes);
        done = i;
    }
    mig_query_finish(query);
}

static int compare_changes(const void *left, const void *right)
{
    const struct mig_census_change *a = left;
    const struct mig_census_change *b = right;

    return sqlite3_stricmp(a->name, b->name);
}

void mig_census_take(struct mig_census *census, const struct mig_inventory *before,
                     const struct mig_inventory *after, enum mig_census_mode mode,
                     struct mig_census_changes *out_changes)
{
    memset(out_changes, 0, sizeof(*out_changes));
    mig_inventory_compare(before, after, note_object, census);
    find_shadows(census);
    drop_others(census, before, after);
    if (mode != MIG_CENSUS_TRIAL)
        keep_shadows(census);
    out_changes->list = mig_arena_alloc(census->copy, &census->arena,
                                        (census->count + 1) * sizeof(*out_changes->list));
    for (size_t i = 0; i < census->count && mig_session_ok(census->copy); i++)
        if (census->tables[i].is_touched)
            take_change(census, i, mode, out_changes);
    if (out_changes->count > 0)
        qsort(out_changes->list, out_changes->count, sizeof(*out_changes->list),
              compare_changes);
    if (out_changes->count > 0 && mode != MIG_CENSUS_TRIAL)
        check_children(census, mode, out_changes);
}

const struct mig_census_change *mig_census_find(const struct mig_census_changes *changes,
                                                const char *table)
{
    for (size_t i = 0; i < changes->count; i++)
        if (sqlite3_stricmp(changes->list[i].name, table) == 0)
            return &changes->list[i];
    return NULL;
}
