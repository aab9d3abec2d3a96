#include "compiler.h"

#include "lint_case.h"

/* What has no name that can be read has none. */
static const char *known(const char *object)
{
    return object == NULL || object[0] == '\0' ? NULL : object;
}

void mig_lint_case_name(struct mig_lint_case *c, const char *kind, const char *object)
{
    if (c->is_named)
        return;
    c->is_named = true;
    if (!c->is_temporary && (known(object) == NULL || strcmp(kind, "drop table") != 0 ||
                             !mig_made_by_operation(c->made, MIG_MADE_TABLE, object)))
        mig_lint_mix_name(c->mix, kind, object);
    mig_lint_name(c->s, c->lint, c->statement, kind, known(object));
}

void mig_lint_case_change_rows(struct mig_lint_case *c, const char *table)
{
    if (!mig_lint_case_is_new(c, table))
        mig_lint_mix_rows(c->mix, c->statement, table);
}

/* Locks and names that others use do not matter on the way back. */
static bool matters_down(enum mig_rule rule)
{
    return rule == MIG_RULE_NOT_JUDGED || rule == MIG_RULE_UPDATE_WITHOUT_WHERE ||
           rule == MIG_RULE_PG_CONCURRENTLY_IN_TRANSACTION ||
           rule == MIG_RULE_DOWN_LOSES_DATA || rule == MIG_RULE_DOWN_REMOVES;
}

void mig_lint_case_note_as(struct mig_lint_case *c, enum mig_rule rule,
                           enum mig_rule_severity severity, const char *object, const char *why)
{
    if (c->is_down && !matters_down(rule))
        return;
    mig_lint_note_as(c->s, c->lint, c->statement,
                     (struct mig_lint_weight){rule, severity, NULL}, known(object), "%s",
                     why != NULL ? why : mig_rule_info(rule)->why);
}

void mig_lint_case_note(struct mig_lint_case *c, enum mig_rule rule, const char *object,
                        const char *why)
{
    /* The rules of PostgreSQL come last, and most of them are about locks. */
    if (!c->is_down &&
        (rule < MIG_RULE_PG_INDEX_NOT_CONCURRENT || rule == MIG_RULE_PG_CHANGE_TYPE))
        c->made->has_lost = true;
    mig_lint_case_note_as(c, rule, mig_rule_info(rule)->severity, object, why);
}

/* What is lost on the way back: little, when it is what the way there has made. */
static void lose_down(struct mig_lint_case *c, bool is_own, const char *object, const char *why)
{
    if (is_own)
        mig_lint_case_note(c, MIG_RULE_DOWN_REMOVES, object, NULL);
    else
        mig_lint_case_note(c, MIG_RULE_DOWN_LOSES_DATA, object, why);
}

static void lose_up(struct mig_lint_case *c, enum mig_made_loss loss, enum mig_rule rule,
                    const char *object, const char *why)
{
    if (loss == MIG_LOSES_VALUES)
        mig_lint_case_note_as(c, rule, MIG_RULE_SEVERITY_NOTE, object,
                              "what this plan itself has put there goes");
    else if (loss == MIG_LOSES_COPIES)
        mig_lint_case_note_as(c, rule, MIG_RULE_SEVERITY_WARN, object,
                              "what this plan itself has copied there goes");
    else if (loss == MIG_LOSES_DATA)
        mig_lint_case_note(c, rule, object, why);
}

void mig_lint_case_lose(struct mig_lint_case *c, enum mig_made_kind kind, enum mig_rule rule,
                        const char *object, const char *why)
{
    if (c->is_down)
        lose_down(c, mig_made_by_operation(c->made, kind, object), object, why);
    else
        lose_up(c, mig_made_loss(c->made, kind, object), rule, object, why);
    if (!c->is_down)
        mig_made_drop(c->made, kind, object);
}

void mig_lint_case_lose_column(struct mig_lint_case *c, const char *table, const char *column)
{
    enum mig_made_loss loss = mig_made_loss(c->made, MIG_MADE_TABLE, table);
    struct mig_reader_name object;

    mig_lint_case_join(table, column, &object);
    if (loss == MIG_LOSES_DATA)
        loss = mig_made_loss(c->made, MIG_MADE_COLUMN, object.text);
    if (c->is_down)
        lose_down(c,
                  mig_made_by_operation(c->made, MIG_MADE_TABLE, table) ||
                      mig_made_by_operation(c->made, MIG_MADE_COLUMN, object.text),
                  object.text, NULL);
    else
        lose_up(c, loss, MIG_RULE_DROP_COLUMN, object.text, NULL);
    if (!c->is_down)
        mig_made_drop(c->made, MIG_MADE_COLUMN, object.text);
}

void mig_lint_case_lose_rows(struct mig_lint_case *c, enum mig_rule rule, const char *table,
                             const char *why)
{
    const bool is_own =
        mig_made_by_operation(c->made, MIG_MADE_TABLE, table) ||
        (rule == MIG_RULE_DELETES_ROWS && mig_made_by_operation(c->made, MIG_MADE_ROWS, table));

    if (c->is_down)
        lose_down(c, is_own, table, why);
    else
        lose_up(c, mig_made_loss(c->made, MIG_MADE_TABLE, table), rule, table, why);
}

void mig_lint_case_make(struct mig_lint_case *c, enum mig_made_kind kind, const char *name,
                        bool is_sure)
{
    const struct mig_made object = {.kind = kind, .name = name, .is_sure = is_sure};

    mig_lint_case_make_object(c, &object);
}

void mig_lint_case_make_object(struct mig_lint_case *c, const struct mig_made *object)
{
    if (!c->is_down)
        mig_made_add(c->s, c->made, object);
}

void mig_lint_case_fill(struct mig_lint_case *c, enum mig_made_kind kind, const char *name,
                        enum mig_made_content content)
{
    if (!c->is_down)
        mig_made_fill(c->made, kind, name, content);
}

void mig_lint_case_forget(struct mig_lint_case *c)
{
    if (!c->is_down)
        mig_made_forget(c->made);
}

bool mig_lint_case_rename(struct mig_lint_case *c, enum mig_made_kind kind, const char *name,
                          const char *new_name)
{
    const struct mig_made *object = mig_made_find(c->made, kind, name);
    struct mig_made renamed;

    if (object == NULL)
        return false;
    renamed = *object;
    renamed.name = new_name;
    if (!c->is_down)
        mig_made_drop(c->made, kind, name);
    mig_lint_case_make_object(c, &renamed);
    return renamed.is_sure;
}

bool mig_lint_case_is_new(const struct mig_lint_case *c, const char *table)
{
    return mig_made_find(c->made, MIG_MADE_TABLE, table) != NULL;
}

void mig_lint_case_join(const char *table, const char *part, struct mig_reader_name *out)
{
    (void)sqlite3_snprintf((int)sizeof(out->text), out->text, "%s.%s", table, part);
}
