#include "compiler.h"

#include "scene.h"

#include "json.h"
#include "query.h"
#include "schema.h"

void mig_scene_release(struct mig_scene *scene)
{
    mig_inventory_release(&scene->inventory);
    mig_compiled_release(&scene->compiled);
    mig_arena_release(&scene->arena);
    memset(scene, 0, sizeof(*scene));
}

int64_t mig_scene_pages(struct mig_session *s)
{
    return mig_query_integer(s, 0, "PRAGMA main.page_count");
}

void mig_scene_look(struct mig_session *s, const struct mig_known_queries *queries,
                    struct mig_scene *scene)
{
    mig_scene_release(scene);
    mig_inventory_read(s, &scene->inventory);
    mig_compiled_find(s, &scene->compiled);
    mig_schema_fingerprint(s, scene->fingerprint);
    scene->pages = mig_scene_pages(s);
    scene->plans =
        mig_arena_alloc(s, &scene->arena, (queries->count + 1) * sizeof(*scene->plans));
    for (size_t i = 0; i < queries->count && mig_session_ok(s); i++)
        mig_known_query_explain(s, &scene->arena, &queries->list[i], &scene->plans[i]);
}

/* What was written, as a text of the arena. */
static const char *keep(struct mig_session *s, struct mig_arena *arena, sqlite3_str *out)
{
    const char *text;
    char *written;

    if (sqlite3_str_errcode(out) != SQLITE_OK)
        mig_session_fail_memory(s);
    written = sqlite3_str_finish(out);
    text = mig_arena_text(s, arena, written);
    sqlite3_free(written);
    return text;
}

const char *mig_scene_rows(struct mig_session *s, struct mig_arena *arena,
                           const struct mig_census_changes *changes)
{
    sqlite3_str *out = sqlite3_str_new(s->db);
    const char *comma = "";

    sqlite3_str_appendchar(out, 1, '{');
    for (size_t i = 0; i < changes->count; i++) {
        const struct mig_census_change *change = &changes->list[i];

        if (change->inserted == 0 && change->updated == 0 && change->deleted == 0)
            continue;
        sqlite3_str_appendall(out, comma);
        mig_json_text(out, change->name);
        sqlite3_str_appendf(out, ":{\"inserted\":%lld,\"updated\":", change->inserted);
        if (change->updated < 0)
            sqlite3_str_appendall(out, "null");
        else
            sqlite3_str_appendf(out, "%lld", change->updated);
        sqlite3_str_appendf(out, ",\"deleted\":%lld}", change->deleted);
        comma = ",";
    }
    sqlite3_str_appendchar(out, 1, '}');
    return keep(s, arena, out);
}

/* A list of objects that is being written. */
struct object_list {
    sqlite3_str *out;
    enum mig_inventory_change change;
    const char *comma;
};

static void add_object(void *context, enum mig_inventory_change change,
                       const struct mig_inventory_object *object)
{
    struct object_list *list = context;

    if (change != list->change)
        return;
    sqlite3_str_appendf(list->out, "%s\"%s ", list->comma, object->type);
    mig_json_escape(list->out, object->name);
    sqlite3_str_appendchar(list->out, 1, '"');
    list->comma = ",";
}

const char *mig_scene_objects(struct mig_session *s, struct mig_arena *arena,
                              const struct mig_scene *before, const struct mig_scene *now)
{
    static const struct {
        enum mig_inventory_change change;
        const char *head;
    } parts[] = {{MIG_INVENTORY_CREATED, "{\"created\":["},
                 {MIG_INVENTORY_CHANGED, "],\"changed\":["},
                 {MIG_INVENTORY_DROPPED, "],\"dropped\":["}};
    sqlite3_str *out = sqlite3_str_new(s->db);

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct object_list list = {out, parts[i].change, ""};

        sqlite3_str_appendall(out, parts[i].head);
        mig_inventory_compare(&before->inventory, &now->inventory, add_object, &list);
    }
    sqlite3_str_appendall(out, "]}");
    return keep(s, arena, out);
}

/* The view or trigger of that kind and name; NULL when there is none. */
static const struct mig_compiled *find_compiled(const struct mig_compiled_list *list,
                                                const struct mig_compiled *entry)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->list[i].kind, entry->kind) == 0 &&
            sqlite3_stricmp(list->list[i].name, entry->name) == 0)
            return &list->list[i];
    return NULL;
}

static void add_broken(sqlite3_str *out, const char **comma, const char *type, const char *name,
                       const char *error)
{
    sqlite3_str_appendf(out, "%s{\"type\":\"%s\",\"name\":", *comma, type);
    mig_json_text(out, name);
    sqlite3_str_appendall(out, ",\"error\":");
    mig_json_text(out, error);
    sqlite3_str_appendchar(out, 1, '}');
    *comma = ",";
}

/* The place of a known query: queries/orders.sql:3. */
static char *name_query(struct mig_session *s, const struct mig_known_query *query)
{
    char *name = sqlite3_mprintf("%s:%lld", query->path, query->line);

    if (name == NULL)
        mig_session_fail_memory(s);
    return name;
}

const char *mig_scene_broken(struct mig_session *s, struct mig_arena *arena,
                             const struct mig_known_queries *queries,
                             const struct mig_scene *before, const struct mig_scene *now)
{
    sqlite3_str *out = sqlite3_str_new(s->db);
    const char *comma = "";

    sqlite3_str_appendchar(out, 1, '[');
    for (size_t i = 0; i < now->compiled.count; i++) {
        const struct mig_compiled *entry = &now->compiled.list[i];
        const struct mig_compiled *old;

        if (entry->error == NULL)
            continue;
        old = find_compiled(&before->compiled, entry);
        if (old != NULL && old->error == NULL)
            add_broken(out, &comma, entry->kind, entry->name, entry->error);
    }
    for (size_t i = 0; i < queries->count; i++) {
        char *name;

        if (now->plans[i].error == NULL || before->plans[i].error != NULL)
            continue;
        name = name_query(s, &queries->list[i]);
        add_broken(out, &comma, "query", name, now->plans[i].error);
        sqlite3_free(name);
    }
    sqlite3_str_appendchar(out, 1, ']');
    return keep(s, arena, out);
}

const char *mig_scene_slower(struct mig_session *s, struct mig_arena *arena,
                             const struct mig_known_queries *queries,
                             const struct mig_scene *before, const struct mig_scene *now)
{
    sqlite3_str *out;
    const char *comma = "";

    if (queries->count == 0)
        return NULL;
    out = sqlite3_str_new(s->db);
    sqlite3_str_appendchar(out, 1, '[');
    for (size_t i = 0; i < queries->count; i++) {
        const char *old = NULL;
        const char *line = mig_known_plan_worse(&before->plans[i], &now->plans[i], &old);
        char *name;

        if (line == NULL)
            continue;
        name = name_query(s, &queries->list[i]);
        sqlite3_str_appendf(out, "%s{\"query\":", comma);
        mig_json_text(out, name);
        sqlite3_str_appendall(out, ",\"before\":");
        mig_json_text(out, old);
        sqlite3_str_appendall(out, ",\"after\":");
        mig_json_text(out, line);
        sqlite3_str_appendchar(out, 1, '}');
        comma = ",";
        sqlite3_free(name);
    }
    sqlite3_str_appendchar(out, 1, ']');
    return keep(s, arena, out);
}
