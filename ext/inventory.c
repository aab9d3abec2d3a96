#include "compiler.h"

#include "inventory.h"

#include "query.h"
#include "schema.h"
#include "tracking.h"

void mig_inventory_init(struct mig_inventory *inventory)
{
    memset(inventory, 0, sizeof(*inventory));
}

void mig_inventory_release(struct mig_inventory *inventory)
{
    mig_arena_release(&inventory->arena);
    sqlite3_free(inventory->list);
    mig_inventory_init(inventory);
}

static void add_object(struct mig_session *s, struct mig_inventory *inventory,
                       sqlite3_stmt *query)
{
    void *list = inventory->list;
    struct mig_inventory_object *object;

    object = mig_array_add(s, &list, inventory->count, &inventory->capacity, sizeof(*object));
    inventory->list = list;
    if (object == NULL)
        return;
    object->type =
        mig_arena_text(s, &inventory->arena, (const char *)sqlite3_column_text(query, 0));
    object->name =
        mig_arena_text(s, &inventory->arena, (const char *)sqlite3_column_text(query, 1));
    object->sql =
        mig_arena_text(s, &inventory->arena, (const char *)sqlite3_column_text(query, 3));
    if (object->type == NULL || object->name == NULL || object->sql == NULL)
        mig_session_fail_memory(s);
    else
        inventory->count++;
}

void mig_inventory_read(struct mig_session *s, struct mig_inventory *inventory)
{
    sqlite3_stmt *query;

    mig_inventory_release(inventory);
    query = mig_schema_select(s);
    while (mig_query_step(s, query)) {
        const char *table = (const char *)sqlite3_column_text(query, 2);

        if (table == NULL)
            mig_session_fail_memory(s);
        else if (!mig_tracking_is_own(s, table))
            add_object(s, inventory, query);
    }
    mig_query_finish(query);
}

/* The order of two objects; of one that is not there, behind all others. */
static int compare_objects(const struct mig_inventory *left, size_t i,
                           const struct mig_inventory *right, size_t j)
{
    int order;

    if (i == left->count || j == right->count)
        return i == left->count ? 1 : -1;
    order = strcmp(left->list[i].type, right->list[j].type);
    return order != 0 ? order : sqlite3_stricmp(left->list[i].name, right->list[j].name);
}

void mig_inventory_compare(const struct mig_inventory *before,
                           const struct mig_inventory *after, mig_inventory_report *report,
                           void *context)
{
    size_t i = 0;
    size_t j = 0;

    while (i < before->count || j < after->count) {
        const int order = compare_objects(before, i, after, j);

        if (order < 0) {
            report(context, MIG_INVENTORY_DROPPED, &before->list[i]);
        } else if (order > 0) {
            report(context, MIG_INVENTORY_CREATED, &after->list[j]);
        } else if (strcmp(before->list[i].sql, after->list[j].sql) != 0 ||
                   strcmp(before->list[i].name, after->list[j].name) != 0) {
            report(context, MIG_INVENTORY_CHANGED, &after->list[j]);
        }
        i += order <= 0 ? 1 : 0;
        j += order >= 0 ? 1 : 0;
    }
}
