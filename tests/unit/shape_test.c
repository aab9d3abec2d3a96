/*
 * What is read of a table: its shape drawn as text, and the keys that point at it.
 */
#include "shape.h"
#include "tap.h"

#include <stdarg.h>

struct sample {
    const char *behaviour;
    const char *sql; /* the table is the one called "my t" */
    const char *expected;
};

struct page {
    char text[4096];
};

/* Adds to the page; the format is SQLite's, for which NULL is an empty text. */
static void add(struct page *page, const char *format, ...)
{
    const size_t used = strlen(page->text);
    va_list arguments;

    va_start(arguments, format);
    (void)sqlite3_vsnprintf((int)(sizeof page->text - used), page->text + used, format,
                            arguments);
    va_end(arguments);
}

static void draw_columns(struct page *page, const struct mig_shape *shape)
{
    for (size_t i = 0; i < shape->column_count; i++) {
        const struct mig_shape_column *column = &shape->columns[i];

        add(page, "%s<%s", column->name, column->type);
        add(page, "%s%s", column->is_not_null ? "!" : "", column->is_hidden ? "?" : "");
        add(page, column->value == NULL ? "" : "=%s", column->value, NULL);
        add(page, column->generated == NULL ? "" : ":(%s)%s", column->generated,
            column->is_stored ? "S" : "V");
        if (column->key > 0)
            add(page, "#%s", column->key == 1 ? "1" : "2", NULL);
        add(page, strcmp(column->collation, "BINARY") == 0 ? ">" : "/%s>", column->collation,
            NULL);
    }
}

static void draw_indexes(struct page *page, const struct mig_shape *shape)
{
    static const char *const letters[] = {"c", "u", "p"};

    for (size_t i = 0; i < shape->index_count; i++) {
        const struct mig_shape_index *index = &shape->indexes[i];

        add(page, " %s%s(", letters[index->origin], index->is_unique ? "!" : "");
        for (size_t j = 0; j < index->key_count; j++) {
            add(page, "%s/%s", index->keys[j].text, index->keys[j].collation);
            add(page, "%s,", index->keys[j].is_descending ? "-" : "", NULL);
        }
        add(page, index->where == NULL ? ")" : ")%s", index->where, NULL);
    }
}

static void draw_keys(struct page *page, const struct mig_shape_foreign_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct mig_shape_foreign_key *key = &keys[i];

        add(page, " %s>%s", key->child, key->parent);
        for (size_t j = 0; j < key->column_count; j++)
            add(page, ",%s:%s", key->columns[j], key->parent_columns[j]);
        add(page, " %s %s", key->on_delete, key->on_update);
        add(page, "%s", key->is_deferred ? " D" : "", NULL);
    }
}

static void draw(struct page *page, const struct mig_shape *shape)
{
    add(page, "%s%s", shape->is_virtual ? "V " : "", shape->is_strict ? "S " : "");
    add(page, "%s%s", shape->is_without_rowid ? "W " : "",
        shape->has_autoincrement ? "A " : "");
    add(page, "%s ", shape->rowid_column, NULL);
    draw_columns(page, shape);
    draw_indexes(page, shape);
    for (size_t i = 0; i < shape->check_count; i++)
        add(page, " [%s:%s]", shape->checks[i].name, shape->checks[i].text);
    for (size_t i = 0; i < shape->conflict_count; i++) {
        add(page, " {%s %s ", shape->conflicts[i].constraint, shape->conflicts[i].columns);
        add(page, "%s}", shape->conflicts[i].action, NULL);
    }
    draw_keys(page, shape->foreign_keys, shape->foreign_key_count);
    for (size_t i = 0; i < shape->trigger_count; i++)
        add(page, " %s=%s", shape->triggers[i].name, shape->triggers[i].definition);
}

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        tap_show("SQLite refuses", message);
    sqlite3_free(message);
}

static void test_shape(struct tap *tap, const struct sample *sample)
{
    struct mig_session s;
    struct mig_arena arena;
    struct page page = {""};
    char behaviour[256];
    sqlite3 *db = NULL;
    const struct mig_shape *shape;

    (void)sqlite3_open(":memory:", &db);
    run(db, sample->sql);
    mig_session_init(&s, db, NULL);
    mig_arena_init(&arena);
    shape = mig_shape_read(&s, &arena, "MY T");
    if (shape != NULL)
        draw(&page, shape);
    (void)snprintf(behaviour, sizeof behaviour, "shape: %s", sample->behaviour);
    tap_same(tap, mig_session_ok(&s) ? page.text : "failed", sample->expected, behaviour);
    mig_session_release(&s);
    mig_arena_release(&arena);
    (void)sqlite3_close(db);
}

