/*
 * The clone of a connection on which an application has been at work: its schema, its settings, and what
 * stands in for its functions, collations and virtual tables.
 */
#include "compiler.h"

#include "clone.h"
#include "options.h"
#include "private.h"
#include "proxy.h"
#include "query.h"
#include "schema.h"
#include "tap.h"

#include <time.h>

struct bench {
    struct tap tap;
    struct mig_options options;
    struct mig_session live;
    struct mig_clone clone;
    int calls;      /* of the application's functions */
    int statements; /* of the live connection before there was a clone: FTS tables keep some */
};

static void run(struct bench *bench, const char *sql)
{
    if (sqlite3_exec(bench->live.db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        (void)tap_ok(&bench->tap, false, sql);
        tap_show("failed", sqlite3_errmsg(bench->live.db));
    }
}

/* The first value that `sql` gives on a connection, or its failure. */
static void read_text(sqlite3 *db, const char *sql, char *out, size_t size)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &query, NULL);
    const char *text = NULL;

    if (code == SQLITE_OK)
        code = sqlite3_step(query);
    if (code == SQLITE_ROW)
        text = (const char *)sqlite3_column_text(query, 0);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        (void)snprintf(out, size, "%s", text == NULL ? "" : text);
    else
        (void)snprintf(out, size, "%s", sqlite3_errmsg(db));
    (void)sqlite3_finalize(query);
}

static void expect_on(struct bench *bench, sqlite3 *db, const char *sql, const char *expected)
{
    char actual[1000];
    char title[300];

    read_text(db, sql, actual, sizeof actual);
    (void)snprintf(title, sizeof title, "clone: %s", sql);
    (void)tap_same(&bench->tap, actual, expected, title);
}

static void expect(struct bench *bench, const char *sql, const char *expected)
{
    expect_on(bench, bench->clone.session.db, sql, expected);
}

static void count_and_double(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    ++*(int *)sqlite3_user_data(context);
    if (sqlite3_value_int(values[0]) < 0)
        sqlite3_result_error(context, "the application refuses it", -1);
    else
        sqlite3_result_int(context, 2 * sqlite3_value_int(values[0]));
}

static void answer_count(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)values;
    ++*(int *)sqlite3_user_data(context);
    sqlite3_result_int(context, count);
}

static void step_nothing(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)context, (void)count, (void)values;
}

static void final_nothing(sqlite3_context *context)
{
    sqlite3_result_int(context, 0);
}

/* The other way round. */
static int compare_backwards(void *context, int left_length, const void *left, int right_length,
                             const void *right)
{
    (void)context;
    return -sqlite3_strnicmp(left, right,
                             left_length < right_length ? left_length : right_length);
}

static void collate_late(void *context, sqlite3 *db, int encoding, const char *name)
{
    (void)context, (void)encoding;
    if (strcmp(name, "late") == 0)
        (void)sqlite3_create_collation(db, name, SQLITE_UTF8, NULL, compare_backwards);
}

/* A table with one hidden and one visible column, and the rows 1 to the hidden one. */
struct numbers {
    sqlite3_vtab_cursor base;
    int at;
    int last;
};

static int connect_numbers(sqlite3 *db, void *context, int count, const char *const *arguments,
                           sqlite3_vtab **out_table, char **out_message)
{
    (void)context, (void)count, (void)arguments, (void)out_message;
    *out_table = sqlite3_malloc64(sizeof **out_table);
    memset(*out_table, 0, sizeof **out_table);
    return sqlite3_declare_vtab(db, "CREATE TABLE x(value INTEGER, last INTEGER HIDDEN)");
}

