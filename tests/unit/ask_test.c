/*
 * Questions to rows: each has one answer, and none of them changes the database.
 */
#include "ask.h"
#include "tap.h"

/* A database, a session on it, and what is remembered between questions. */
struct bench {
    struct tap *tap;
    sqlite3 *db;
    struct mig_session s;
    struct mig_ask ask;
    struct mig_arena arena;
};

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        tap_show("SQLite refuses", message);
    sqlite3_free(message);
}

static void begin(struct bench *bench, struct tap *tap, const char *sql)
{
    memset(bench, 0, sizeof(*bench));
    bench->tap = tap;
    (void)sqlite3_open(":memory:", &bench->db);
    (void)sqlite3_db_config(bench->db, SQLITE_DBCONFIG_DQS_DML, 1, NULL);
    run(bench->db, sql);
    mig_session_init(&bench->s, bench->db, NULL);
    mig_ask_init(&bench->ask);
    mig_arena_init(&bench->arena);
}

static void end(struct bench *bench, const char *behaviour)
{
    const bool is_closed = sqlite3_next_stmt(bench->db, NULL) == NULL;

    mig_ask_release(&bench->ask);
    mig_arena_release(&bench->arena);
    mig_session_release(&bench->s);
    tap_ok(bench->tap, is_closed && sqlite3_close(bench->db) == SQLITE_OK, behaviour);
}

static void same(struct bench *bench, struct mig_answer answer, const char *expected,
                 const char *behaviour)
{
    static const char *const verdicts[] = {"no", "yes", "unknown"};
    char text[512];

    (void)snprintf(text, sizeof text, "%s: %s", verdicts[answer.verdict], answer.why);
    tap_same(bench->tap, mig_session_ok(&bench->s) ? text : "failed", expected, behaviour);
}

static void test_rows(struct tap *tap)
{
    struct bench b;
    struct mig_answer answer;

    begin(&b, tap,
          "CREATE TABLE t(a); INSERT INTO t VALUES (1),(2); CREATE TABLE \"e \"\"\"(a);"
          "CREATE TABLE o(a); INSERT INTO o VALUES (1); CREATE VIEW v AS SELECT 1");
    same(&b, mig_ask_table(&b.s, &b.ask, "T"), "yes: there is a table T", "table: it is there");
    same(&b, mig_ask_table(&b.s, &b.ask, "v"), "no: there is no table v",
         "table: a view is none");
    answer = mig_ask_rows(&b.s, &b.ask, "t");
    same(&b, answer, "yes: t has 2 rows", "rows: they are counted");
    tap_ok(tap, answer.count == 2, "rows: the count comes with the answer");
    run(b.db, "INSERT INTO t VALUES (3)");
    same(&b, mig_ask_rows(&b.s, &b.ask, "T"), "yes: t has 2 rows",
         "rows: they are counted once");
    same(&b, mig_ask_rows(&b.s, &b.ask, "o"), "yes: o has 1 row", "rows: there is one");
    same(&b, mig_ask_rows(&b.s, &b.ask, "e \""), "no: e \" has 0 rows", "rows: there is none");
    same(&b, mig_ask_rows(&b.s, &b.ask, "x"), "no: there is no table x",
         "rows: none without a table");
    end(&b, "rows: no statement is left open");
}

static void test_nulls(struct tap *tap)
{
    const struct mig_relation t = {.name = "t"};
    const struct mig_relation copy = {"t_new", "x, \"y\"",
                                      "SELECT a, coalesce(b,'') FROM t -- "};
    const struct mig_relation broken = {"t_new", NULL, "SELECT \"nosuch\" AS x FROM t"};
    struct bench b;

    begin(&b, tap, "CREATE TABLE t(a, b, \"c d\"); INSERT INTO t VALUES (1,NULL,1),(2,1,2)");
    same(&b, mig_ask_nulls(&b.s, &b.ask, &t, "B"), "yes: rows of t have NULL in B",
         "nulls: there are some");
    same(&b, mig_ask_nulls(&b.s, &b.ask, &t, "c d"), "no: no row of t has NULL in c d",
         "nulls: there are none");
    same(&b, mig_ask_nulls(&b.s, &b.ask, &t, "new"),
         "unknown: the database cannot be asked: no such column: t.new",
         "nulls: unknown of a column that is not there yet");
    same(&b, mig_ask_nulls(&b.s, &b.ask, &copy, "y"), "no: no row of t_new has NULL in y",
         "nulls: of the rows that a SELECT gives");
    same(&b, mig_ask_nulls(&b.s, &b.ask, &broken, "x"),
         "unknown: the database cannot be asked: no such column: nosuch",
         "nulls: a name in double quotes is never a string");
    end(&b, "nulls: no statement is left open");
}

