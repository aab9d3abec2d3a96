#include "compiler.h"

#include "lint_rows.h"

#include "lint_call.h"

static bool is_postgresql(const struct mig_lint_case *c)
{
    return c->dialect == MIG_DIALECT_POSTGRESQL;
}

/* Takes the table of a statement, with what can stand before and behind it. */
static void take_table(struct mig_reader *r, struct mig_reader_name *out_table)
{
    static const char *const words[] = {"LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY",
                                        "QUICK",        "IGNORE",  "INTO",
                                        "FROM",         "ONLY",    NULL};

    while (mig_reader_take_one_of(r, words)) {
        /* In any order; MySQL and PostgreSQL have their own. */
    }
    out_table->text[0] = '\0';
    (void)mig_reader_take_name(r, out_table);
    (void)mig_reader_take_byte(r, '*');
}

static void name(struct mig_lint_case *c, const char *table)
{
    mig_lint_case_name(c, "data change", table);
}

static void name_change(struct mig_lint_case *c, const char *table)
{
    name(c, table);
    mig_lint_case_change_rows(c, table);
}

/* True where a condition says something; TRUE, 1 and 1 = 1 do not. */
static bool has_condition(const struct mig_reader *r)
{
    struct mig_reader at = *r;
    struct mig_reader ahead;

    if (mig_reader_has(r, "LIMIT"))
        return true;
    if (!mig_reader_seek(&at, "WHERE"))
        return false;
    ahead = at;
    if (mig_reader_take(&ahead, "TRUE") && mig_reader_is_end(&ahead))
        return false;
    if (!mig_reader_take_byte(&at, '1'))
        return true;
    return !mig_reader_is_end(&at) &&
           !(mig_reader_take_byte(&at, '=') && mig_reader_take_byte(&at, '1') &&
             mig_reader_is_end(&at));
}

/* Notes that the operation has added rows, once: a file may have a statement for each of very many rows. */
static void make_rows(struct mig_lint_case *c, const char *table)
{
    if (!mig_made_by_operation(c->made, MIG_MADE_ROWS, table))
        mig_lint_case_make(c, MIG_MADE_ROWS, table, true);
}

static void fill(struct mig_lint_case *c, const struct mig_reader *r, const char *table)
{
    const bool has_values =
        mig_reader_has(r, "VALUES") || mig_reader_has(r, "VALUE") || mig_reader_has(r, "SET");

    mig_lint_case_fill(c, MIG_MADE_TABLE, table,
                       has_values ? MIG_MADE_VALUES : MIG_MADE_COPIES);
    make_rows(c, table);
}

void mig_lint_insert(struct mig_lint_case *c, struct mig_reader *r)
{
    const bool is_ignoring =
        mig_reader_is(r, "IGNORE") || mig_reader_is(r, "LOW_PRIORITY IGNORE");
    struct mig_reader_name table;

    take_table(r, &table);
    name_change(c, table.text);
    fill(c, r, table.text);
    if (is_ignoring && mig_reader_has(r, "SELECT"))
        mig_lint_case_note(
            c, MIG_RULE_REPLACE_DELETES, table.text,
            "IGNORE leaves out the rows that do not fit, and cuts values that are "
            "too long");
    if (mig_reader_has(r, "DO UPDATE") || mig_reader_has(r, "ON DUPLICATE KEY"))
        mig_lint_case_note(c, MIG_RULE_UPDATES_ROWS, table.text, NULL);
}

void mig_lint_replace(struct mig_lint_case *c, struct mig_reader *r)
{
    struct mig_reader_name table;

    take_table(r, &table);
    name_change(c, table.text);
    fill(c, r, table.text);
    if (mig_made_loss(c->made, MIG_MADE_TABLE, table.text) == MIG_LOSES_DATA)
        mig_lint_case_note(c, MIG_RULE_REPLACE_DELETES, table.text, NULL);
}

