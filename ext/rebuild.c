#include "compiler.h"

#include "rebuild.h"

#include "definition.h"
#include "difference.h"
#include "keep.h"

static const char *type_name(const struct mig_shape_column *column)
{
    return column->type[0] == '\0' ? "without a type" : column->type;
}

char mig_rebuild_affinity(const char *type)
{
    static const struct {
        const char *pattern;
        char affinity;
    } rules[] = {{"%int%", 'i'},  {"%char%", 't'}, {"%clob%", 't'}, {"%text%", 't'},
                 {"%blob%", 'b'}, {"%real%", 'r'}, {"%floa%", 'r'}, {"%doub%", 'r'}};

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (sqlite3_strlike(rules[i].pattern, type, 0) == 0)
            return rules[i].affinity;
    return type[0] == '\0' ? 'b' : 'n';
}

static void compare_types(const struct mig_difference *difference,
                          const struct mig_shape_column *before,
                          const struct mig_shape_column *after)
{
    const char *effect = "values are converted where that is possible";

    if (mig_sql_same(before->type, after->type))
        return;
    if (mig_rebuild_affinity(before->type) == mig_rebuild_affinity(after->type))
        effect = "the affinity is the same, so values stay as they are";
    if (difference->after->is_strict)
        effect = "the table is STRICT, so values that do not fit fail";
    mig_difference_simple(difference, MIG_RULE_CHANGE_TYPE, after->name,
                          "%s.%s is %s now, it was %s: %s", difference->before->name,
                          after->name, type_name(after), type_name(before), effect);
}

static const char *storage_name(const struct mig_shape_column *column)
{
    return column->is_stored ? "STORED" : "VIRTUAL";
}

static void compare_generated(const struct mig_difference *difference,
                              const struct mig_shape_column *before,
                              const struct mig_shape_column *after)
{
    const char *table = difference->before->name;
    const enum mig_rule rule = MIG_RULE_REBUILD_LOSES_GENERATED;

    if (before->generated == NULL && after->generated == NULL)
        return;
    if (before->generated == NULL)
        mig_difference_simple(difference, MIG_RULE_DROP_COLUMN, after->name,
                              "the values of %s.%s are not kept: it is computed as (%s) now",
                              table, after->name, after->generated);
    else if (after->generated == NULL)
        mig_difference_simple(difference, rule, after->name,
                              "%s.%s was computed as (%s), and is an ordinary column now",
                              table, after->name, before->generated);
    else if (!mig_sql_same(before->generated, after->generated))
        mig_difference_simple(difference, rule, after->name,
                              "%s.%s is computed as (%s) now, it was (%s)", table, after->name,
                              after->generated, before->generated);
    else if (before->is_stored != after->is_stored)
        mig_difference_simple(difference, rule, after->name,
                              "the generated column %s.%s is %s now, it was %s", table,
                              after->name, storage_name(after), storage_name(before));
}

/* The rowid is never NULL, whatever its column says. */
static bool is_rowid(const struct mig_shape *shape, const struct mig_shape_column *column)
{
    return shape->rowid_column != NULL &&
           sqlite3_stricmp(shape->rowid_column, column->name) == 0;
}

static void compare_not_null(const struct mig_difference *difference,
                             const struct mig_shape_column *before,
                             const struct mig_shape_column *after)
{
    const struct mig_change change = {.rule = MIG_RULE_NOT_NULL_VIOLATED,
                                      .column = after->name,
                                      .question = MIG_QUESTION_NULLS};
    const char *table = difference->before->name;

    if (before->is_not_null == after->is_not_null || is_rowid(difference->after, after))
        return;
    if (before->is_not_null)
        mig_difference_simple(difference, MIG_RULE_REBUILD_LOSES_CONSTRAINT, after->name,
                              "%s.%s is not NOT NULL any more", table, after->name);
    else if (!is_rowid(difference->before, before))
        mig_difference_report(difference, &change,
                              "%s.%s is NOT NULL now: rows without a value there fail", table,
                              after->name);
}

/* The default; NULL when it is none, or NULL itself. */
static const char *default_of(const struct mig_shape_column *column)
{
    return column->value == NULL || mig_sql_same(column->value, "NULL") ? NULL : column->value;
}

