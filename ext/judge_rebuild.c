#include "compiler.h"

#include "judge.h"

#include "journey.h"
#include "rebuild.h"
#include "swap.h"
#include "transfer.h"

/* What a new table inherits: what was known of the old one when the text began. */
struct mig_heir {
    struct mig_ancestry table;
    const struct mig_shape *after;
    struct mig_column_ancestry *columns; /* of those of `after`, in their order */
};

/* True for COALESCE(column, ...) or IFNULL(column, ...), and nothing around it. */
static bool fills_nulls(const struct mig_part *text, const char *column)
{
    struct mig_transfer_item item;
    struct mig_part arguments;
    struct mig_token function;
    size_t position = 0;

    return mig_transfer_is_call(text, &function, &arguments) &&
           (mig_token_is_word(&function, "COALESCE") ||
            mig_token_is_word(&function, "IFNULL")) &&
           mig_transfer_next(&arguments, &position, &item) &&
           mig_journey_is_name(&item.column, column);
}

static void judge_column(struct mig_judge *j, const struct mig_swap *swap,
                         const struct mig_shape *after, const struct mig_shape_column *column)
{
    const struct mig_journey journey =
        mig_journey_follow(j->s, j->trial, swap, after, column->name);
    const size_t i = swap->copies[swap->copy_count - 1].deed;
    const char *object = mig_judge_column(j, swap->origin, column->name);
    const struct mig_column_ancestry ancestry =
        mig_lineage_of_column(j->lineage, swap->origin, column->name);
    const struct mig_shape_column *now =
        journey.name == NULL ? NULL : mig_shape_column(after, journey.name);
    const struct mig_answer rows = mig_judge_rows(j, swap->origin);
    char count[MIG_JUDGE_COUNT_BYTES];

    mig_judge_count_text(&rows, count);
    if (journey.fate == MIG_FATE_UNKNOWN)
        mig_judge_note(j, i, MIG_RULE_NOT_JUDGED, object,
                       "what becomes of column %s cannot be told from the copy", column->name);
    else if (journey.fate == MIG_FATE_LOST || now == NULL || now->generated != NULL)
        mig_judge_loss(j, i, MIG_RULE_DROP_COLUMN, object, mig_judge_past_of_column(&ancestry),
                       now == NULL && mig_shape_column(after, column->name) == NULL
                           ? "the new table has no column %s: its values in %s go"
                           : "the copy leaves column %s out: its values in %s go",
                       column->name, count);
    else if (journey.fate == MIG_FATE_KEPT && journey.is_renamed &&
             sqlite3_stricmp(journey.name, column->name) != 0)
        mig_judge_note(j, i, MIG_RULE_RENAME_COLUMN, object,
                       "column %s of %s is called %s in the new table", column->name,
                       swap->name, journey.name);
    else if (journey.fate == MIG_FATE_COMPUTED && fills_nulls(&journey.text, column->name))
        mig_judge_note(j, i, MIG_RULE_UPDATES_ROWS, object,
                       "the copy fills column %s of %s where it has no value: %.*s",
                       column->name, swap->name, (int)journey.text.length, journey.text.text);
    else if (journey.fate != MIG_FATE_KEPT)
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
            mig_journey_follow(j->s, j->trial, swap, after, name).fate != MIG_FATE_KEPT)
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
                           MIG_RULE_REBUILD_LOSES_ROWS, swap->origin, mig_judge_past(&ancestry),
                           "the new %s is declared %s ON CONFLICT %s (%s), so rows of the copy "
                           "can go",
                           swap->name, conflict->constraint, conflict->action,
                           conflict->columns);
    }
}

/* Statements that change the rows on their way, in a table that is not of main: of those of main, what was
 * known of the old table tells. */
static void judge_meddling(struct mig_judge *j, const struct mig_swap *swap, size_t n)
{
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, swap->origin);
    const char *between = swap->copies[n].from;

    if (swap->copies[n].shape != NULL)
        return;
    for (size_t d = swap->copies[n - 1].deed + 1; d < swap->copies[n].deed; d++) {
        const struct mig_deed *deed = &j->trial->deeds[d];

        if (!mig_head_is_rows(deed->head.kind) || deed->name == NULL ||
            sqlite3_stricmp(deed->name, between) != 0)
            continue;
        if (deed->head.kind == MIG_HEAD_DELETE || deed->head.conflict.length > 0)
            mig_judge_loss(j, d, MIG_RULE_REBUILD_LOSES_ROWS, swap->origin,
                           mig_judge_past(&ancestry),
                           "rows of %s are on their way in %s, and it deletes there",
                           swap->origin, between);
        if (deed->head.kind == MIG_HEAD_UPDATE)
            mig_judge_note(j, d,
                           deed->head.has_where ? MIG_RULE_UPDATES_ROWS
                                                : MIG_RULE_UPDATE_WITHOUT_WHERE,
                           swap->origin,
                           "rows of %s are on their way in %s, and it overwrites values there",
                           swap->origin, between);
    }
}

