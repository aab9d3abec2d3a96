#include "compiler.h"

#include "tables.h"

#include "options.h"

/* What the best index tells the filter. */
#define PLAN_COSTLY 1 /* a costly column is read */
#define PLAN_ARGUMENT                                                                          \
    2 /* the first argument is given; twice that for the second one, and so on */

/* All arguments of a table, the folder among them. */
#define ARGUMENTS_AT_MOST (MIG_TABLE_ARGUMENTS + 1)

/* What a module carries. */
struct module {
    struct mig_connection *connection;
    const struct mig_table *table;
};

struct table {
    sqlite3_vtab base;
    const struct module *module;
};

struct cursor {
    sqlite3_vtab_cursor base;
    struct mig_session session;
    char *arguments[ARGUMENTS_AT_MOST]; /* owned */
    struct mig_table_call call;
    void *rows;
    sqlite3_int64 row;
};

static const struct mig_table *table_of(const sqlite3_vtab *vtab)
{
    return ((const struct table *)vtab)->module->table;
}

/* Hands the failure of a scan to SQLite. */
static int finish(sqlite3_vtab *vtab, struct mig_session *s)
{
    const int code = s->sqlite_code;

    if (mig_session_ok(s))
        return SQLITE_OK;
    sqlite3_free(vtab->zErrMsg);
    vtab->zErrMsg = mig_session_text(s);
    mig_session_release(s);
    return code;
}

static int connect_table(sqlite3 *db, void *module, int count, const char *const *arguments,
                         sqlite3_vtab **out_vtab, char **out_error)
{
    struct table *table = sqlite3_malloc64(sizeof(*table));
    char *declaration =
        sqlite3_mprintf("CREATE TABLE x(%s)", ((const struct module *)module)->table->columns);
    int code = SQLITE_NOMEM;

    (void)count;
    (void)arguments;
    (void)out_error;
    if (table != NULL && declaration != NULL)
        code = sqlite3_declare_vtab(db, declaration);
    if (code == SQLITE_OK)
        code = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    sqlite3_free(declaration);
    if (code != SQLITE_OK) {
        sqlite3_free(table);
        return code;
    }
    memset(table, 0, sizeof(*table));
    table->module = module;
    *out_vtab = &table->base;
    return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *vtab)
{
    sqlite3_free(vtab);
    return SQLITE_OK;
}

/* The last argument of the table, from 0. */
static int last_argument(const struct mig_table *table)
{
    return table->arguments + table->arguments_behind;
}

/* True when a costly column is used. The last bit stands for all columns from 63 on. */
static bool uses_costly(const struct mig_table *table, const sqlite3_index_info *info)
{
    return (info->colUsed >> (table->dir_column + table->arguments_behind + 1)) != 0;
}

/* The column of an argument. */
static int column_of(const struct mig_table *table, int argument)
{
    return table->dir_column - table->arguments + argument;
}

/* Notes that the filter is to be given the argument, where the query has it. False: not with this plan. */
static bool take_argument(const struct mig_table *table, int argument, int *given,
                          sqlite3_index_info *info)
{
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn != column_of(table, argument) ||
            info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        if (!info->aConstraint[i].usable)
            return false;
        (*given)++;
        info->aConstraintUsage[i].argvIndex = *given;
        info->aConstraintUsage[i].omit = 1;
        info->idxNum |= PLAN_ARGUMENT << argument;
        break;
    }
    return true;
}

static int choose_index(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
    const struct mig_table *table = table_of(vtab);
    int given = 0;

    for (int i = 0; i <= last_argument(table); i++)
        if (!take_argument(table, i, &given, info))
            return SQLITE_CONSTRAINT;
    if (uses_costly(table, info))
        info->idxNum |= PLAN_COSTLY;
    if (table->is_sorted && info->nOrderBy == 1 && info->aOrderBy[0].iColumn == 0 &&
        !info->aOrderBy[0].desc)
        info->orderByConsumed = 1;
    info->estimatedCost = 1000.0;
    info->estimatedRows = 1000;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out_cursor)
{
    const struct module *module = ((const struct table *)vtab)->module;
    struct cursor *cursor = sqlite3_malloc64(sizeof(*cursor));

    if (cursor == NULL)
        return SQLITE_NOMEM;
    memset(cursor, 0, sizeof(*cursor));
    mig_session_init(&cursor->session, module->connection->db, &module->connection->options);
    *out_cursor = &cursor->base;
    return SQLITE_OK;
}

