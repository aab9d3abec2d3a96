#include "compiler.h"

#include "traffic.h"

#include "transfer.h"

/* Rows go from one to another. */
struct mig_traffic_edge {
    size_t deed;
    size_t from; /* tables */
    size_t to;
    const char *from_name;
};

/* An array of a number for each deed, all 0; NULL on a failed session. */
static size_t *number_deeds(struct mig_session *s, const struct mig_trial *trial)
{
    size_t *numbers = sqlite3_malloc64(trial->count * sizeof(numbers[0]));

    if (numbers == NULL)
        mig_session_fail_memory(s);
    else
        memset(numbers, 0, trial->count * sizeof(numbers[0]));
    return numbers;
}

static struct mig_traffic_table *add_table(struct mig_traffic *traffic)
{
    void *list = traffic->tables;
    struct mig_traffic_table *added =
        mig_array_add(traffic->s, &list, traffic->count, &traffic->capacity, sizeof(*added));

    traffic->tables = list;
    if (added == NULL)
        return NULL;
    traffic->count++;
    added->create = MIG_TRAFFIC_NONE;
    added->away = MIG_TRAFFIC_NONE;
    added->rename = MIG_TRAFFIC_NONE;
    return added;
}

/* The table that has the name now; NULL for the schema: in any. MIG_TRAFFIC_NONE: none is known. */
static size_t find_known(const struct mig_traffic *traffic, const char *schema,
                         const char *name)
{
    for (size_t i = traffic->count; i > 0; i--) {
        const struct mig_traffic_table *table = &traffic->tables[i - 1];

        if (table->name != NULL && sqlite3_stricmp(table->name, name) == 0 &&
            (schema == NULL || sqlite3_stricmp(table->schema, schema) == 0))
            return i - 1;
    }
    return MIG_TRAFFIC_NONE;
}

/* The same; one of which nothing was known was there before the text. */
static size_t find_table(struct mig_traffic *traffic, const char *schema, const char *name)
{
    const size_t known = find_known(traffic, schema, name);
    struct mig_traffic_table *added;

    if (known != MIG_TRAFFIC_NONE)
        return known;
    added = add_table(traffic);
    if (added == NULL)
        return MIG_TRAFFIC_NONE;
    added->schema = schema;
    added->name = name;
    added->first = name;
    return traffic->count - 1;
}

static const char *schema_of(const char *schema)
{
    return schema == NULL ? "main" : schema;
}

static void add_edge(struct mig_traffic *traffic, size_t deed, const char *from_schema,
                     const char *from, size_t to)
{
    const size_t source = find_table(traffic, from_schema, from);
    void *list = traffic->edges;
    struct mig_traffic_edge *added = mig_array_add(traffic->s, &list, traffic->edge_count,
                                                   &traffic->edge_capacity, sizeof(*added));

    traffic->edges = list;
    if (added == NULL)
        return;
    added->deed = deed;
    added->from_name = from;
    added->from = source;
    added->to = to;
    if (source != MIG_TRAFFIC_NONE && source != to)
        traffic->edge_count++;
}

static const char *keep_name(struct mig_session *s, struct mig_trial *trial,
                             const struct mig_token *token)
{
    char *name = mig_arena_alloc(s, &trial->arena, token->length + 1);

    if (name != NULL)
        (void)mig_token_unquote(token, name);
    return name;
}

const char *mig_traffic_source(struct mig_session *s, struct mig_trial *trial,
                               const struct mig_deed *deed)
{
    struct mig_transfer transfer;

    mig_transfer_read(trial->text + deed->start, deed->length, &deed->head, &transfer);
    return transfer.is_read && transfer.from.length > 0 ? keep_name(s, trial, &transfer.from)
                                                        : NULL;
}

/* The edge of a statement that copies a whole table at once. Without a schema, temp comes first. */
static void add_whole(struct mig_traffic *traffic, size_t i, size_t to)
{
    const struct mig_deed *deed = &traffic->trial->deeds[i];
    const char *name = mig_traffic_source(traffic->s, traffic->trial, deed);
    struct mig_transfer transfer;
    const char *schema = "main";

    if (name == NULL)
        return;
    mig_transfer_read(traffic->trial->text + deed->start, deed->length, &deed->head, &transfer);
    if (transfer.schema.length > 0)
        schema = keep_name(traffic->s, traffic->trial, &transfer.schema);
    else if (find_known(traffic, "temp", name) != MIG_TRAFFIC_NONE)
        schema = "temp";
    if (schema != NULL)
        add_edge(traffic, i, schema, name, to);
}

