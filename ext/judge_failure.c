#include "compiler.h"

#include "judge.h"

#include "options.h"
#include "tracking.h"

/*
 * What SQLite says where something that a statement names is not there, is there already, or is not of the
 * kind that it takes it for. It knows that from the schema alone. That a function, a collation or a module
 * is missing is none of this: another connection may have it.
 */
static const char *const certain[] = {
    "no such table: ",
    "no such column: ",
    "no such index: ",
    "no such view: ",
    "no such trigger: ",
    "already exists",
    "there is already ",
    "has no column named ",
    "values were supplied", /* table t has 2 columns but 3 values were supplied */
    " values for ",         /* 3 values for 2 columns */
    "all VALUES must have the same number of terms",
    "duplicate column name: ",
    "ambiguous column name: ",
    "unknown column ", /* in a foreign key definition */
    "cannot modify ",  /* ... because it is a view */
    "cannot drop ",    /* PRIMARY KEY column, UNIQUE column, column from view */
    "Cannot add a ",   /* PRIMARY KEY column, UNIQUE column, column to a view */
    "use DROP TABLE to delete ",
    "use DROP VIEW to delete ",
    " may not be altered",
    "views may not be indexed",
    "ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint",
};

static bool is_certain(const char *failure)
{
    for (size_t i = 0; i < sizeof certain / sizeof certain[0]; i++)
        if (strstr(failure, certain[i]) != NULL)
            return true;
    return false;
}

static bool mentions(const char *text, size_t length, const char *name)
{
    const size_t size = strlen(name);

    for (size_t i = 0; i + size <= length; i++)
        if (sqlite3_strnicmp(text + i, name, (int)size) == 0)
            return true;
    return false;
}

static bool deed_mentions(const struct mig_judge *j, const struct mig_deed *deed,
                          const char *name)
{
    return mentions(j->trial->text + deed->start, deed->length, name) ||
           mentions(deed->failure, strlen(deed->failure), name);
}

static bool is_name(const char *name, const char *other, size_t length)
{
    return name != NULL && strlen(name) == length &&
           sqlite3_strnicmp(name, other, (int)length) == 0;
}

/* True when the text calls `name` with arguments. */
static bool is_called(const char *text, size_t length, const char *name)
{
    size_t position = 0;

    for (;;) {
        const struct mig_token token = mig_token_next(text, length, &position);
        size_t next = position;
        const struct mig_token behind = mig_token_next(text, length, &next);
        const size_t quote = token.kind == MIG_TOKEN_NAME ? 1 : 0;

        if (token.kind == MIG_TOKEN_END)
            return false;
        if (behind.kind == MIG_TOKEN_OTHER && behind.text[0] == '(' &&
            token.length > 2 * quote &&
            is_name(name, token.text + quote, token.length - 2 * quote))
            return true;
    }
}

/*
 * True when the table that is not there may be one where the statement is run: it is in another database
 * than main, or it is a function that gives a table, which another connection may have.
 */
static bool may_be_there(const struct mig_judge *j, const struct mig_deed *deed)
{
    static const char missing[] = "no such table: ";
    const char *name = strstr(deed->failure, missing);

    if (name == NULL)
        return false;
    name += strlen(missing);
    if (strncmp(name, "main.", strlen("main.")) == 0)
        name += strlen("main.");
    if (strchr(name, '.') != NULL)
        return true;
    return !is_name(name, deed->name == NULL ? "" : deed->name,
                    deed->name == NULL ? 0 : strlen(deed->name)) &&
           !is_name(name, deed->table == NULL ? "" : deed->table,
                    deed->table == NULL ? 0 : strlen(deed->table)) &&
           is_called(j->trial->text + deed->start, deed->length, name);
}

/* True when the statement may be about the tables of the engine, which a run makes before its first step. */
static bool is_about_tracking(struct mig_judge *j, const struct mig_deed *deed)
{
    const char *table = mig_options_text(j->s, j->s->options, MIG_OPTION_TABLE);

    return deed_mentions(j, deed, table) && !mig_tracking_exists(j->s);
}

/* True when the statement fails wherever it is run by this plan. */
static bool fails_for_certain(struct mig_judge *j, const struct mig_deed *deed)
{
    /* The clone is not as the live database is, or as it will be. */
    if (j->trial->memory->has_doubt || j->clone->gap_count > 0)
        return false;
    if (deed->head.is_temp ||
        (deed->schema != NULL && sqlite3_stricmp(deed->schema, "main") != 0))
        return false;
    /* The clone has not all tables that SQLite makes itself. */
    return is_certain(deed->failure) && !deed_mentions(j, deed, "sqlite_") &&
           !may_be_there(j, deed) && !is_about_tracking(j, deed);
}

void mig_judge_failure(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_clone_gap *gap =
        deed->name == NULL ? NULL : mig_clone_find_gap(j->clone, deed->name);
    const char *object = mig_judge_object(j, deed);

    if (mig_lint_has_note(j->lint, i, MIG_RULE_REFUSED))
        return;
    if (deed->is_syntax)
        mig_judge_note(j, i, MIG_RULE_REFUSED, object, "SQLite cannot read it: %s",
                       deed->failure);
    else if (fails_for_certain(j, deed))
        mig_judge_note(j, i, MIG_RULE_REFUSED, object, "it fails: %s", deed->failure);
    else if (gap != NULL)
        mig_judge_note(j, i, MIG_RULE_NOT_JUDGED, object,
                       "%s %s cannot be rebuilt for a trial: %s", gap->type, gap->name,
                       gap->why);
    else
        mig_judge_note(j, i, MIG_RULE_NOT_JUDGED, object,
                       "it cannot be tried on an empty copy of the schema: %s", deed->failure);
}

/* True when the action may change the schema otherwise than the trial has done it. */
static bool is_doubtful(struct mig_judge *j, const struct mig_touch *action)
{
    /* A stand-in for a module has no tables of its own. */
    if (action->code == SQLITE_CREATE_VTABLE || action->code == SQLITE_DROP_VTABLE)
        return true;
    if (action->code == SQLITE_FUNCTION)
        return action->second == NULL || mig_ask_may_act(j->s, j->ask, action->second);
    return mig_touch_writes_schema(action);
}

void mig_judge_doubt(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    bool *has_doubt = &j->trial->memory->has_doubt;

    *has_doubt |= deed->failure != NULL || deed->head.kind == MIG_HEAD_OTHER ||
                  deed->head.kind == MIG_HEAD_TRANSACTION ||
                  deed->head.kind == MIG_HEAD_ATTACH ||
                  (j->trial->only_prepares && mig_head_is_schema(deed->head.kind));
    for (size_t a = deed->first_action; a < deed->end_action && !*has_doubt; a++)
        *has_doubt = is_doubtful(j, &j->trial->actions.list[a]);
}
