#include "compiler.h"

#include "proxy_table.h"

#include "arena.h"
#include "query.h"

#include <stdbool.h>

/* A table that was renamed here is still the one of its old name on the live connection. */
struct renaming {
    struct renaming *next;
    char *now;  /* owned */
    char *live; /* owned */
};

struct module {
    struct mig_session *live; /* borrowed */
    enum mig_proxy_use use;
    struct renaming *renamings; /* owned; newest first */
    bool is_own;                /* one of this extension's */
    char name[];                /* NUL at the end */
};

struct column {
    char *name; /* owned */
    bool is_hidden;
};

struct table {
    sqlite3_vtab base;     /* must be first */
    struct module *module; /* borrowed */
    char *schema;          /* owned; these two as the live connection knows them */
    char *name;
    struct column *columns; /* owned array */
    size_t count;
    size_t capacity;
};

struct cursor {
    sqlite3_vtab_cursor base; /* must be first */
    sqlite3_stmt *rows;       /* on the live connection; NULL: none */
    bool has_row;
    int64_t number; /* of the row */
};

static void free_renaming(struct renaming *renaming)
{
    sqlite3_free(renaming->now);
    sqlite3_free(renaming->live);
    sqlite3_free(renaming);
}

static void free_module(void *context)
{
    struct module *module = context;

    while (module->renamings != NULL) {
        struct renaming *next = module->renamings->next;

        free_renaming(module->renamings);
        module->renamings = next;
    }
    sqlite3_free(module);
}

/* What a table of the private connection is called on the live one. */
static const char *find_live_name(const struct module *module, const char *name)
{
    for (const struct renaming *it = module->renamings; it != NULL; it = it->next)
        if (sqlite3_stricmp(it->now, name) == 0)
            return it->live;
    return name;
}

static struct table *table_of(sqlite3_vtab *base)
{
    return (struct table *)base;
}

static struct cursor *cursor_of(sqlite3_vtab_cursor *base)
{
    return (struct cursor *)base;
}

static int disconnect(sqlite3_vtab *base)
{
    struct table *table = table_of(base);

    for (size_t i = 0; i < table->count; i++)
        sqlite3_free(table->columns[i].name);
    sqlite3_free(table->columns);
    sqlite3_free(table->schema);
    sqlite3_free(table->name);
    sqlite3_free(table);
    return SQLITE_OK;
}

/* Reads the columns of the table, and the declaration of such a table; owned by the caller. */
static char *read_columns(struct mig_session *s, struct table *table)
{
    sqlite3_stmt *query =
        mig_query_prepare(s, "SELECT name,type,hidden FROM pragma_table_xinfo(%Q,%Q)",
                          table->name, table->schema);
    sqlite3_str *declaration = sqlite3_str_new(s->db);

    while (mig_query_step(s, query)) {
        const char *name = (const char *)sqlite3_column_text(query, 0);
        const char *type = (const char *)sqlite3_column_text(query, 1);
        void *list = table->columns;
        struct column *column =
            mig_array_add(s, &list, table->count, &table->capacity, sizeof(*column));

        table->columns = list;
        if (column == NULL)
            break;
        table->count++;
        column->is_hidden = sqlite3_column_int(query, 2) == 1;
        column->name = sqlite3_mprintf("%s", name == NULL ? "" : name);
        if (column->name == NULL)
            mig_session_fail_memory(s);
        sqlite3_str_appendf(declaration, "%s\"%w\" %s%s",
                            table->count == 1 ? "CREATE TABLE x(" : ",", name,
                            type == NULL ? "" : type, column->is_hidden ? " HIDDEN" : "");
    }
    mig_query_finish(query);
    sqlite3_str_appendchar(declaration, 1, ')');
    if (sqlite3_str_errcode(declaration) != SQLITE_OK)
        mig_session_fail_memory(s);
    return sqlite3_str_finish(declaration);
}

