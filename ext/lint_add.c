#include "compiler.h"

#include "lint_add.h"

#include "lint_call.h"

bool mig_lint_action_is_postgresql(const struct mig_lint_action *a)
{
    return a->c->dialect == MIG_DIALECT_POSTGRESQL;
}

static bool has_one_of(const struct mig_reader *r, const char *const *words)
{
    for (; *words != NULL; words++)
        if (mig_reader_has(r, *words))
            return true;
    return false;
}

void mig_lint_action_note(struct mig_lint_action *a, enum mig_rule rule, const char *column,
                          const char *why)
{
    struct mig_reader_name object;

    if (a->is_new)
        return;
    if (column != NULL)
        mig_lint_case_join(a->table, column, &object);
    mig_lint_case_note(a->c, rule, column != NULL ? object.text : a->table, why);
}

void mig_lint_action_name(struct mig_lint_action *a, const char *kind, const char *part)
{
    struct mig_reader_name object;

    mig_lint_case_join(a->table, part, &object);
    mig_lint_case_name(a->c, kind, object.text);
}

/* The column of CHECK (column IS NOT NULL). */
static bool read_not_null_check(struct mig_reader r, struct mig_reader_name *out_column)
{
    struct mig_reader group;

    while (mig_reader_take_group(&r, &group))
        r = group;
    return mig_reader_take_name(&r, out_column) && mig_reader_take(&r, "IS NOT NULL") &&
           mig_reader_is_end(&r);
}

/* Keeps in mind that a CHECK says of a column that it is not null, and whether that is certain. */
static void keep_check(struct mig_lint_action *a, const struct mig_reader *check,
                       const char *constraint, bool is_valid)
{
    struct mig_reader_name column;
    struct mig_reader_name named;
    struct mig_reader_name object;
    struct mig_made made = {.kind = MIG_MADE_CHECK, .is_sure = true};

    if (!read_not_null_check(*check, &column))
        return;
    mig_lint_case_join(a->table, column.text, &object);
    mig_lint_case_join(a->table, constraint, &named);
    made.name = named.text;
    made.detail = object.text;
    if (is_valid)
        mig_lint_case_make(a->c, MIG_MADE_NOT_NULL, object.text, true);
    else
        mig_lint_case_make_object(a->c, &made);
}

static void add_key(struct mig_lint_action *a)
{
    if (mig_reader_has(&a->r, "USING INDEX"))
        return;
    if (mig_lint_action_is_postgresql(a))
        mig_lint_action_note(
            a, MIG_RULE_PG_INDEX_NOT_CONCURRENT, NULL,
            "the index of the constraint is made while nobody can use the table");
    mig_lint_action_note(a, MIG_RULE_NOT_JUDGED, NULL,
                         "only the rows tell whether there are equal ones");
}

static void add_checked(struct mig_lint_action *a, const char *why_of_mysql)
{
    if (mig_reader_has(&a->r, "NOT VALID"))
        return;
    if (mig_lint_action_is_postgresql(a))
        mig_lint_action_note(a, MIG_RULE_PG_FOREIGN_KEY_VALIDATES, NULL, NULL);
    else
        mig_lint_action_note(a, MIG_RULE_NOT_JUDGED, NULL, why_of_mysql);
}

/* ADD of a constraint; `constraint` is its name, or empty. */
static void add_constraint(struct mig_lint_action *a, const char *constraint)
{
    const struct mig_reader at = a->r;
    struct mig_reader check;

    mig_lint_case_name(a->c, "add constraint", a->table);
    if (mig_reader_take(&a->r, "FOREIGN KEY")) {
        add_checked(a, "only the rows tell whether each has its parent");
    } else if (mig_reader_take(&a->r, "CHECK")) {
        check = a->r;
        add_checked(a, "only the rows tell whether they fulfil the condition");
        keep_check(a, &check, constraint, !mig_reader_has(&at, "NOT VALID"));
    } else if (mig_reader_take(&a->r, "NOT NULL")) {
        if (!mig_reader_has(&a->r, "NOT VALID"))
            mig_lint_action_note(a, MIG_RULE_PG_NOT_NULL, NULL, NULL);
    } else {
        add_key(a);
    }
}

/* Notes what the default of a column does to the rows that are there; `r` is behind DEFAULT. */
static void judge_default(struct mig_lint_action *a, struct mig_reader r, const char *column)
{
    static const char *const next[] = {"NOT",        "NULL",       "CHECK",     "UNIQUE",
                                       "PRIMARY",    "REFERENCES", "GENERATED", "COLLATE",
                                       "CONSTRAINT", NULL};
    struct mig_reader value = r;
    struct mig_reader_name function;

    mig_reader_pass(&r);
    for (struct mig_reader ahead = r;
         !mig_reader_is_end(&r) && !mig_reader_take_one_of(&ahead, next); ahead = r)
        mig_reader_pass(&r);
    value.length = r.at;
    while (mig_reader_next_call(&value, &function)) {
        const enum mig_lint_call kind = mig_lint_call_kind(&function);

        if (kind == MIG_CALL_VOLATILE)
            mig_lint_action_note(a, MIG_RULE_PG_VOLATILE_DEFAULT, column, NULL);
        else if (kind == MIG_CALL_UNKNOWN)
            mig_lint_action_note(
                a, MIG_RULE_NOT_JUDGED, column,
                "the text does not tell whether the function of the default is volatile, so "
                "that the whole table is written anew");
    }
}

