#include "compiler.h"

#include "judge.h"

#include "rebuild.h"
#include "token.h"

/* True when the live database can answer for the column: it is there, under that name, as the plan finds
 * it. */
static bool is_live_column(struct mig_judge *j, const char *table, const char *column)
{
    const struct mig_column_ancestry ancestry =
        mig_lineage_of_column(j->lineage, table, column);

    return ancestry.live != NULL && !ancestry.is_changed &&
           sqlite3_stricmp(ancestry.live, column) == 0;
}

/*
 * True when the rows of the table can be asked about on the live database. Where they cannot, because the
 * plan changes them first, that is noted; where there are none, there is nothing to note.
 */
static bool can_ask(struct mig_judge *j, size_t i, enum mig_rule rule, const char *object,
                    const char *table)
{
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, table);

    if (j->is_way_back || (ancestry.live == NULL && ancestry.filled == 0))
        return false;
    if (ancestry.live != NULL && !ancestry.is_changed)
        return true;
    mig_lint_note_as(
        j->s, j->lint, i,
        (struct mig_lint_weight){MIG_RULE_NOT_JUDGED, MIG_RULE_SEVERITY_NOTE, NULL}, object,
        "whether this is %s depends on rows of %s that the plan changes first",
        mig_rule_info(rule)->id, table);
    return false;
}

/* The same for columns of an index. */
static bool can_ask_columns(struct mig_judge *j, size_t i, const char *table,
                            const struct mig_shape_index *index)
{
    if (!can_ask(j, i, MIG_RULE_UNIQUE_VIOLATED, index->name, table))
        return false;
    for (size_t k = 0; k < index->key_count; k++) {
        const char *column = index->keys[k].column;

        if (column == NULL || is_live_column(j, table, column))
            continue;
        mig_lint_note_as(
            j->s, j->lint, i,
            (struct mig_lint_weight){MIG_RULE_NOT_JUDGED, MIG_RULE_SEVERITY_NOTE, NULL},
            index->name,
            "whether this is %s depends on column %s of %s, which the plan makes "
            "or changes first",
            mig_rule_info(MIG_RULE_UNIQUE_VIOLATED)->id, column, table);
        return false;
    }
    return true;
}

void mig_judge_create_index(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_shape_index *index = NULL;
    struct mig_relation relation = {NULL, NULL, NULL};
    struct mig_answer answer;

    /* IF NOT EXISTS, and it exists. */
    if (deed->table == NULL ||
        mig_trial_find(j->trial, deed, SQLITE_CREATE_INDEX, deed->name) == NULL)
        return;
    mig_judge_long(j, i, deed->table, "reads");
    if (deed->after != NULL)
        index = mig_shape_index(deed->after, deed->name);
    if (index == NULL || !index->is_unique || !can_ask_columns(j, i, deed->table, index))
        return;
    relation.name = mig_lineage_of(j->lineage, deed->table).live;
    answer = mig_ask_duplicates(j->s, j->ask, &relation, index);
    mig_judge_answer(j, i, MIG_RULE_UNIQUE_VIOLATED, deed->name, &answer);
}

/* A literal, with a sign perhaps, in any number of parentheses: what SQLite calls constant here. */
static bool is_constant(const char *value)
{
    static const char *const words[] = {"NULL", "TRUE", "FALSE"};
    const size_t length = strlen(value);
    size_t position = 0;
    size_t literals = 0;

    for (;;) {
        const struct mig_token token = mig_token_next(value, length, &position);
        bool is_literal = token.kind != MIG_TOKEN_WORD;

        if (token.kind == MIG_TOKEN_END)
            return literals == 1;
        if (token.kind == MIG_TOKEN_OTHER && strchr("()+-", token.text[0]) != NULL)
            continue;
        /* Of what type it is then makes no difference. */
        if (mig_token_is_word(&token, "CAST"))
            return true;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            is_literal |= mig_token_is_word(&token, words[i]);
        if (!is_literal)
            return false;
        literals++;
    }
}

/* How many CHECKs the statement brings. */
static size_t count_checks(const struct mig_judge *j, const struct mig_deed *deed)
{
    size_t position = 0;
    size_t count = 0;

    for (;;) {
        const struct mig_token token =
            mig_token_next(j->trial->text + deed->start, deed->length, &position);

        if (token.kind == MIG_TOKEN_END)
            return count;
        count += mig_token_is_word(&token, "CHECK") ? 1 : 0;
    }
}