static void declare(struct mig_session *s, sqlite3 *db, struct table *table)
{
    char *declaration;

    if (table->name == NULL || table->schema == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    declaration = read_columns(s, table);
    if (mig_session_ok(s) && table->count == 0)
        mig_session_fail(
            s, MIG_FAILED,
            "the module %s is the application's, and there is no table %s yet that "
            "could tell its columns",
            table->module->name, table->name);
    if (mig_session_ok(s)) {
        const int code = sqlite3_declare_vtab(db, declaration);

        if (code != SQLITE_OK)
            mig_session_fail_other(s, db, code);
    }
    sqlite3_free(declaration);
}

/* SQLite's xCreate and xConnect: arguments[1] is the schema, arguments[2] the name of the table. */
static int connect_table(sqlite3 *db, void *context, int count, const char *const *arguments,
                         sqlite3_vtab **out_table, char **out_message)
{
    struct module *module = context;
    struct table *table = sqlite3_malloc64(sizeof(*table));
    struct mig_session probe;
    int code;

    (void)count;
    *out_table = NULL;
    if (table == NULL)
        return SQLITE_NOMEM;
    memset(table, 0, sizeof(*table));
    table->module = module;
    table->schema = sqlite3_mprintf("%s", arguments[1]);
    table->name = sqlite3_mprintf("%s", find_live_name(module, arguments[2]));
    mig_session_init(&probe, module->live->db, module->live->options);
    declare(&probe, db, table);
    code = probe.sqlite_code;
    if (mig_session_ok(&probe)) {
        *out_table = &table->base;
    } else {
        *out_message = sqlite3_mprintf("%s", probe.message);
        (void)disconnect(&table->base);
    }
    mig_session_release(&probe);
    return code;
}

/*
 * The arguments of a table-valued function are hidden columns that are equal to something. The plan is
 * the WHERE for the live table; one without all the arguments that there are is refused.
 */
static int choose_plan(sqlite3_vtab *base, sqlite3_index_info *plan)
{
    const struct table *table = table_of(base);
    sqlite3_str *where = sqlite3_str_new(NULL);
    int bound = 0;

    for (int i = 0; i < plan->nConstraint; i++) {
        const struct sqlite3_index_constraint *constraint = &plan->aConstraint[i];

        if (constraint->op != SQLITE_INDEX_CONSTRAINT_EQ || constraint->iColumn < 0 ||
            !table->columns[constraint->iColumn].is_hidden)
            continue;
        if (!constraint->usable) {
            sqlite3_free(sqlite3_str_finish(where));
            return SQLITE_CONSTRAINT;
        }
        sqlite3_str_appendf(where, "%s\"%w\"=?%d", bound == 0 ? " WHERE " : " AND ",
                            table->columns[constraint->iColumn].name, bound + 1);
        plan->aConstraintUsage[i].argvIndex = ++bound;
        plan->aConstraintUsage[i].omit = 1;
    }
    plan->estimatedCost = bound == 0 ? 1e6 : 1e3;
    plan->idxNum = 0;
    plan->idxStr = sqlite3_str_finish(where);
    plan->needToFreeIdxStr = 1;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **out_cursor)
{
    struct cursor *cursor = sqlite3_malloc64(sizeof(*cursor));

    (void)base;
    *out_cursor = NULL;
    if (cursor == NULL)
        return SQLITE_NOMEM;
    memset(cursor, 0, sizeof(*cursor));
    *out_cursor = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = cursor_of(base);

    mig_query_finish(cursor->rows);
    sqlite3_free(cursor);
    return SQLITE_OK;
}

/* The code of what `probe` has failed with, whose message becomes the table's; releases it. */
static int hand_over(sqlite3_vtab *base, struct mig_session *probe)
{
    const int code = probe->sqlite_code;

    if (!mig_session_ok(probe)) {
        sqlite3_free(base->zErrMsg);
        base->zErrMsg = sqlite3_mprintf("%s", probe->message);
    }
    mig_session_release(probe);
    return code;
}

static void read_row(struct mig_session *s, struct cursor *cursor)
{
    cursor->has_row = mig_query_step(s, cursor->rows);
    cursor->number++;
}

static sqlite3_stmt *select_rows(struct mig_session *s, const struct table *table,
                                 const char *where)
{
    sqlite3_str *list = sqlite3_str_new(s->db);
    sqlite3_stmt *rows = NULL;
    char *sql;

    for (size_t i = 0; i < table->count; i++)
        sqlite3_str_appendf(list, "%s\"%w\"", i == 0 ? "SELECT " : ",", table->columns[i].name);
    sqlite3_str_appendf(list, " FROM \"%w\".\"%w\"%s", table->schema, table->name,
                        where == NULL ? "" : where);
    sql = sqlite3_str_finish(list);
    if (sql == NULL)
        mig_session_fail_memory(s);
    else
        rows = mig_query_prepare(s, "%s", sql);
    sqlite3_free(sql);
    return rows;
}

static int filter(sqlite3_vtab_cursor *base, int plan, const char *where, int count,
                  sqlite3_value **values)
{
    const struct table *table = table_of(base->pVtab);
    struct cursor *cursor = cursor_of(base);
    struct mig_session probe;

    (void)plan;
    mig_query_finish(cursor->rows);
    cursor->rows = NULL;
    cursor->has_row = false;
    if (table->module->use == MIG_PROXY_PLAN)
        return SQLITE_OK;
    mig_session_init(&probe, table->module->live->db, table->module->live->options);
    if (table->module->is_own)
        mig_session_fail(&probe, MIG_FAILED, "%s cannot be read in a rehearsal", table->name);
    cursor->rows = mig_session_ok(&probe) ? select_rows(&probe, table, where) : NULL;
    for (int i = 0; i < count && mig_session_ok(&probe); i++) {
        const int code = sqlite3_bind_value(cursor->rows, i + 1, values[i]);

        if (code != SQLITE_OK)
            mig_session_fail_sqlite(&probe, code);
    }
    read_row(&probe, cursor);
    return hand_over(base->pVtab, &probe);
}

static int next_row(sqlite3_vtab_cursor *base)
{
    const struct module *module = table_of(base->pVtab)->module;
    struct mig_session probe;

    mig_session_init(&probe, module->live->db, module->live->options);
    read_row(&probe, cursor_of(base));
    return hand_over(base->pVtab, &probe);
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
    return cursor_of(base)->has_row ? 0 : 1;
}

static int read_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    sqlite3_result_value(context, sqlite3_column_value(cursor_of(base)->rows, column));
    return SQLITE_OK;
}

