#include "compiler.h"

#include "journey.h"

#include "query.h"
#include "transfer.h"

bool mig_journey_is_name(const struct mig_token *token, const char *name)
{
    char buffer[512];

    if (token->length == 0 || token->length >= sizeof(buffer))
        return false;
    (void)mig_token_unquote(token, buffer);
    return sqlite3_stricmp(buffer, name) == 0;
}

/* A way, and where it is looked at. */
struct way {
    struct mig_session *s;
    struct mig_trial *trial;
    const struct mig_swap *swap;
    const struct mig_shape *after;
};

static const char *keep_name(const struct way *way, const struct mig_token *token)
{
    char *name = mig_arena_alloc(way->s, &way->trial->arena, token->length + 1);

    if (name != NULL)
        (void)mig_token_unquote(token, name);
    return name;
}

static void read_copy(const struct mig_trial *trial, size_t deed, struct mig_transfer *transfer)
{
    const struct mig_deed *copy = &trial->deeds[deed];

    mig_transfer_read(trial->text + copy->start, copy->length, &copy->head, transfer);
}

/* The n-th of the columns that the copy names; NULL: there is none. */
static const char *named_target(const struct way *way, const struct mig_part *targets, size_t n)
{
    struct mig_transfer_item target;
    size_t position = 0;

    for (size_t at = 0; mig_transfer_next(targets, &position, &target); at++)
        if (at == n)
            return keep_name(way, target.string.length > 0 ? &target.string : &target.column);
    return NULL;
}

/* The column that the n-th item goes to; NULL: not known. */
static const char *target_of(const struct way *way, const struct mig_transfer *transfer,
                             const struct mig_shape *to, size_t n,
                             const struct mig_transfer_item *item)
{
    size_t at = 0;

    if (transfer->targets.length > 0)
        return named_target(way, &transfer->targets, n);
    for (size_t c = 0; to != NULL && c < to->column_count; c++)
        if (to->columns[c].generated == NULL && at++ == n)
            return to->columns[c].name;
    return to == NULL && item->name.length > 0 ? keep_name(way, &item->name) : NULL;
}

/* A walk over the columns that a copy writes, with `*` taken apart. */
struct pairs {
    const struct mig_transfer *transfer;
    const struct mig_shape *from; /* the old table; NULL: not known any more */
    const struct mig_shape *to;   /* the new one; NULL likewise */
    struct mig_transfer_item item;
    size_t position;
    size_t star;      /* the next column of `*` */
    size_t n;         /* how many were there before */
    const char *name; /* the column of `*`; NULL: the item says */
};

static bool next_pair(struct pairs *pairs)
{
    pairs->name = NULL;
    while (!pairs->item.is_star || pairs->from == NULL ||
           pairs->star == pairs->from->column_count) {
        if (!mig_transfer_next(&pairs->transfer->items, &pairs->position, &pairs->item))
            return false;
        pairs->star = 0;
        if (!pairs->item.is_star)
            return true;
    }
    pairs->name = pairs->from->columns[pairs->star++].name;
    return true;
}

/* The column that the pair writes; NULL: not known. */
static const char *written_by(const struct way *way, const struct pairs *pairs)
{
    if (pairs->name != NULL && pairs->transfer->targets.length == 0 && pairs->to == NULL)
        return pairs->name;
    return target_of(way, pairs->transfer, pairs->to, pairs->n, &pairs->item);
}

/* What one pair says about the column `name`. */
static void follow_pair(const struct pairs *pairs, const char *target, const char *name,
                        struct mig_journey *journey)
{
    const bool is_it = pairs->name != NULL ? sqlite3_stricmp(pairs->name, name) == 0
                                           : mig_journey_is_name(&pairs->item.column, name);
    const bool is_there = sqlite3_stricmp(target, name) == 0;

    if (is_it && (is_there || journey->fate == MIG_FATE_LOST)) {
        journey->fate = MIG_FATE_KEPT;
        journey->name = target;
        journey->is_renamed = !is_there;
    } else if (is_there && !is_it) {
        /* Its values are kept elsewhere, perhaps, but what has its name holds others. */
        journey->fate = pairs->name != NULL || pairs->item.column.length > 0
                            ? MIG_FATE_REPLACED
                            : MIG_FATE_COMPUTED;
        journey->name = name;
        journey->text = pairs->item.text;
    }
}