static void compare_defaults(const struct mig_difference *difference,
                             const struct mig_shape_column *before,
                             const struct mig_shape_column *after)
{
    const char *table = difference->before->name;
    const char *old = default_of(before);
    const char *new = default_of(after);

    if (old == NULL || mig_sql_same(old, new))
        return;
    if (new == NULL)
        mig_difference_simple(difference, MIG_RULE_REBUILD_LOSES_CONSTRAINT, after->name,
                              "%s.%s has no default any more, it was %s", table, after->name,
                              old);
    else
        mig_difference_simple(difference, MIG_RULE_REBUILD_LOSES_CONSTRAINT, after->name,
                              "the default of %s.%s is %s now, it was %s", table, after->name,
                              new, old);
}

static void report_lost_column(const struct mig_difference *difference,
                               const struct mig_shape_column *column)
{
    if (column->generated != NULL)
        mig_difference_simple(difference, MIG_RULE_REBUILD_LOSES_GENERATED, column->name,
                              "the column %s.%s, computed as (%s), is gone",
                              difference->before->name, column->name, column->generated);
    else
        mig_difference_simple(difference, MIG_RULE_DROP_COLUMN, column->name,
                              "the column %s.%s is gone, and its values with it",
                              difference->before->name, column->name);
}

static void compare_column(const struct mig_difference *difference,
                           const struct mig_shape_column *before)
{
    const struct mig_shape_column *after = mig_shape_column(difference->after, before->name);

    if (after == NULL) {
        report_lost_column(difference, before);
        return;
    }
    compare_types(difference, before, after);
    if (sqlite3_stricmp(before->collation, after->collation) != 0)
        mig_difference_simple(difference, MIG_RULE_CHANGE_COLLATION, after->name,
                              "%s.%s compares by %s now, it was %s", difference->before->name,
                              after->name, after->collation, before->collation);
    compare_generated(difference, before, after);
    compare_not_null(difference, before, after);
    compare_defaults(difference, before, after);
}

static void look_at_new_column(const struct mig_difference *difference,
                               const struct mig_shape_column *column)
{
    const struct mig_change change = {
        .rule = MIG_RULE_ADD_NOT_NULL, .column = column->name, .question = MIG_QUESTION_NULLS};

    if (column->is_not_null && default_of(column) == NULL && column->generated == NULL &&
        !is_rowid(difference->after, column))
        mig_difference_report(difference, &change,
                              "the new column %s.%s is NOT NULL and has no default: rows "
                              "without a value for it fail",
                              difference->before->name, column->name);
}

static void compare_columns(const struct mig_difference *difference)
{
    const struct mig_shape *before = difference->before;
    const struct mig_shape *after = difference->after;

    for (size_t i = 0; i < before->column_count; i++)
        compare_column(difference, &before->columns[i]);
    for (size_t i = 0; i < after->column_count; i++)
        if (mig_shape_column(before, after->columns[i].name) == NULL)
            look_at_new_column(difference, &after->columns[i]);
}

/* The columns of the primary key, "a, b"; "" without one. */
static const char *primary_key(const struct mig_difference *difference,
                               const struct mig_shape *shape)
{
    sqlite3_str *list = sqlite3_str_new(difference->s->db);

    for (int64_t place = 1; place <= (int64_t)shape->column_count; place++)
        for (size_t i = 0; i < shape->column_count; i++)
            if (shape->columns[i].key == place)
                sqlite3_str_appendf(list, "%s%s", place == 1 ? "" : ", ",
                                    shape->columns[i].name);
    return mig_keep_built(difference->s, difference->arena, list);
}

static void compare_primary_keys(const struct mig_difference *difference)
{
    const enum mig_rule rule = MIG_RULE_REBUILD_LOSES_CONSTRAINT;
    const char *table = difference->before->name;
    const char *before = primary_key(difference, difference->before);
    const char *after = primary_key(difference, difference->after);

    if (before[0] == '\0')
        return;
    if (after[0] == '\0')
        mig_difference_simple(difference, rule, NULL, "the primary key (%s) of %s is gone",
                              before, table);
    else if (sqlite3_stricmp(before, after) != 0)
        mig_difference_simple(difference, rule, NULL,
                              "the primary key of %s is (%s) now, it was (%s)", table, after,
                              before);
    else if (difference->before->rowid_column != NULL &&
             difference->after->rowid_column == NULL)
        mig_difference_simple(difference, rule, difference->before->rowid_column,
                              "%s.%s is not the rowid any more: SQLite gives no value to it",
                              table, difference->before->rowid_column);
}

static bool has_check(const struct mig_shape *shape, const char *text)
{
    for (size_t i = 0; i < shape->check_count; i++)
        if (mig_sql_same(shape->checks[i].text, text))
            return true;
    return false;
}

