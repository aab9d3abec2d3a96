/*
 * What statements touch, as a watch of a private connection tells it.
 */
#include "compiler.h"

#include "options.h"
#include "query.h"
#include "tap.h"
#include "watch.h"

struct bench {
    struct tap tap;
    struct mig_options options;
    struct mig_session session;
    struct mig_actions actions;
};

static const struct {
    int code;
    const char *name;
} codes[] = {
    {SQLITE_CREATE_INDEX, "create-index"},
    {SQLITE_CREATE_TABLE, "create-table"},
    {SQLITE_CREATE_TRIGGER, "create-trigger"},
    {SQLITE_CREATE_VIEW, "create-view"},
    {SQLITE_CREATE_VTABLE, "create-vtable"},
    {SQLITE_DELETE, "delete"},
    {SQLITE_DROP_INDEX, "drop-index"},
    {SQLITE_DROP_TABLE, "drop-table"},
    {SQLITE_DROP_TRIGGER, "drop-trigger"},
    {SQLITE_DROP_VIEW, "drop-view"},
    {SQLITE_INSERT, "insert"},
    {SQLITE_PRAGMA, "pragma"},
    {SQLITE_READ, "read"},
    {SQLITE_UPDATE, "update"},
    {SQLITE_ALTER_TABLE, "alter"},
    {SQLITE_FUNCTION, "function"},
};

static const char *name_of(int code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].code == code)
            return codes[i].name;
    return "other";
}

static void add_text(char *out, size_t size, const char *separator, const char *text)
{
    const size_t used = strlen(out);

    if (text != NULL)
        (void)snprintf(out + used, size - used, "%s%s", separator, text);
}

/* "delete(t) update(t,a)/trigger"; functions only where their name begins with sqlite_. */
static void describe(const struct mig_actions *actions, size_t start, char *out, size_t size)
{
    out[0] = '\0';
    for (size_t i = start; i < actions->count; i++) {
        const struct mig_touch *touch = &actions->list[i];

        if (touch->code == SQLITE_FUNCTION && strncmp(touch->second, "sqlite_", 7) != 0)
            continue;
        add_text(out, size, out[0] == '\0' ? "" : " ", name_of(touch->code));
        add_text(out, size, "(", touch->first == NULL ? "" : touch->first);
        add_text(out, size, ",", touch->second);
        add_text(out, size, "", ")");
        add_text(out, size, "/", touch->trigger);
    }
}

static void check(struct bench *bench, const char *sql, const char *expected)
{
    const size_t start = bench->actions.count;
    char actual[4096];
    char title[300];
    sqlite3_stmt *statement;

    mig_watch_begin(&bench->session, bench->session.db, &bench->actions);
    statement = mig_query_prepare(&bench->session, "%s", sql);
    mig_watch_end(&bench->actions);
    mig_query_finish(statement);
    describe(&bench->actions, start, actual, sizeof actual);
    (void)snprintf(title, sizeof title, "watch: %s", sql);
    (void)tap_same(&bench->tap, actual, expected, title);
    if (!mig_session_ok(&bench->session))
        tap_show("failed", bench->session.message);
    mig_session_forget(&bench->session, NULL);
}

static void run(struct bench *bench, const char *sql)
{
    if (sqlite3_exec(bench->session.db, sql, NULL, NULL, NULL) != SQLITE_OK)
        (void)tap_ok(&bench->tap, false, sqlite3_errmsg(bench->session.db));
}

static void test_rows(struct bench *bench)
{
    check(bench, "DELETE FROM t", "delete(t)");
    check(bench, "DELETE FROM t WHERE a=1", "delete(t) read(t,a)");
    check(bench, "UPDATE t SET a=1", "update(t,a)");
    check(bench, "UPDATE t SET a=1 WHERE b=2", "update(t,a) read(t,b)");
    check(bench, "DELETE FROM parent",
          "delete(parent) read(child,p) delete(child) read(parent,id)");
    check(bench, "INSERT INTO fires(a) VALUES(1)",
          "insert(fires) delete(t)/fired read(t,a)/fired read(fires,a)/fired");
    check(bench, "SELECT count(*) FROM v", "read(t,a)/v read(t,)");
}

static void test_ddl(struct bench *bench)
{
    check(bench, "CREATE TABLE n(a)", "create-table(n)");
    check(bench, "CREATE INDEX i ON t(a)", "create-index(i,t) read(t,a) other(i)");
    check(bench, "CREATE VIEW w AS SELECT 1", "create-view(w)");
    check(bench, "DROP TABLE t", "drop-table(t) delete(t)");
    check(bench, "DROP TABLE IF EXISTS nosuch", "");
    check(bench, "DROP VIEW v", "drop-view(v) delete(v)");
    check(bench, "ALTER TABLE t RENAME TO u",
          "alter(main,t) function(,sqlite_rename_table) function(,sqlite_rename_test)");
    check(bench, "VACUUM", "");
}

static void test_schema_table(struct bench *bench)
{
    check(bench, "UPDATE sqlite_schema SET sql='x' WHERE name='t'", "");
    run(bench, "PRAGMA writable_schema=ON");
    check(bench, "UPDATE sqlite_schema SET sql='x' WHERE name='t'",
          "update(sqlite_master,sql) read(sqlite_master,name)");
    (void)tap_ok(&bench->tap,
                 mig_touch_writes_schema(&bench->actions.list[bench->actions.count - 2]),
                 "watch: a write to the schema table is known for one");
    check(bench, "CREATE TABLE n(a)", "create-table(n)");
}

int main(void)
{
    struct bench bench = {.tap = {0, 0}};
    sqlite3 *db = NULL;

    mig_options_init(&bench.options);
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        return 70;
    mig_session_init(&bench.session, db, &bench.options);
    mig_actions_init(&bench.actions);
    run(&bench, "PRAGMA foreign_keys=ON; CREATE TABLE t(a,b); CREATE VIEW v AS SELECT a FROM t;"
                "CREATE TABLE parent(id INTEGER PRIMARY KEY);"
                "CREATE TABLE child(p REFERENCES parent ON DELETE CASCADE);"
                "CREATE TABLE fires(a); CREATE TRIGGER fired AFTER INSERT ON fires "
                "BEGIN DELETE FROM t WHERE a=new.a; END;");
    test_rows(&bench);
    test_ddl(&bench);
    test_schema_table(&bench);
    mig_actions_release(&bench.actions);
    (void)tap_ok(&bench.tap, sqlite3_close(db) == SQLITE_OK, "watch: it can be closed");
    return tap_end(&bench.tap);
}
