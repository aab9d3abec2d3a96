/*
 * What a table loses and newly demands between two texts of it. Each text is run in a database of its
 * own; the table is called t.
 */
#include "rebuild.h"
#include "rule.h"
#include "tap.h"

struct sample {
    const char *behaviour;
    const char *before;
    const char *after;
    const char *expected; /* a line for each change: rule, object, why, question */
};

struct page {
    char text[4096];
};

static void add_line(void *context, const struct mig_change *change)
{
    static const char *const questions[] = {"", " NULLS", " DUPLICATES", " VIOLATES",
                                            " ORPHANS"};
    struct page *page = context;
    const size_t used = strlen(page->text);

    (void)snprintf(page->text + used, sizeof page->text - used, "%s %s: %s%s\n",
                   mig_rule_info(change->rule)->id, change->object, change->why,
                   questions[change->question]);
}

/* Reads the table t of a new database in which `sql` was run. */
static const struct mig_shape *read_shape(struct mig_session *s, struct mig_arena *arena,
                                          const char *sql, sqlite3 **out_db)
{
    char *message = NULL;

    (void)sqlite3_open(":memory:", out_db);
    (void)sqlite3_db_config(*out_db, SQLITE_DBCONFIG_DQS_DDL, 1, NULL);
    if (sqlite3_exec(*out_db, sql, NULL, NULL, &message) != SQLITE_OK)
        tap_show("SQLite refuses", message);
    sqlite3_free(message);
    mig_session_init(s, *out_db, NULL);
    return mig_shape_read(s, arena, "t");
}

static void test_pair(struct tap *tap, const struct sample *sample)
{
    struct mig_arena arena;
    struct mig_session one;
    struct mig_session other;
    sqlite3 *first = NULL;
    sqlite3 *second = NULL;
    struct page page = {""};
    char behaviour[256];
    const struct mig_shape *before;
    const struct mig_shape *after;

    mig_arena_init(&arena);
    before = read_shape(&one, &arena, sample->before, &first);
    after = read_shape(&other, &arena, sample->after, &second);
    if (before != NULL && after != NULL)
        mig_rebuild_compare(&one, &arena, before, after, add_line, &page);
    (void)snprintf(behaviour, sizeof behaviour, "rebuild: %s", sample->behaviour);
    tap_same(tap, before == NULL || after == NULL ? "no table" : page.text, sample->expected,
             behaviour);
    mig_session_release(&one);
    mig_session_release(&other);
    mig_arena_release(&arena);
    tap_ok(tap, sqlite3_close(first) == SQLITE_OK && sqlite3_close(second) == SQLITE_OK,
           "rebuild: no statement is left open");
}

