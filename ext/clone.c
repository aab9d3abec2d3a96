#include "compiler.h"

#include "clone.h"

#include "private.h"
#include "proxy.h"
#include "query.h"
#include "token.h"
#include "transaction.h"

/* Steps of the virtual machine between two looks at whether to go on, and how many looks a statement has:
 * half a second or so. A plain ALTER TABLE in a schema of ten thousand tables needs a tenth of that. */
#define STEPS_A_LOOK 10000
#define LOOKS        2000

/* Pages that a statement may add: CREATE TABLE AS SELECT could fill the memory. 64 MB of 4,096 bytes. */
#define GROWTH_PAGES 16384

void mig_clone_init(struct mig_clone *clone)
{
    memset(clone, 0, sizeof(*clone));
    clone->budget = -1;
}

void mig_clone_close(struct mig_clone *clone)
{
    mig_session_release(&clone->session);
    mig_private_close(clone->session.db);
    mig_arena_release(&clone->arena);
    sqlite3_free(clone->gaps);
    mig_clone_init(clone);
}

/* SQLite asks now and then whether to go on; other than 0: stop. */
static int look_in(void *context)
{
    struct mig_clone *clone = context;

    if (clone->budget == 0)
        return 1;
    if (clone->budget > 0)
        clone->budget--;
    return mig_transaction_interrupted(clone->live) ? 1 : 0;
}

static void add_gap(struct mig_clone *clone, const struct mig_clone_gap *gap)
{
    struct mig_session *s = clone->live;
    void *gaps = clone->gaps;
    struct mig_clone_gap *place =
        mig_array_add(s, &gaps, clone->gap_count, &clone->gap_capacity, sizeof(*place));

    clone->gaps = gaps;
    if (place == NULL)
        return;
    place->schema = mig_arena_text(s, &clone->arena, gap->schema);
    place->type = mig_arena_text(s, &clone->arena, gap->type);
    place->name = mig_arena_text(s, &clone->arena, gap->name);
    place->table = mig_arena_text(s, &clone->arena, gap->table);
    place->why = mig_arena_text(s, &clone->arena, gap->why);
    if (mig_session_ok(s))
        clone->gap_count++;
}

/* What went wrong on the clone while it was made: a gap, or the end of it. */
static void settle_failure(struct mig_clone *clone, struct mig_clone_gap *gap)
{
    struct mig_session *made = &clone->session;

    if (mig_session_ok(made))
        return;
    if (made->outcome == MIG_NO_MEMORY || made->outcome == MIG_INTERRUPTED) {
        mig_session_take(clone->live, made);
        return;
    }
    gap->why = made->message;
    add_gap(clone, gap);
    mig_session_forget(made, NULL);
}

/*
 * Where the name begins in the text of a schema table: CREATE TYPE name, CREATE UNIQUE INDEX name, CREATE
 * VIRTUAL TABLE name. SQLite has left out TEMP, IF NOT EXISTS and the schema.
 */
static size_t find_name(const char *sql)
{
    const size_t length = strlen(sql);
    size_t position = 0;
    struct mig_token token;

    (void)mig_token_next(sql, length, &position); /* CREATE */
    token = mig_token_next(sql, length, &position);
    if (mig_token_is_word(&token, "UNIQUE") || mig_token_is_word(&token, "VIRTUAL"))
        (void)mig_token_next(sql, length, &position);
    return position;
}

static void create_object(struct mig_clone *clone, const struct mig_clone_gap *object,
                          const char *sql)
{
    const size_t name = strcmp(object->schema, "main") == 0 ? 0 : find_name(sql);
    sqlite3_stmt *statement;
    size_t tail;

    if (name == 0)
        statement = mig_query_prepare_text(&clone->session, sql, &tail);
    else
        statement = mig_query_prepare(&clone->session, "%.*s \"%w\".%s", (int)name, sql,
                                      object->schema, sql + name);
    mig_query_run(&clone->session, statement);
    mig_query_finish(statement);
}