static void compare_checks(const struct mig_difference *difference)
{
    const struct mig_shape *before = difference->before;
    const struct mig_shape *after = difference->after;

    for (size_t i = 0; i < before->check_count; i++)
        if (!has_check(after, before->checks[i].text))
            mig_difference_simple(difference, MIG_RULE_REBUILD_LOSES_CONSTRAINT, NULL,
                                  "CHECK (%s) of %s is gone", before->checks[i].text,
                                  before->name);
    for (size_t i = 0; i < after->check_count; i++) {
        const struct mig_change change = {.rule = MIG_RULE_CHECK_VIOLATED,
                                          .question = MIG_QUESTION_VIOLATES,
                                          .check = &after->checks[i]};

        if (!has_check(before, after->checks[i].text))
            mig_difference_report(difference, &change,
                                  "CHECK (%s) of %s is new: rows that violate it fail",
                                  after->checks[i].text, before->name);
    }
}

/* What a STRICT table demands of values that are put into a column of that type, as a format for four
 * times its name; NULL: nothing. Source: https://www.sqlite.org/stricttables.html */
static const char *type_check(const char *type)
{
    switch (mig_rebuild_affinity(type)) {
    case 'i':
        return "typeof(\"%w\") IN ('null','integer') OR (typeof(\"%w\")<>'blob' "
               "AND CAST(\"%w\" AS INTEGER)=\"%w\")";
    case 'r':
        return "typeof(\"%w\") IN ('null','integer','real') OR (typeof(\"%w\")='text' "
               "AND CAST(\"%w\" AS NUMERIC)=\"%w\")";
    case 't':
        return "typeof(\"%w\")<>'blob'";
    case 'b':
        return "typeof(\"%w\") IN ('null','blob')";
    default:
        return NULL;
    }
}

static void report_strict_type(const struct mig_difference *difference,
                               const struct mig_shape_column *column, const char *format)
{
    const char *name = column->name;
    struct mig_shape_check *check =
        mig_arena_alloc(difference->s, difference->arena, sizeof(*check));
    const struct mig_change change = {.rule = MIG_RULE_CHECK_VIOLATED,
                                      .column = name,
                                      .question = MIG_QUESTION_VIOLATES,
                                      .check = check};

    if (check == NULL)
        return;
    check->text = mig_keep(difference->s, difference->arena,
                           sqlite3_mprintf(format, name, name, name, name));
    mig_difference_report(difference, &change,
                          "%s.%s is %s in a STRICT table now: values that do not fit fail",
                          difference->before->name, name, column->type);
}

/* The types of a STRICT table are conditions, where they were not before. */
static void compare_strict_types(const struct mig_difference *difference)
{
    const struct mig_shape *after = difference->after;

    for (size_t i = 0; after->is_strict && i < after->column_count; i++) {
        const struct mig_shape_column *column = &after->columns[i];
        const struct mig_shape_column *old = mig_shape_column(difference->before, column->name);
        const char *format = type_check(column->type);

        if (old != NULL && column->generated == NULL && format != NULL &&
            (!difference->before->is_strict || !mig_sql_same(old->type, column->type)))
            report_strict_type(difference, column, format);
    }
}

static bool has_conflict(const struct mig_shape *shape,
                         const struct mig_shape_conflict *conflict)
{
    for (size_t i = 0; i < shape->conflict_count; i++) {
        const struct mig_shape_conflict *other = &shape->conflicts[i];

        if (strcmp(other->constraint, conflict->constraint) == 0 &&
            strcmp(other->action, conflict->action) == 0 &&
            sqlite3_stricmp(other->columns, conflict->columns) == 0)
            return true;
    }
    return false;
}

static void compare_conflicts(const struct mig_difference *difference)
{
    const struct mig_shape *before = difference->before;
    const struct mig_shape *after = difference->after;

    for (size_t i = 0; i < before->conflict_count; i++) {
        const struct mig_shape_conflict *conflict = &before->conflicts[i];

        if (!has_conflict(after, conflict))
            mig_difference_simple(difference, MIG_RULE_REBUILD_LOSES_CONSTRAINT, NULL,
                                  "%s (%s) of %s is not ON CONFLICT %s any more",
                                  conflict->constraint, conflict->columns, before->name,
                                  conflict->action);
    }
    for (size_t i = 0; i < after->conflict_count; i++) {
        const struct mig_shape_conflict *conflict = &after->conflicts[i];
        const bool replaces = strcmp(conflict->action, "REPLACE") == 0;

        if (!has_conflict(before, conflict) &&
            (replaces || strcmp(conflict->action, "IGNORE") == 0))
            mig_difference_simple(difference, MIG_RULE_REPLACE_DELETES, NULL,
                                  "%s (%s) of %s is ON CONFLICT %s now: rows %s without a word",
                                  conflict->constraint, conflict->columns, before->name,
                                  conflict->action,
                                  replaces ? "that are in the way of others are deleted"
                                           : "that violate it are left out");
    }
}