static void end_scan(struct cursor *cursor)
{
    if (cursor->rows != NULL)
        table_of(cursor->base.pVtab)->close(cursor->rows);
    cursor->rows = NULL;
    for (int i = 0; i < ARGUMENTS_AT_MOST; i++) {
        sqlite3_free(cursor->arguments[i]);
        cursor->arguments[i] = NULL;
    }
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = (struct cursor *)base;

    end_scan(cursor);
    mig_session_release(&cursor->session);
    sqlite3_free(cursor);
    return SQLITE_OK;
}

/* Keeps what the query has given; a folder that it has not is that of option dir. */
static void take_call(struct cursor *cursor, int plan, int count, sqlite3_value **values)
{
    const int dir = table_of(cursor->base.pVtab)->arguments;
    const int last = last_argument(table_of(cursor->base.pVtab));
    struct mig_session *s = &cursor->session;
    int used = 0;

    memset(&cursor->call, 0, sizeof(cursor->call));
    cursor->call.costly = (plan & PLAN_COSTLY) != 0;
    for (int i = 0; i <= last; i++) {
        const char *text = NULL;

        if ((plan & (PLAN_ARGUMENT << i)) != 0 && used < count)
            text = (const char *)sqlite3_value_text(values[used++]);
        if (text == NULL && i == dir)
            text = mig_options_text(s, s->options, MIG_OPTION_DIR);
        if (text == NULL)
            continue;
        cursor->arguments[i] = sqlite3_mprintf("%s", text);
        if (cursor->arguments[i] == NULL)
            mig_session_fail_memory(s);
    }
    for (int i = 0; i < last; i++)
        cursor->call.arguments[i] = cursor->arguments[i < dir ? i : i + 1];
    cursor->call.dir = cursor->arguments[dir];
}

static int filter(sqlite3_vtab_cursor *base, int plan, const char *text, int count,
                  sqlite3_value **values)
{
    struct cursor *cursor = (struct cursor *)base;
    struct mig_session *s = &cursor->session;

    (void)text;
    end_scan(cursor);
    cursor->row = 1;
    take_call(cursor, plan, count, values);
    if (mig_session_ok(s))
        table_of(base->pVtab)->open(s, &cursor->call, &cursor->rows);
    return finish(base->pVtab, s);
}

static int go_on(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = (struct cursor *)base;

    table_of(base->pVtab)->next(&cursor->session, cursor->rows);
    cursor->row++;
    return finish(base->pVtab, &cursor->session);
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
    const struct cursor *cursor = (const struct cursor *)base;

    return cursor->rows == NULL || table_of(base->pVtab)->at_end(cursor->rows);
}

static int read_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    struct cursor *cursor = (struct cursor *)base;

    const struct mig_table *table = table_of(base->pVtab);
    const int first = column_of(table, 0);

    if (column >= first && column <= table->dir_column + table->arguments_behind)
        sqlite3_result_text(context, cursor->arguments[column - first], -1, SQLITE_TRANSIENT);
    else
        table->column(&cursor->session, cursor->rows, column, context);
    return finish(base->pVtab, &cursor->session);
}

static int read_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out_rowid)
{
    *out_rowid = ((const struct cursor *)base)->row;
    return SQLITE_OK;
}

/* No xCreate: the tables are eponymous only. */
static const sqlite3_module methods = {
    .iVersion = 1,
    .xConnect = connect_table,
    .xBestIndex = choose_index,
    .xDisconnect = disconnect_table,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = go_on,
    .xEof = is_at_end,
    .xColumn = read_column,
    .xRowid = read_rowid,
};

static void drop_module(void *module)
{
    mig_connection_drop(((struct module *)module)->connection);
    sqlite3_free(module);
}

static int register_table(struct mig_connection *connection, const struct mig_table *table)
{
    struct module *module = sqlite3_malloc64(sizeof(*module));

    if (module == NULL)
        return SQLITE_NOMEM;
    module->connection = connection;
    module->table = table;
    mig_connection_hold(connection);
    /* SQLite drops the module itself when it cannot register. */
    return sqlite3_create_module_v2(connection->db, table->name, &methods, module, drop_module);
}

static const struct mig_table *const all_tables[] = {
    &mig_table_pending, &mig_table_applied,   &mig_table_history, &mig_table_problems,
    &mig_table_steps,   &mig_table_rehearsal, &mig_table_plan};

int mig_tables_register(struct mig_connection *connection)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < sizeof(all_tables) / sizeof(all_tables[0]) && code == SQLITE_OK; i++)
        code = register_table(connection, all_tables[i]);
    return code;
}

bool mig_tables_unregister(sqlite3 *db)
{
    bool done = true;

    for (size_t i = 0; i < sizeof(all_tables) / sizeof(all_tables[0]); i++)
        done =
            sqlite3_create_module_v2(db, all_tables[i]->name, NULL, NULL, NULL) == SQLITE_OK &&
            done;
    return done;
}