/* Notes which tables the statement copies rows from. What a view or a WITH reads does not count. */
static void add_edges(struct mig_traffic *traffic, size_t i, size_t to)
{
    const struct mig_deed *deed = &traffic->trial->deeds[i];
    const struct mig_touch *last = NULL;
    bool has_read = false;

    for (size_t a = deed->first_action; a < deed->end_action && to != MIG_TRAFFIC_NONE; a++) {
        const struct mig_touch *action = &traffic->trial->actions.list[a];

        has_read |= action->code == SQLITE_READ;
        if (action->code != SQLITE_READ || action->trigger != NULL || action->first == NULL ||
            (last != NULL && strcmp(last->first, action->first) == 0 &&
             strcmp(schema_of(last->schema), schema_of(action->schema)) == 0))
            continue;
        last = action;
        add_edge(traffic, i, schema_of(action->schema), action->first, to);
    }
    if (!has_read && to != MIG_TRAFFIC_NONE)
        add_whole(traffic, i, to);
}

static void create(struct mig_traffic *traffic, size_t i, const char *schema)
{
    const struct mig_deed *deed = &traffic->trial->deeds[i];
    struct mig_traffic_table *added = add_table(traffic);

    if (added == NULL)
        return;
    added->schema = schema;
    added->name = deed->name;
    added->made = deed->name;
    added->create = i;
    add_edges(traffic, i, traffic->count - 1);
}

/* Notes the table as it is before the deed, which is the first that drops or renames it. The trial knows
 * those of main only. */
static void look(struct mig_traffic *traffic, size_t at, size_t i)
{
    if (traffic->tables[at].before != NULL ||
        sqlite3_stricmp(traffic->tables[at].schema, "main") != 0)
        return;
    traffic->tables[at].before = traffic->trial->deeds[i].before;
    traffic->tables[at].seen = i;
}

static void drop(struct mig_traffic *traffic, size_t i, const char *schema)
{
    const size_t at = find_table(traffic, schema, traffic->trial->deeds[i].name);

    if (at == MIG_TRAFFIC_NONE)
        return;
    look(traffic, at, i);
    traffic->tables[at].last = traffic->tables[at].name;
    traffic->tables[at].name = NULL;
    traffic->tables[at].away = i;
}

static void move(struct mig_traffic *traffic, size_t i, const char *schema)
{
    const struct mig_deed *deed = &traffic->trial->deeds[i];
    const size_t at = find_table(traffic, schema, deed->name);

    if (at == MIG_TRAFFIC_NONE || deed->to == NULL)
        return;
    look(traffic, at, i);
    traffic->tables[at].name = deed->to;
    traffic->tables[at].rename = i;
    traffic->renamed[i] = at + 1;
}

/* The schema of what the deed does, by the first action of that code; NULL: it does not do it. */
static const char *find_schema(const struct mig_traffic *traffic, const struct mig_deed *deed,
                               int code)
{
    const struct mig_touch *action = mig_trial_find(traffic->trial, deed, code, NULL);

    if (action == NULL)
        return NULL;
    return schema_of(code == SQLITE_ALTER_TABLE ? action->first : action->schema);
}

static void follow_create(struct mig_traffic *traffic, size_t i)
{
    const struct mig_deed *deed = &traffic->trial->deeds[i];
    const char *schema = find_schema(traffic, deed, SQLITE_CREATE_TABLE);

    if (schema == NULL && find_schema(traffic, deed, SQLITE_CREATE_TEMP_TABLE) != NULL)
        schema = "temp";
    if (schema != NULL)
        create(traffic, i, schema);
}

static void follow_drop(struct mig_traffic *traffic, size_t i)
{
    const struct mig_deed *deed = &traffic->trial->deeds[i];
    const char *schema = find_schema(traffic, deed, SQLITE_DROP_TABLE);

    if (schema == NULL && find_schema(traffic, deed, SQLITE_DROP_TEMP_TABLE) != NULL)
        schema = "temp";
    if (schema == NULL && deed->before != NULL)
        schema = "main";
    if (schema != NULL)
        drop(traffic, i, schema);
}

static void follow_insert(struct mig_traffic *traffic, size_t i)
{
    const struct mig_deed *deed = &traffic->trial->deeds[i];
    const struct mig_touch *action =
        mig_trial_find(traffic->trial, deed, SQLITE_INSERT, deed->name);

    add_edges(traffic, i,
              find_table(traffic, schema_of(action == NULL ? deed->schema : action->schema),
                         deed->name));
}

static void follow(struct mig_traffic *traffic, size_t i)
{
    const struct mig_deed *deed = &traffic->trial->deeds[i];
    const char *schema;

    if (deed->failure != NULL || deed->name == NULL)
        return;
    switch ((int)deed->head.kind) {
    case MIG_HEAD_CREATE_TABLE:
        follow_create(traffic, i);
        break;
    case MIG_HEAD_DROP_TABLE:
        follow_drop(traffic, i);
        break;
    case MIG_HEAD_RENAME_TABLE:
        schema = find_schema(traffic, deed, SQLITE_ALTER_TABLE);
        move(traffic, i, schema == NULL ? schema_of(deed->schema) : schema);
        break;
    case MIG_HEAD_INSERT:
        follow_insert(traffic, i);
        break;
    default:
        break;
    }
}