static void compare_options(const struct mig_difference *difference)
{
    const struct mig_shape *before = difference->before;
    const struct mig_shape *after = difference->after;
    const enum mig_rule strict = MIG_RULE_REBUILD_LOSES_STRICT;

    if (before->has_autoincrement && !after->has_autoincrement)
        mig_difference_simple(difference, MIG_RULE_REBUILD_LOSES_AUTOINCREMENT, NULL,
                              "%s has no AUTOINCREMENT any more", before->name);
    if (before->is_strict && !after->is_strict)
        mig_difference_simple(difference, strict, NULL, "%s is not STRICT any more",
                              before->name);
    if (before->is_without_rowid && !after->is_without_rowid)
        mig_difference_simple(difference, strict, NULL, "%s is not WITHOUT ROWID any more",
                              before->name);
    if (!before->is_without_rowid && after->is_without_rowid)
        mig_difference_simple(difference, strict, NULL,
                              "%s is WITHOUT ROWID now: what uses its rowid fails",
                              before->name);
}

static bool is_called(const struct mig_token *token, const char *name)
{
    char buffer[512];

    if (!mig_token_is_name(token) || token->kind == MIG_TOKEN_STRING ||
        token->length >= sizeof(buffer))
        return false;
    (void)mig_token_unquote(token, buffer);
    return sqlite3_stricmp(buffer, name) == 0;
}

/* True for the same definition but for the name of the table. */
static bool is_same_trigger(const struct mig_difference *difference, const char *first,
                            const char *second)
{
    size_t one = 0;
    size_t other = 0;

    for (;;) {
        const struct mig_token token = mig_token_next(first, strlen(first), &one);
        const struct mig_token partner = mig_token_next(second, strlen(second), &other);

        if (token.kind == MIG_TOKEN_END || partner.kind == MIG_TOKEN_END)
            return token.kind == partner.kind;
        if (is_called(&token, difference->before->name) &&
            is_called(&partner, difference->after->name))
            continue;
        if (token.length != partner.length ||
            memcmp(token.text, partner.text, token.length) != 0)
            return false;
    }
}

static bool has_trigger(const struct mig_difference *difference,
                        const struct mig_shape_trigger *trigger)
{
    const struct mig_shape *after = difference->after;

    for (size_t i = 0; i < after->trigger_count; i++)
        if (mig_sql_same(after->triggers[i].definition, trigger->definition) ||
            is_same_trigger(difference, trigger->definition, after->triggers[i].definition))
            return true;
    return false;
}

static void compare_triggers(const struct mig_difference *difference)
{
    const struct mig_shape *before = difference->before;

    for (size_t i = 0; i < before->trigger_count; i++) {
        const struct mig_shape_trigger *trigger = &before->triggers[i];
        const struct mig_change change = {.rule = MIG_RULE_REBUILD_LOSES_TRIGGER,
                                          .object = trigger->name};
        const bool is_there = mig_shape_trigger(difference->after, trigger->name) != NULL;

        if (!has_trigger(difference, trigger))
            mig_difference_report(difference, &change,
                                  is_there ? "the trigger %s of %s is another one now"
                                           : "the trigger %s of %s is gone",
                                  trigger->name, before->name);
    }
}

void mig_rebuild_compare(struct mig_session *s, struct mig_arena *arena,
                         const struct mig_shape *before, const struct mig_shape *after,
                         mig_rebuild_report report, void *context)
{
    const struct mig_difference difference = {.s = s,
                                              .arena = arena,
                                              .before = before,
                                              .after = after,
                                              .report = report,
                                              .context = context};

    if (!mig_session_ok(s))
        return;
    compare_columns(&difference);
    compare_primary_keys(&difference);
    mig_difference_unique(&difference);
    compare_checks(&difference);
    compare_strict_types(&difference);
    compare_conflicts(&difference);
    mig_difference_foreign_keys(&difference);
    compare_options(&difference);
    mig_difference_indexes(&difference);
    compare_triggers(&difference);
}