static int disconnect_numbers(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

static int plan_numbers(sqlite3_vtab *table, sqlite3_index_info *plan)
{
    (void)table;
    for (int i = 0; i < plan->nConstraint; i++)
        if (plan->aConstraint[i].iColumn == 1 && plan->aConstraint[i].usable)
            plan->aConstraintUsage[i].argvIndex = 1;
    return SQLITE_OK;
}

static int open_numbers(sqlite3_vtab *table, sqlite3_vtab_cursor **out_cursor)
{
    struct numbers *numbers = sqlite3_malloc64(sizeof *numbers);

    (void)table;
    memset(numbers, 0, sizeof *numbers);
    *out_cursor = &numbers->base;
    return SQLITE_OK;
}

static int close_numbers(sqlite3_vtab_cursor *cursor)
{
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int filter_numbers(sqlite3_vtab_cursor *cursor, int number, const char *text, int count,
                          sqlite3_value **values)
{
    struct numbers *numbers = (struct numbers *)cursor;

    (void)number, (void)text;
    numbers->at = 1;
    numbers->last = count > 0 ? sqlite3_value_int(values[0]) : 3;
    return SQLITE_OK;
}

static int next_number(sqlite3_vtab_cursor *cursor)
{
    ((struct numbers *)cursor)->at++;
    return SQLITE_OK;
}

static int end_of_numbers(sqlite3_vtab_cursor *cursor)
{
    const struct numbers *numbers = (struct numbers *)cursor;

    return numbers->at > numbers->last;
}

static int column_of_numbers(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column)
{
    const struct numbers *numbers = (struct numbers *)cursor;

    sqlite3_result_int(context, column == 0 ? numbers->at : numbers->last);
    return SQLITE_OK;
}

static int rowid_of_numbers(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out_rowid)
{
    *out_rowid = ((struct numbers *)cursor)->at;
    return SQLITE_OK;
}

static const sqlite3_module numbers = {
    .xCreate = connect_numbers,
    .xConnect = connect_numbers,
    .xBestIndex = plan_numbers,
    .xDisconnect = disconnect_numbers,
    .xDestroy = disconnect_numbers,
    .xOpen = open_numbers,
    .xClose = close_numbers,
    .xFilter = filter_numbers,
    .xNext = next_number,
    .xEof = end_of_numbers,
    .xColumn = column_of_numbers,
    .xRowid = rowid_of_numbers,
};

static int count_statements(sqlite3 *db)
{
    int count = 0;

    for (sqlite3_stmt *st = sqlite3_next_stmt(db, NULL); st != NULL;
         st = sqlite3_next_stmt(db, st))
        count++;
    return count;
}

static void open_live(struct bench *bench)
{
    sqlite3 *db = NULL;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        exit(70);
    mig_options_init(&bench->options);
    mig_session_init(&bench->live, db, &bench->options);
    mig_clone_init(&bench->clone);
    bench->calls = 0;
    bench->statements = 0;
    (void)sqlite3_create_function(db, "twice", 1,
                                  SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                  &bench->calls, count_and_double, NULL, NULL);
    (void)sqlite3_create_function(db, "many", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                  &bench->calls, answer_count, NULL, NULL);
    (void)sqlite3_create_function(db, "lower", 1, SQLITE_UTF8, &bench->calls, answer_count,
                                  NULL, NULL);
    (void)sqlite3_create_function(db, "migrate_apply", 0, SQLITE_UTF8, &bench->calls,
                                  answer_count, NULL, NULL);
    (void)sqlite3_create_function(db, "migrate_assert", 2, SQLITE_UTF8, &bench->calls,
                                  answer_count, NULL, NULL);
    (void)sqlite3_create_function(db, "total_of", 1, SQLITE_UTF8, NULL, NULL, step_nothing,
                                  final_nothing);
    (void)sqlite3_create_window_function(db, "window_of", 1, SQLITE_UTF8, NULL, step_nothing,
                                         final_nothing, final_nothing, step_nothing, NULL);
    (void)sqlite3_create_collation(db, "backwards", SQLITE_UTF8, NULL, compare_backwards);
    (void)sqlite3_collation_needed(db, NULL, collate_late);
    (void)sqlite3_create_module(db, "numbers", &numbers, NULL);
    (void)sqlite3_create_module(db, "migrations_own", &numbers, NULL);
}

static void close_live(struct bench *bench)
{
    mig_clone_close(&bench->clone);
    mig_session_release(&bench->live);
    (void)tap_ok(&bench->tap, count_statements(bench->live.db) == bench->statements,
                 "clone: no statement is left on the live connection");
    (void)tap_ok(&bench->tap, sqlite3_close(bench->live.db) == SQLITE_OK,
                 "clone: the live connection can be closed");
}

static void open_clone(struct bench *bench)
{
    bench->statements = count_statements(bench->live.db);
    mig_clone_open(&bench->live, &bench->clone);
    if (!tap_ok(&bench->tap, mig_session_ok(&bench->live), "clone: it can be opened"))
        tap_show("failed", bench->live.message);
}

static void show_gaps(struct bench *bench, const char *expected, const char *title)
{
    char text[4000] = "";

    for (size_t i = 0; i < bench->clone.gap_count; i++) {
        const struct mig_clone_gap *gap = &bench->clone.gaps[i];
        const size_t used = strlen(text);

        (void)snprintf(text + used, sizeof text - used, "%s%s %s.%s on %s: %s",
                       i == 0 ? "" : "\n", gap->type, gap->schema, gap->name, gap->table,
                       gap->why);
    }
    (void)tap_same(&bench->tap, text, expected, title);
}

/* Everything that a schema can have. */
static const char everything[] =
    "CREATE TABLE parent(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE backwards);"
    "CREATE TABLE IF NOT EXISTS child(id, p REFERENCES parent ON DELETE CASCADE, "
    "g AS(twice(id)) STORED, CHECK(twice(id)>=0)) ;"
    "CREATE TABLE \"odd \"\"name\"(a, PRIMARY KEY(a)) WITHOUT ROWID;"
    "CREATE TABLE hard(a INT, b TEXT) STRICT;"
    "CREATE VIRTUAL TABLE words USING fts5(body);"
    "CREATE VIRTUAL TABLE counted USING numbers;"
    "CREATE UNIQUE INDEX by_twice ON child(twice(id)) WHERE id>3;"
    "CREATE INDEX by_name ON parent(name COLLATE late);"
    "CREATE VIEW broken AS SELECT * FROM nowhere;"
    "CREATE VIEW summary AS SELECT many(name), total_of(id) FROM parent;"
    "CREATE TRIGGER watch AFTER INSERT ON parent BEGIN DELETE FROM child; END;"
    "CREATE TRIGGER instead INSTEAD OF INSERT ON summary BEGIN SELECT 1; END;"
    "INSERT INTO words VALUES('hello'); INSERT INTO parent(name) VALUES('x'); ANALYZE;"
    "PRAGMA user_version=7; PRAGMA application_id=8";

static void test_schema(struct bench *bench)
{
    char here[MIG_DIGEST_SIZE];
    char there[MIG_DIGEST_SIZE];
    int quoted = -1;

    open_live(bench);
    run(bench, "PRAGMA encoding='UTF-16le'; PRAGMA foreign_keys=ON;"
               "PRAGMA recursive_triggers=ON; PRAGMA case_sensitive_like=ON");
    run(bench, everything);
    (void)sqlite3_limit(bench->live.db, SQLITE_LIMIT_COLUMN, 77);
    (void)sqlite3_db_config(bench->live.db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(bench->live.db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1, NULL);
    (void)sqlite3_db_config(bench->live.db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    open_clone(bench);
    show_gaps(bench, "", "clone: it has everything");
    mig_schema_fingerprint(&bench->live, here);
    mig_schema_fingerprint(&bench->clone.session, there);
    (void)tap_same(&bench->tap, there, here, "clone: its schema is the live one");
    expect(bench, "PRAGMA encoding", "UTF-16le");
    expect(bench, "PRAGMA foreign_keys", "1");
    expect(bench, "PRAGMA recursive_triggers", "1");
    expect(bench, "PRAGMA legacy_alter_table", "1");
    expect(bench, "PRAGMA user_version", "7");
    expect(bench, "PRAGMA application_id", "8");
    expect(bench, "SELECT 'a' LIKE 'A'", "0");
    expect(bench, "UPDATE words_data SET block=1", "table words_data may not be modified");
    expect(bench, "SELECT count(*) FROM words", "0");
    expect(bench, "SELECT count(*) FROM parent", "0");
    expect(bench, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'", "0");
    (void)sqlite3_db_config(bench->clone.session.db, SQLITE_DBCONFIG_DQS_DML, -1, &quoted);
    (void)tap_ok(&bench->tap, quoted == 0,
                 "clone: a double-quoted string is what it is on the live connection");
    (void)tap_ok(&bench->tap,
                 sqlite3_limit(bench->clone.session.db, SQLITE_LIMIT_COLUMN, -1) == 77,
                 "clone: it has the limits of the live connection");
    (void)tap_ok(&bench->tap, sqlite3_get_autocommit(bench->clone.session.db) != 0,
                 "clone: no transaction is open on it");
    close_live(bench);
}

static void test_functions(struct bench *bench)
{
    open_live(bench);
    run(bench, everything);
    open_clone(bench);
    bench->calls = 0;
    expect(bench, "SELECT twice(21)", "42");
    expect(bench, "SELECT twice(5)+twice(6)", "22");
    expect(bench, "SELECT lower('AB')", "1");
    expect(bench, "SELECT migrate_assert(1,'x')", "2");
    (void)tap_ok(&bench->tap, bench->calls == 5, "clone: a function is called where it lives");
    expect(bench, "SELECT twice(-1)", "the application refuses it");
    expect(bench, "SELECT many(1,2,3)",
           "many may do things outside the database, and is not called for a plan");
    expect(bench, "SELECT migrate_apply()", "migrate_apply cannot be called in a rehearsal");
    expect(bench, "SELECT total_of(1)",
           "total_of is an aggregate of the application, which cannot be called here");
    expect(bench, "SELECT window_of(1) OVER ()",
           "window_of is an aggregate of the application, which cannot be called here");
    expect(bench, "SELECT * FROM summary", "unsafe use of many()");
    expect(bench, "INSERT INTO child(id,p) VALUES(4,NULL) RETURNING g", "8");
    expect(bench, "SELECT 'a'<'B' COLLATE backwards", "0");
    expect(bench, "SELECT 'a'<'B' COLLATE late", "0");
    expect(bench, "SELECT 'a'<'B' COLLATE nobody", "no such collation sequence: nobody");
    expect(bench, "SELECT nobody(1)", "no such function: nobody");
    close_live(bench);
}

static void test_tables(struct bench *bench)
{
    open_live(bench);
    run(bench, "CREATE VIRTUAL TABLE counted USING numbers");
    open_clone(bench);
    expect(bench, "SELECT count(*) FROM counted", "0");
    expect(bench, "SELECT count(value) FROM numbers(5)", "0");
    expect(bench, "SELECT value, last FROM numbers WHERE last=5", "");
    expect(bench, "INSERT INTO counted VALUES(1)",
           "counted cannot be written in a rehearsal: its module numbers is the application's");
    expect(bench, "CREATE VIRTUAL TABLE more USING numbers",
           "the module numbers is the application's, and there is no table more yet that could "
           "tell its columns");
    expect(bench, "ALTER TABLE counted RENAME TO renamed", "");
    expect(bench, "SELECT value FROM renamed", "");
    expect(bench, "DROP TABLE renamed", "");
    expect(bench, "SELECT * FROM nobody(1)", "no such table: nobody");
    close_live(bench);
}

static void test_rehearsal(struct bench *bench)
{
    sqlite3 *db;

    open_live(bench);
    run(bench, everything);
    bench->statements = count_statements(bench->live.db);
    db = mig_private_open(&bench->live, NULL, NULL);
    mig_private_liken(&bench->live, db);
    mig_proxy_install(&bench->live, db, MIG_PROXY_REHEARSAL);
    expect_on(bench, db, "SELECT group_concat(value) FROM numbers(5)", "1,2,3,4,5");
    expect_on(bench, db,
              "WITH l(n) AS(VALUES(1),(3)) SELECT group_concat(value) FROM l, numbers(l.n)",
              "1,1,2,3");
    expect_on(bench, db, "SELECT group_concat(value) FROM numbers WHERE value>1", "2,3");
    expect_on(bench, db, "CREATE VIRTUAL TABLE counted USING numbers", "");
    expect_on(bench, db, "SELECT sum(value) FROM counted", "6");
    expect_on(bench, db, "SELECT many(1,2,3)",
              "many may do things outside the database, and is not called in a rehearsal");
    expect_on(bench, db, "SELECT migrate_apply()",
              "migrate_apply cannot be called in a rehearsal");
    expect_on(bench, db, "SELECT * FROM migrations_own",
              "migrations_own cannot be read in a rehearsal");
    mig_private_close(db);
    close_live(bench);
}

static void test_gaps(struct bench *bench)
{
    open_live(bench);
    run(bench, everything);
    run(bench, "CREATE TABLE other(a CHECK(twice(a)=1)); CREATE INDEX on_other ON other(a);"
               "CREATE TRIGGER fires_other AFTER INSERT ON other BEGIN SELECT 1; END");
    (void)sqlite3_create_function(bench->live.db, "twice", 1, SQLITE_UTF8, NULL, NULL, NULL,
                                  NULL);
    open_clone(bench);
    show_gaps(bench,
              "table main.child on child: no such function: twice\n"
              "table main.other on other: no such function: twice\n"
              "index main.by_twice on child: no such table: main.child\n"
              "index main.on_other on other: no such table: main.other\n"
              "trigger main.fires_other on other: no such table: main.other",
              "clone: what cannot be created is a gap");
    (void)tap_ok(&bench->tap,
                 mig_clone_find_gap(&bench->clone, "BY_twice") != NULL &&
                     mig_clone_find_gap(&bench->clone, "parent") == NULL,
                 "clone: a gap is found by its name");
    close_live(bench);
}

static void test_databases(struct bench *bench)
{
    open_live(bench);
    run(bench, "ATTACH ':memory:' AS \"other one\"; CREATE TABLE t(a); CREATE TABLE u(a);"
               "CREATE TABLE \"other one\".t(b, c); CREATE TABLE \"other one\".view(a);"
               "CREATE UNIQUE INDEX \"other one\".i ON t(b);"
               "CREATE VIEW \"other one\".v AS SELECT b FROM t;"
               "CREATE TRIGGER \"other one\".r AFTER INSERT ON t BEGIN SELECT 1; END;"
               "CREATE VIRTUAL TABLE \"other one\".w USING fts5(x);"
               "CREATE TEMP TABLE t(d); CREATE INDEX temp.i ON t(d);"
               "CREATE TEMP TRIGGER z AFTER INSERT ON main.u BEGIN DELETE FROM u; END;"
               "CREATE TEMP VIEW x AS SELECT b FROM \"other one\".t");
    open_clone(bench);
    show_gaps(bench, "", "clone: it has what is in temp and in attached databases");
    expect(bench,
           "SELECT group_concat(name) FROM \"other one\".sqlite_schema WHERE "
           "name NOT LIKE 'w_%'",
           "t,view,w,i,v,r");
    expect(bench, "SELECT group_concat(name) FROM temp.sqlite_schema", "t,i,x,z");
    expect(bench, "SELECT name FROM pragma_table_info('t','temp')", "d");
    expect(bench, "INSERT INTO u VALUES(1)", "");
    expect(bench, "SELECT count(*) FROM u", "0");
    expect(bench, "SELECT b FROM x", "");
    close_live(bench);
}

static const char endless[] = "CREATE TABLE n AS WITH RECURSIVE r(i) AS(SELECT 1 UNION ALL "
                              "SELECT i+1 FROM r) SELECT max(i) FROM r";

static void test_bounds(struct bench *bench)
{
    static const char large[] = "CREATE TABLE n AS SELECT zeroblob(100000000)";
    static const char wrong[] = "CREATE TABLE t(a)";

    open_live(bench);
    run(bench, "CREATE TABLE t(a)");
    open_clone(bench);
    (void)tap_ok(&bench->tap,
                 mig_clone_execute(&bench->clone, endless, sizeof endless - 1) ==
                         MIG_CLONE_STOPPED &&
                     mig_session_ok(&bench->clone.session),
                 "clone: a statement without an end is stopped");
    (void)tap_ok(&bench->tap,
                 mig_clone_execute(&bench->clone, large, sizeof large - 1) == MIG_CLONE_STOPPED,
                 "clone: a statement that needs much memory is stopped");
    (void)tap_ok(&bench->tap,
                 mig_clone_execute(&bench->clone, wrong, sizeof wrong - 1) == MIG_CLONE_FAILED,
                 "clone: a statement that fails says so");
    (void)tap_same(&bench->tap, bench->clone.session.message, "table t already exists",
                   "clone: the failure is the clone's");
    mig_session_forget(&bench->clone.session, NULL);
    (void)tap_ok(&bench->tap,
                 mig_clone_execute(&bench->clone, "DROP TABLE t;", 13) == MIG_CLONE_DONE,
                 "clone: a statement that succeeds says so");
    expect(bench, "SELECT count(*) FROM sqlite_schema", "0");
    close_live(bench);
}

/* An interrupt is refused while nothing runs, so it comes from within a query of the live connection. */
static void interrupt_in(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct bench *bench = sqlite3_user_data(context);
    struct mig_session s;

    (void)count, (void)values;
    mig_session_init(&s, bench->live.db, &bench->options);
    mig_clone_open(&s, &bench->clone);
    sqlite3_interrupt(bench->live.db);
    (void)tap_ok(&bench->tap,
                 mig_clone_execute(&bench->clone, endless, sizeof endless - 1) ==
                         MIG_CLONE_FAILED &&
                     bench->clone.session.outcome == MIG_INTERRUPTED,
                 "clone: an interrupt of the live connection ends a statement");
    mig_clone_close(&bench->clone);
    mig_clone_open(&s, &bench->clone);
    (void)tap_ok(&bench->tap, s.outcome == MIG_INTERRUPTED,
                 "clone: an interrupt of the live connection ends the making of one");
    mig_clone_close(&bench->clone);
    mig_session_release(&s);
}

static void test_interrupt(struct bench *bench)
{
    char text[100];

    open_live(bench);
    run(bench, everything);
    bench->statements = count_statements(bench->live.db);
    (void)sqlite3_create_function(bench->live.db, "interrupt_in", 0, SQLITE_UTF8, bench,
                                  interrupt_in, NULL, NULL);
    read_text(bench->live.db, "SELECT interrupt_in()", text, sizeof text);
    close_live(bench);
}

static double seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Prints how long it takes; how long that may be is the business of the benchmarks. */
static void test_size(struct bench *bench)
{
    char sql[200];
    double start;

    open_live(bench);
    for (int i = 0; i < 200; i++) {
        (void)snprintf(sql, sizeof sql,
                       "CREATE TABLE table_%d(id INTEGER PRIMARY KEY, a TEXT NOT NULL, b "
                       "REFERENCES table_0, c DEFAULT 3); CREATE INDEX i_%d ON table_%d(a)",
                       i, i, i);
        run(bench, sql);
    }
    start = seconds();
    open_clone(bench);
    printf("# 200 tables and 200 indexes in %.1f ms\n", (seconds() - start) * 1e3);
    expect(bench, "SELECT count(*) FROM sqlite_schema", "400");
    close_live(bench);
}

int main(void)
{
    struct bench bench = {.tap = {0, 0}};

    test_schema(&bench);
    test_functions(&bench);
    test_tables(&bench);
    test_rehearsal(&bench);
    test_gaps(&bench);
    test_databases(&bench);
    test_bounds(&bench);
    test_interrupt(&bench);
    test_size(&bench);
    return tap_end(&bench.tap);
}