/* The index i of the table t of a new database that has this schema: as the clone would have it. */
static const struct mig_shape_index *index_of(struct bench *b, const char *sql)
{
    struct mig_session s;
    sqlite3 *db = NULL;
    const struct mig_shape *shape;

    (void)sqlite3_open(":memory:", &db);
    run(db, sql);
    mig_session_init(&s, db, NULL);
    shape = mig_shape_read(&s, &b->arena, "t");
    mig_session_release(&s);
    (void)sqlite3_close(db);
    return shape == NULL ? NULL : mig_shape_index(shape, "i");
}

static void test_duplicates(struct tap *tap)
{
    static const struct {
        const char *index;
        const char *expected;
        const char *behaviour;
    } samples[] = {
        {"t(a)", "no: no rows of t are equal in a", "duplicates: none in a column"},
        {"t(b)", "yes: rows of t are equal in b", "duplicates: some in a column"},
        {"t(c)", "no: no rows of t are equal in c", "duplicates: NULLs are no two of a kind"},
        {"t(d)", "no: no rows of t are equal in d", "duplicates: by the column's collation"},
        {"t(d COLLATE nocase)", "yes: rows of t are equal in d",
         "duplicates: by the index's collation"},
        {"t(lower(d) DESC)", "yes: rows of t are equal in (lower(d))",
         "duplicates: of an expression"},
        {"t(a, b)", "no: no rows of t are equal in a, b", "duplicates: of two columns"},
        {"t(b) WHERE a < 3", "no: no rows of t are equal in b", "duplicates: partial, none"},
        {"t(b) WHERE a > 1", "yes: rows of t are equal in b", "duplicates: partial, some"},
        {"t((1))", "yes: rows of t are equal in ((1))", "duplicates: of a constant"},
        {"t(z)", "unknown: the database cannot be asked: no such column: t.z",
         "duplicates: unknown of a column that is not there yet"},
        {"t(a) WHERE \"z\" > 1", "unknown: the database cannot be asked: no such column: z",
         "duplicates: unknown of a WHERE that is not there yet"},
    };
    const struct mig_relation t = {.name = "t"};
    const struct mig_relation copy = {"u", NULL, "SELECT upper(d) AS d FROM t"};
    struct bench b;

    begin(&b, tap,
          "CREATE TABLE t(a, b, c, d TEXT); INSERT INTO t VALUES "
          "(1,1,NULL,'x'),(2,2,NULL,'X'),(3,2,1,'y')");
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char sql[256];
        const struct mig_shape_index *index;

        (void)snprintf(sql, sizeof sql,
                       "CREATE TABLE t(a, b, c, d, z); CREATE UNIQUE INDEX i "
                       "ON %s",
                       samples[i].index);
        index = index_of(&b, sql);
        if (index != NULL)
            same(&b, mig_ask_duplicates(&b.s, &b.ask, &t, index), samples[i].expected,
                 samples[i].behaviour);
    }
    same(&b,
         mig_ask_duplicates(&b.s, &b.ask, &copy,
                            index_of(&b, "CREATE TABLE t(d); CREATE INDEX i ON t(d)")),
         "yes: rows of u are equal in d", "duplicates: of the rows that a SELECT gives");
    end(&b, "duplicates: no statement is left open");
}