static const struct sample samples[] = {
    {"the same table has changed nothing", "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)",
     "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)", ""},
    {"layout, case, quotes and comments are no change",
     "CREATE TABLE t(a INTEGER, b VARCHAR(10) DEFAULT (1+2) CHECK(b > 0), CHECK (a<=b))",
     "create table \"T\"(\n[A] integer,/* x */`B` varchar ( 10 ) default(1 + 2) check (\"b\">0)"
     "-- y\n,check(A <= B))",
     ""},
    {"a column that is gone", "CREATE TABLE t(a, b)", "CREATE TABLE t(a)",
     "drop-column t.b: the column t.b is gone, and its values with it\n"},
    {"a column in another place is no change", "CREATE TABLE t(a, b)", "CREATE TABLE t(b, a)",
     ""},
    {"a new column is no change", "CREATE TABLE t(a)",
     "CREATE TABLE t(a, b, c NOT NULL DEFAULT 1)", ""},
    {"a new column that is NOT NULL without default", "CREATE TABLE t(a)",
     "CREATE TABLE t(a, b NOT NULL, c NOT NULL DEFAULT NULL)",
     "add-not-null t.b: the new column t.b is NOT NULL and has no default: rows without a "
     "value "
     "for it fail NULLS\n"
     "add-not-null t.c: the new column t.c is NOT NULL and has no default: rows without a "
     "value "
     "for it fail NULLS\n"},
    {"another type", "CREATE TABLE t(a INTEGER)", "CREATE TABLE t(a TEXT)",
     "change-type t.a: t.a is TEXT now, it was INTEGER: values are converted where that is "
     "possible\n"},
    {"another type of the same affinity", "CREATE TABLE t(a VARCHAR(10), b INT)",
     "CREATE TABLE t(a VARCHAR(20), b INTEGER)",
     "change-type t.a: t.a is VARCHAR(20) now, it was VARCHAR(10): the affinity is the same, "
     "so "
     "values stay as they are\n"
     "change-type t.b: t.b is INTEGER now, it was INT: the affinity is the same, so values "
     "stay "
     "as they are\n"},
    {"a type that is gone", "CREATE TABLE t(a REAL)", "CREATE TABLE t(a)",
     "change-type t.a: t.a is without a type now, it was REAL: values are converted where that "
     "is possible\n"},
    {"another collation", "CREATE TABLE t(a TEXT COLLATE nocase)", "CREATE TABLE t(a TEXT)",
     "change-collation t.a: t.a compares by BINARY now, it was nocase\n"},
    {"a collation written otherwise is no change", "CREATE TABLE t(a TEXT COLLATE nocase)",
     "CREATE TABLE t(a TEXT COLLATE \"NOCASE\")", ""},
    {"an index by a collation that changed with the column is not lost",
     "CREATE TABLE t(a TEXT COLLATE nocase); CREATE INDEX i ON t(a)",
     "CREATE TABLE t(a TEXT); CREATE INDEX i ON t(a)",
     "change-collation t.a: t.a compares by BINARY now, it was nocase\n"},
    {"NOT NULL that is gone", "CREATE TABLE t(a NOT NULL)", "CREATE TABLE t(a)",
     "rebuild-loses-constraint t.a: t.a is not NOT NULL any more\n"},
    {"NOT NULL that is new", "CREATE TABLE t(a)", "CREATE TABLE t(a NOT NULL)",
     "not-null-violated t.a: t.a is NOT NULL now: rows without a value there fail NULLS\n"},
    {"NOT NULL of a rowid is no change", "CREATE TABLE t(a INTEGER PRIMARY KEY)",
     "CREATE TABLE t(a INTEGER PRIMARY KEY NOT NULL)", ""},
    {"a default that is gone", "CREATE TABLE t(a DEFAULT 'x')", "CREATE TABLE t(a)",
     "rebuild-loses-constraint t.a: t.a has no default any more, it was 'x'\n"},
    {"another default", "CREATE TABLE t(a DEFAULT 'x')", "CREATE TABLE t(a DEFAULT 'X')",
     "rebuild-loses-constraint t.a: the default of t.a is 'X' now, it was 'x'\n"},
    {"DEFAULT NULL is none", "CREATE TABLE t(a DEFAULT NULL, b)",
     "CREATE TABLE t(a, b DEFAULT (null))", ""},
    {"AUTOINCREMENT that is gone", "CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT)",
     "CREATE TABLE t(a INTEGER PRIMARY KEY)",
     "rebuild-loses-autoincrement t: t has no AUTOINCREMENT any more\n"},
    {"AUTOINCREMENT in a name and a string is none",
     "CREATE TABLE t(\"AUTOINCREMENT\" INTEGER PRIMARY KEY DEFAULT 'AUTOINCREMENT')",
     "CREATE TABLE t(\"AUTOINCREMENT\" INTEGER PRIMARY KEY DEFAULT 'AUTOINCREMENT')", ""},
    {"a generated column that is ordinary", "CREATE TABLE t(a, b AS (a*2) STORED)",
     "CREATE TABLE t(a, b)",
     "rebuild-loses-generated t.b: t.b was computed as (a*2), and is an ordinary column now\n"},
    {"a generated column that is gone", "CREATE TABLE t(a, b INT GENERATED ALWAYS AS (a * 2))",
     "CREATE TABLE t(a)",
     "rebuild-loses-generated t.b: the column t.b, computed as (a * 2), is gone\n"},
    {"a generated column with another expression", "CREATE TABLE t(a, b AS (a*2))",
     "CREATE TABLE t(a, b AS (a*3))",
     "rebuild-loses-generated t.b: t.b is computed as (a*3) now, it was (a*2)\n"},
    {"a generated column stored otherwise", "CREATE TABLE t(a, b AS (a*2) STORED)",
     "CREATE TABLE t(a, b AS (a*2) VIRTUAL)",
     "rebuild-loses-generated t.b: the generated column t.b is VIRTUAL now, it was STORED\n"},
    {"an ordinary column that is generated now", "CREATE TABLE t(a, b)",
     "CREATE TABLE t(a, b AS (a*2))",
     "drop-column t.b: the values of t.b are not kept: it is computed as (a*2) now\n"},
    {"STRICT that is gone", "CREATE TABLE t(a INTEGER) STRICT", "CREATE TABLE t(a INTEGER)",
     "rebuild-loses-strict t: t is not STRICT any more\n"},
    {"STRICT that is new", "CREATE TABLE t(a INTEGER, b TEXT, c REAL, d BLOB, f INT)",
     "CREATE TABLE t(a INTEGER, b TEXT, c REAL, d BLOB, f INT) STRICT",
     "check-violated t.a: t.a is INTEGER in a STRICT table now: values that do not fit fail "
     "VIOLATES\n"
     "check-violated t.b: t.b is TEXT in a STRICT table now: values that do not fit fail "
     "VIOLATES\n"
     "check-violated t.c: t.c is REAL in a STRICT table now: values that do not fit fail "
     "VIOLATES\n"
     "check-violated t.d: t.d is BLOB in a STRICT table now: values that do not fit fail "
     "VIOLATES\n"
     "check-violated t.f: t.f is INT in a STRICT table now: values that do not fit fail "
     "VIOLATES\n"},
    {"another type in a STRICT table", "CREATE TABLE t(a ANY) STRICT",
     "CREATE TABLE t(a INTEGER) STRICT",
     "change-type t.a: t.a is INTEGER now, it was ANY: the table is STRICT, so values that do "
     "not fit fail\n"
     "check-violated t.a: t.a is INTEGER in a STRICT table now: values that do not fit fail "
     "VIOLATES\n"},
    {"WITHOUT ROWID that is gone", "CREATE TABLE t(a TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID",
     "CREATE TABLE t(a TEXT PRIMARY KEY NOT NULL)",
     "rebuild-loses-strict t: t is not WITHOUT ROWID any more\n"},
    {"WITHOUT ROWID that is new", "CREATE TABLE t(a TEXT PRIMARY KEY NOT NULL)",
     "CREATE TABLE t(a TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID",
     "check-violated t.a: t.a is TEXT in a STRICT table now: values that do not fit fail "
     "VIOLATES\n"
     "rebuild-loses-strict t: t is WITHOUT ROWID now: what uses its rowid fails\n"},
    {"a primary key that is gone", "CREATE TABLE t(a INTEGER PRIMARY KEY, b)",
     "CREATE TABLE t(a INTEGER, b)",
     "rebuild-loses-constraint t: the primary key (a) of t is gone\n"},
    {"another primary key", "CREATE TABLE t(a, b, PRIMARY KEY(a, b))",
     "CREATE TABLE t(a, b, PRIMARY KEY(b))",
     "rebuild-loses-constraint t: the primary key of t is (b) now, it was (a, b)\n"
     "unique-violated t.b: PRIMARY KEY (b) of t is new: rows that are equal there fail "
     "DUPLICATES\n"},
    {"a key that is not the rowid any more", "CREATE TABLE t(a INTEGER PRIMARY KEY)",
     "CREATE TABLE t(a INT PRIMARY KEY)",
     "change-type t.a: t.a is INT now, it was INTEGER: the affinity is the same, so values "
     "stay "
     "as they are\n"
     "rebuild-loses-constraint t.a: t.a is not the rowid any more: SQLite gives no value to "
     "it\n"},
    {"a column that is the rowid from now on", "CREATE TABLE t(a INTEGER)",
     "CREATE TABLE t(a INTEGER PRIMARY KEY)",
     "unique-violated t.a: PRIMARY KEY (a) of t is new: rows that are equal there fail "
     "DUPLICATES\n"},
    {"UNIQUE that is gone", "CREATE TABLE t(a UNIQUE, b, c, UNIQUE(b, c))",
     "CREATE TABLE t(a, b, c)",
     "rebuild-loses-constraint t: UNIQUE (b, c) of t is gone\n"
     "rebuild-loses-constraint t.a: UNIQUE (a) of t is gone\n"},
    {"UNIQUE in another order or by an index is no change",
     "CREATE TABLE t(a UNIQUE, b, c, UNIQUE(b, c))",
     "CREATE TABLE t(a, b, c, UNIQUE(c, b)); CREATE UNIQUE INDEX i ON t(a)", ""},
    {"UNIQUE that is new", "CREATE TABLE t(a, b)", "CREATE TABLE t(a UNIQUE, b)",
     "unique-violated t.a: UNIQUE (a) of t is new: rows that are equal there fail "
     "DUPLICATES\n"},
    {"a unique index that is new", "CREATE TABLE t(a, b); CREATE UNIQUE INDEX o ON t(b)",
     "CREATE TABLE t(a, b); CREATE UNIQUE INDEX i ON t(lower(a) DESC) WHERE a > '';"
     "CREATE UNIQUE INDEX o ON t(b); CREATE UNIQUE INDEX w ON t(a, b)",
     "unique-violated i: the unique index i ((lower(a)) DESC) WHERE a > '' of t is new: rows "
     "that are equal there fail DUPLICATES\n"},
    {"UNIQUE by another collation is new", "CREATE TABLE t(a TEXT UNIQUE)",
     "CREATE TABLE t(a TEXT COLLATE nocase UNIQUE)",
     "change-collation t.a: t.a compares by nocase now, it was BINARY\n"
     "unique-violated t.a: UNIQUE (a) of t is new: rows that are equal there fail "
     "DUPLICATES\n"},
    {"a unique index that is partial no more is new",
     "CREATE TABLE t(a); CREATE UNIQUE INDEX i ON t(a) WHERE a > 1",
     "CREATE TABLE t(a); CREATE UNIQUE INDEX i ON t(a)",
     "unique-violated i: the unique index i (a) of t is new: rows that are equal there fail "
     "DUPLICATES\n"
     "rebuild-loses-index i: the index i of t is unique (a) now, it was unique (a) WHERE a > "
     "1\n"},
    {"CHECK that is gone", "CREATE TABLE t(a CONSTRAINT c CHECK (a > 0), CHECK (a < 9))",
     "CREATE TABLE t(a)",
     "rebuild-loses-constraint t: CHECK (a > 0) of t is gone\n"
     "rebuild-loses-constraint t: CHECK (a < 9) of t is gone\n"},
    {"CHECK that is new", "CREATE TABLE t(a, b)", "CREATE TABLE t(a, b, CHECK (a IN (')', 1)))",
     "check-violated t: CHECK (a IN (')', 1)) of t is new: rows that violate it fail "
     "VIOLATES\n"},
    {"CHECK in another place is no change", "CREATE TABLE t(a CHECK (a > 0), b)",
     "CREATE TABLE t(a, b, CONSTRAINT c CHECK (a>0))", ""},
    {"ON CONFLICT that is gone",
     "CREATE TABLE t(a NOT NULL ON CONFLICT IGNORE DEFAULT 1, b UNIQUE ON CONFLICT REPLACE)",
     "CREATE TABLE t(a NOT NULL DEFAULT 1, b UNIQUE ON CONFLICT ABORT)",
     "rebuild-loses-constraint t: NOT NULL (a) of t is not ON CONFLICT IGNORE any more\n"
     "rebuild-loses-constraint t: UNIQUE (b) of t is not ON CONFLICT REPLACE any more\n"},
    {"ON CONFLICT that is new", "CREATE TABLE t(a, b, c, PRIMARY KEY(a, b), UNIQUE(c))",
     "CREATE TABLE t(a, b, c, PRIMARY KEY(a COLLATE nocase DESC, \"b\") ON CONFLICT REPLACE, "
     "UNIQUE(c) ON CONFLICT IGNORE)",
     "unique-violated t: PRIMARY KEY (a COLLATE nocase DESC, b) of t is new: rows that are "
     "equal "
     "there fail DUPLICATES\n"
     "replace-deletes t: PRIMARY KEY (a, b) of t is ON CONFLICT REPLACE now: rows that are in "
     "the way of others are deleted without a word\n"
     "replace-deletes t: UNIQUE (c) of t is ON CONFLICT IGNORE now: rows that violate it are "
     "left out without a word\n"},
    {"a foreign key that is gone",
     "CREATE TABLE t(a REFERENCES p, b, c, FOREIGN KEY(b, c) REFERENCES q(x, y))",
     "CREATE TABLE t(a, b, c)",
     "rebuild-loses-foreign-key t.a: the foreign key (a) of t to p is gone\n"
     "rebuild-loses-foreign-key t: the foreign key (b, c) of t to q is gone\n"},
    {"actions of a foreign key", "CREATE TABLE t(a REFERENCES p(x) ON DELETE CASCADE)",
     "CREATE TABLE t(a, FOREIGN KEY(a) REFERENCES P(X) ON UPDATE SET NULL)",
     "rebuild-loses-foreign-key t.a: the foreign key (a) of t to p is ON DELETE NO ACTION now, "
     "it was CASCADE\n"
     "rebuild-loses-foreign-key t.a: the foreign key (a) of t to p is ON UPDATE SET NULL now, "
     "it was NO ACTION\n"},
    {"DEFERRABLE of the right foreign key",
     "CREATE TABLE t(a REFERENCES p DEFERRABLE INITIALLY DEFERRED, b REFERENCES q ON DELETE "
     "SET "
     "NULL NOT DEFERRABLE INITIALLY DEFERRED, c REFERENCES r(x) DEFERRABLE)",
     "CREATE TABLE t(a REFERENCES p, b REFERENCES q ON DELETE SET NULL, c REFERENCES r(x) "
     "DEFERRABLE INITIALLY DEFERRED)",
     "rebuild-loses-foreign-key t.a: the foreign key (a) of t to p is not deferred any more\n"
     "rebuild-loses-foreign-key t.c: the foreign key (c) of t to r is deferred now\n"},
    {"a foreign key that is new", "CREATE TABLE t(a)", "CREATE TABLE t(a REFERENCES p)",
     "check-violated t.a: the foreign key (a) of t to p is new: rows without their parent fail "
     "ORPHANS\n"},
    {"a foreign key to the table itself is no change", "CREATE TABLE t(a REFERENCES t)",
     "CREATE TABLE \"T\"(a REFERENCES \"t\")", ""},
    {"a foreign key to the parent's key by name is no change", "CREATE TABLE t(a REFERENCES p)",
     "CREATE TABLE t(a REFERENCES p(id))", ""},
    {"an index that is gone",
     "CREATE TABLE t(a, b); CREATE INDEX i ON t(a DESC, b COLLATE nocase) WHERE b <> 'x';"
     "CREATE UNIQUE INDEX j ON t(b)",
     "CREATE TABLE t(a, b)",
     "rebuild-loses-index i: the index i (a DESC, b COLLATE nocase) WHERE b <> 'x' of t is "
     "gone\n"
     "rebuild-loses-index j: the unique index j (b) of t is gone\n"},
    {"an index of another name is not lost",
     "CREATE TABLE t(a, b); CREATE INDEX i ON t(a, lower(b)) WHERE a>1",
     "CREATE TABLE t(a, b); create index \"j k\" on T(\"a\", lower( B )) where A > 1", ""},
    {"an index that is another one", "CREATE TABLE t(a, b); CREATE UNIQUE INDEX i ON t(a)",
     "CREATE TABLE t(a, b); CREATE INDEX i ON t(a)",
     "rebuild-loses-index i: the index i of t is (a) now, it was unique (a)\n"},
    {"an index in another order is another one",
     "CREATE TABLE t(a, b); CREATE INDEX i ON t(a,b)",
     "CREATE TABLE t(a, b); CREATE INDEX i ON t(b, a)",
     "rebuild-loses-index i: the index i of t is (b, a) now, it was (a, b)\n"},
    {"an index that is unique from now on is not lost",
     "CREATE TABLE t(a UNIQUE, b); CREATE INDEX i ON t(a)", "CREATE TABLE t(a UNIQUE, b)", ""},
    {"a trigger that is gone",
     "CREATE TABLE t(a); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
     "CREATE TABLE t(a)", "rebuild-loses-trigger r: the trigger r of t is gone\n"},
    {"a trigger of another name is not lost",
     "CREATE TABLE t(a); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
     "CREATE TABLE t(a); create trigger if not exists main.[x y] after insert on \"t\" begin\n"
     "select 1; end",
     ""},
    {"a trigger that is another one",
     "CREATE TABLE t(a); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
     "CREATE TABLE t(a); CREATE TRIGGER r AFTER DELETE ON t BEGIN SELECT 1; END",
     "rebuild-loses-trigger r: the trigger r of t is another one now\n"},
    {"names that are keywords, quotes and blanks",
     "CREATE TABLE t(\"check\" INTEGER, \"a \"\"b\" TEXT NOT NULL, [select] REFERENCES "
     "\"my `p\", `x``y` DEFAULT '(', UNIQUE (\"a \"\"b\", \"check\"))",
     "CREATE TABLE t(\"check\" INTEGER, `a \"b` TEXT, \"select\", \"x`y\")",
     "rebuild-loses-constraint t.a \"b: t.a \"b is not NOT NULL any more\n"
     "rebuild-loses-constraint t.x`y: t.x`y has no default any more, it was '('\n"
     "rebuild-loses-constraint t: UNIQUE (a \"b, check) of t is gone\n"
     "rebuild-loses-foreign-key t.select: the foreign key (select) of t to my `p is gone\n"},
    {"names in other scripts",
     "CREATE TABLE t(\xC3\xA4 TEXT, \xE8\xA1\xA8 CHECK (\xE8\xA1\xA8 <> '\xC3\x84'))",
     "CREATE TABLE t(\xC3\xA4 TEXT, \xE8\xA1\xA8 CHECK (\xE8\xA1\xA8 <> '\xC3\xA4'))",
     "rebuild-loses-constraint t: CHECK (\xE8\xA1\xA8 <> '\xC3\x84') of t is gone\n"
     "check-violated t: CHECK (\xE8\xA1\xA8 <> '\xC3\xA4') of t is new: rows that violate it "
     "fail VIOLATES\n"},
    {"constraints need no commas",
     "CREATE TABLE t(a, b, CHECK (a>1) UNIQUE(a) ON CONFLICT IGNORE FOREIGN KEY(a) REFERENCES "
     "p "
     "DEFERRABLE INITIALLY DEFERRED CONSTRAINT x CHECK (b>1))",
     "CREATE TABLE t(a, b, UNIQUE(a), FOREIGN KEY(a) REFERENCES p)",
     "rebuild-loses-constraint t: CHECK (a>1) of t is gone\n"
     "rebuild-loses-constraint t: CHECK (b>1) of t is gone\n"
     "rebuild-loses-constraint t: UNIQUE (a) of t is not ON CONFLICT IGNORE any more\n"
     "rebuild-loses-foreign-key t.a: the foreign key (a) of t to p is not deferred any more\n"},
    {"types of several words and with numbers",
     "CREATE TABLE t(a DOUBLE PRECISION NOT NULL, b DECIMAL(10, 2) CHECK(b), \"c\" \"my "
     "type\")",
     "CREATE TABLE t(a double  precision NOT NULL, b decimal(10,2) CHECK(b), c [my type])", ""},
    {"comments in a type are no change",
     "CREATE TABLE t(a INT, b UNSIGNED BIG INT, c INT GENERATED ALWAYS AS (a))",
     "CREATE TABLE t(a INT /* x */, b UNSIGNED -- x\nBIG INT, c INT /* x */ GENERATED /* y */ "
     "ALWAYS AS (a))",
     ""},
};

int main(void)
{
    struct tap tap = {0, 0};

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        test_pair(&tap, &samples[i]);
    return tap_end(&tap);
}
