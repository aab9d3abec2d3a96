#include "compiler.h"

#include "judge.h"

#include "swap.h"
#include "transfer.h"

/* What a new table inherits: what was known of the old one when the text began. */
struct mig_heir {
    struct mig_ancestry table;
    const struct mig_shape *after;
    struct mig_column_ancestry *columns; /* of those of `after`, in their order */
};

/* What becomes of a column on its way. */
enum fate {
    FATE_KEPT,
    FATE_COMPUTED, /* an expression takes its place */
    FATE_REPLACED, /* another column does */
    FATE_LOST,
};

struct journey {
    enum fate fate;
    const char *name;     /* what it is called at the end of the way; NULL: lost */
    struct mig_part text; /* what takes its place */
};

static bool is_name(const struct mig_token *token, const char *name)
{
    char buffer[512];

    if (token->length == 0 || token->length >= sizeof(buffer))
        return false;
    (void)mig_token_unquote(token, buffer);
    return sqlite3_stricmp(buffer, name) == 0;
}

static const char *keep_name(struct mig_judge *j, const struct mig_token *token)
{
    char *name = mig_arena_alloc(j->s, &j->trial->arena, token->length + 1);

    if (name != NULL)
        (void)mig_token_unquote(token, name);
    return name;
}

/* The column that the n-th item goes to; NULL: not known. */
static const char *target_of(struct mig_judge *j, const struct mig_transfer *transfer,
                             const struct mig_shape *to, size_t n,
                             const struct mig_transfer_item *item)
{
    struct mig_transfer_item target;
    size_t position = 0;
    size_t at = 0;

    if (transfer->targets.length > 0) {
        while (mig_transfer_next(&transfer->targets, &position, &target))
            if (at++ == n)
                return keep_name(j, &target.column);
        return NULL;
    }
    for (size_t c = 0; to != NULL && c < to->column_count; c++)
        if (to->columns[c].generated == NULL && at++ == n)
            return to->columns[c].name;
    return item->name.length > 0 ? keep_name(j, &item->name) : NULL;
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
static const char *written_by(struct mig_judge *j, const struct pairs *pairs)
{
    if (pairs->name != NULL && pairs->transfer->targets.length == 0 && pairs->to == NULL)
        return pairs->name;
    return target_of(j, pairs->transfer, pairs->to, pairs->n, &pairs->item);
}

/* What one pair says about the column `name`. */
static void follow_pair(const struct pairs *pairs, const char *target, const char *name,
                        struct journey *journey)
{
    const bool is_it = pairs->name != NULL ? sqlite3_stricmp(pairs->name, name) == 0
                                           : is_name(&pairs->item.column, name);
    const bool is_there = sqlite3_stricmp(target, name) == 0;

    if (is_it && (is_there || journey->fate == FATE_LOST)) {
        journey->fate = FATE_KEPT;
        journey->name = target;
    } else if (is_there && !is_it) {
        /* Its values are kept elsewhere, perhaps, but what has its name holds others. */
        journey->fate = pairs->name != NULL || pairs->item.column.length > 0 ? FATE_REPLACED
                                                                             : FATE_COMPUTED;
        journey->name = name;
        journey->text = pairs->item.text;
    }
}

/* Where a column goes in one copy: *journey is of `name` before, and behind afterwards. */
static void follow_copy(struct mig_judge *j, struct pairs pairs, struct journey *journey)
{
    const char *name = journey->name;
    struct mig_transfer_item first;
    size_t position = 0;

    /* All columns of a table that is not known any more: they keep their names. */
    if (pairs.from == NULL && mig_transfer_next(&pairs.transfer->items, &position, &first) &&
        first.is_star)
        return;
    journey->fate = FATE_LOST;
    journey->name = NULL;
    for (; next_pair(&pairs); pairs.n++) {
        const char *target = written_by(j, &pairs);

        if (target != NULL)
            follow_pair(&pairs, target, name, journey);
    }
}

/* Follows a column of the old table through all copies. */
static struct journey follow_column(struct mig_judge *j, const struct mig_swap *swap,
                                    const struct mig_shape *after, const char *column)
{
    struct journey journey = {FATE_KEPT, column, {NULL, 0}};

    for (size_t c = 0; c < swap->copy_count && journey.name != NULL; c++) {
        const struct mig_deed *deed = &j->trial->deeds[swap->copies[c].deed];
        struct mig_transfer transfer;

        mig_transfer_read(j->trial->text + deed->start, deed->length, &deed->head, &transfer);
        if (!transfer.is_read) {
            if (!mig_trial_reads(j->trial, deed, swap->copies[c].from, journey.name))
                journey.fate = FATE_LOST;
            continue;
        }
        follow_copy(
            j,
            (struct pairs){.transfer = &transfer,
                           .from = swap->copies[c].shape,
                           .to = c + 1 == swap->copy_count ? after : swap->copies[c + 1].shape},
            &journey);
        if (journey.fate != FATE_KEPT)
            break;
    }
    return journey;
}

static bool fills_nulls(const struct mig_part *text)
{
    const struct mig_token token = mig_token_at(text->text, text->length);

    return mig_token_is_word(&token, "COALESCE") || mig_token_is_word(&token, "IFNULL");
}

static void judge_column(struct mig_judge *j, const struct mig_swap *swap,
                         const struct mig_shape *after, const struct mig_shape_column *column)
{
    const struct journey journey = follow_column(j, swap, after, column->name);
    const size_t i = swap->copies[swap->copy_count - 1].deed;
    const char *object = mig_judge_column(j, swap->name, column->name);
    const struct mig_column_ancestry ancestry =
        mig_lineage_of_column(j->lineage, swap->origin, column->name);
    const struct mig_shape_column *now =
        journey.name == NULL ? NULL : mig_shape_column(after, journey.name);
    const struct mig_answer rows = mig_judge_rows(j, swap->origin);
    char count[MIG_JUDGE_COUNT_BYTES];

    mig_judge_count_text(&rows, count);
    if (journey.fate == FATE_LOST || now == NULL || now->generated != NULL)
        mig_judge_loss(j, i, MIG_RULE_DROP_COLUMN, object, mig_judge_past_of_column(&ancestry),
                       now == NULL && mig_shape_column(after, column->name) == NULL
                           ? "the new table has no column %s: its values in %s go"
                           : "the copy leaves column %s out: its values in %s go",
                       column->name, count);
    else if (journey.fate == FATE_KEPT && sqlite3_stricmp(journey.name, column->name) != 0)
        mig_judge_note(j, i, MIG_RULE_RENAME_COLUMN, object,
                       "column %s of %s is called %s in the new table", column->name,
                       swap->name, journey.name);
    else if (journey.fate == FATE_COMPUTED && fills_nulls(&journey.text))
        mig_judge_note(j, i, MIG_RULE_UPDATES_ROWS, object,
                       "the copy fills column %s of %s where it has no value: %.*s",
                       column->name, swap->name, (int)journey.text.length, journey.text.text);
    else if (journey.fate != FATE_KEPT)
        mig_judge_overwrite(j, i, MIG_RULE_UPDATE_WITHOUT_WHERE, object, &ancestry,
                            "the copy puts other values into column %s of %s: %.*s",
                            column->name, swap->name, (int)journey.text.length,
                            journey.text.text);
}

/* True when the columns of a constraint, a list for people, come as they are. */
static bool is_plain(struct mig_judge *j, const struct mig_swap *swap,
                     const struct mig_shape *after, const char *columns)
{
    const struct mig_part list = {columns, strlen(columns)};
    struct mig_transfer_item item;
    size_t position = 0;

    while (mig_transfer_next(&list, &position, &item)) {
        char name[512];

        if (item.text.length >= sizeof(name))
            return false;
        memcpy(name, item.text.text, item.text.length);
        name[item.text.length] = '\0';
        if (mig_shape_column(swap->before, name) == NULL ||
            follow_column(j, swap, after, name).fate != FATE_KEPT)
            return false;
    }
    return true;
}

/* Rows that the new table's own ON CONFLICT deletes or drops. */
static void judge_conflicts(struct mig_judge *j, const struct mig_swap *swap,
                            const struct mig_shape *after)
{
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, swap->origin);

    for (size_t c = 0; c < after->conflict_count && swap->copy_count > 0; c++) {
        const struct mig_shape_conflict *conflict = &after->conflicts[c];
        bool is_old = false;

        if (strcmp(conflict->action, "REPLACE") != 0 && strcmp(conflict->action, "IGNORE") != 0)
            continue;
        for (size_t b = 0; b < swap->before->conflict_count; b++)
            is_old |=
                strcmp(swap->before->conflicts[b].constraint, conflict->constraint) == 0 &&
                sqlite3_stricmp(swap->before->conflicts[b].columns, conflict->columns) == 0;
        if (!is_old || !is_plain(j, swap, after, conflict->columns))
            mig_judge_loss(j, swap->copies[swap->copy_count - 1].deed,
                           MIG_RULE_REBUILD_LOSES_ROWS, swap->name, mig_judge_past(&ancestry),
                           "the new %s is declared %s ON CONFLICT %s (%s), so rows of the copy "
                           "can go",
                           swap->name, conflict->constraint, conflict->action,
                           conflict->columns);
    }
}