static const struct sample samples[] = {
    {"there is none of what is not there", "CREATE TABLE t(a)", ""},
    {"a view is none", "CREATE VIEW \"my t\" AS SELECT 1", ""},
    {"columns with all that they can have",
     "CREATE TABLE \"my t\"(id INTEGER PRIMARY KEY AUTOINCREMENT, a VARCHAR(3) NOT NULL "
     "DEFAULT "
     "/*x*/ 'it''s' COLLATE nocase, b DEFAULT (1 +\n2), c INT GENERATED ALWAYS AS (id -- y\n* "
     "2)"
     " STORED, d AS ('x)' || a) VIRTUAL)",
     "A id id<INTEGER#1>a<VARCHAR(3)!='it''s'/nocase>b<=1 + 2>c<INT:(id * 2)S>d<:('x)' || "
     "a)V>"},
    {"options behind the list",
     "CREATE TABLE \"my t\"(a TEXT, b INT, PRIMARY KEY(b, a DESC)) WITHOUT /* */ ROWID, strict",
     "S W  a<TEXT!#2>b<INT!#1> p!(\"b\"/BINARY,\"a\"/BINARY-,)"},
    {"indexes, with expressions, collations and WHERE",
     "CREATE TABLE \"my t\"(a TEXT COLLATE nocase UNIQUE, \"desc\" INT);"
     "CREATE INDEX i ON \"my t\"(\"desc\", a DESC);"
     "CREATE UNIQUE INDEX \"on\" ON [my t](lower(a||',') COLLATE rtrim DESC, desc) /* */ WHERE "
     "a <> ')' /* x */",
     " a<TEXT/nocase>desc<INT> c(\"desc\"/BINARY,\"a\"/nocase-,) "
     "c!((lower(a||','))/rtrim-,\"desc\"/BINARY,)a <> ')' u!(\"a\"/nocase,)"},
    {"an INTEGER PRIMARY KEY DESC of a column is no rowid",
     "CREATE TABLE \"my t\"(a INTEGER PRIMARY KEY DESC)", " a<INTEGER#1> p!(\"a\"/BINARY-,)"},
    {"an INTEGER PRIMARY KEY DESC of the table is the rowid",
     "CREATE TABLE \"my t\"(a INTEGER, PRIMARY KEY(a DESC))", "a a<INTEGER#1>"},
    {"checks with their names",
     "CREATE TABLE \"my t\"(a CONSTRAINT \"c d\" CHECK (a /*)*/ IN ('(', \")\")), b,\n"
     "CONSTRAINT e CHECK (b > (1)))",
     " a<>b<> [c d:a IN ('(', \")\")] [e:b > (1)]"},
    {"conflicts",
     "CREATE TABLE \"my t\"(a NOT NULL ON CONFLICT fail, b UNIQUE ON CONFLICT ABORT, c, d, "
     "PRIMARY KEY(c, \"d\") ON CONFLICT Rollback)",
     " a<!>b<>c<#1>d<#2> p!(\"c\"/BINARY,\"d\"/BINARY,) u!(\"b\"/BINARY,) {NOT NULL a FAIL} "
     "{PRIMARY KEY c, d ROLLBACK}"},
    {"foreign keys in the order of the text",
     "CREATE TABLE \"my t\"(a REFERENCES p ON DELETE CASCADE, b, c, FOREIGN KEY(b, c) "
     "REFERENCES "
     "\"q r\"(x, y) ON UPDATE SET DEFAULT DEFERRABLE INITIALLY DEFERRED)",
     " a<>b<>c<> my t>p,a: CASCADE NO ACTION my t>q r,b:x,c:y NO ACTION SET DEFAULT D"},
    {"triggers",
     "CREATE TABLE \"my t\"(a); CREATE TRIGGER \"r;\" BEFORE UPDATE OF a ON \"my t\" BEGIN "
     "SELECT ';' -- x\n; END",
     " a<> r;=BEFORE UPDATE OF a ON \"my t\" BEGIN SELECT ';' ; END"},
    {"what ALTER TABLE makes of it",
     "CREATE TABLE o(a, b CHECK (b>0)); CREATE INDEX i ON o(b); ALTER TABLE o ADD COLUMN c INT "
     "REFERENCES p CHECK (c>0); ALTER TABLE o RENAME b TO \"x y\"; ALTER TABLE o RENAME TO "
     "\"my t\"; ALTER TABLE \"my t\" DROP COLUMN a",
     " x y<>c<INT> c(\"x y\"/BINARY,) [:\"x y\">0] [:c>0] my t>p,c: NO ACTION NO ACTION"},
};

