#include "compiler.h"

#include "judge.h"

#include "query.h"
#include "swap.h"

/* True when the text makes an object of that kind and name again, from deed `i` on. */
static bool is_made_again(const struct mig_judge *j, size_t i, enum mig_head_kind kind)
{
    const char *name = j->trial->deeds[i].name;

    for (size_t d = i + 1; d < j->trial->count; d++) {
        const struct mig_deed *deed = &j->trial->deeds[d];

        if (deed->head.kind == kind && deed->failure == NULL && deed->name != NULL &&
            sqlite3_stricmp(deed->name, name) == 0)
            return true;
    }
    return false;
}

/* Foreign keys that point at the old table of a rebuild still, when the new one has another name. */
static void judge_left_behind(struct mig_judge *j, size_t i)
{
    struct mig_deed *deed = &j->trial->deeds[i];

    if (mig_swaps_of(j->swaps, i)->is_renamed_first ||
        mig_trial_shape(j->trial, deed->name) != NULL)
        return;
    deed->children = mig_trial_children(j->trial, deed->name, &deed->child_count);
    mig_judge_cascade(j, i, MIG_EVENT_DROP);
}

static void drop_table(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, deed->name);
    const struct mig_answer rows = mig_judge_rows(j, deed->name);
    char count[MIG_JUDGE_COUNT_BYTES];

    /* IF EXISTS, and it does not. */
    if (mig_trial_find(j->trial, deed, SQLITE_DROP_TABLE, deed->name) == NULL &&
        mig_trial_find(j->trial, deed, SQLITE_DROP_VTABLE, deed->name) == NULL)
        return;
    if (mig_swaps_of(j->swaps, i) != NULL) {
        judge_left_behind(j, i);
        return;
    }
    mig_judge_count_text(&rows, count);
    if (rows.verdict == MIG_ASK_NO)
        mig_judge_loss(j, i, MIG_RULE_DROP_TABLE, deed->name, mig_judge_past(&ancestry),
                       "drops table %s, which has no rows", deed->name);
    else
        mig_judge_loss(j, i, MIG_RULE_DROP_TABLE, deed->name, mig_judge_past(&ancestry),
                       "drops table %s: %s %s with it", deed->name, count,
                       rows.count == 1 ? "goes" : "go");
    mig_judge_cascade(j, i, MIG_EVENT_DROP);
}

static void drop_trigger(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_touch *action =
        mig_trial_find(j->trial, deed, SQLITE_DROP_TRIGGER, deed->name);

    if (action == NULL || is_made_again(j, i, MIG_HEAD_CREATE_TRIGGER))
        return;
    mig_judge_note(j, i, MIG_RULE_DROP_TRIGGER, deed->name,
                   "drops trigger %s of %s, and the operation makes none of that name again",
                   deed->name, action->second);
}

static void drop_view(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    if (mig_trial_find(j->trial, deed, SQLITE_DROP_VIEW, deed->name) == NULL ||
        is_made_again(j, i, MIG_HEAD_CREATE_VIEW))
        return;
    mig_judge_note(j, i, MIG_RULE_DROP_VIEW, deed->name,
                   "drops view %s, and the operation makes none of that name again",
                   deed->name);
}

/* True when the index is on just the columns of the parent that the key points at. */
static bool serves(const struct mig_shape_index *index, const struct mig_shape_foreign_key *key)
{
    size_t found = 0;

    if (!index->is_unique || index->where != NULL || index->key_count != key->column_count)
        return false;
    for (size_t c = 0; c < key->column_count; c++)
        for (size_t k = 0; k < index->key_count; k++)
            if (key->parent_columns[c] != NULL && index->keys[k].column != NULL &&
                sqlite3_stricmp(key->parent_columns[c], index->keys[k].column) == 0)
                found++;
    return found == key->column_count;
}

/* The foreign key that nothing but the dropped index serves; NULL: none. */
static const struct mig_shape_foreign_key *find_needing(struct mig_judge *j,
                                                        const struct mig_deed *deed,
                                                        const struct mig_shape_index *index)
{
    size_t count = 0;
    const struct mig_shape_foreign_key *keys;

    if (!index->is_unique)
        return NULL;
    keys = mig_trial_children(j->trial, deed->before->name, &count);
    for (size_t k = 0; k < count; k++) {
        bool has_other = false;

        if (!serves(index, &keys[k]))
            continue;
        for (size_t n = 0; n < deed->before->index_count; n++)
            has_other |= &deed->before->indexes[n] != index &&
                         serves(&deed->before->indexes[n], &keys[k]);
        if (!has_other)
            return &keys[k];
    }
    return NULL;
}

