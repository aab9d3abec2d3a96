#include "compiler.h"

#include "swap.h"

#include "transfer.h"

/* A table in the course of the text. Names are the trial's. */
struct entity {
    const char *name;  /* now; NULL: dropped */
    const char *first; /* its name when the text began; NULL: made by the text */
    const char *last;  /* its name before it was dropped; NULL: it is there */
    const char *made;  /* its name when it was made; NULL: not by the text */
    const struct mig_shape *before;
    size_t create;
    size_t away;
    size_t rename;
    bool is_renamed;
};

/* Rows go from one to another. */
struct edge {
    size_t deed;
    size_t from; /* entities */
    size_t to;
    const char *from_name;
};

struct search {
    struct mig_session *s;
    struct mig_trial *trial;
    struct entity *entities; /* owned array */
    size_t count;
    size_t capacity;
    struct edge *edges; /* owned array */
    size_t edge_count;
    size_t edge_capacity;
};

#define NONE SIZE_MAX

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

static struct entity *add_entity(struct search *search)
{
    void *list = search->entities;
    struct entity *added =
        mig_array_add(search->s, &list, search->count, &search->capacity, sizeof(*added));

    search->entities = list;
    if (added == NULL)
        return NULL;
    search->count++;
    added->create = NONE;
    added->away = NONE;
    added->rename = NONE;
    return added;
}

/* The table of that name now. One of which nothing was known was there before the text. */
static size_t find_entity(struct search *search, const char *name)
{
    struct entity *added;

    for (size_t i = search->count; i > 0; i--)
        if (search->entities[i - 1].name != NULL &&
            sqlite3_stricmp(search->entities[i - 1].name, name) == 0)
            return i - 1;
    added = add_entity(search);
    if (added == NULL)
        return NONE;
    added->name = name;
    added->first = name;
    return search->count - 1;
}

static void add_edge(struct search *search, size_t deed, const char *from, const char *to)
{
    void *list = search->edges;
    struct edge *added = mig_array_add(search->s, &list, search->edge_count,
                                       &search->edge_capacity, sizeof(*added));

    search->edges = list;
    if (added == NULL)
        return;
    added->deed = deed;
    added->from_name = from;
    added->from = find_entity(search, from);
    added->to = find_entity(search, to);
    search->edge_count++;
}

const char *mig_swaps_source(struct mig_session *s, struct mig_trial *trial,
                             const struct mig_deed *deed)
{
    struct mig_transfer transfer;
    char *name;

    mig_transfer_read(trial->text + deed->start, deed->length, &deed->head, &transfer);
    if (!transfer.is_read || transfer.from.length == 0)
        return NULL;
    name = mig_arena_alloc(s, &trial->arena, transfer.from.length + 1);
    if (name != NULL)
        (void)mig_token_unquote(&transfer.from, name);
    return name;
}

/* Notes which tables the statement copies rows from. */
static void add_edges(struct search *search, size_t i, const char *to)
{
    const struct mig_deed *deed = &search->trial->deeds[i];
    const char *last = NULL;

    for (size_t a = deed->first_action; a < deed->end_action; a++) {
        const struct mig_touch *action = &search->trial->actions.list[a];

        if (action->code != SQLITE_READ || action->trigger != NULL || action->first == NULL ||
            sqlite3_stricmp(action->first, to) == 0 ||
            (last != NULL && strcmp(last, action->first) == 0))
            continue;
        last = action->first;
        add_edge(search, i, action->first, to);
    }
    if (last == NULL)
        last = mig_swaps_source(search->s, search->trial, deed);
    else
        return;
    if (last != NULL)
        add_edge(search, i, last, to);
}

static void create(struct search *search, size_t i)
{
    const struct mig_deed *deed = &search->trial->deeds[i];
    struct entity *added = add_entity(search);

    if (added == NULL)
        return;
    added->name = deed->name;
    added->made = deed->name;
    added->create = i;
    add_edges(search, i, deed->name);
}

static void drop(struct search *search, size_t i)
{
    const struct mig_deed *deed = &search->trial->deeds[i];
    const size_t at = find_entity(search, deed->name);

    if (at == NONE)
        return;
    search->entities[at].last = search->entities[at].name;
    search->entities[at].name = NULL;
    search->entities[at].away = i;
    if (search->entities[at].before == NULL)
        search->entities[at].before = deed->before;
}

static void move(struct search *search, size_t i)
{
    const struct mig_deed *deed = &search->trial->deeds[i];
    const size_t at = find_entity(search, deed->name);

    if (at == NONE || deed->to == NULL)
        return;
    search->entities[at].name = deed->to;
    search->entities[at].is_renamed = true;
    search->entities[at].rename = i;
    if (search->entities[at].before == NULL)
        search->entities[at].before = deed->before;
}

static void follow(struct search *search, size_t i)
{
    const struct mig_deed *deed = &search->trial->deeds[i];

    if (deed->failure != NULL || deed->name == NULL)
        return;
    switch ((int)deed->head.kind) {
    case MIG_HEAD_CREATE_TABLE:
        if (mig_trial_find(search->trial, deed, SQLITE_CREATE_TABLE, NULL) != NULL ||
            mig_trial_find(search->trial, deed, SQLITE_CREATE_TEMP_TABLE, NULL) != NULL)
            create(search, i);
        break;
    case MIG_HEAD_DROP_TABLE:
        if (deed->before != NULL ||
            mig_trial_find(search->trial, deed, SQLITE_DROP_TEMP_TABLE, NULL) != NULL)
            drop(search, i);
        break;
    case MIG_HEAD_RENAME_TABLE:
        move(search, i);
        break;
    case MIG_HEAD_INSERT:
        add_edges(search, i, deed->name);
        break;
    default:
        break;
    }
}