/* A column that PostgreSQL adds to a table with rows. */
static void judge_column_postgresql(struct mig_lint_action *a, const char *column)
{
    static const char *const computed[] = {"AS IDENTITY", "STORED",      "SERIAL",
                                           "BIGSERIAL",   "SMALLSERIAL", "SERIAL4",
                                           "SERIAL8",     "SERIAL2",     NULL};
    static const char *const keys[] = {"UNIQUE", "PRIMARY KEY", NULL};
    static const char *const checked[] = {"REFERENCES", "CHECK", NULL};
    const bool is_computed = has_one_of(&a->r, computed);
    struct mig_reader value = a->r;
    const bool has_default = !is_computed && mig_reader_seek(&value, "DEFAULT");

    if (is_computed)
        mig_lint_action_note(
            a, MIG_RULE_PG_VOLATILE_DEFAULT, column,
            "each row gets a value of its own, so the whole table is written anew under a "
            "lock that lets nobody read");
    if (has_default)
        judge_default(a, value, column);
    else if (!is_computed &&
             (mig_reader_has(&a->r, "NOT NULL") || mig_reader_has(&a->r, "PRIMARY KEY")) &&
             !mig_reader_has(&a->r, "GENERATED"))
        mig_lint_action_note(
            a, MIG_RULE_PG_NOT_NULL, column,
            "the statement fails when the table has rows: none of them has a value for it");
    if (has_one_of(&a->r, keys))
        mig_lint_action_note(a, MIG_RULE_PG_INDEX_NOT_CONCURRENT, column,
                             "the index of the column is made while nobody can use the table");
    if (has_one_of(&a->r, checked))
        mig_lint_action_note(a, MIG_RULE_PG_FOREIGN_KEY_VALIDATES, column, NULL);
}

static void judge_column_mysql(struct mig_lint_action *a, const char *column)
{
    static const char *const filled[] = {"DEFAULT", "AUTO_INCREMENT", "GENERATED", "AS", NULL};
    struct mig_reader_name object;

    mig_lint_case_join(a->table, column, &object);
    if (!a->is_new && mig_reader_has(&a->r, "NOT NULL") && !has_one_of(&a->r, filled))
        mig_lint_case_note_as(a->c, MIG_RULE_ADD_NOT_NULL, MIG_RULE_SEVERITY_WARN, object.text,
                              "the rows that are there get '' or 0 without being asked, and "
                              "dates make the statement fail");
    if (mig_reader_has(&a->r, "UNIQUE"))
        mig_lint_action_note(a, MIG_RULE_NOT_JUDGED, column,
                             "only the rows tell whether there are equal ones");
    if (mig_reader_has(&a->r, "STORED") || mig_reader_has(&a->r, "PERSISTENT"))
        mig_lint_action_note(a, MIG_RULE_LONG_RUNNING, column,
                             "the whole table is written anew");
}

static void add_column(struct mig_lint_action *a)
{
    const bool is_sure = !mig_reader_take(&a->r, "IF NOT EXISTS");
    struct mig_reader_name column;
    struct mig_reader_name object;

    if (!mig_reader_take_name(&a->r, &column))
        return;
    mig_lint_action_name(a, "add column", column.text);
    mig_lint_case_join(a->table, column.text, &object);
    mig_lint_case_make(a->c, MIG_MADE_COLUMN, object.text, is_sure);
    if (mig_lint_action_is_postgresql(a))
        judge_column_postgresql(a, column.text);
    else
        judge_column_mysql(a, column.text);
}

/* MySQL: ADD [COLUMN] (a INT, b INT). */
static void add_columns(const struct mig_lint_action *a, struct mig_reader *group)
{
    struct mig_lint_action one = *a;

    while (mig_reader_take_item(group, &one.r))
        add_column(&one);
}

void mig_lint_add(struct mig_lint_action *a)
{
    static const char *const constraints[] = {"PRIMARY", "UNIQUE",  "FOREIGN",
                                              "CHECK",   "EXCLUDE", NULL};
    static const char *const indexes[] = {"INDEX", "KEY", "FULLTEXT", "SPATIAL", NULL};
    struct mig_reader_name constraint = {""};
    struct mig_reader ahead = a->r;
    struct mig_reader group;

    if (mig_reader_take(&a->r, "CONSTRAINT")) {
        ahead = a->r;
        (void)mig_reader_take(&a->r, "IF NOT EXISTS");
        if (mig_lint_action_is_postgresql(a) || !mig_reader_take_one_of(&ahead, constraints))
            (void)mig_reader_take_name(&a->r, &constraint);
        add_constraint(a, constraint.text);
    } else if (mig_reader_take_one_of(&ahead, constraints)) {
        add_constraint(a, "");
    } else if (!mig_lint_action_is_postgresql(a) && mig_reader_take_one_of(&ahead, indexes)) {
        mig_lint_case_name(a->c, "create index", a->table);
    } else if (!mig_lint_action_is_postgresql(a) && mig_reader_take(&a->r, "PARTITION")) {
        mig_lint_case_name(a->c, "add partition", a->table);
    } else {
        (void)mig_reader_take(&a->r, "COLUMN");
        if (mig_reader_take_group(&a->r, &group))
            add_columns(a, &group);
        else
            add_column(a);
    }
}