static void judge_columns(struct mig_judge *j, const struct mig_swap *swap,
                          const struct mig_shape *after)
{
    for (size_t c = 0; c < swap->before->column_count && swap->copy_count > 0; c++)
        if (swap->before->columns[c].generated == NULL)
            judge_column(j, swap, after, &swap->before->columns[c]);
}

/* True when values that a column of the first affinity holds are others behind one of the second. */
static bool converts(char before, char between)
{
    const bool are_numbers =
        (before == 'i' || before == 'n') && (between == 'i' || between == 'n');

    return between != 'b' && between != before && !are_numbers;
}

/* The tables that rows are put into on their way: what their types do to the values. */
static void judge_passage(struct mig_judge *j, const struct mig_swap *swap, size_t n)
{
    const struct mig_shape *between = mig_journey_shape(j->s, j->trial, swap, n);

    for (size_t c = 0; between != NULL && c < swap->before->column_count; c++) {
        const struct mig_shape_column *column = &swap->before->columns[c];
        const struct mig_shape_column *found = mig_shape_column(between, column->name);

        if (found != NULL && found->type != NULL && column->generated == NULL &&
            converts(mig_rebuild_affinity(column->type), mig_rebuild_affinity(found->type)))
            mig_judge_note(j, swap->copies[n - 1].deed, MIG_RULE_CHANGE_TYPE,
                           mig_judge_column(j, swap->origin, column->name),
                           "on its way through %s, column %s is %s: values are converted where "
                           "that is possible",
                           swap->copies[n].from, column->name, found->type);
    }
}

static void judge_rows(struct mig_judge *j, const struct mig_swap *swap)
{
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, swap->origin);
    const struct mig_answer rows = mig_judge_rows(j, swap->origin);
    const char *odd = mig_journey_odd(j->s, j->trial, swap);
    char count[MIG_JUDGE_COUNT_BYTES];

    mig_judge_count_text(&rows, count);
    if (swap->copy_count == 0 && swap->kept != NULL)
        mig_judge_loss(
            j, swap->away, MIG_RULE_REBUILD_LOSES_ROWS, swap->origin, mig_judge_past(&ancestry),
            "no row is copied to the new %s: the old ones stay in %s", swap->name, swap->kept);
    else if (swap->copy_count == 0)
        mig_judge_loss(
            j, swap->away, MIG_RULE_REBUILD_LOSES_ROWS, swap->origin, mig_judge_past(&ancestry),
            "no row is copied to the new %s, and the old one had %s", swap->name, count);
    else if (odd != NULL && swap->kept == NULL)
        mig_judge_loss(j, swap->copies[swap->copy_count - 1].deed, MIG_RULE_REBUILD_LOSES_ROWS,
                       swap->origin, mig_judge_past(&ancestry),
                       "the copy has %s, so rows of %s can be left out, which has %s", odd,
                       swap->origin, count);
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
    /* The new table has that name in the end: they point at it. */
    if (sqlite3_stricmp(to, swap->name) == 0)
        return;
    keys = mig_trial_children(j->trial, to, &count);
    for (size_t k = 0; k < count; k++)
        if (sqlite3_stricmp(keys[k].child, to) != 0)
            mig_judge_note(j, swap->rename, MIG_RULE_REPOINTED_REFERENCE, swap->origin,
                           "foreign key %s of %s follows %s to %s%s", keys[k].columns[0],
                           keys[k].child, swap->origin, to,
                           swap->kept == NULL ? ", which goes" : "");
}

/* Programs lose the old name where the new table has another one: at the statement that takes it away. */
static void judge_name(struct mig_judge *j, const struct mig_swap *swap)
{
    size_t i = swap->away;
    const char *to;

    if (sqlite3_stricmp(swap->origin, swap->name) == 0 ||
        mig_lineage_of(j->lineage, swap->origin).live == NULL)
        return;
    for (size_t d = 0; d < j->trial->count; d++)
        if (mig_swaps_of(j->swaps, d) == swap &&
            j->trial->deeds[d].head.kind == MIG_HEAD_RENAME_TABLE &&
            sqlite3_stricmp(j->trial->deeds[d].name, swap->origin) == 0) {
            i = d;
            break;
        }
    to = j->trial->deeds[i].to;
    mig_judge_note(j, i, MIG_RULE_RENAME_TABLE, swap->origin,
                   to != NULL && sqlite3_stricmp(to, swap->name) == 0
                       ? "renames table %s to %s: programs that use the old name fail"
                       : "the rows of %s go to %s: programs that use the old name fail",
                   swap->origin, swap->name);
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

    if (swap == NULL)
        return;
    heir = &j->heirs[swap - j->swaps->list];
    if (heir->after == NULL || swap->copy_count == 0)
        return;
    if (swap->create != i) {
        mig_lineage_set(j->s, j->lineage, j->trial->deeds[i].name, &heir->table);
        return;
    }
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
        judge_name(j, swap);
        if (after == NULL)
            continue;
        remember(j, swap, after, &heirs[n]);
        judge_columns(j, swap, after);
        for (size_t c = 1; c < swap->copy_count; c++) {
            judge_passage(j, swap, c);
            judge_meddling(j, swap, c);
        }
        judge_conflicts(j, swap, after);
        judge_demands(j, swap, after);
    }
}