/* The column of an assignment: a, t.a; its name alone. */
static const char *last_part(const struct mig_reader_name *column)
{
    const char *dot = strrchr(column->text, '.');

    return dot == NULL ? column->text : dot + 1;
}

/* True when the plan has added the column, or made the table; notes that it is filled now. */
static bool is_own_column(struct mig_lint_case *c, const char *table, const char *column)
{
    struct mig_reader_name object;
    bool is_own;

    mig_lint_case_join(table, column, &object);
    if (mig_made_find(c->made, MIG_MADE_COLUMN, object.text) == NULL)
        mig_lint_case_change_rows(c, table);
    is_own = mig_made_loss(c->made, MIG_MADE_COLUMN, object.text) == MIG_LOSES_NOTHING;
    mig_lint_case_fill(c, MIG_MADE_COLUMN, object.text, MIG_MADE_COPIES);
    return is_own;
}

/* True when all columns that are set (`r` is behind SET) are the plan's own. */
static bool sets_own_columns(struct mig_lint_case *c, struct mig_reader r, const char *table)
{
    struct mig_reader item;
    struct mig_reader group;
    struct mig_reader_name column;
    bool is_own = true;

    while (mig_reader_take_item(&r, &item)) {
        if (mig_reader_take_group(&item, &group)) {
            while (mig_reader_take_name(&group, &column)) {
                is_own = is_own_column(c, table, last_part(&column)) && is_own;
                (void)mig_reader_take_byte(&group, ',');
            }
        } else if (mig_reader_take_name(&item, &column)) {
            is_own = is_own_column(c, table, last_part(&column)) && is_own;
        }
    }
    return is_own;
}

void mig_lint_update(struct mig_lint_case *c, struct mig_reader *r)
{
    const struct mig_reader at = *r;
    struct mig_reader_name table;
    struct mig_reader set;
    bool is_own;

    take_table(r, &table);
    name(c, table.text);
    set = *r;
    is_own = mig_reader_seek(&set, "SET") && sets_own_columns(c, set, table.text);
    if (is_own || mig_made_loss(c->made, MIG_MADE_TABLE, table.text) != MIG_LOSES_DATA)
        return;
    if (has_condition(&at))
        mig_lint_case_note(c, MIG_RULE_UPDATES_ROWS, table.text, NULL);
    else
        mig_lint_case_note(c, MIG_RULE_UPDATE_WITHOUT_WHERE, table.text, NULL);
}

void mig_lint_delete(struct mig_lint_case *c, struct mig_reader *r)
{
    const struct mig_reader at = *r;
    struct mig_reader_name table;
    bool joins;

    /* MySQL: DELETE t FROM t JOIN u ... joins, and so does ... USING. */
    take_table(r, &table);
    name_change(c, table.text);
    joins = mig_reader_has(r, "USING") || mig_reader_has(r, "JOIN");
    if (has_condition(&at) || joins)
        mig_lint_case_lose_rows(c, MIG_RULE_DELETES_ROWS, table.text, NULL);
    else
        mig_lint_case_lose_rows(c, MIG_RULE_DELETE_WITHOUT_WHERE, table.text, NULL);
}

void mig_lint_merge(struct mig_lint_case *c, struct mig_reader *r)
{
    struct mig_reader_name table;

    take_table(r, &table);
    name_change(c, table.text);
    if (mig_reader_has(r, "THEN DELETE"))
        mig_lint_case_lose_rows(c, MIG_RULE_DELETES_ROWS, table.text, NULL);
    if (mig_reader_has(r, "THEN UPDATE"))
        mig_lint_case_note(c, MIG_RULE_UPDATES_ROWS, table.text, NULL);
}

