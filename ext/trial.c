#include "compiler.h"

#include "trial.h"

#include "flags.h"
#include "foreign_key.h"
#include "query.h"
#include "schema.h"
#include "script.h"

void mig_trial_init(struct mig_trial *trial)
{
    memset(trial, 0, sizeof(*trial));
    mig_actions_init(&trial->actions);
}

void mig_trial_release(struct mig_trial *trial)
{
    mig_actions_release(&trial->actions);
    sqlite3_free(trial->deeds);
    mig_arena_release(&trial->arena);
    mig_trial_init(trial);
}

static const char *copy_name(struct mig_trial *trial, const struct mig_token *token)
{
    char *name;

    if (token->length == 0)
        return NULL;
    name = mig_arena_alloc(trial->s, &trial->arena, token->length + 1);
    if (name != NULL)
        (void)mig_token_unquote(token, name);
    return name;
}

/* Adds the statement, as far as its words tell. */
static struct mig_deed *add_deed(struct mig_trial *trial, const struct mig_statement *statement)
{
    void *list = trial->deeds;
    struct mig_deed *deed =
        mig_array_add(trial->s, &list, trial->count, &trial->capacity, sizeof(*deed));

    trial->deeds = list;
    if (deed == NULL)
        return NULL;
    trial->count++;
    deed->start = statement->start;
    deed->length = statement->end - statement->start;
    mig_head_read(trial->text + deed->start, deed->length, &deed->head);
    deed->schema = copy_name(trial, &deed->head.schema);
    deed->name = copy_name(trial, &deed->head.name);
    deed->table = copy_name(trial, &deed->head.table);
    deed->column = copy_name(trial, &deed->head.column);
    deed->to = copy_name(trial, &deed->head.to);
    deed->first_action = trial->actions.count;
    deed->end_action = trial->actions.count;
    return deed;
}

/* Moves what has failed on the clone into the deed; what ends all work goes to the user's session. */
static void take_failure(struct mig_trial *trial, struct mig_deed *deed)
{
    struct mig_session failure;

    if (mig_session_ok(&trial->clone->session))
        return;
    mig_session_forget(&trial->clone->session, &failure);
    if (failure.outcome == MIG_NO_MEMORY || failure.outcome == MIG_INTERRUPTED) {
        mig_session_take(trial->s, &failure);
    } else {
        deed->failure = mig_arena_text(trial->s, &trial->arena, failure.message);
        deed->is_syntax = strstr(failure.message, "syntax error") != NULL ||
                          strstr(failure.message, "incomplete input") != NULL ||
                          strstr(failure.message, "unrecognized token") != NULL;
    }
    mig_session_release(&failure);
}

/* Prepares the statement under a watch. */
static sqlite3_stmt *prepare(struct mig_trial *trial, struct mig_deed *deed)
{
    struct mig_session *c = &trial->clone->session;
    sqlite3_stmt *statement;
    size_t tail = 0;

    mig_watch_begin(trial->s, c->db, &trial->actions);
    statement = mig_query_prepare_text(c, trial->text + deed->start, &tail);
    mig_watch_end(&trial->actions);
    if (mig_session_ok(c) && tail != deed->length)
        mig_session_fail(c, MIG_INVALID, "this statement ends elsewhere than SQLite says");
    take_failure(trial, deed);
    deed->end_action = trial->actions.count;
    return statement;
}

static void fail(struct mig_trial *trial, struct mig_deed *deed, const char *why)
{
    deed->failure = mig_arena_text(trial->s, &trial->arena, why);
}

static bool has_replace(const char *text, size_t length)
{
    size_t position = 0;

    for (;;) {
        const struct mig_token token = mig_token_next(text, length, &position);

        if (token.kind == MIG_TOKEN_END || mig_token_is_word(&token, "REPLACE"))
            return token.kind != MIG_TOKEN_END;
    }
}

static void note_result(struct mig_trial *trial, struct mig_deed *deed,
                        enum mig_clone_result result)
{
    struct mig_session *c = &trial->clone->session;