static void judge_columns(struct mig_judge *j, const struct mig_swap *swap,
                          const struct mig_shape *after)
{
    for (size_t c = 0; c < swap->before->column_count && swap->copy_count > 0; c++)
        if (swap->before->columns[c].generated == NULL)
            judge_column(j, swap, after, &swap->before->columns[c]);
}

/* Why rows may be left behind by a copy; NULL: they are not. */
static const char *find_odd(const struct mig_judge *j, const struct mig_swap *swap)
{
    for (size_t c = 0; c < swap->copy_count; c++) {
        const struct mig_deed *deed = &j->trial->deeds[swap->copies[c].deed];
        struct mig_transfer transfer;

        mig_transfer_read(j->trial->text + deed->start, deed->length, &deed->head, &transfer);
        if (transfer.odd != NULL)
            return transfer.odd;
    }
    return NULL;
}

static void judge_rows(struct mig_judge *j, const struct mig_swap *swap)
{
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, swap->origin);
    const struct mig_answer rows = mig_judge_rows(j, swap->origin);
    const char *odd = find_odd(j, swap);
    char count[MIG_JUDGE_COUNT_BYTES];

    mig_judge_count_text(&rows, count);
    if (swap->copy_count == 0 && swap->kept != NULL)
        mig_judge_loss(
            j, swap->away, MIG_RULE_REBUILD_LOSES_ROWS, swap->name, mig_judge_past(&ancestry),
            "no row is copied to the new %s: the old ones stay in %s", swap->name, swap->kept);
    else if (swap->copy_count == 0)
        mig_judge_loss(
            j, swap->away, MIG_RULE_REBUILD_LOSES_ROWS, swap->name, mig_judge_past(&ancestry),
            "no row is copied to the new %s, and the old one had %s", swap->name, count);
    else if (odd != NULL && swap->kept == NULL)
        mig_judge_loss(j, swap->copies[swap->copy_count - 1].deed, MIG_RULE_REBUILD_LOSES_ROWS,
                       swap->name, mig_judge_past(&ancestry),
                       "the copy has %s, so rows of %s can be left out, which has %s", odd,
                       swap->name, count);
}

