#include "compiler.h"

#include "shape.h"

#include "definition.h"
#include "keep.h"
#include "query.h"
#include "shape_key.h"

static void add_index(struct mig_session *s, struct mig_arena *arena, struct mig_shape *shape,
                      sqlite3_stmt *query)
{
    void *list = shape->indexes;
    struct mig_shape_index *index =
        mig_keep_element(s, arena, &list, shape->index_count, sizeof(*index));

    shape->indexes = list;
    if (index == NULL)
        return;
    index->name = mig_keep_column(s, arena, query, 1);
    index->sql = mig_keep_column(s, arena, query, 2);
    shape->index_count++;
}

static void add_trigger(struct mig_session *s, struct mig_arena *arena, struct mig_shape *shape,
                        sqlite3_stmt *query)
{
    void *list = shape->triggers;
    struct mig_shape_trigger *trigger =
        mig_keep_element(s, arena, &list, shape->trigger_count, sizeof(*trigger));
    struct mig_part definition;

    shape->triggers = list;
    if (trigger == NULL)
        return;
    trigger->name = mig_keep_column(s, arena, query, 1);
    trigger->sql = mig_keep_column(s, arena, query, 2);
    definition = mig_definition_trigger(trigger->sql);
    trigger->definition = mig_keep_part(s, arena, &definition);
    shape->trigger_count++;
}

/* Adds an object of the schema that is the table or belongs to it. */
static void add_object(struct mig_session *s, struct mig_arena *arena, struct mig_shape *shape,
                       sqlite3_stmt *query)
{
    const char *type = (const char *)sqlite3_column_text(query, 0);

    if (type == NULL) {
        mig_session_fail_memory(s);
    } else if (strcmp(type, "table") == 0) {
        shape->name = mig_keep_column(s, arena, query, 1);
        shape->sql = mig_keep_column(s, arena, query, 2);
        shape->is_virtual = sqlite3_column_int64(query, 3) == 0;
    } else if (strcmp(type, "trigger") == 0) {
        add_trigger(s, arena, shape, query);
    } else if (strcmp(type, "index") == 0 && sqlite3_column_type(query, 2) != SQLITE_NULL) {
        add_index(s, arena, shape, query);
    }
}

/* The texts of the table, its triggers, and of those of its indexes that have one. */
static void read_objects(struct mig_session *s, struct mig_arena *arena, const char *table,
                         struct mig_shape *shape)
{
    sqlite3_stmt *query = mig_query_prepare(
        s, "SELECT type,name,sql,rootpage FROM main.sqlite_schema WHERE tbl_name=?1 COLLATE "
           "nocase ORDER BY rowid");

    mig_query_bind_text(s, query, 1, table);
    while (mig_query_step(s, query))
        add_object(s, arena, shape, query);
    mig_query_finish(query);
}

/* What SQLite tells of the column by a call of its own. */
static void read_metadata(struct mig_session *s, struct mig_arena *arena,
                          struct mig_shape *shape, struct mig_shape_column *column)
{
    const char *collation = NULL;
    int has_autoincrement = 0;
    int code;

    column->collation = "";
    if (!mig_session_ok(s) || shape->is_virtual)
        return;
    code = sqlite3_table_column_metadata(s->db, "main", shape->name, column->name, NULL,
                                         &collation, NULL, NULL, &has_autoincrement);
    if (code == SQLITE_NOMEM)
        mig_session_fail_memory(s);
    if (code == SQLITE_OK && has_autoincrement != 0)
        shape->has_autoincrement = true;
    column->collation =
        mig_arena_text(s, arena, code == SQLITE_OK && collation != NULL ? collation : "BINARY");
}

/* The values of table_xinfo's column "hidden" that matter here. */
enum {
    HIDDEN_VIRTUAL_TABLE = 1,
    HIDDEN_STORED = 3,
};

static void add_column(struct mig_session *s, struct mig_arena *arena, struct mig_shape *shape,
                       sqlite3_stmt *query)
{
    void *list = shape->columns;
    struct mig_shape_column *column =
        mig_keep_element(s, arena, &list, shape->column_count, sizeof(*column));
    const char *value = (const char *)sqlite3_column_text(query, 4);

    shape->columns = list;
    if (column == NULL)
        return;
    column->name = mig_keep_column(s, arena, query, 1);
    column->type = mig_keep_sql(s, arena, mig_keep_column(s, arena, query, 2));
    column->is_not_null = sqlite3_column_int(query, 3) != 0;
    if (value != NULL)
        column->value = mig_keep_sql(s, arena, value);
    column->key = sqlite3_column_int64(query, 5);
    column->is_hidden = sqlite3_column_int(query, 6) == HIDDEN_VIRTUAL_TABLE;
    column->is_stored = sqlite3_column_int(query, 6) == HIDDEN_STORED;
    read_metadata(s, arena, shape, column);
    shape->column_count++;
}