static void test_checks(struct tap *tap)
{
    const struct mig_relation t = {.name = "t"};
    struct bench b;

    begin(&b, tap, "CREATE TABLE t(a, b); INSERT INTO t VALUES (1,'x'),(NULL,'y')");
    same(&b, mig_ask_violates(&b.s, &b.ask, &t, "a > 0"),
         "no: no row of t violates CHECK (a > 0)", "check: NULL violates nothing");
    same(&b, mig_ask_violates(&b.s, &b.ask, &t, "t.b <> \"b\" OR a > 1"),
         "yes: rows of t violate CHECK (t.b <> \"b\" OR a > 1)", "check: a row violates it");
    same(&b, mig_ask_violates(&b.s, &b.ask, &t, "b IN (\"x\", 'y')"),
         "unknown: the database cannot be asked: no such column: x",
         "check: unknown with a string in double quotes");
    same(&b, mig_ask_violates(&b.s, &b.ask, &t, "f(a)"),
         "unknown: the database cannot be asked: no such function: f",
         "check: unknown with a function that is not there");
    end(&b, "check: no statement is left open");
}

/* Counts how often it was called. */
static void count_call(sqlite3_context *context, int count, sqlite3_value **values)
{
    int *calls = sqlite3_user_data(context);

    (void)count;
    (void)values;
    ++*calls;
    sqlite3_result_int(context, 1);
}