/* The renamed-away table took foreign keys with it. */
static void judge_references(struct mig_judge *j, const struct mig_swap *swap)
{
    const char *to;
    const struct mig_shape_foreign_key *keys;
    size_t count = 0;

    if (!swap->is_renamed_first)
        return;
    to = j->trial->deeds[swap->rename].to;
    keys = mig_trial_children(j->trial, to, &count);
    for (size_t k = 0; k < count; k++)
        if (sqlite3_stricmp(keys[k].child, to) != 0)
            mig_judge_note(j, swap->rename, MIG_RULE_REPOINTED_REFERENCE, swap->name,
                           "foreign key %s of %s follows %s to %s%s", keys[k].columns[0],
                           keys[k].child, swap->name, to,
                           swap->kept == NULL ? ", which goes" : "");
}

/* The columns of the new table that a copy fills, as SQL; NULL: those that it says itself. */
static char *list_columns(struct mig_judge *j, const struct mig_transfer *transfer,
                          const struct mig_shape *after)
{
    sqlite3_str *list = sqlite3_str_new(NULL);
    const char *comma = "";
    char *text;

    if (transfer->targets.length > 0)
        sqlite3_str_append(list, transfer->targets.text, (int)transfer->targets.length);
    for (size_t c = 0; c < after->column_count && transfer->targets.length == 0; c++) {
        if (after->columns[c].generated != NULL)
            continue;
        sqlite3_str_appendf(list, "%s\"%w\"", comma, after->columns[c].name);
        comma = ",";
    }
    text = sqlite3_str_finish(list);
    if (text == NULL)
        mig_session_fail_memory(j->s);
    return text;
}