    if (result == MIG_CLONE_STOPPED)
        fail(trial, deed, "it was stopped: it does too much for a trial");
    else
        take_failure(trial, deed);
    /* The transaction goes with what is stopped, or runs out of memory. */
    if (mig_session_ok(trial->s) && sqlite3_get_autocommit(c->db) != 0) {
        trial->is_lost = true;
        mig_query_execute(c, "BEGIN");
    }
    deed->is_new = deed->failure == NULL;
    if (deed->is_new && has_replace(trial->text + deed->start, deed->length))
        trial->memory->has_replace = true;
}

/*
 * CREATE TABLE ... AS SELECT, with a limit of no rows: not even those of a SELECT that reads no table.
 * NULL where it is another CREATE TABLE.
 */
static char *limit_select(struct mig_trial *trial, const struct mig_deed *deed)
{
    const char *text = trial->text + deed->start;
    size_t position = deed->head.body;
    size_t length = deed->length;
    const struct mig_token as = mig_token_next(text, length, &position);
    char *sql;

    if (deed->head.kind != MIG_HEAD_CREATE_TABLE || !mig_token_is_word(&as, "AS"))
        return NULL;
    while (length > position && text[length - 1] != ';')
        length--;
    length -= length > position ? 1 : 0;
    sql = sqlite3_mprintf("%.*s SELECT * FROM (%.*s\n) LIMIT 0", (int)position, text,
                          (int)(length - position), text + position);
    if (sql == NULL)
        mig_session_fail_memory(trial->s);
    return sql;
}

/* Executes what changes the schema. */
static void execute(struct mig_trial *trial, struct mig_deed *deed, sqlite3_stmt *statement)
{
    char *limited = limit_select(trial, deed);

    deed->is_filled = limited != NULL;
    if (limited != NULL)
        note_result(trial, deed, mig_clone_execute(trial->clone, limited, strlen(limited)));
    else
        note_result(trial, deed, mig_clone_run(trial->clone, statement));
    sqlite3_free(limited);
}

/* The table whose shape changes, or whose rows do; NULL: none. */
static const char *table_of(struct mig_trial *trial, const struct mig_deed *deed)
{
    if (deed->head.kind == MIG_HEAD_CREATE_INDEX)
        return deed->table;
    if (deed->head.kind != MIG_HEAD_DROP_INDEX)
        return deed->name;
    return mig_schema_table_of_index(&trial->clone->session, &trial->arena, deed->name);
}

static bool is_main(const struct mig_deed *deed)
{
    return deed->schema == NULL || sqlite3_stricmp(deed->schema, "main") == 0;
}

static const struct mig_shape *read_shape(struct mig_trial *trial, const char *table)
{
    return table == NULL ? NULL : mig_shape_read(&trial->clone->session, &trial->arena, table);
}

/* Looks for a constraint of the table by which rows that are in the way are deleted. Few tables have one, so
 * all are looked at only once. */
static void look_for_replace(struct mig_trial *trial, struct mig_deed *deed)
{
    const struct mig_shape *shape;

    if (!trial->memory->has_looked)
        trial->memory->has_replace = mig_schema_has_word(&trial->clone->session, "REPLACE");
    trial->memory->has_looked = true;
    if (!trial->memory->has_replace)
        return;
    shape = read_shape(trial, deed->name);
    for (size_t i = 0; shape != NULL && i < shape->conflict_count; i++)
        if (strcmp(shape->conflicts[i].action, "REPLACE") == 0)
            deed->replaces = shape->conflicts[i].columns;
}