/* Where a column goes in one copy: *journey is of `name` before, and behind afterwards. */
static void follow_copy(const struct way *way, struct pairs pairs, struct mig_journey *journey)
{
    const char *name = journey->name;
    const bool was_renamed = journey->is_renamed;
    struct mig_transfer_item first;
    size_t position = 0;

    /* All columns of a table that nothing is known of. */
    if (pairs.from == NULL && mig_transfer_next(&pairs.transfer->items, &position, &first) &&
        first.is_star) {
        journey->fate = MIG_FATE_UNKNOWN;
        return;
    }
    journey->fate = MIG_FATE_LOST;
    journey->name = NULL;
    for (; next_pair(&pairs); pairs.n++) {
        const char *target = written_by(way, &pairs);

        if (target != NULL)
            follow_pair(&pairs, target, name, journey);
    }
    journey->is_renamed |= was_renamed;
}

/* The type behind the name of a column; "" without one. */
static const char *read_type(const struct way *way, const char *text)
{
    static const char *const ends[] = {"CONSTRAINT", "PRIMARY", "NOT",      "NULL",
                                       "UNIQUE",     "CHECK",   "DEFAULT",  "COLLATE",
                                       "REFERENCES", "AS",      "GENERATED"};
    const size_t length = strlen(text);
    size_t position = 0;
    size_t start = 0;
    size_t end = 0;
    char *type = mig_arena_alloc(way->s, &way->trial->arena, length + 1);

    for (;;) {
        const struct mig_token token = mig_token_next(text, length, &position);
        bool is_end = !mig_token_is_name(&token);

        if (end == 0)
            start = position - token.length;

        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
            is_end |= mig_token_is_word(&token, ends[i]);
        if (is_end)
            break;
        end = position;
    }
    if (type != NULL && end > 0)
        memcpy(type, text + start, end - start);
    return type;
}

/* The columns that a CREATE TABLE names; `out` NULL: only how many. */
static size_t read_defined(const struct way *way, const struct mig_deed *deed,
                           struct mig_shape_column *out)
{
    char *text = mig_arena_alloc(way->s, &way->trial->arena, deed->length + 1);
    struct mig_definition definition;
    struct mig_clause clause = {.kind = MIG_CLAUSE_STRICT};
    size_t count = 0;

    if (text == NULL)
        return 0;
    memcpy(text, way->trial->text + deed->start, deed->length);
    mig_definition_begin(&definition, text);
    while (clause.kind != MIG_CLAUSE_END) {
        clause = mig_definition_next(&definition);
        if (clause.kind == MIG_CLAUSE_COLUMN) {
            const struct mig_token name = mig_token_at(clause.name.text, clause.name.length);

            if (out != NULL) {
                out[count].name = keep_name(way, &name);
                out[count].type = read_type(way, clause.name.text + clause.name.length);
            }
            count++;
        } else if (clause.kind == MIG_CLAUSE_GENERATED && out != NULL && count > 0) {
            out[count - 1].generated = "";
        }
    }
    return count;
}

/* The columns that a CREATE TABLE AS gets from its query. */
static size_t read_selected(const struct way *way, const struct mig_transfer *transfer,
                            const struct mig_shape *from, struct mig_shape_column *out)
{
    struct pairs pairs = {.transfer = transfer, .from = from};
    size_t count = 0;

    for (; next_pair(&pairs); count++)
        if (out != NULL)
            out[count].name =
                pairs.name != NULL ? pairs.name : keep_name(way, &pairs.item.name);
    return count;
}

/* The names of the columns of a table, by the text that makes it from `from`. */
static const struct mig_shape *read_columns(const struct way *way, size_t create,
                                            const struct mig_shape *from)
{
    const struct mig_deed *deed = &way->trial->deeds[create];
    struct mig_shape *shape = mig_arena_alloc(way->s, &way->trial->arena, sizeof(*shape));
    struct mig_transfer transfer;
    size_t count;

    read_copy(way->trial, create, &transfer);
    count = transfer.is_read ? read_selected(way, &transfer, from, NULL)
                             : read_defined(way, deed, NULL);
    if (shape == NULL)
        return NULL;
    shape->columns =
        mig_arena_alloc(way->s, &way->trial->arena, (count + 1) * sizeof(shape->columns[0]));
    if (shape->columns == NULL)
        return NULL;
    shape->column_count = transfer.is_read ? read_selected(way, &transfer, from, shape->columns)
                                           : read_defined(way, deed, shape->columns);
    return shape;
}