static void drop_index(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_shape_index *index =
        deed->before == NULL ? NULL : mig_shape_index(deed->before, deed->name);
    const struct mig_shape_foreign_key *key;

    if (index == NULL || j->is_way_back)
        return;
    key = find_needing(j, deed, index);
    if (key != NULL)
        mig_lint_note_as(
            j->s, j->lint, i,
            (struct mig_lint_weight){MIG_RULE_DROP_INDEX, MIG_RULE_SEVERITY_ERROR,
                                     "make another unique index of the same columns first"},
            deed->name,
            "foreign key %s of %s needs index %s: without it no row of %s can be "
            "written",
            key->columns[0], key->child, deed->name, key->child);
    else if (deed->query != NULL)
        mig_lint_note_as(
            j->s, j->lint, i,
            (struct mig_lint_weight){MIG_RULE_DROP_INDEX, MIG_RULE_SEVERITY_WARN, NULL},
            deed->name, "drops index %s of %s, which the query at %s:%lld uses", deed->name,
            deed->before->name, deed->query->path, deed->query->line);
    else if (!is_made_again(j, i, MIG_HEAD_CREATE_INDEX))
        mig_judge_note(j, i, MIG_RULE_DROP_INDEX, deed->name, "drops index %s of %s",
                       deed->name, deed->before->name);
}

void mig_judge_drop(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    if (deed->name == NULL)
        return;
    switch ((int)deed->head.kind) {
    case MIG_HEAD_DROP_TABLE:
        drop_table(j, i);
        break;
    case MIG_HEAD_DROP_INDEX:
        drop_index(j, i);
        break;
    case MIG_HEAD_DROP_VIEW:
        drop_view(j, i);
        break;
    default:
        drop_trigger(j, i);
        break;
    }
}

static void drop_column(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_column_ancestry ancestry =
        mig_lineage_of_column(j->lineage, deed->name, deed->column);
    const struct mig_shape_column *column =
        deed->before == NULL ? NULL : mig_shape_column(deed->before, deed->column);
    const struct mig_answer rows = mig_judge_rows(j, deed->name);
    char count[MIG_JUDGE_COUNT_BYTES];

    mig_judge_count_text(&rows, count);
    if (column != NULL && column->generated != NULL)
        mig_judge_note(j, i, MIG_RULE_REBUILD_LOSES_GENERATED,
                       mig_judge_column(j, deed->name, deed->column),
                       "drops column %s of %s, which is computed as %s", deed->column,
                       deed->name, column->generated);
    else if (rows.verdict == MIG_ASK_NO)
        mig_judge_loss(j, i, MIG_RULE_DROP_COLUMN,
                       mig_judge_column(j, deed->name, deed->column),
                       mig_judge_past_of_column(&ancestry),
                       "drops column %s of %s, which has no rows", deed->column, deed->name);
    else
        mig_judge_loss(
            j, i, MIG_RULE_DROP_COLUMN, mig_judge_column(j, deed->name, deed->column),
            mig_judge_past_of_column(&ancestry),
            "drops column %s of %s: the %s of %s %s with it", deed->column, deed->name,
            rows.count == 1 ? "value" : "values", count, rows.count == 1 ? "goes" : "go");
    mig_judge_long(j, i, deed->name, "writes");
}

static void rename_table(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    /* Those of a rebuild are judged with it. */
    if (mig_lineage_of(j->lineage, deed->name).live == NULL ||
        mig_swaps_of(j->swaps, i) != NULL)
        return;
    mig_judge_note(j, i, MIG_RULE_RENAME_TABLE, deed->name,
                   "renames table %s to %s: programs that use the old name fail", deed->name,
                   deed->to);
}

static void rename_column(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    if (mig_lineage_of_column(j->lineage, deed->name, deed->column).live == NULL)
        return;
    mig_judge_note(j, i, MIG_RULE_RENAME_COLUMN, mig_judge_column(j, deed->name, deed->column),
                   "renames column %s of %s to %s: programs that use the old name fail",
                   deed->column, deed->name, deed->to);
}

void mig_judge_alter(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    if (deed->name == NULL)
        return;
    if (deed->head.kind == MIG_HEAD_DROP_COLUMN && deed->column != NULL)
        drop_column(j, i);
    else if (deed->head.kind == MIG_HEAD_RENAME_TABLE && deed->to != NULL)
        rename_table(j, i);
    else if (deed->head.kind == MIG_HEAD_RENAME_COLUMN && deed->to != NULL)
        rename_column(j, i);
    else if (deed->before != NULL && deed->after != NULL)
        mig_judge_demands(j, i, deed->before, deed->after, NULL);
    else
        mig_judge_note(j, i, MIG_RULE_NOT_JUDGED, deed->name,
                       "this form of ALTER TABLE is not known");
}