static void read_columns(struct mig_session *s, struct mig_arena *arena,
                         struct mig_shape *shape)
{
    sqlite3_stmt *query = mig_query_prepare(s, "PRAGMA main.table_xinfo(%Q)", shape->name);

    while (mig_query_step(s, query))
        add_column(s, arena, shape, query);
    mig_query_finish(query);
}

static void add_check(struct mig_session *s, struct mig_arena *arena, struct mig_shape *shape,
                      const struct mig_clause *clause)
{
    void *list = shape->checks;
    struct mig_shape_check *check =
        mig_keep_element(s, arena, &list, shape->check_count, sizeof(*check));

    shape->checks = list;
    if (check == NULL)
        return;
    check->name = mig_keep_name(s, arena, &clause->name);
    check->text = mig_keep_part(s, arena, &clause->body);
    shape->check_count++;
}

/* True for words behind a column in the list of a constraint. */
static bool is_ordering(const struct mig_token *token)
{
    return mig_token_is_word(token, "ASC") || mig_token_is_word(token, "DESC") ||
           mig_token_is_word(token, "AUTOINCREMENT");
}

/* The names of a constraint's columns, with a comma between them. */
static const char *list_columns(struct mig_session *s, struct mig_arena *arena,
                                const struct mig_shape *shape, const struct mig_clause *clause)
{
    sqlite3_str *names;
    size_t position = 0;

    if (clause->is_of_column)
        return clause->column < shape->column_count ? shape->columns[clause->column].name : "";
    names = sqlite3_str_new(s->db);
    for (;;) {
        const struct mig_token token =
            mig_token_next(clause->body.text, clause->body.length, &position);
        const struct mig_part part = {.text = token.text, .length = token.length};

        if (token.kind == MIG_TOKEN_END)
            return mig_keep_built(s, arena, names);
        if (mig_token_is_word(&token, "COLLATE"))
            (void)mig_token_next(clause->body.text, clause->body.length, &position);
        else if (token.kind == MIG_TOKEN_OTHER)
            sqlite3_str_appendall(names, ", ");
        else if (mig_token_is_name(&token) && !is_ordering(&token))
            sqlite3_str_appendall(names, mig_keep_name(s, arena, &part));
    }
}

static const char *const constraint_names[] = {
    [MIG_CLAUSE_NOT_NULL] = "NOT NULL",
    [MIG_CLAUSE_UNIQUE] = "UNIQUE",
    [MIG_CLAUSE_PRIMARY_KEY] = "PRIMARY KEY",
};

/* The action in capitals; NULL for ABORT, which is what happens without any. */
static const char *conflict_action(const struct mig_part *conflict)
{
    static const char *const actions[] = {"ROLLBACK", "FAIL", "IGNORE", "REPLACE"};

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        const struct mig_token token = mig_token_at(conflict->text, conflict->length);

        if (mig_token_is_word(&token, actions[i]))
            return actions[i];
    }
    return NULL;
}

static void add_conflict(struct mig_session *s, struct mig_arena *arena,
                         struct mig_shape *shape, const struct mig_clause *clause)
{
    const char *action =
        clause->conflict.length == 0 ? NULL : conflict_action(&clause->conflict);
    void *list = shape->conflicts;
    struct mig_shape_conflict *conflict;

    if (action == NULL)
        return;
    conflict = mig_keep_element(s, arena, &list, shape->conflict_count, sizeof(*conflict));
    shape->conflicts = list;
    if (conflict == NULL)
        return;
    conflict->constraint = constraint_names[clause->kind];
    conflict->columns = list_columns(s, arena, shape, clause);
    conflict->action = action;
    shape->conflict_count++;
}

/* SQLite takes GENERATED ALWAYS for words of the type, and off again unless a comment stands there. */
static const char *without_generated(struct mig_session *s, struct mig_arena *arena,
                                     const char *type)
{
    const size_t length = strlen(type);
    struct mig_part part = {.text = type, .length = 0};
    size_t position = 0;

    for (;;) {
        const struct mig_token token = mig_token_next(type, length, &position);

        if (token.kind == MIG_TOKEN_END)
            return type;
        if (mig_token_is_word(&token, "GENERATED"))
            return mig_keep_part(s, arena, &part);
        part.length = position;
    }
}