/* The table that copy `c` reads, behind the last copy the new one. Of one that is not of main, only the
 * names of its columns are known. */
static const struct mig_shape *shape_at(const struct way *way, size_t c)
{
    const struct mig_shape *from = way->swap->copies[0].shape;

    if (c == way->swap->copy_count)
        return way->after;
    if (way->swap->copies[c].shape != NULL || way->swap->copies[c].create == MIG_TRAFFIC_NONE)
        return way->swap->copies[c].shape;
    for (size_t n = 1; n <= c; n++) {
        const struct mig_traffic_copy *copy = &way->swap->copies[n];

        from = copy->shape != NULL || copy->create == MIG_TRAFFIC_NONE
                   ? copy->shape
                   : read_columns(way, copy->create, from);
    }
    return from;
}

const struct mig_shape *mig_journey_shape(struct mig_session *s, struct mig_trial *trial,
                                          const struct mig_swap *swap, size_t n)
{
    const struct way way = {s, trial, swap, NULL};

    return shape_at(&way, n);
}

/* From one deed up to another. */
struct stretch {
    size_t start;
    size_t end;
    const char *table; /* as the table is called at its start */
};

/* What a column of the table is called behind the stretch. */
static const char *follow_renames(const struct mig_trial *trial, struct stretch stretch,
                                  const char *column)
{
    for (size_t d = stretch.start; d < stretch.end; d++) {
        const struct mig_deed *deed = &trial->deeds[d];

        if (deed->failure != NULL || deed->name == NULL || deed->to == NULL ||
            sqlite3_stricmp(deed->name, stretch.table) != 0)
            continue;
        if (deed->head.kind == MIG_HEAD_RENAME_TABLE)
            stretch.table = deed->to;
        else if (deed->head.kind == MIG_HEAD_RENAME_COLUMN && deed->column != NULL &&
                 sqlite3_stricmp(deed->column, column) == 0)
            column = deed->to;
    }
    return column;
}

/* The same behind copy `c`, up to the next one or the end. Without a list of columns the copy was read with
 * the names that the table has at last. */
static void follow_on(const struct way *way, size_t c, const struct mig_transfer *transfer,
                      struct mig_journey *journey)
{
    const bool is_last = c + 1 == way->swap->copy_count;
    const struct mig_traffic_copy *copy = &way->swap->copies[c];
    const struct stretch stretch = {
        copy->deed + 1, is_last ? way->trial->count : way->swap->copies[c + 1].deed, copy->to};

    if (journey->name != NULL &&
        (transfer->targets.length > 0 || (!is_last && way->swap->copies[c + 1].shape == NULL)))
        journey->name = follow_renames(way->trial, stretch, journey->name);
}

struct mig_journey mig_journey_follow(struct mig_session *s, struct mig_trial *trial,
                                      const struct mig_swap *swap,
                                      const struct mig_shape *after, const char *column)
{
    const struct way way = {s, trial, swap, after};
    struct mig_journey journey = {.fate = MIG_FATE_KEPT, .name = column};

    if (swap->copy_count > 0)
        journey.name = follow_renames(
            trial,
            (struct stretch){swap->seen, swap->copies[0].deed, trial->deeds[swap->seen].name},
            column);
    for (size_t c = 0; c < swap->copy_count && journey.name != NULL; c++) {
        struct mig_transfer transfer;

        read_copy(trial, swap->copies[c].deed, &transfer);
        if (!transfer.is_read) {
            if (!mig_trial_reads(trial, &trial->deeds[swap->copies[c].deed],
                                 swap->copies[c].from, journey.name))
                journey.fate = MIG_FATE_LOST;
            continue;
        }
        follow_copy(&way,
                    (struct pairs){.transfer = &transfer,
                                   .from = shape_at(&way, c),
                                   .to = shape_at(&way, c + 1)},
                    &journey);
        if (journey.fate != MIG_FATE_KEPT)
            break;
        follow_on(&way, c, &transfer, &journey);
    }
    return journey;
}

