/*
 * connection_untouched: an application that has set everything on its connection that can be set.
 *
 *     connection_untouched EXTENSION DATABASE
 *
 * migrate_apply() gives 3, migrate_rollback('all') 0, and after each of them, after a plan and a
 * rehearsal, and after runs that fail, every hook is still called, with the argument that it was
 * given, and every setting is what it was. A plan and a rehearsal write nothing at all.
 */
#include "host.h"

enum hook {
    HOOK_AUTHORIZER,
    HOOK_PROGRESS,
    HOOK_BUSY,
    HOOK_TRACE,
    HOOK_UPDATE,
    HOOK_COMMIT,
    HOOK_ROLLBACK,
    HOOK_WAL,
    HOOK_COUNT,
};

static const char *const hook_names[HOOK_COUNT] = {
    "authorizer",  "progress handler", "busy handler",  "trace",
    "update hook", "commit hook",      "rollback hook", "wal hook"};

struct application {
    sqlite3 *db;
    const char *path;
    long calls[HOOK_COUNT];
    int complaints;
};

static int authorize(void *argument, int action, const char *a, const char *b, const char *c,
                     const char *d)
{
    (void)action, (void)a, (void)b, (void)c, (void)d;
    ((struct application *)argument)->calls[HOOK_AUTHORIZER]++;
    return SQLITE_OK;
}

static int progress(void *argument)
{
    ((struct application *)argument)->calls[HOOK_PROGRESS]++;
    return 0;
}

static int busy(void *argument, int calls)
{
    (void)calls;
    ((struct application *)argument)->calls[HOOK_BUSY]++;
    return 0;
}

static int trace(unsigned kind, void *argument, void *statement, void *text)
{
    (void)kind, (void)statement, (void)text;
    ((struct application *)argument)->calls[HOOK_TRACE]++;
    return 0;
}

static void update(void *argument, int kind, const char *database, const char *table,
                   sqlite3_int64 rowid)
{
    (void)kind, (void)database, (void)table, (void)rowid;
    ((struct application *)argument)->calls[HOOK_UPDATE]++;
}

static int commit(void *argument)
{
    ((struct application *)argument)->calls[HOOK_COMMIT]++;
    return 0;
}

static void rollback(void *argument)
{
    ((struct application *)argument)->calls[HOOK_ROLLBACK]++;
}

static int wal(void *argument, sqlite3 *db, const char *database, int pages)
{
    (void)db, (void)database, (void)pages;
    ((struct application *)argument)->calls[HOOK_WAL]++;
    return SQLITE_OK;
}

/* A function and a collation of the application, which its schema needs. */
static void twice(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int64(context, 2 * sqlite3_value_int64(values[0]));
}

static int compare_lengths(void *argument, int left_length, const void *left, int right_length,
                           const void *right)
{
    (void)argument, (void)left, (void)right;
    return left_length - right_length;
}

static void settle_in(struct application *app)
{
    (void)sqlite3_create_function(app->db, "twice", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                  twice, NULL, NULL);
    (void)sqlite3_create_collation(app->db, "lengths", SQLITE_UTF8, NULL, compare_lengths);
    host_run(app->db,
             "PRAGMA journal_mode=WAL; PRAGMA synchronous=EXTRA; PRAGMA cache_size=-333;"
             "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
             "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; CREATE TABLE mine (x);"
             "CREATE TABLE measured (a CHECK (twice(a) > 0), b COLLATE lengths UNIQUE);"
             "CREATE INDEX measured_twice ON measured (twice(a));"
             "INSERT INTO measured VALUES (1, 'a'), (2, 'bb');"
             "CREATE TEMP TABLE passing (x); ATTACH ':memory:' AS beside;"
             "CREATE TABLE beside.also (x)");
    (void)sqlite3_busy_handler(app->db, busy, app);
    (void)sqlite3_set_authorizer(app->db, authorize, app);
    sqlite3_progress_handler(app->db, 10, progress, app);
    (void)sqlite3_trace_v2(app->db, SQLITE_TRACE_STMT, trace, app);
    (void)sqlite3_update_hook(app->db, update, app);
    (void)sqlite3_commit_hook(app->db, commit, app);
    (void)sqlite3_rollback_hook(app->db, rollback, app);
    (void)sqlite3_wal_hook(app->db, wal, app);
}

/* Does what every hook is called for, and checks that each was. */
static void look_at_hooks(struct application *app, const char *when)
{
    sqlite3 *other = NULL;
    char text[256];

    memset(app->calls, 0, sizeof(app->calls));
    host_run(app->db,
             "INSERT INTO mine VALUES (1); BEGIN; DELETE FROM mine WHERE x = 1; ROLLBACK");
    if (sqlite3_open(app->path, &other) != SQLITE_OK)
        host_die("open", sqlite3_errmsg(other));
    host_run(other, "BEGIN IMMEDIATE");
    (void)host_try(app->db, "BEGIN IMMEDIATE", text, sizeof(text));
    (void)sqlite3_close(other);
    host_run(app->db, "DELETE FROM mine");
    for (int i = 0; i < HOOK_COUNT; i++)
        (void)host_check(&app->complaints, app->calls[i] > 0, hook_names[i], when);
}