/* Calls of functions that nobody knows anything about. */
static void judge_calls(struct mig_lint_case *c, struct mig_reader r)
{
    struct mig_reader_name function;

    while (mig_reader_next_call(&r, &function)) {
        if (strcmp(last_part(&function), "set_config") == 0)
            mig_lint_case_forget(c);
        else if (mig_lint_call_kind(&function) == MIG_CALL_UNKNOWN)
            mig_lint_case_note(c, MIG_RULE_NOT_JUDGED, function.text,
                               "the text does not tell what the function changes");
    }
}

void mig_lint_select(struct mig_lint_case *c, struct mig_reader *r)
{
    struct mig_reader into = *r;
    struct mig_reader_name table;
    static const char *const temporary[] = {"TEMPORARY", "TEMP", NULL};

    judge_calls(c, *r);
    if (!is_postgresql(c) || !mig_reader_seek(&into, "INTO")) {
        mig_lint_case_name(c, "query", NULL);
        return;
    }
    c->is_temporary = mig_reader_take_one_of(&into, temporary);
    (void)mig_reader_take(&into, "UNLOGGED");
    (void)mig_reader_take(&into, "TABLE");
    (void)mig_reader_take_name(&into, &table);
    mig_lint_case_name(c, "create table", table.text);
    mig_lint_case_make(c, MIG_MADE_TABLE, table.text, true);
    mig_lint_case_fill(c, MIG_MADE_TABLE, table.text, MIG_MADE_COPIES);
}

static const struct {
    const char *word;
    void (*judge)(struct mig_lint_case *c, struct mig_reader *r);
} writers[] = {
    {"INSERT", mig_lint_insert}, {"REPLACE", mig_lint_replace}, {"UPDATE", mig_lint_update},
    {"DELETE", mig_lint_delete}, {"MERGE", mig_lint_merge},
};

/* Judges the statement that stands next, if it changes rows. */
static bool judge_writer(struct mig_lint_case *c, struct mig_reader *r)
{
    for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
        if (mig_reader_take(r, writers[i].word)) {
            writers[i].judge(c, r);
            return true;
        }
    }
    return false;
}

void mig_lint_with(struct mig_lint_case *c, struct mig_reader *r)
{
    static const char *const mains[] = {"SELECT", "VALUES", "INSERT", "REPLACE",
                                        "UPDATE", "DELETE", "MERGE",  NULL};
    struct mig_reader ahead = *r;
    struct mig_reader group;
    bool writes = false;

    while (!mig_reader_is_end(r) && !mig_reader_take_one_of(&ahead, mains)) {
        if (!mig_reader_take_group(r, &group))
            mig_reader_pass(r);
        else if (judge_writer(c, &group))
            writes = true;
        else
            judge_calls(c, group);
        ahead = *r;
    }
    if (judge_writer(c, r) || writes)
        return;
    (void)mig_reader_take(r, "SELECT");
    mig_lint_select(c, r);
}

void mig_lint_copy(struct mig_lint_case *c, struct mig_reader *r)
{
    struct mig_reader_name table;
    struct mig_reader columns;

    (void)mig_reader_take_name(r, &table);
    (void)mig_reader_take_group(r, &columns);
    name(c, table.text);
    if (!mig_reader_is(r, "FROM"))
        return;
    mig_lint_case_change_rows(c, table.text);
    mig_lint_case_fill(c, MIG_MADE_TABLE, table.text, MIG_MADE_COPIES);
    make_rows(c, table.text);
}

void mig_lint_load(struct mig_lint_case *c, struct mig_reader *r)
{
    const bool is_replacing = mig_reader_has(r, "REPLACE");
    struct mig_reader_name table = {""};

    (void)mig_reader_seek(r, "INTO TABLE");
    (void)mig_reader_take_name(r, &table);
    name_change(c, table.text);
    mig_lint_case_fill(c, MIG_MADE_TABLE, table.text, MIG_MADE_COPIES);
    if (is_replacing)
        mig_lint_case_note(c, MIG_RULE_REPLACE_DELETES, table.text, NULL);
}