/* True for a function that makes one row of many, with so many arguments. */
static bool is_aggregate(const struct way *way, const struct mig_transfer_call *call)
{
    struct mig_session probe;
    sqlite3_stmt *query;
    bool found = false;

    mig_session_init(&probe, way->trial->clone->session.db, way->s->options);
    query = mig_query_prepare(&probe, "SELECT 1 FROM pragma_function_list WHERE type<>'s' AND "
                                      "name=?1 COLLATE NOCASE AND (narg<0 OR narg=?2)");
    mig_query_bind_text(&probe, query, 1, keep_name(way, &call->name));
    mig_query_bind_integer(&probe, query, 2, (int64_t)call->arguments);
    found = mig_query_step(&probe, query);
    mig_query_finish(query);
    if (probe.outcome == MIG_NO_MEMORY || probe.outcome == MIG_INTERRUPTED)
        mig_session_take(way->s, &probe);
    mig_session_release(&probe);
    return found;
}

/* That there is a function that makes one row of all; NULL: there is none. */
static const char *find_aggregate(const struct way *way, const struct mig_transfer *transfer)
{
    struct mig_transfer_call call;
    size_t position = 0;

    while (mig_transfer_next_call(&transfer->select, &position, &call))
        if (is_aggregate(way, &call))
            return "a function that makes one row of many";
    return NULL;
}

/* True when the statement holds the first word and, behind it, the second. */
static bool holds_words(const struct mig_trial *trial, size_t deed, const char *first,
                        const char *second)
{
    size_t position = 0;
    bool has_first = false;

    for (;;) {
        const struct mig_token token = mig_token_next(trial->text + trial->deeds[deed].start,
                                                      trial->deeds[deed].length, &position);

        if (token.kind == MIG_TOKEN_END)
            return false;
        if (has_first && mig_token_is_word(&token, second))
            return true;
        has_first |= mig_token_is_word(&token, first);
    }
}

/* True when a trigger that was made before may leave rows out. */
static bool has_raise(const struct mig_trial *trial, size_t end)
{
    for (size_t d = 0; d < end; d++)
        if (trial->deeds[d].head.kind == MIG_HEAD_CREATE_TRIGGER &&
            holds_words(trial, d, "RAISE", "IGNORE"))
            return true;
    return false;
}

/* What a table on the way does with rows that are in the way of each other; NULL: nothing. */
static const char *find_conflict(const struct way *way, size_t n)
{
    const size_t create =
        n == way->swap->copy_count ? MIG_TRAFFIC_NONE : way->swap->copies[n].create;

    if (create == MIG_TRAFFIC_NONE)
        return NULL;
    if (holds_words(way->trial, create, "CONFLICT", "IGNORE"))
        return "ON CONFLICT IGNORE on its way";
    return holds_words(way->trial, create, "CONFLICT", "REPLACE")
               ? "ON CONFLICT REPLACE on its way"
               : NULL;
}

/* Why copy `n` may leave rows out. */
static const char *find_odd(const struct way *way, size_t n)
{
    const struct mig_traffic_copy *copy = &way->swap->copies[n];
    struct mig_transfer transfer;

    read_copy(way->trial, copy->deed, &transfer);
    if (transfer.odd != NULL)
        return transfer.odd;
    if (!mig_journey_is_name(&transfer.from, copy->from) ||
        (transfer.schema.length > 0 && !mig_journey_is_name(&transfer.schema, copy->schema)))
        return "another table behind FROM";
    if (has_raise(way->trial, copy->deed))
        return "a trigger with RAISE(IGNORE)";
    return find_aggregate(way, &transfer);
}

const char *mig_journey_odd(struct mig_session *s, struct mig_trial *trial,
                            const struct mig_swap *swap)
{
    const struct way way = {s, trial, swap, NULL};
    const char *odd = NULL;

    for (size_t n = 0; n < swap->copy_count && odd == NULL; n++) {
        odd = find_odd(&way, n);
        if (odd == NULL)
            odd = find_conflict(&way, n + 1);
    }
    return odd;
}