static void test_functions(struct tap *tap)
{
    const struct mig_relation t = {.name = "t"};
    int calls = 0;
    struct bench b;

    begin(&b, tap, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    (void)sqlite3_create_function(b.db, "plain", 1, SQLITE_UTF8, &calls, count_call, NULL,
                                  NULL);
    (void)sqlite3_create_function(b.db, "regexp", 2, SQLITE_UTF8, &calls, count_call, NULL,
                                  NULL);
    (void)sqlite3_create_function(b.db, "direct", 1,
                                  SQLITE_UTF8 | SQLITE_DIRECTONLY | SQLITE_DETERMINISTIC,
                                  &calls, count_call, NULL, NULL);
    same(&b, mig_ask_violates(&b.s, &b.ask, &t, "\"Plain\" (a)"),
         "unknown: the database was not asked: the function plain() may do more than compute",
         "functions: the application's is not called");
    same(&b, mig_ask_violates(&b.s, &b.ask, &t, "a REGEXP 'x'"),
         "unknown: the database was not asked: the function regexp() may do more than compute",
         "functions: nor is one behind an operator");
    same(&b, mig_ask_violates(&b.s, &b.ask, &t, "direct(a)"),
         "unknown: the database was not asked: the function direct() may do more than compute",
         "functions: nor is one that is for top-level SQL only");
    tap_ok(tap, calls == 0, "functions: none was called");
    (void)sqlite3_create_function(b.db, "pure", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, &calls,
                                  count_call, NULL, NULL);
    mig_ask_release(&b.ask);
    same(&b, mig_ask_violates(&b.s, &b.ask, &t, "pure(a) AND a LIKE '1'"),
         "no: no row of t violates CHECK (pure(a) AND a LIKE '1')",
         "functions: a deterministic one is called");
    tap_ok(tap, calls == 1, "functions: it was called once");
    end(&b, "functions: no statement is left open");
}

static void test_references(struct tap *tap)
{
    const char *columns[] = {"x"};
    const char *no_columns[] = {NULL};
    struct mig_shape_foreign_key key = {.child = "c",
                                        .parent = "p",
                                        .columns = columns,
                                        .parent_columns = no_columns,
                                        .column_count = 1,
                                        .on_delete = "CASCADE",
                                        .on_update = "NO ACTION"};
    const struct mig_relation c = {.name = "c"};
    const struct mig_relation copy = {"c", "id, x", "SELECT id, x FROM main.c"};
    const struct mig_relation none = {"n", NULL, "SELECT NULL AS x"};
    struct bench b;

    begin(&b, tap,
          "CREATE TABLE p(id INTEGER PRIMARY KEY, z); INSERT INTO p VALUES (1,1);"
          "CREATE TABLE c(id INTEGER, x TEXT); INSERT INTO c VALUES (1,NULL)");
    same(&b, mig_ask_children(&b.s, &b.ask, &key), "no: no row of c refers to p",
         "children: NULL refers to nothing");
    run(b.db, "INSERT INTO c VALUES (2,'1')");
    same(&b, mig_ask_children(&b.s, &b.ask, &key), "yes: rows of c refer to p",
         "children: a row refers to the parent");
    same(&b, mig_ask_orphans(&b.s, &b.ask, &c, &key),
         "no: all rows of c have their parent in p",
         "orphans: values compare with the parent's affinity");
    run(b.db, "INSERT INTO c VALUES (3,'2')");
    same(&b, mig_ask_orphans(&b.s, &b.ask, &c, &key), "yes: rows of c have no parent in p",
         "orphans: a row has no parent");
    same(&b, mig_ask_orphans(&b.s, &b.ask, &none, &key),
         "no: all rows of n have their parent in p",
         "orphans: of the rows that a SELECT gives");
    key.parent = "c";
    no_columns[0] = "id";
    same(&b, mig_ask_orphans(&b.s, &b.ask, &c, &key),
         "no: all rows of c have their parent in c",
         "orphans: of a table that refers to itself");
    same(&b, mig_ask_orphans(&b.s, &b.ask, &copy, &key),
         "no: all rows of c have their parent in c",
         "orphans: of a copy that refers to itself");
    key.parent = "q";
    same(&b, mig_ask_orphans(&b.s, &b.ask, &c, &key),
         "unknown: the database cannot be asked: no such table: main.q",
         "orphans: unknown without the parent");
    end(&b, "references: no statement is left open");
}

static int forbid(void *context, int action, const char *first, const char *second,
                  const char *schema, const char *trigger)
{
    (void)context;
    (void)second;
    (void)schema;
    (void)trigger;
    return action == SQLITE_READ && strcmp(first, "t") == 0 ? SQLITE_DENY : SQLITE_OK;
}

static void test_limits(struct tap *tap)
{
    const struct mig_relation t = {.name = "t"};
    const struct mig_relation write = {"u", NULL, "SELECT NULL AS x) INSERT INTO t(a"};
    struct bench b;

    begin(&b, tap, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    same(&b, mig_ask_nulls(&b.s, &b.ask, &write, "x"),
         "unknown: the database cannot be asked: that would write",
         "limits: nothing is written");
    same(&b, mig_ask_violates(&b.s, &b.ask, &t, "a=1); DELETE FROM t WHERE (1"),
         "no: no row of t violates CHECK (a=1); DELETE FROM t WHERE (1)",
         "limits: only the first statement is run");
    tap_ok(tap, sqlite3_total_changes(b.db) == 1, "limits: nothing was changed");
    (void)sqlite3_set_authorizer(b.db, forbid, NULL);
    same(&b, mig_ask_nulls(&b.s, &b.ask, &t, "a"),
         "unknown: the database cannot be asked: access to t.a is prohibited",
         "limits: unknown where the application forbids it");
    (void)sqlite3_set_authorizer(b.db, NULL, NULL);
    end(&b, "limits: no statement is left open");
}

static int interrupt(void *context)
{
    (void)context;
    return 1;
}

static void test_failures(struct tap *tap)
{
    const struct mig_relation t = {.name = "t"};
    struct mig_answer answer;
    struct bench b;

    begin(&b, tap,
          "CREATE TABLE t(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM "
          "n WHERE i<9999) INSERT INTO t SELECT i FROM n");
    sqlite3_progress_handler(b.db, 100, interrupt, NULL);
    answer = mig_ask_nulls(&b.s, &b.ask, &t, "a");
    tap_ok(tap, b.s.outcome == MIG_INTERRUPTED && answer.verdict == MIG_ASK_UNKNOWN,
           "failures: an interrupt ends all work");
    sqlite3_progress_handler(b.db, 0, NULL, NULL);
    answer = mig_ask_rows(&b.s, &b.ask, "t");
    tap_ok(tap, answer.verdict == MIG_ASK_UNKNOWN && answer.why[0] == '\0',
           "failures: nothing is asked on a session that has failed");
    answer = mig_ask_table(&b.s, &b.ask, "t");
    tap_ok(tap, answer.verdict == MIG_ASK_UNKNOWN, "failures: not even for a table");
    end(&b, "failures: no statement is left open");
}

int main(void)
{
    struct tap tap = {0, 0};

    test_rows(&tap);
    test_nulls(&tap);
    test_duplicates(&tap);
    test_checks(&tap);
    test_functions(&tap);
    test_references(&tap);
    test_limits(&tap);
    test_failures(&tap);
    return tap_end(&tap);
}