/* Looks at the schema before the statement. */
static void look_before(struct mig_trial *trial, struct mig_deed *deed)
{
    const enum mig_head_kind kind = deed->head.kind;

    if (deed->name == NULL || !is_main(deed))
        return;
    if (kind == MIG_HEAD_DROP_INDEX) {
        deed->table = table_of(trial, deed);
        if (trial->queries != NULL && deed->table != NULL)
            deed->query =
                mig_known_query_of_index(&trial->clone->session, trial->queries, deed->name);
    }
    if (kind == MIG_HEAD_DROP_TABLE || kind == MIG_HEAD_DROP_INDEX ||
        kind == MIG_HEAD_DROP_COLUMN || kind == MIG_HEAD_RENAME_TABLE ||
        kind == MIG_HEAD_RENAME_COLUMN || kind == MIG_HEAD_ALTER_TABLE)
        deed->before = read_shape(trial, table_of(trial, deed));
    if (mig_head_is_rows(kind))
        deed->is_table = mig_schema_has_table(&trial->clone->session, deed->name);
    if (kind == MIG_HEAD_INSERT || kind == MIG_HEAD_UPDATE)
        look_for_replace(trial, deed);
    if (kind == MIG_HEAD_DROP_TABLE || mig_head_is_rows(kind))
        deed->children = mig_shape_children(&trial->clone->session, &trial->arena, deed->name,
                                            &deed->child_count);
}

static void look_behind(struct mig_trial *trial, struct mig_deed *deed)
{
    const enum mig_head_kind kind = deed->head.kind;

    if (deed->name == NULL || !is_main(deed) || deed->failure != NULL)
        return;
    if (kind == MIG_HEAD_RENAME_TABLE)
        deed->after = read_shape(trial, deed->to);
    else if (kind == MIG_HEAD_ADD_COLUMN || kind == MIG_HEAD_RENAME_COLUMN ||
             kind == MIG_HEAD_ALTER_TABLE ||
             (kind == MIG_HEAD_CREATE_INDEX && deed->head.is_unique))
        deed->after = read_shape(trial, table_of(trial, deed));
}

static bool is_true(const char *value)
{
    return strcmp(value, "on") == 0 || strcmp(value, "yes") == 0 ||
           strcmp(value, "true") == 0 || strtol(value, NULL, 0) != 0;
}

/* Sets a flag that decides what later statements mean. No other pragma is run. */
static void set_flag(struct mig_trial *trial, struct mig_deed *deed)
{
    static const char *const flags[] = {"legacy_alter_table", "writable_schema",
                                        "recursive_triggers", "trusted_schema"};
    struct mig_pragma pragma;

    mig_script_pragma(trial->text + deed->start, deed->length, &pragma);
    if (!pragma.has_value)
        return;
    if (strcmp(pragma.name, "foreign_keys") == 0)
        mig_foreign_keys_enforce(&trial->clone->session, is_true(pragma.value));
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(pragma.name, flags[i]) == 0)
            mig_query_execute(&trial->clone->session, "PRAGMA %s=%d", flags[i],
                              is_true(pragma.value));
    take_failure(trial, deed);
}

static void attach(struct mig_trial *trial, struct mig_deed *deed)
{
    if (deed->head.kind == MIG_HEAD_ATTACH && deed->name != NULL)
        mig_query_execute(&trial->clone->session, "ATTACH ':memory:' AS \"%w\"", deed->name);
    take_failure(trial, deed);
}

/* Cascades are seen only where keys are enforced, which may be impossible (a key without its parent). */
static void try_rows(struct mig_trial *trial, struct mig_deed *deed)
{
    struct mig_session *c = &trial->clone->session;
    const bool enforced = mig_foreign_keys_enforced(c);

    mig_foreign_keys_enforce(c, true);
    mig_query_finish(prepare(trial, deed));
    mig_foreign_keys_enforce(c, enforced);
    if (deed->failure == NULL || enforced || !mig_session_ok(trial->s))
        return;
    deed->failure = NULL;
    mig_query_finish(prepare(trial, deed));
}