/* The text that SQLite 3.53 and later make of constraints; the same from CREATE TABLE before. */
static void test_constraints(struct tap *tap)
{
    static const char expected[] =
        " a<INT>b<TEXT!='x'> [:a>0] [my c:b<>')'] {NOT NULL b IGNORE}";
    static const struct sample altered = {
        "what ALTER TABLE makes of constraints",
        "CREATE TABLE \"my t\"(a INT, b TEXT DEFAULT 'x' /* c */, CHECK (a>0) /* d */);"
        "ALTER TABLE \"my t\" ALTER COLUMN b SET NOT NULL ON CONFLICT IGNORE;"
        "ALTER TABLE \"my t\" ADD CONSTRAINT \"my c\" CHECK (b<>')');"
        "ALTER TABLE \"my t\" ADD CONSTRAINT d CHECK (a<9);"
        "ALTER TABLE \"my t\" DROP CONSTRAINT d",
        expected};
    static const struct sample created = {"what ALTER TABLE makes of constraints",
                                          "CREATE TABLE \"my t\"(a INT, b TEXT DEFAULT 'x' NOT "
                                          "NULL ON CONFLICT IGNORE, CHECK (a>0), "
                                          "CONSTRAINT \"my c\" CHECK (b<>')'))",
                                          expected};

    test_shape(tap, sqlite3_libversion_number() < 3053000 ? &created : &altered);
}

static void test_virtual(struct tap *tap)
{
    sqlite3 *db = NULL;
    struct page page = {""};
    struct mig_session s;
    struct mig_arena arena;
    const struct mig_shape *shape;

    (void)sqlite3_open(":memory:", &db);
    run(db, "CREATE VIRTUAL TABLE \"my t\" USING fts5(a, b)");
    mig_session_init(&s, db, NULL);
    mig_arena_init(&arena);
    shape = mig_shape_read(&s, &arena, "my t");
    if (shape != NULL)
        for (size_t i = 0; i < shape->column_count; i++)
            add(&page, "%s%s ", shape->columns[i].name, shape->columns[i].is_hidden ? "?" : "");
    tap_ok(tap, shape != NULL && shape->is_virtual && shape->index_count == 0,
           "shape: a virtual table has no indexes");
    tap_same(tap, page.text, "a b my t? rank? ", "shape: a virtual table has hidden columns");
    mig_session_release(&s);
    mig_arena_release(&arena);
    (void)sqlite3_close(db);
}

static void test_children(struct tap *tap)
{
    sqlite3 *db = NULL;
    struct page page = {""};
    struct mig_session s;
    struct mig_arena arena;
    const struct mig_shape_foreign_key *keys;
    size_t count = 9;

    (void)sqlite3_open(":memory:", &db);
    run(db, "CREATE TABLE p(a PRIMARY KEY, b REFERENCES P ON DELETE SET NULL);"
            "CREATE TABLE \"c d\"(x, y REFERENCES other, z, FOREIGN KEY(x,z) REFERENCES "
            "\"P\"(a,b) ON DELETE CASCADE ON UPDATE RESTRICT);"
            "CREATE TABLE e(x REFERENCES pp); CREATE TABLE f(references_p);"
            "CREATE TABLE g(x REFERENCES \"a \"\"'q\")");
    mig_session_init(&s, db, NULL);
    mig_arena_init(&arena);
    keys = mig_shape_children(&s, &arena, "p", &count);
    draw_keys(&page, keys, count);
    tap_same(tap, page.text, " p>P,b: SET NULL NO ACTION c d>P,x:a,z:b CASCADE RESTRICT",
             "children: the keys that point at the table, its own included");
    page.text[0] = '\0';
    keys = mig_shape_children(&s, &arena, "A \"'Q", &count);
    draw_keys(&page, keys, count);
    tap_same(tap, page.text, " g>a \"'q,x: NO ACTION NO ACTION",
             "children: of a table that is not there, with quotes in its name");
    keys = mig_shape_children(&s, &arena, "f", &count);
    tap_ok(tap, keys == NULL && count == 0, "children: none");
    mig_session_release(&s);
    mig_arena_release(&arena);
    tap_ok(tap, sqlite3_close(db) == SQLITE_OK, "shape: no statement is left open");
}

static void test_failures(struct tap *tap)
{
    sqlite3 *db = NULL;
    struct mig_session s;
    struct mig_arena arena;
    size_t count = 9;

    (void)sqlite3_open(":memory:", &db);
    run(db, "CREATE TABLE t(a)");
    mig_session_init(&s, db, NULL);
    mig_arena_init(&arena);
    mig_session_fail(&s, MIG_FAILED, "before");
    tap_ok(tap,
           mig_shape_read(&s, &arena, "t") == NULL &&
               mig_shape_children(&s, &arena, "t", &count) == NULL && count == 0,
           "shape: nothing is read on a session that has failed");
    mig_session_release(&s);
    mig_arena_release(&arena);
    (void)sqlite3_close(db);
}

int main(void)
{
    struct tap tap = {0, 0};

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        test_shape(&tap, &samples[i]);
    test_constraints(&tap);
    test_virtual(&tap);
    test_children(&tap);
    test_failures(&tap);
    return tap_end(&tap);
}