static void set_generated(struct mig_session *s, struct mig_arena *arena,
                          struct mig_shape *shape, const struct mig_clause *clause)
{
    struct mig_shape_column *column;

    if (clause->column >= shape->column_count)
        return;
    column = &shape->columns[clause->column];
    column->generated = mig_keep_part(s, arena, &clause->body);
    column->type = without_generated(s, arena, column->type);
}

/* Takes one clause over. `key` counts the foreign keys. */
static void add_clause(struct mig_session *s, struct mig_arena *arena, struct mig_shape *shape,
                       const struct mig_clause *clause, size_t *key)
{
    switch (clause->kind) {
    case MIG_CLAUSE_CHECK:
        add_check(s, arena, shape, clause);
        break;
    case MIG_CLAUSE_GENERATED:
        set_generated(s, arena, shape, clause);
        break;
    case MIG_CLAUSE_FOREIGN_KEY:
        if (*key < shape->foreign_key_count)
            shape->foreign_keys[*key].is_deferred = clause->is_deferred;
        ++*key;
        break;
    case MIG_CLAUSE_NOT_NULL:
    case MIG_CLAUSE_UNIQUE:
    case MIG_CLAUSE_PRIMARY_KEY:
        add_conflict(s, arena, shape, clause);
        break;
    case MIG_CLAUSE_STRICT:
        shape->is_strict = true;
        break;
    case MIG_CLAUSE_WITHOUT_ROWID:
        shape->is_without_rowid = true;
        break;
    case MIG_CLAUSE_COLUMN:
    case MIG_CLAUSE_END:
        break;
    }
}

/* What only the text of the table says. */
static void read_clauses(struct mig_session *s, struct mig_arena *arena,
                         struct mig_shape *shape)
{
    struct mig_definition definition;
    struct mig_clause clause;
    size_t key = 0;

    mig_definition_begin(&definition, shape->sql);
    do {
        clause = mig_definition_next(&definition);
        add_clause(s, arena, shape, &clause, &key);
    } while (clause.kind != MIG_CLAUSE_END && mig_session_ok(s));
}

/* INTEGER PRIMARY KEY is the rowid when SQLite has made no index for the key. */
static void find_rowid_column(struct mig_shape *shape)
{
    const struct mig_shape_column *found = NULL;

    if (shape->is_without_rowid || shape->is_virtual)
        return;
    for (size_t i = 0; i < shape->index_count; i++)
        if (shape->indexes[i].origin == MIG_ORIGIN_PRIMARY_KEY)
            return;
    for (size_t i = 0; i < shape->column_count; i++)
        if (shape->columns[i].key > 0)
            found = &shape->columns[i];
    if (found != NULL)
        shape->rowid_column = found->name;
}

const struct mig_shape *mig_shape_read(struct mig_session *s, struct mig_arena *arena,
                                       const char *table)
{
    struct mig_shape *shape = mig_arena_alloc(s, arena, sizeof(*shape));

    if (shape == NULL)
        return NULL;
    read_objects(s, arena, table, shape);
    if (shape->name == NULL || !mig_session_ok(s))
        return NULL;
    read_columns(s, arena, shape);
    if (!shape->is_virtual) {
        mig_shape_read_indexes(s, arena, shape);
        mig_shape_read_foreign_keys(s, arena, shape);
        read_clauses(s, arena, shape);
    }
    find_rowid_column(shape);
    return mig_session_ok(s) ? shape : NULL;
}

const struct mig_shape_column *mig_shape_column(const struct mig_shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->column_count; i++)
        if (sqlite3_stricmp(shape->columns[i].name, name) == 0)
            return &shape->columns[i];
    return NULL;
}

const struct mig_shape_index *mig_shape_index(const struct mig_shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->index_count; i++)
        if (sqlite3_stricmp(shape->indexes[i].name, name) == 0)
            return &shape->indexes[i];
    return NULL;
}

const struct mig_shape_trigger *mig_shape_trigger(const struct mig_shape *shape,
                                                  const char *name)
{
    for (size_t i = 0; i < shape->trigger_count; i++)
        if (sqlite3_stricmp(shape->triggers[i].name, name) == 0)
            return &shape->triggers[i];
    return NULL;
}
