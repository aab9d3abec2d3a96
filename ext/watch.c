#include "compiler.h"

#include "watch.h"

/* The names that the schema tables have in what an authorizer is told. */
static const char *const schema_tables[] = {"sqlite_master", "sqlite_schema",
                                            "sqlite_temp_master", "sqlite_temp_schema"};

void mig_actions_init(struct mig_actions *actions)
{
    memset(actions, 0, sizeof(*actions));
}

void mig_actions_release(struct mig_actions *actions)
{
    mig_arena_release(&actions->arena);
    sqlite3_free(actions->list);
    mig_actions_init(actions);
}

static bool is_schema_table(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof(schema_tables) / sizeof(schema_tables[0]);
         i++)
        if (sqlite3_stricmp(name, schema_tables[i]) == 0)
            return true;
    return false;
}

static bool is_drop(int code)
{
    switch (code) {
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TEMP_INDEX:
    case SQLITE_DROP_TEMP_TABLE:
    case SQLITE_DROP_TEMP_TRIGGER:
    case SQLITE_DROP_TEMP_VIEW:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VIEW:
    case SQLITE_DROP_VTABLE:
        return true;
    default:
        return false;
    }
}

bool mig_touch_is_ddl(const struct mig_touch *action)
{
    switch (action->code) {
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VIEW:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_ALTER_TABLE:
        return true;
    default:
        return is_drop(action->code);
    }
}

bool mig_touch_writes_rows(const struct mig_touch *action)
{
    return action->code == SQLITE_INSERT || action->code == SQLITE_UPDATE ||
           action->code == SQLITE_DELETE;
}

bool mig_touch_writes_schema(const struct mig_touch *action)
{
    return mig_touch_writes_rows(action) && is_schema_table(action->first);
}

static bool is_same_text(const char *left, const char *right)
{
    if (left == NULL || right == NULL)
        return left == right;
    return strcmp(left, right) == 0;
}

static bool is_same(const struct mig_touch *left, const struct mig_touch *right)
{
    return left->code == right->code && is_same_text(left->first, right->first) &&
           is_same_text(left->second, right->second) &&
           is_same_text(left->schema, right->schema) &&
           is_same_text(left->trigger, right->trigger);
}

static void add_action(struct mig_actions *actions, const struct mig_touch *action)
{
    struct mig_session *s = actions->session;
    void *list = actions->list;
    struct mig_touch *place;

    for (size_t i = actions->start; i < actions->count; i++)
        if (is_same(&actions->list[i], action))
            return;
    place = mig_array_add(s, &list, actions->count, &actions->capacity, sizeof(*place));
    actions->list = list;
    if (place == NULL)
        return;
    place->code = action->code;
    place->first = mig_arena_text(s, &actions->arena, action->first);
    place->second = mig_arena_text(s, &actions->arena, action->second);
    place->schema = mig_arena_text(s, &actions->arena, action->schema);
    place->trigger = mig_arena_text(s, &actions->arena, action->trigger);
    if (mig_session_ok(s))
        actions->count++;
}

/* SQLite asks. */
static int authorize(void *context, int code, const char *first, const char *second,
                     const char *schema, const char *trigger)
{
    struct mig_actions *actions = context;
    const struct mig_touch action = {code, first, second, schema, trigger};

    /* It says nothing but that there is a SELECT. */
    if (code != SQLITE_SELECT)
        add_action(actions, &action);
    return SQLITE_OK;
}

void mig_watch_begin(struct mig_session *s, sqlite3 *db, struct mig_actions *actions)
{
    if (!mig_session_ok(s))
        return;
    actions->session = s;
    actions->db = db;
    actions->start = actions->count;
    /* It fails for a connection that is none. */
    (void)sqlite3_set_authorizer(db, authorize, actions);
}

/* Takes out what DDL has asked for on the schema tables. */
static void drop_noise(struct mig_actions *actions)
{
    size_t kept = actions->start;
    bool has_ddl = false;

    for (size_t i = actions->start; i < actions->count && !has_ddl; i++)
        has_ddl = mig_touch_is_ddl(&actions->list[i]);
    if (!has_ddl)
        return;
    for (size_t i = actions->start; i < actions->count; i++)
        if ((!mig_touch_writes_rows(&actions->list[i]) &&
             actions->list[i].code != SQLITE_READ) ||
            !is_schema_table(actions->list[i].first))
            actions->list[kept++] = actions->list[i];
    actions->count = kept;
}

void mig_watch_end(struct mig_actions *actions)
{
    if (actions->session == NULL)
        return;
    (void)sqlite3_set_authorizer(actions->db, NULL, NULL);
    actions->session = NULL;
    actions->db = NULL;
    drop_noise(actions);
}