/* For each table, 1 + the copy that brings its rows nearer to `to`; 0: none does. NULL on a failed session. */
static size_t *find_ways(const struct search *search, size_t to)
{
    size_t *ways = sqlite3_malloc64(search->count * sizeof(ways[0]));
    bool is_new = ways != NULL;

    if (ways == NULL) {
        mig_session_fail_memory(search->s);
        return NULL;
    }
    memset(ways, 0, search->count * sizeof(ways[0]));
    while (is_new) {
        is_new = false;
        for (size_t e = 0; e < search->edge_count; e++) {
            const struct edge *edge = &search->edges[e];

            if (edge->from == to || ways[edge->from] != 0 ||
                (edge->to != to && ways[edge->to] == 0))
                continue;
            ways[edge->from] = e + 1;
            is_new = true;
        }
    }
    return ways;
}

/* Notes the copies from one table to the other; none where there is no way, or a very long one. */
static void find_way(const struct search *search, size_t from, size_t to, struct mig_swap *swap)
{
    size_t *ways = find_ways(search, to);
    size_t at = from;

    while (ways != NULL && at != to && ways[at] != 0 && swap->copy_count < MIG_SWAP_COPIES) {
        const struct edge *edge = &search->edges[ways[at] - 1];

        swap->copies[swap->copy_count].deed = edge->deed;
        swap->copies[swap->copy_count].from = edge->from_name;
        swap->copies[swap->copy_count].to = search->trial->deeds[edge->deed].name;
        swap->copies[swap->copy_count].shape = search->entities[edge->from].before;
        swap->copy_count++;
        at = edge->to;
    }
    if (at != to)
        swap->copy_count = 0;
    sqlite3_free(ways);
}

static void mark(struct mig_swaps *swaps, size_t deed)
{
    if (deed != NONE && swaps->of_deed[deed] == 0)
        swaps->of_deed[deed] = swaps->count;
}

static void mark_entity(struct mig_swaps *swaps, const struct search *search, size_t i)
{
    mark(swaps, search->entities[i].create);
    mark(swaps, search->entities[i].away);
    mark(swaps, search->entities[i].rename);
}

/* Marks the statements that are the swap: of its tables, those on the way of the rows, and the copies. */
static void mark_swap(struct mig_swaps *swaps, const struct search *search,
                      const struct mig_swap *swap)
{
    for (size_t c = 0; c < swap->copy_count; c++)
        for (size_t e = 0; e < search->edge_count; e++) {
            if (search->edges[e].deed != swap->copies[c].deed)
                continue;
            mark(swaps, search->edges[e].deed);
            if (search->entities[search->edges[e].to].made != NULL)
                mark_entity(swaps, search, search->edges[e].to);
        }
}

static void add_swap(struct search *search, size_t old, size_t new, struct mig_swaps *swaps)
{
    const struct entity *from = &search->entities[old];
    const struct entity *to = &search->entities[new];
    void *list = swaps->list;
    struct mig_swap *swap =
        mig_array_add(search->s, &list, swaps->count, &swaps->capacity, sizeof(*swap));

    swaps->list = list;
    if (swap == NULL)
        return;
    swaps->count++;
    swap->origin = from->first;
    swap->name = to->name;
    swap->made = to->made;
    swap->kept = from->name;
    swap->before = from->before;
    swap->create = to->create;
    swap->away = from->away != NONE ? from->away : from->rename;
    swap->is_renamed_first = from->is_renamed;
    swap->rename = from->rename;
    find_way(search, old, new, swap);
    mark_entity(swaps, search, old);
    mark_entity(swaps, search, new);
    mark_swap(swaps, search, swap);
}

/* True for a new table that is called now what the old one was called first, or at last. */
static bool takes_place(const struct entity *old, const struct entity *new)
{
    if (new->made == NULL || new->name == NULL)
        return false;
    return sqlite3_stricmp(new->name, old->first) == 0 ||
           (old->last != NULL && sqlite3_stricmp(new->name, old->last) == 0);
}

/* Looks for tables that have the name now which another one had before. */
static void match(struct search *search, struct mig_swaps *swaps)
{
    for (size_t old = 0; old < search->count; old++) {
        const struct entity *from = &search->entities[old];

        if (from->first == NULL || from->before == NULL)
            continue;
        for (size_t new = 0; new < search->count; new ++)
            if (takes_place(from, &search->entities[new]))
                add_swap(search, old, new, swaps);
    }
}

void mig_swaps_find(struct mig_session *s, struct mig_trial *trial, struct mig_swaps *swaps)
{
    struct search search = {.s = s, .trial = trial};

    if (!mig_session_ok(s) || trial->count == 0)
        return;
    for (size_t i = 0; i < trial->count && mig_session_ok(s); i++)
        follow(&search, i);
    if (mig_session_ok(s)) {
        swaps->of_deed = sqlite3_malloc64(trial->count * sizeof(swaps->of_deed[0]));
        if (swaps->of_deed == NULL) {
            mig_session_fail_memory(s);
        } else {
            memset(swaps->of_deed, 0, trial->count * sizeof(swaps->of_deed[0]));
            match(&search, swaps);
        }
    }
    sqlite3_free(search.entities);
    sqlite3_free(search.edges);
}