/* Asks whether the rows fulfil the CHECKs of the new column, as they are going to be. */
static void ask_checks(struct mig_judge *j, size_t i, const struct mig_shape_column *column)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const char *object = mig_judge_column(j, deed->name, column->name);
    const char *live = mig_lineage_of(j->lineage, deed->name).live;
    const size_t count = count_checks(j, deed);
    struct mig_relation relation = {deed->name, NULL, NULL};
    char *select;

    if (count == 0 || count > deed->after->check_count ||
        !can_ask(j, i, MIG_RULE_CHECK_VIOLATED, object, deed->name))
        return;
    select = sqlite3_mprintf("SELECT *, (%s) AS \"%w\" FROM main.\"%w\"",
                             column->generated != NULL ? column->generated
                             : column->value != NULL   ? column->value
                                                       : "NULL",
                             column->name, live);
    if (select == NULL)
        mig_session_fail_memory(j->s);
    relation.select = select;
    for (size_t c = deed->after->check_count - count;
         c < deed->after->check_count && mig_session_ok(j->s); c++) {
        const struct mig_answer answer =
            mig_ask_violates(j->s, j->ask, &relation, deed->after->checks[c].text);

        mig_judge_answer(j, i, MIG_RULE_CHECK_VIOLATED, object, &answer);
    }
    sqlite3_free(select);
}

/* What SQLite refuses as soon as the table has a row. */
static void judge_default(struct mig_judge *j, size_t i, const struct mig_shape_column *column)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const char *object = mig_judge_column(j, deed->name, column->name);
    const struct mig_answer rows = mig_judge_rows(j, deed->name);
    const bool is_null = column->value == NULL || sqlite3_stricmp(column->value, "NULL") == 0;
    char count[MIG_JUDGE_COUNT_BYTES];

    if (rows.verdict == MIG_ASK_NO || column->generated != NULL)
        return;
    mig_judge_count_text(&rows, count);
    if (is_null && column->is_not_null && rows.verdict == MIG_ASK_YES)
        mig_judge_note(j, i, MIG_RULE_ADD_NOT_NULL, object,
                       "%s has %s, and %s is NOT NULL without a default", deed->name, count,
                       column->name);
    else if (!is_null && !is_constant(column->value) && rows.verdict == MIG_ASK_YES)
        mig_judge_note(j, i, MIG_RULE_REFUSED, object,
                       "%s has %s, and SQLite adds no column whose default (%s) is not "
                       "constant to a table with rows",
                       deed->name, count, column->value);
    else if (rows.verdict == MIG_ASK_UNKNOWN &&
             ((is_null && column->is_not_null) || (!is_null && !is_constant(column->value))))
        mig_judge_note(j, i, MIG_RULE_NOT_JUDGED, object,
                       "it fails if %s has any rows, and that is not known: %s", deed->name,
                       rows.why);
}

void mig_judge_add_column(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_shape_column *column = NULL;

    if (deed->after != NULL && deed->column != NULL)
        column = mig_shape_column(deed->after, deed->column);
    if (column == NULL || j->is_way_back)
        return;
    judge_default(j, i, column);
    ask_checks(j, i, column);
    if (column->generated != NULL || count_checks(j, deed) > 0)
        mig_judge_long(j, i, deed->name, "reads");
}

/* What a comparison has found, for one statement. */
struct comparison {
    struct mig_judge *j;
    size_t i;
    const char *table; /* of the clone before */
    const struct mig_relation
        *relation; /* the rows as they come to the new table; NULL: as they are */
};

static void ask_change(struct comparison *comparison, const struct mig_change *change)
{
    struct mig_judge *j = comparison->j;
    const struct mig_relation live = {mig_lineage_of(j->lineage, comparison->table).live, NULL,
                                      NULL};
    const struct mig_relation *relation =
        comparison->relation != NULL ? comparison->relation : &live;
    struct mig_answer answer = {MIG_ASK_UNKNOWN, "", 0};

    if (!can_ask(j, comparison->i, change->rule, change->object, comparison->table))
        return;
    switch (change->question) {
    case MIG_QUESTION_NULLS:
        answer = mig_ask_nulls(j->s, j->ask, relation, change->column);
        break;
    case MIG_QUESTION_DUPLICATES:
        answer = mig_ask_duplicates(j->s, j->ask, relation, change->index);
        break;
    case MIG_QUESTION_VIOLATES:
        answer = mig_ask_violates(j->s, j->ask, relation, change->check->text);
        break;
    case MIG_QUESTION_ORPHANS:
        answer = mig_ask_orphans(j->s, j->ask, relation, change->foreign_key);
        break;
    case MIG_QUESTION_NONE:
        return;
    }
    mig_judge_answer(j, comparison->i, change->rule, change->object, &answer);
}

static void report(void *context, const struct mig_change *change)
{
    struct comparison *comparison = context;
    struct mig_judge *j = comparison->j;

    if (change->rule == MIG_RULE_DROP_COLUMN)
        return; /* the copy tells more: judge_rebuild.c */
    if (change->question != MIG_QUESTION_NONE)
        ask_change(comparison, change);
    else
        mig_judge_note(j, comparison->i, change->rule, change->object, "%s", change->why);
}

void mig_judge_demands(struct mig_judge *j, size_t i, const struct mig_shape *before,
                       const struct mig_shape *after, const struct mig_relation *relation)
{
    struct comparison comparison = {j, i, before->name, relation};

    mig_rebuild_compare(j->s, &j->trial->arena, before, after, report, &comparison);
}