/* What the new table demands of the rows as the copy brings them. */
static void judge_demands(struct mig_judge *j, const struct mig_swap *swap,
                          const struct mig_shape *after)
{
    const char *live = mig_lineage_of(j->lineage, swap->origin).live;
    struct mig_relation relation = {swap->made, NULL, NULL};
    const struct mig_deed *deed;
    struct mig_transfer transfer;
    char *columns;
    char *select;

    if (swap->copy_count != 1 || live == NULL ||
        sqlite3_stricmp(swap->copies[0].from, live) != 0 ||
        sqlite3_stricmp(swap->made, live) == 0) {
        mig_judge_demands(j, swap->away, swap->before, after, NULL);
        return;
    }
    deed = &j->trial->deeds[swap->copies[0].deed];
    mig_transfer_read(j->trial->text + deed->start, deed->length, &deed->head, &transfer);
    columns = list_columns(j, &transfer, after);
    select = sqlite3_mprintf("%.*s", (int)transfer.select.length,
                             transfer.select.text == NULL ? "" : transfer.select.text);
    if (select == NULL)
        mig_session_fail_memory(j->s);
    relation.columns = columns;
    relation.select = select;
    mig_judge_demands(j, swap->away, swap->before, after, transfer.is_read ? &relation : NULL);
    sqlite3_free(select);
    sqlite3_free(columns);
}

static void remember(struct mig_judge *j, const struct mig_swap *swap,
                     const struct mig_shape *after, struct mig_heir *heir)
{
    heir->table = mig_lineage_of(j->lineage, swap->origin);
    heir->after = after;
    heir->columns = mig_arena_alloc(j->s, &j->trial->arena,
                                    (after->column_count + 1) * sizeof(heir->columns[0]));
    for (size_t c = 0; heir->columns != NULL && c < after->column_count; c++) {
        const struct mig_column_ancestry made = {.step = j->lineage->step};
        const char *name = after->columns[c].name;

        heir->columns[c] = mig_shape_column(swap->before, name) == NULL
                               ? made
                               : mig_lineage_of_column(j->lineage, swap->origin, name);
    }
}

void mig_judge_inherit(struct mig_judge *j, size_t i)
{
    const struct mig_swap *swap = mig_swaps_of(j->swaps, i);
    const struct mig_heir *heir;

    if (swap == NULL || swap->create != i)
        return;
    heir = &j->heirs[swap - j->swaps->list];
    if (heir->after == NULL || swap->copy_count == 0)
        return;
    mig_lineage_set(j->s, j->lineage, swap->made, &heir->table);
    for (size_t c = 0; c < heir->after->column_count; c++)
        mig_lineage_set_column(j->s, j->lineage, swap->made, heir->after->columns[c].name,
                               &heir->columns[c]);
}

void mig_judge_rebuilds(struct mig_judge *j)
{
    struct mig_heir *heirs =
        mig_arena_alloc(j->s, &j->trial->arena, (j->swaps->count + 1) * sizeof(heirs[0]));

    j->heirs = heirs;
    for (size_t n = 0; n < j->swaps->count && mig_session_ok(j->s); n++) {
        const struct mig_swap *swap = &j->swaps->list[n];
        const struct mig_shape *after = mig_trial_shape(j->trial, swap->name);

        judge_rows(j, swap);
        judge_references(j, swap);
        if (after == NULL)
            continue;
        remember(j, swap, after, &heirs[n]);
        judge_columns(j, swap, after);
        judge_conflicts(j, swap, after);
        judge_demands(j, swap, after);
    }
}