static int read_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out_rowid)
{
    *out_rowid = cursor_of(base)->number;
    return SQLITE_OK;
}

static int refuse_change(sqlite3_vtab *base, int count, sqlite3_value **values,
                         sqlite3_int64 *out_rowid)
{
    const struct table *table = table_of(base);

    (void)count;
    (void)values;
    *out_rowid = 0;
    sqlite3_free(base->zErrMsg);
    base->zErrMsg = sqlite3_mprintf(
        "%s cannot be written in a rehearsal: its module %s is the application's", table->name,
        table->module->name);
    return SQLITE_READONLY;
}

static int rename_table(sqlite3_vtab *base, const char *name)
{
    const struct table *table = table_of(base);
    struct renaming *renaming = sqlite3_malloc64(sizeof(*renaming));

    if (renaming == NULL)
        return SQLITE_NOMEM;
    renaming->now = sqlite3_mprintf("%s", name);
    renaming->live = sqlite3_mprintf("%s", table->name);
    if (renaming->now == NULL || renaming->live == NULL) {
        free_renaming(renaming);
        return SQLITE_NOMEM;
    }
    renaming->next = table->module->renamings;
    table->module->renamings = renaming;
    return SQLITE_OK;
}

/* xCreate is xConnect, so that a module can be a table by itself. */
static const sqlite3_module implementation = {
    .xCreate = connect_table,
    .xConnect = connect_table,
    .xBestIndex = choose_plan,
    .xDisconnect = disconnect,
    .xDestroy = disconnect,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next_row,
    .xEof = is_at_end,
    .xColumn = read_column,
    .xRowid = read_rowid,
    .xUpdate = refuse_change,
    .xRename = rename_table,
};

void mig_proxy_table_install(struct mig_session *s, sqlite3 *private_db, const char *name,
                             enum mig_proxy_use use)
{
    static const char own[] = "migrations_";
    const size_t length = strlen(name);
    struct module *module;
    int code;

    if (!mig_session_ok(s))
        return;
    module = sqlite3_malloc64(sizeof(*module) + length + 1);
    if (module == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    module->live = s;
    module->use = use;
    module->renamings = NULL;
    module->is_own = sqlite3_strnicmp(name, own, (int)strlen(own)) == 0;
    memcpy(module->name, name, length + 1);
    /* SQLite releases the module itself when it cannot register it. */
    code = sqlite3_create_module_v2(private_db, name, &implementation, module, free_module);
    if (code != SQLITE_OK)
        mig_session_fail_other(s, private_db, code);
}