/* Anything else than a change of rows. Keys are not enforced while a table is dropped: as the engine does it. */
static void try_other(struct mig_trial *trial, struct mig_deed *deed)
{
    struct mig_session *c = &trial->clone->session;
    const bool enforced = mig_foreign_keys_enforced(c);
    sqlite3_stmt *statement;

    if (deed->head.kind == MIG_HEAD_DROP_TABLE)
        mig_foreign_keys_enforce(c, false);
    statement = prepare(trial, deed);
    if (deed->failure == NULL && mig_session_ok(trial->s) && !trial->only_prepares &&
        mig_head_is_schema(deed->head.kind))
        execute(trial, deed, statement);
    mig_query_finish(statement);
    mig_foreign_keys_enforce(c, enforced);
}

static void try_deed(struct mig_trial *trial, struct mig_deed *deed)
{
    switch ((int)deed->head.kind) {
    case MIG_HEAD_TRANSACTION:
    case MIG_HEAD_VACUUM:
    case MIG_HEAD_DETACH:
        return;
    case MIG_HEAD_ATTACH:
        attach(trial, deed);
        return;
    case MIG_HEAD_PRAGMA:
        mig_query_finish(prepare(trial, deed));
        if (deed->failure == NULL)
            set_flag(trial, deed);
        return;
    default:
        break;
    }
    look_before(trial, deed);
    take_failure(trial, deed);
    if (mig_head_is_rows(deed->head.kind)) {
        try_rows(trial, deed);
        return;
    }
    try_other(trial, deed);
    look_behind(trial, deed);
    take_failure(trial, deed);
}

void mig_trial_run(struct mig_session *s, struct mig_trial *trial, struct mig_clone *clone,
                   const char *text, size_t length)
{
    const bool enforced = mig_foreign_keys_enforced(&clone->session);
    struct mig_statement statement;
    struct mig_flags flags;
    size_t position = 0;

    trial->s = s;
    trial->clone = clone;
    trial->text = text;
    if (!mig_session_ok(s))
        return;
    mig_flags_save(&clone->session, text, length, &flags);
    while (mig_session_ok(s) && mig_script_next(text, length, &position, &statement)) {
        struct mig_deed *deed = add_deed(trial, &statement);

        if (deed != NULL)
            try_deed(trial, deed);
        if (deed != NULL && deed->failure != NULL)
            trial->has_failure = true;
    }
    mig_flags_restore(&clone->session, &flags);
    mig_foreign_keys_enforce(&clone->session, enforced);
}

const struct mig_shape *mig_trial_shape(struct mig_trial *trial, const char *table)
{
    struct mig_deed nobody = {.failure = NULL};
    const struct mig_shape *shape = read_shape(trial, table);

    take_failure(trial, &nobody);
    return nobody.failure == NULL ? shape : NULL;
}

const struct mig_shape_foreign_key *mig_trial_children(struct mig_trial *trial,
                                                       const char *table, size_t *out_count)
{
    struct mig_deed nobody = {.failure = NULL};
    const struct mig_shape_foreign_key *keys =
        mig_shape_children(&trial->clone->session, &trial->arena, table, out_count);

    take_failure(trial, &nobody);
    return keys;
}

const struct mig_touch *mig_trial_find(const struct mig_trial *trial,
                                       const struct mig_deed *deed, int code, const char *first)
{
    for (size_t i = deed->first_action; i < deed->end_action; i++) {
        const struct mig_touch *action = &trial->actions.list[i];

        if (action->code == code &&
            (first == NULL ||
             (action->first != NULL && sqlite3_stricmp(action->first, first) == 0)))
            return action;
    }
    return NULL;
}

bool mig_trial_reads(const struct mig_trial *trial, const struct mig_deed *deed,
                     const char *table, const char *column)
{
    for (size_t i = deed->first_action; i < deed->end_action; i++) {
        const struct mig_touch *action = &trial->actions.list[i];

        if (action->code == SQLITE_READ && action->trigger == NULL && action->first != NULL &&
            sqlite3_stricmp(action->first, table) == 0 &&
            (column == NULL ||
             (action->second != NULL && sqlite3_stricmp(action->second, column) == 0)))
            return true;
    }
    return false;
}