/* Settings as one text. */
static void read_settings(sqlite3 *db, char *out, size_t size)
{
    static const char *const pragmas[] = {"journal_mode",       "synchronous",
                                          "cache_size",         "foreign_keys",
                                          "recursive_triggers", "temp_store",
                                          "secure_delete",      "legacy_alter_table",
                                          "query_only",         "cell_size_check",
                                          "locking_mode",       "defer_foreign_keys",
                                          "writable_schema",    "busy_timeout",
                                          "auto_vacuum",        "ignore_check_constraints",
                                          "trusted_schema",     "user_version",
                                          "wal_autocheckpoint"};
    static const int switches[] = {
        SQLITE_DBCONFIG_ENABLE_FKEY,    SQLITE_DBCONFIG_ENABLE_TRIGGER,
        SQLITE_DBCONFIG_ENABLE_VIEW,    SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
        SQLITE_DBCONFIG_DEFENSIVE,      SQLITE_DBCONFIG_WRITABLE_SCHEMA,
        SQLITE_DBCONFIG_DQS_DML,        SQLITE_DBCONFIG_DQS_DDL,
        SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE,
        SQLITE_DBCONFIG_TRIGGER_EQP,    SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE};
    char sql[128];
    char value[64];
    size_t used = 0;

    for (size_t i = 0; i < sizeof(pragmas) / sizeof(pragmas[0]); i++) {
        (void)snprintf(sql, sizeof(sql), "PRAGMA %s", pragmas[i]);
        host_text(db, sql, value, sizeof(value));
        used += (size_t)snprintf(out + used, size - used, "%s=%s ", pragmas[i], value);
    }
    for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
        int on = -1;

        (void)sqlite3_db_config(db, switches[i], -1, &on);
        used += (size_t)snprintf(out + used, size - used, "%d:%d ", switches[i], on);
    }
    for (int i = 0; i <= SQLITE_LIMIT_WORKER_THREADS; i++)
        used += (size_t)snprintf(out + used, size - used, "%d ", sqlite3_limit(db, i, -1));
}

/* Runs a statement; everything has to be as it was. `expected` is how the answer begins; NULL: it succeeds. */
static void try_one(struct application *app, const char *sql, const char *expected)
{
    char before[4096];
    char after[4096];
    char text[4096];
    char detail[8300];
    bool succeeded;

    read_settings(app->db, before, sizeof(before));
    succeeded = host_try(app->db, sql, text, sizeof(text));
    (void)host_check(&app->complaints,
                     expected == NULL ? succeeded
                                      : strncmp(text, expected, strlen(expected)) == 0,
                     sql, text);
    read_settings(app->db, after, sizeof(after));
    (void)snprintf(detail, sizeof(detail), "%s\n%s", before, after);
    (void)host_check(&app->complaints, strcmp(before, after) == 0, sql, detail);
    host_check_rest(&app->complaints, app->db, sql);
    look_at_hooks(app, sql);
}

/* What changes with every write: of this connection, of the schema, of the file. */
static void read_counters(struct application *app, char *out, size_t size)
{
    char schema[64];
    char pages[64];

    host_text(app->db, "PRAGMA schema_version", schema, sizeof(schema));
    host_text(app->db, "PRAGMA page_count", pages, sizeof(pages));
    (void)snprintf(out, size, "%d changes, schema %s, %s pages, %ld commits, %ld rows",
                   sqlite3_total_changes(app->db), schema, pages, app->calls[HOOK_COMMIT],
                   app->calls[HOOK_UPDATE]);
}

/* The same for a statement that may only look. */
static void try_reader(struct application *app, const char *sql, const char *expected)
{
    char before[512];
    char after[512];
    char text[4096];
    char detail[1100];

    read_counters(app, before, sizeof(before));
    (void)host_try(app->db, sql, text, sizeof(text));
    read_counters(app, after, sizeof(after));
    (void)snprintf(detail, sizeof(detail), "%s\n%s", before, after);
    (void)host_check(&app->complaints, strcmp(before, after) == 0, sql, detail);
    try_one(app, sql, expected);
}

/* The folder is pending when this is called. */
static void try_readers(struct application *app)
{
    try_reader(app, "SELECT * FROM migrations_plan", NULL);
    try_reader(app, "SELECT count(*) > 0 FROM migrations_plan", "1");
    try_reader(app, "SELECT * FROM migrations_plan('broken')", NULL);
    try_reader(app, "SELECT * FROM migrations_plan('missing')", "12 ");
    try_reader(app, "SELECT * FROM migrations_rehearsal", NULL);
    try_reader(app, "SELECT count(*) > 0 FROM migrations_rehearsal", "1");
    try_reader(app, "SELECT * FROM migrations_rehearsal('broken')", NULL);
    try_reader(app, "SELECT * FROM migrations_rehearsal('missing')", "12 ");
}

int main(int count, char **arguments)
{
    struct application app = {.path = host_argument(count, arguments, 2)};

    app.db = host_open(app.path, arguments[1]);
    settle_in(&app);
    look_at_hooks(&app, "before");
    try_readers(&app);
    try_one(&app, "SELECT migrate_apply()", "3");
    try_one(&app, "SELECT count(*) FROM migrations_problems", "0");
    try_one(&app, "SELECT migrate_rollback('all')", "0");
    try_one(&app, "SELECT migrate_apply('broken')", "1 cannot apply operation 4: ");
    try_one(&app, "SELECT migrate_apply('missing')", "12 ");
    try_one(&app, "SELECT migrate_redo(2)", "3");
    (void)host_check(&app.complaints, sqlite3_close(app.db) == SQLITE_OK, "it can be closed",
                     "");
    return app.complaints == 0 ? 0 : 1;
}