/* A shadow table has come with its virtual table, unless that is a stand-in. */
static bool is_there(struct mig_clone *clone, const struct mig_clone_gap *table)
{
    return sqlite3_table_column_metadata(clone->session.db, table->schema, table->name, NULL,
                                         NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

/* Objects in an order in which they can be created. The list of all tables, which tells shadow tables, is
 * not cheap, and is asked for only where there are virtual ones. */
static sqlite3_stmt *select_objects(struct mig_session *s, const char *schema)
{
    const bool has_virtual =
        mig_query_integer(s, 0,
                          "SELECT EXISTS(SELECT 1 FROM \"%w\".sqlite_schema WHERE "
                          "type='table' AND rootpage=0)",
                          schema) != 0;
    char *is_shadow = has_virtual
                          ? sqlite3_mprintf("name IN(SELECT name FROM pragma_table_list WHERE "
                                            "schema=%Q AND type='shadow')",
                                            schema)
                          : sqlite3_mprintf("0");
    sqlite3_stmt *query = NULL;

    if (is_shadow == NULL)
        mig_session_fail_memory(s);
    else
        query = mig_query_prepare(
            s,
            "SELECT type,name,tbl_name,sql,type='table' AND %s FROM \"%w\".sqlite_schema "
            "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%%' ESCAPE '\\' "
            "ORDER BY CASE type WHEN 'table' THEN (rootpage=0)+2*(%s) WHEN 'index' THEN 3 "
            "WHEN 'view' THEN 4 ELSE 5 END, rowid",
            is_shadow, schema, is_shadow);
    sqlite3_free(is_shadow);
    return query;
}

static void create_objects(struct mig_clone *clone, const char *schema)
{
    struct mig_session *s = clone->live;
    sqlite3_stmt *query = select_objects(s, schema);

    while (mig_query_step(s, query)) {
        struct mig_clone_gap object = {.schema = schema};
        const char *sql = (const char *)sqlite3_column_text(query, 3);

        object.type = (const char *)sqlite3_column_text(query, 0);
        object.name = (const char *)sqlite3_column_text(query, 1);
        object.table = (const char *)sqlite3_column_text(query, 2);
        if (object.type == NULL || object.name == NULL || object.table == NULL || sql == NULL) {
            mig_session_fail_memory(s);
        } else if (sqlite3_column_int(query, 4) == 0 || !is_there(clone, &object)) {
            create_object(clone, &object, sql);
            settle_failure(clone, &object);
        }
    }
    mig_query_finish(query);
}

/* What cannot be changed any more once there is an object; and what an object may not depend on: the
 * live connection has read its schema with all of these on, or before they were set. */
static void prepare_settings(struct mig_clone *clone)
{
    static const int on[] = {SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_DQS_DML,
                             SQLITE_DBCONFIG_TRUSTED_SCHEMA};
    struct mig_session *s = clone->live;
    sqlite3_stmt *encoding = mig_query_prepare(s, "PRAGMA main.encoding");

    for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++)
        (void)sqlite3_db_config(clone->session.db, on[i], 1, NULL);
    (void)sqlite3_db_config(clone->session.db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    if (mig_query_step(s, encoding))
        mig_query_execute(&clone->session, "PRAGMA encoding=%Q",
                          (const char *)sqlite3_column_text(encoding, 0));
    mig_query_finish(encoding);
    mig_query_execute(&clone->session, "PRAGMA user_version=%lld",
                      mig_query_integer(s, 0, "PRAGMA main.user_version"));
    mig_query_execute(&clone->session, "PRAGMA application_id=%lld",
                      mig_query_integer(s, 0, "PRAGMA main.application_id"));
}

/* An attached database, empty. It cannot be attached in a transaction. */
static void attach(struct mig_clone *clone, const char *schema)
{
    struct mig_clone_gap gap = {schema, "database", schema, schema, NULL};

    mig_query_execute(&clone->session, "ATTACH ':memory:' AS \"%w\"", schema);
    settle_failure(clone, &gap);
}

/* Calls `visit` for each database of the live connection that `wanted` says, by its number: 0 main, 1
 * temp (where that is in use), then those attached. */
static void visit_databases(struct mig_clone *clone, bool (*wanted)(int number),
                            void (*visit)(struct mig_clone *clone, const char *schema))
{
    struct mig_session *s = clone->live;
    sqlite3_stmt *query = mig_query_prepare(s, "PRAGMA database_list");

    while (mig_query_step(s, query)) {
        const char *schema = (const char *)sqlite3_column_text(query, 1);

        if (schema == NULL)
            mig_session_fail_memory(s);
        else if (wanted(sqlite3_column_int(query, 0)))
            visit(clone, schema);
    }
    mig_query_finish(query);
}

static bool is_attached(int number)
{
    return number > 1;
}

static bool is_temp(int number)
{
    return number == 1;
}

static bool is_lasting(int number)
{
    return number != 1;
}

/* What is in temp may be about any other database, and never the other way round. */
static void create_all(struct mig_clone *clone)
{
    visit_databases(clone, is_attached, attach);
    mig_query_execute(&clone->session, "BEGIN");
    visit_databases(clone, is_lasting, create_objects);
    visit_databases(clone, is_temp, create_objects);
    mig_query_execute(&clone->session, "COMMIT");
}

static void bound_growth(struct mig_session *s)
{
    const int64_t pages = mig_query_integer(s, 0, "PRAGMA main.page_count");

    (void)mig_query_integer(s, 0, "PRAGMA main.max_page_count=%lld", pages + GROWTH_PAGES);
}

void mig_clone_open(struct mig_session *s, struct mig_clone *clone)
{
    clone->live = s;
    mig_session_init(&clone->session, mig_private_open(s, NULL, NULL), s->options);
    if (clone->session.db == NULL)
        return;
    sqlite3_progress_handler(clone->session.db, STEPS_A_LOOK, look_in, clone);
    prepare_settings(clone);
    mig_proxy_install(s, clone->session.db, MIG_PROXY_PLAN);
    create_all(clone);
    mig_private_liken(s, clone->session.db);
    bound_growth(&clone->session);
    mig_session_take(s, &clone->session);
}

const struct mig_clone_gap *mig_clone_find_gap(const struct mig_clone *clone, const char *name)
{
    for (size_t i = 0; i < clone->gap_count; i++)
        if (strcmp(clone->gaps[i].schema, "main") == 0 &&
            sqlite3_stricmp(clone->gaps[i].name, name) == 0)
            return &clone->gaps[i];
    return NULL;
}

/* True when the bound of the last statement was used up; takes the bound away. */
static bool end_budget(struct mig_clone *clone)
{
    const bool is_spent = clone->budget == 0;

    clone->budget = -1;
    return is_spent;
}

enum mig_clone_result mig_clone_run(struct mig_clone *clone, sqlite3_stmt *statement)
{
    struct mig_session *s = &clone->session;
    bool is_spent;

    clone->budget = LOOKS;
    if (statement != NULL)
        mig_query_run(s, statement);
    is_spent = end_budget(clone);
    if (mig_session_ok(s))
        return MIG_CLONE_DONE;
    /* It fails without a reset. */
    mig_query_reset(statement);
    if (s->outcome != MIG_FULL && !(is_spent && s->outcome == MIG_INTERRUPTED))
        return MIG_CLONE_FAILED;
    mig_session_forget(s, NULL);
    return MIG_CLONE_STOPPED;
}

enum mig_clone_result mig_clone_execute(struct mig_clone *clone, const char *sql, size_t length)
{
    sqlite3_stmt *statement = mig_query_prepare(&clone->session, "%.*s", (int)length, sql);
    const enum mig_clone_result result = mig_clone_run(clone, statement);

    mig_query_finish(statement);
    return result;
}