/* True when `next`, 1 + an edge, brings on what the edge brings to a table that the text has made. */
static bool leads_on(const struct mig_traffic *traffic, size_t next,
                     const struct mig_traffic_edge *edge)
{
    return next > 0 && traffic->edges[next - 1].deed > edge->deed &&
           traffic->tables[edge->to].made != NULL;
}

/* For each table, 1 + the last edge at which rows of it can still set out for `to`; 0: they cannot. A copy
 * brings what was there before it. NULL on a failed session. */
static size_t *find_ways(const struct mig_traffic *traffic, size_t to)
{
    size_t *ways = sqlite3_malloc64(traffic->count * sizeof(ways[0]));

    if (ways == NULL) {
        mig_session_fail_memory(traffic->s);
        return NULL;
    }
    memset(ways, 0, traffic->count * sizeof(ways[0]));
    for (size_t e = traffic->edge_count; e > 0; e--) {
        const struct mig_traffic_edge *edge = &traffic->edges[e - 1];
        const size_t next = ways[edge->to];

        if (ways[edge->from] == 0 && edge->from != to &&
            (edge->to == to || leads_on(traffic, next, edge)))
            ways[edge->from] = e;
    }
    return ways;
}

/* The first edge behind edge `start` that brings rows of `from` nearer to `to`: straight, if one does. MIG_TRAFFIC_NONE:
 * none does. */
static size_t find_edge(const struct mig_traffic *traffic, const size_t *ways, size_t start,
                        size_t from, size_t to)
{
    size_t found = MIG_TRAFFIC_NONE;

    for (size_t e = start; e < traffic->edge_count; e++) {
        const struct mig_traffic_edge *edge = &traffic->edges[e];
        const size_t next = ways[edge->to];

        if (edge->from != from ||
            (e > 0 && start > 0 && edge->deed == traffic->edges[start - 1].deed))
            continue;
        if (edge->to == to)
            return e;
        if (found == MIG_TRAFFIC_NONE && leads_on(traffic, next, edge))
            found = e;
    }
    return found;
}

/* The shape of a table that the text drops, or of one that is there behind it. */
static const struct mig_shape *shape_of(const struct mig_traffic *traffic, size_t at)
{
    const struct mig_traffic_table *table = &traffic->tables[at];

    if (table->before != NULL || table->name == NULL ||
        sqlite3_stricmp(table->schema, "main") != 0)
        return table->before;
    return mig_trial_shape(traffic->trial, table->name);
}

static bool sets_out(const struct mig_traffic *traffic, size_t from)
{
    for (size_t e = 0; e < traffic->edge_count; e++)
        if (traffic->edges[e].from == from)
            return true;
    return false;
}

size_t mig_traffic_way(const struct mig_traffic *traffic, size_t from, size_t to,
                       struct mig_traffic_copy out_copies[MIG_TRAFFIC_COPIES])
{
    size_t at = from;
    size_t start = 0;
    size_t count = 0;
    size_t *ways;

    if (!sets_out(traffic, from))
        return 0;
    ways = find_ways(traffic, to);
    while (ways != NULL && at != to && count < MIG_TRAFFIC_COPIES) {
        const size_t e = find_edge(traffic, ways, start, at, to);

        if (e == MIG_TRAFFIC_NONE)
            break;
        out_copies[count++] = (struct mig_traffic_copy){
            .deed = traffic->edges[e].deed,
            .from = traffic->edges[e].from_name,
            .schema = traffic->tables[at].schema,
            .to = traffic->trial->deeds[traffic->edges[e].deed].name,
            .shape = shape_of(traffic, at),
            .create = traffic->tables[at].create,
            .table = traffic->edges[e].to,
        };
        at = traffic->edges[e].to;
        start = e + 1;
    }
    sqlite3_free(ways);
    return at == to ? count : 0;
}

void mig_traffic_init(struct mig_session *s, struct mig_traffic *traffic,
                      struct mig_trial *trial)
{
    memset(traffic, 0, sizeof(*traffic));
    traffic->s = s;
    traffic->trial = trial;
    if (!mig_session_ok(s) || trial->count == 0)
        return;
    traffic->renamed = number_deeds(s, trial);
    for (size_t i = 0; i < trial->count && mig_session_ok(s); i++)
        follow(traffic, i);
}

void mig_traffic_release(struct mig_traffic *traffic)
{
    sqlite3_free(traffic->tables);
    sqlite3_free(traffic->edges);
    sqlite3_free(traffic->renamed);
    memset(traffic, 0, sizeof(*traffic));
}
