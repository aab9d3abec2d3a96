#include "lint_text.h"
#include "tap.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define PG          MIG_DIALECT_POSTGRESQL
#define MY          MIG_DIALECT_MYSQL
#define UP          0U
#define ALONE       1U /* the file runs outside of a transaction */
#define DOWN        2U /* the text is the way back from `before` */

/*
 * A text, what the plan has run before it, and what is said of it: `kind object` for each statement, with
 * `: rule severity object` for each finding; "" where there is nothing to say of a way back.
 */
static const struct {
    const char *behaviour;
    enum mig_dialect dialect;
    unsigned how;
    const char *before;
    const char *text;
    const char *verdict;
} texts[] = {
    {"a table", PG, UP, NULL, "CREATE TABLE Users (id int);", "create table users"},
    {"a quoted name keeps its case", PG, UP, NULL, "CREATE TABLE \"Us\"\"ers\" (id int);",
     "create table Us\"ers"},
    {"a table of MySQL", MY, UP, NULL, "CREATE TABLE `Us``ers` (id int);",
     "create table Us`ers"},
    {"several statements", PG, UP, NULL,
     "-- a\nGRANT SELECT ON t TO u; /* ; */ ANALYZE t;\nCOMMENT ON TABLE t IS 'a;';",
     "other -; analyze -; other -"},
    /* Indexes. */
    {"an index locks its table", PG, UP, NULL, "CREATE INDEX i ON public.Users (id);",
     "create index: pg-index-not-concurrent warn public.users"},
    {"an index that is made concurrently does not", PG, ALONE, NULL,
     "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON users (id);", "create index i"},
    {"an index that is made concurrently fails in a transaction", PG, UP, NULL,
     "CREATE INDEX CONCURRENTLY i ON users (id);",
     "create index: pg-concurrently-in-transaction error i"},
    {"an index on a table that the plan makes is none to wait for", PG, UP,
     "CREATE TABLE users (id int);", "CREATE UNIQUE INDEX i ON users (id);", "create index i"},
    {"a table of another schema is another one", PG, UP, "CREATE TABLE a.users (id int);",
     "CREATE INDEX i ON users (id);", "create index: pg-index-not-concurrent warn users"},
    {"after a change of the search path, a name means another table", PG, UP,
     "CREATE TABLE users (id int); SET search_path = b;", "DROP TABLE users;",
     "drop table: drop-table error users"},
    {"a unique index is for the rows to judge", PG, ALONE, NULL,
     "CREATE UNIQUE INDEX CONCURRENTLY i ON users (id);",
     "create index: not-judged warn users"},
    {"an index without a name, on the parent alone", PG, UP, NULL,
     "CREATE INDEX ON ONLY users (id);", "create index users"},
    {"an index of MySQL", MY, UP, NULL, "CREATE INDEX i ON users (id);", "create index i"},
    {"a unique index of MySQL is for the rows to judge", MY, UP, NULL,
     "CREATE UNIQUE INDEX i ON users (id);", "create index: not-judged warn users"},
    {"an index goes", PG, UP, NULL, "DROP INDEX IF EXISTS i;",
     "drop index: drop-index note i: pg-index-not-concurrent warn i"},
    {"an index goes concurrently", PG, ALONE, NULL, "DROP INDEX CONCURRENTLY i;",
     "drop index: drop-index note i"},
    {"an index that the plan has made goes", PG, UP,
     "CREATE TABLE t (a int); CREATE INDEX i ON t (a);", "DROP INDEX i;", "drop index i"},
    {"an index of MySQL goes", MY, UP, NULL, "DROP INDEX i ON t; ALTER TABLE t DROP KEY j;",
     "drop index: drop-index note i; drop index: drop-index note j"},
    {"indexes are made anew", PG, UP, NULL, "REINDEX TABLE t;",
     "reindex: pg-index-not-concurrent warn -"},
    {"indexes are made anew concurrently", PG, ALONE, NULL,
     "REINDEX TABLE CONCURRENTLY t; REINDEX (CONCURRENTLY) INDEX i;", "reindex -; reindex -"},
    /* Columns. */
    {"a column is added", PG, UP, NULL, "ALTER TABLE users ADD COLUMN a int;",
     "add column users.a"},
    {"a default that is the same in all rows", PG, UP, NULL,
     "ALTER TABLE users ADD a timestamptz NOT NULL DEFAULT now(), ADD b varchar(10) DEFAULT "
     "'random()'::varchar(10);",
     "add column users.a"},
    {"a default that is another one in each row", PG, UP, NULL,
     "ALTER TABLE ONLY users ADD COLUMN IF NOT EXISTS a float DEFAULT 1 + random() NOT NULL;",
     "add column: pg-volatile-default warn users.a"},
    {"a default by the clock, and one of an extension", PG, UP, NULL,
     "ALTER TABLE users ADD a timestamptz DEFAULT (clock_timestamp()), ADD b uuid DEFAULT "
     "public.uuid_generate_v4();",
     "add column: pg-volatile-default warn users.a: pg-volatile-default warn users.b"},
    {"a default by a function that nobody knows", PG, UP, NULL,
     "ALTER TABLE users ADD a int DEFAULT f(1);", "add column: not-judged warn users.a"},
    {"a volatile default of a new table", PG, UP, "CREATE TABLE users (id int);",
     "ALTER TABLE users ADD a uuid DEFAULT gen_random_uuid();", "add column users.a"},
    {"a volatile default that is set for later rows alone", PG, UP, NULL,
     "ALTER TABLE users ALTER a SET DEFAULT gen_random_uuid();", "change column users.a"},
    {"a column that counts", PG, UP, NULL, "ALTER TABLE users ADD a bigserial;",
     "add column: pg-volatile-default warn users.a"},
    {"a column that counts, by the standard", PG, UP, NULL,
     "ALTER TABLE users ADD a int GENERATED BY DEFAULT AS IDENTITY;",
     "add column: pg-volatile-default warn users.a"},
    {"a column that is computed", PG, UP, NULL,
     "ALTER TABLE users ADD a int GENERATED ALWAYS AS (b + 1) STORED;",
     "add column: pg-volatile-default warn users.a"},
    {"a column that cannot be null, without a default", PG, UP, NULL,
     "ALTER TABLE users ADD a int NOT NULL;", "add column: pg-not-null warn users.a"},
    {"a column that is a key", PG, UP, NULL, "ALTER TABLE users ADD a int UNIQUE;",
     "add column: pg-index-not-concurrent warn users.a"},
    {"a column with a reference", PG, UP, NULL, "ALTER TABLE users ADD a int REFERENCES b;",
     "add column: pg-foreign-key-validates warn users.a"},
    {"a column of MySQL that cannot be null, without a default", MY, UP, NULL,
     "ALTER TABLE users ADD COLUMN (a INT NOT NULL, b INT NOT NULL DEFAULT 1);",
     "add column: add-not-null warn users.a"},
    {"a column of MySQL", MY, UP, NULL, "ALTER TABLE users ADD key_of INT AFTER id;",
     "add column users.key_of"},
    {"a column goes", PG, UP, NULL, "ALTER TABLE IF EXISTS users DROP COLUMN IF EXISTS Fax;",
     "drop column: drop-column error users.fax"},
    {"two columns go", MY, UP, NULL, "ALTER TABLE users DROP fax, DROP COLUMN telex;",
     "drop column: drop-column error users.fax: drop-column error users.telex"},
    {"a column that the plan has added goes", PG, UP, "ALTER TABLE users ADD fax text;",
     "ALTER TABLE users DROP fax;", "drop column users.fax"},
    {"a column that may have been there goes", PG, UP,
     "ALTER TABLE users ADD COLUMN IF NOT EXISTS fax text;", "ALTER TABLE users DROP fax;",
     "drop column: drop-column error users.fax"},
    {"a column that the plan has added and filled goes", PG, UP,
     "ALTER TABLE users ADD fax text; UPDATE users SET fax = phone;",
     "ALTER TABLE users DROP fax;", "drop column: drop-column warn users.fax"},
    {"a constraint goes, which is no column", PG, UP, NULL,
     "ALTER TABLE users DROP CONSTRAINT c;", "drop constraint users"},
    {"a column of that name goes", PG, UP, NULL, "ALTER TABLE users DROP index;",
     "drop column: drop-column error users.index"},
    {"what depends on a column goes with it", PG, UP, NULL, "DROP TYPE mood CASCADE;",
     "drop other: not-judged warn mood"},
    {"a type gets another definition", PG, UP, NULL,
     "ALTER TABLE users ALTER COLUMN a TYPE bigint, ALTER b SET DATA TYPE text;",
     "change column: pg-change-type warn users.a: pg-change-type warn users.b"},
    {"a type of a new table", PG, UP, "CREATE TABLE users (a int);",
     "ALTER TABLE users ALTER COLUMN a TYPE bigint;", "change column users.a"},
    {"a column of MySQL is defined anew", MY, UP, NULL, "ALTER TABLE users MODIFY a BIGINT;",
     "change column: change-type warn users.a"},
    {"a column of MySQL is defined anew, under another name", MY, UP, NULL,
     "ALTER TABLE users CHANGE COLUMN a b BIGINT, CHANGE c C INT;",
     "rename column: rename-column warn users.a: change-type warn users.a: change-type warn "
     "users.c"},
    {"a default of MySQL", MY, UP, NULL, "ALTER TABLE users ALTER a SET DEFAULT 1;",
     "change column users.a"},
    {"a column that is not to be null", PG, UP, NULL,
     "ALTER TABLE users ALTER COLUMN a SET NOT NULL;",
     "change column: pg-not-null warn users.a"},
    {"a column that a validated CHECK says is not null", PG, UP,
     "ALTER TABLE users ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE users "
     "VALIDATE CONSTRAINT c;",
     "ALTER TABLE users ALTER COLUMN a SET NOT NULL;", "change column users.a"},
    {"a column that a CHECK says is not null, which is not validated", PG, UP,
     "ALTER TABLE users ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;",
     "ALTER TABLE users ALTER COLUMN a SET NOT NULL;",
     "change column: pg-not-null warn users.a"},
    {"a column that a CHECK says something else about", PG, UP,
     "ALTER TABLE users ADD CONSTRAINT c CHECK (a IS NOT NULL OR b) NOT VALID; ALTER TABLE "
     "users VALIDATE CONSTRAINT c;",
     "ALTER TABLE users ALTER COLUMN a SET NOT NULL;",
     "change column: pg-not-null warn users.a"},
    {"a column may be null", PG, UP, NULL, "ALTER TABLE users ALTER a DROP NOT NULL;",
     "change column users.a"},
    {"a column gets another name", PG, UP, NULL, "ALTER TABLE users RENAME a TO b;",
     "rename column: rename-column warn users.a"},
    {"a column that the plan has added gets another name", MY, UP,
     "ALTER TABLE users ADD a INT;", "ALTER TABLE users RENAME COLUMN a TO b;",
     "rename column users.a"},
    {"a constraint gets another name", PG, UP, NULL,
     "ALTER TABLE users RENAME CONSTRAINT a TO b;", "alter table users"},
    /* Constraints. */
    {"a foreign key", PG, UP, NULL,
     "ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES b (id);",
     "add constraint: pg-foreign-key-validates warn a"},
    {"a foreign key that is validated later", PG, UP, NULL,
     "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b NOT VALID;", "add constraint a"},
    {"a foreign key that is validated", PG, UP, NULL, "ALTER TABLE a VALIDATE CONSTRAINT c;",
     "validate constraint a"},
    {"a foreign key of a new table", PG, UP, "CREATE TABLE a (b int);",
     "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;", "add constraint a"},
    {"a foreign key of MySQL is for the rows to judge", MY, UP, NULL,
     "ALTER TABLE a ADD CONSTRAINT FOREIGN KEY (b) REFERENCES b (id);",
     "add constraint: not-judged warn a"},
    {"a condition", PG, UP, NULL, "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0);",
     "add constraint: pg-foreign-key-validates warn a"},
    {"a condition that is validated later", PG, UP, NULL,
     "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID;", "add constraint a"},
    {"a key", PG, UP, NULL, "ALTER TABLE a ADD CONSTRAINT c UNIQUE (b);",
     "add constraint: pg-index-not-concurrent warn a: not-judged warn a"},
    {"a key from an index that is there", PG, UP, NULL,
     "ALTER TABLE a ADD CONSTRAINT c PRIMARY KEY USING INDEX i;", "add constraint a"},
    {"keys and indexes of MySQL", MY, UP, NULL,
     "ALTER TABLE a ADD UNIQUE KEY k (b); ALTER TABLE a ADD INDEX i (b), ALGORITHM = INPLACE;",
     "add constraint: not-judged warn a; create index a"},
    /* Tables. */
    {"a table goes", PG, UP, NULL, "DROP TABLE IF EXISTS users, \"Posts\";",
     "drop table: drop-table error users: drop-table error Posts"},
    {"a table that the plan has made goes", PG, UP, "CREATE TABLE users (id int);",
     "DROP TABLE users;", "drop table users"},
    {"a table that may have been there goes", PG, UP,
     "CREATE TABLE IF NOT EXISTS users (id int);", "DROP TABLE users;",
     "drop table: drop-table error users"},
    {"a table that was dropped and made again goes", PG, UP,
     "CREATE TABLE users (id int); DROP TABLE users;", "DROP TABLE users;",
     "drop table: drop-table error users"},
    {"a table goes with rows that stand in the files", MY, UP,
     "CREATE TABLE users (id int); INSERT INTO users VALUES (1);", "DROP TABLE users;",
     "drop table: drop-table note users"},
    {"a table goes with rows that were elsewhere", PG, UP,
     "CREATE TABLE users AS SELECT * FROM people;", "DROP TABLE users;",
     "drop table: drop-table warn users"},
    {"a table goes with rows that were copied", PG, UP,
     "CREATE TABLE users (id int); INSERT INTO users SELECT id FROM people;",
     "DROP TABLE users;", "drop table: drop-table warn users"},
    {"a table goes with rows whose originals are gone", PG, UP,
     "CREATE TABLE users (id int); INSERT INTO users SELECT id FROM people; DROP TABLE people;",
     "DROP TABLE users;", "drop table: drop-table error users"},
    {"a table that lives as long as the session goes", MY, UP, NULL,
     "DROP TEMPORARY TABLE users;", "drop table users"},
    {"a table is replaced", MY, UP, NULL, "CREATE OR REPLACE TABLE users (id int);",
     "create table: drop-table error users"},
    {"a schema goes", PG, UP, NULL, "DROP SCHEMA s;", "drop schema: drop-table error s"},
    {"a table gets another name", PG, UP, NULL, "ALTER TABLE users RENAME TO people;",
     "rename table: rename-table warn users"},
    {"a table that the plan has made gets another name, and goes", PG, UP,
     "CREATE TABLE users (id int);", "ALTER TABLE users RENAME TO people; DROP TABLE people;",
     "rename table users; drop table people"},
    {"tables of MySQL get other names", MY, UP, NULL,
     "RENAME TABLE a TO b, c.d TO c.e; ALTER TABLE f RENAME g;",
     "rename table: rename-table warn a: rename-table warn c.d; rename table: rename-table "
     "warn f"},
    {"a table moves to another schema", PG, UP, NULL, "ALTER TABLE users SET SCHEMA old;",
     "rename table: rename-table warn users"},
    {"views and triggers go", PG, UP, NULL, "DROP VIEW v; DROP TRIGGER g ON t;",
     "drop view: drop-view note v; drop trigger: drop-trigger warn g"},
    {"a table is written anew", MY, UP, NULL, "ALTER TABLE users ENGINE = InnoDB;",
     "alter table: long-running warn users"},
    {"a partition goes", MY, UP, NULL, "ALTER TABLE users DROP PARTITION p;",
     "drop partition: delete-without-where error users"},
    {"a partition leaves its table", PG, UP, NULL, "ALTER TABLE users DETACH PARTITION p;",
     "detach partition: deletes-rows warn users"},
    {"an action that nobody knows", PG, UP, NULL, "ALTER TABLE users FROBNICATE;",
     "alter table: not-judged warn users"},
    /* Rows. */
    {"all rows go", PG, UP, NULL, "DELETE FROM ONLY users;",
     "data change: delete-without-where error users"},
    {"all rows go where a condition says nothing", MY, UP, NULL,
     "DELETE FROM users WHERE 1 = 1; DELETE FROM users WHERE TRUE;",
     "data change: delete-without-where error users; data change: delete-without-where error "
     "users"},
    {"a condition in a subquery is not one of the statement", PG, UP, NULL,
     "DELETE FROM users USING (SELECT 1 FROM a WHERE b) AS c;",
     "data change: deletes-rows warn users"},
    {"some rows go", PG, UP, NULL, "DELETE FROM users WHERE id = 1;",
     "data change: deletes-rows warn users"},
    {"some rows go, limited", MY, UP, NULL, "DELETE FROM users LIMIT 10;",
     "data change: deletes-rows warn users"},
    {"rows of a new table go", PG, UP, "CREATE TABLE users (id int);", "DELETE FROM users;",
     "data change users"},
    {"a table is emptied", PG, UP, NULL, "TRUNCATE TABLE ONLY a, b CASCADE;",
     "truncate: delete-without-where error a: delete-without-where error b: fires-cascade "
     "error b"},
    {"a table of MySQL is emptied", MY, UP, NULL, "TRUNCATE a;",
     "truncate: delete-without-where error a"},
    {"rows go in a part of a query", PG, UP, NULL,
     "WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone;",
     "data change: delete-without-where error a"},
    {"all rows change", PG, UP, NULL, "UPDATE users SET a = 1;",
     "data change: update-without-where warn users"},
    {"some rows change", MY, UP, NULL, "UPDATE LOW_PRIORITY users SET a = 1 WHERE b;",
     "data change: updates-rows note users"},
    {"a column that the plan has added is filled", PG, UP,
     "ALTER TABLE users ADD a int, ADD b int;", "UPDATE users SET a = 1, (b) = ROW (2);",
     "data change users"},
    {"another column changes with it", PG, UP, "ALTER TABLE users ADD a int;",
     "UPDATE users SET a = 1, b = 2;", "data change: update-without-where warn users"},
    {"a column that is filled for the second time", PG, UP,
     "ALTER TABLE users ADD a int; UPDATE users SET a = 1;", "UPDATE users SET a = 2;",
     "data change: update-without-where warn users"},
    {"rows are added", PG, UP, NULL, "INSERT INTO users (id) VALUES (1);", "data change users"},
    {"rows are added or changed", PG, UP, NULL,
     "INSERT INTO users VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1;",
     "data change: updates-rows note users"},
    {"rows are replaced", MY, UP, NULL, "REPLACE INTO users VALUES (1);",
     "data change: replace-deletes warn users"},
    {"rows that do not fit are left out", MY, UP, NULL,
     "INSERT IGNORE INTO users SELECT * FROM a;", "data change: replace-deletes warn users"},
    {"rows are merged", PG, UP, NULL, "MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE;",
     "data change: deletes-rows warn a"},
    /* Code. */
    {"a block of code", PG, UP, NULL, "DO $$ BEGIN DROP TABLE users; END $$;",
     "code: not-judged warn -"},
    {"a procedure is called", MY, UP, NULL, "CALL p();", "code: not-judged warn -"},
    {"a prepared statement of MySQL", MY, UP, NULL, "PREPARE p FROM 'DROP TABLE a'; EXECUTE p;",
     "code: not-judged warn -; code: not-judged warn -"},
    {"a function is made", PG, UP, NULL,
     "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ DELETE FROM a; SELECT 1 "
     "$$;",
     "create function: not-judged note f"},
    {"a trigger of MySQL is made", MY, UP, NULL,
     "CREATE DEFINER = 'a'@'b' TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN DELETE FROM a; "
     "END;",
     "create trigger: not-judged note g"},
    {"a query", PG, UP, NULL, "SELECT count(*), lower(a) FROM t WHERE b IN (1, 2);", "query -"},
    {"a query calls a function that nobody knows", PG, UP, NULL, "SELECT app.clean_up(1);",
     "query: not-judged warn app.clean_up"},
    {"a part of a query calls one", PG, UP, NULL,
     "WITH a AS (SELECT clean_up()) SELECT 1 FROM a;", "query: not-judged warn clean_up"},
    {"a sequence is set", PG, UP, NULL, "SELECT setval('s', (SELECT max(id) FROM t));",
     "query -"},
    {"a query makes a table", PG, UP, NULL, "SELECT a INTO TEMP b FROM c;", "create table b"},
    {"a comment that MySQL runs", MY, UP, NULL, "/*!40101 DROP TABLE a */;",
     "drop table: drop-table error a"},
    {"a comment that MariaDB runs", MY, UP, NULL, "/*M!100100 DROP TABLE a */;",
     "drop table: drop-table error a"},
    {"a part of a statement in a comment that MySQL runs", MY, UP, NULL,
     "ALTER TABLE a /*!80000 DROP COLUMN b */;", "drop column: drop-column error a.b"},
    {"a delimiter of one's own", MY, UP, NULL,
     "DELIMITER //\nDELETE FROM a WHERE 1//\nDELIMITER ;\nDROP TABLE b;",
     "data change: delete-without-where error a: mixed-change warn a; drop table: drop-table "
     "error b"},
    {"a text that is not sound", PG, UP, NULL, "DROP TABLE a; DROP TABLE 'b",
     "drop table: drop-table error a; drop table: drop-table error -"},
    /* The way back. */
    {"what the operation made goes again", PG, DOWN,
     "CREATE TABLE a (b int); ALTER TABLE c ADD d int;", "ALTER TABLE c DROP d; DROP TABLE a;",
     "drop column: down-removes note c.d; drop table: down-removes note a"},
    {"something else goes on the way back", PG, DOWN, "ALTER TABLE c ADD d int;",
     "ALTER TABLE c DROP e; DROP TABLE c;",
     "drop column: down-loses-data warn c.e; drop table: down-loses-data warn c"},
    /* Rows and schema in one operation. */
    {"rows that were there and the schema change", MY, UP, NULL,
     "DELETE FROM a WHERE b; UPDATE c SET d = 1 WHERE e; CREATE INDEX i ON a (b);",
     "data change: deletes-rows warn a: mixed-change warn a; data change: updates-rows note c; "
     "create index i"},
    {"the schema and rows that were there change", PG, UP, NULL,
     "CREATE VIEW v AS SELECT 1; INSERT INTO a VALUES (1);",
     "create view v; data change: mixed-change warn a"},
    {"a table of the plan is filled", MY, UP, "CREATE TABLE a (b int);",
     "INSERT INTO a VALUES (1); CREATE TABLE c (d int); INSERT INTO c SELECT * FROM a;",
     "data change a; create table c; data change c"},
    {"a column of the operation is filled, and filled again", MY, UP, NULL,
     "ALTER TABLE a ADD b int; UPDATE a SET b = 1; UPDATE a SET b = 2 WHERE c;",
     "add column a.b; data change a; data change: updates-rows note a"},
    {"a column of the operation and another one are filled", PG, UP, NULL,
     "ALTER TABLE a ADD b int; UPDATE a SET b = 1, c = 1 WHERE d;",
     "add column a.b; data change: updates-rows note a: mixed-change warn a"},
    {"rows change through a temporary table", PG, UP, NULL,
     "CREATE TEMP TABLE t (b int); SELECT 1 INTO TEMPORARY u; DELETE FROM a WHERE b; DROP "
     "TABLE t;",
     "create table t; create table u; data change: deletes-rows warn a; drop table t"},
    {"rows change through a temporary table of MySQL", MY, UP, NULL,
     "CREATE TEMPORARY TABLE t (b int); LOAD DATA INFILE 'f' INTO TABLE a; DROP TEMPORARY "
     "TABLE "
     "t;",
     "create table t; data change a; drop table t"},
    {"all rows go, and the schema changes", PG, UP, NULL,
     "TRUNCATE a; ALTER TABLE a ADD b int;",
     "truncate: delete-without-where error a: mixed-change warn a; add column a.b"},
    {"rows and the schema change on the way back", MY, DOWN, "INSERT INTO a VALUES (1);",
     "DELETE FROM a WHERE b = 1; DROP INDEX i ON a;", "data change: down-removes note a"},
    {"rows that the operation added go again", MY, DOWN, "INSERT INTO a VALUES (1);",
     "DELETE FROM a WHERE id = 1;", "data change: down-removes note a"},
    {"all rows go on the way back", MY, DOWN, "INSERT INTO a VALUES (1);", "DELETE FROM a;",
     "data change: down-loses-data warn a"},
    {"names and locks do not matter on the way back", PG, DOWN,
     "ALTER TABLE a RENAME TO b; DROP INDEX i;",
     "ALTER TABLE b RENAME TO a; CREATE INDEX i ON a (c);", ""},
    {"code on the way back", PG, DOWN, "SELECT 1;", "DO $$ a $$;", "code: not-judged warn -"},
};

/* Judges a text, whose findings are added to *lint. */
static void judge_text(struct mig_session *s, struct mig_lint_text_plan *plan, unsigned how,
                       const char *code, struct mig_lint *lint)
{
    const struct mig_lint_text text = {.path = "f",
                                       .text = code,
                                       .length = strlen(code),
                                       .is_down = (how & DOWN) != 0,
                                       .only_findings = (how & DOWN) != 0};

    mig_lint_begin(s, lint, &text);
    mig_lint_text_judge(s, plan, (how & ALONE) != 0, lint);
    mig_lint_end(s, lint);
}

static void judge(struct mig_session *s, size_t i, struct mig_lint *lint)
{
    struct mig_lint_text_plan plan;
    struct mig_lint before;

    mig_lint_text_init(&plan, texts[i].dialect);
    mig_lint_init(&before);
    if (texts[i].before != NULL)
        judge_text(s, &plan, ALONE, texts[i].before, &before);
    mig_lint_release(&before);
    judge_text(s, &plan, texts[i].how, texts[i].text, lint);
    mig_lint_text_release(&plan);
}

static void add(char *out, size_t size, const char *before, const char *text)
{
    const size_t length = strlen(out);

    (void)snprintf(out + length, size - length, "%s%s", before, text);
}

/* The verdict on all statements. */
static void describe(const struct mig_lint *lint, char *out, size_t size)
{
    int64_t number = 0;

    out[0] = '\0';
    for (size_t i = 0; i < lint->count; i++) {
        const struct mig_finding *row = &lint->list[i];

        if (row->number != number)
            add(out, size, out[0] == '\0' ? "" : "; ", row->kind == NULL ? "?" : row->kind);
        number = row->number;
        if (row->rule != MIG_RULE_COUNT) {
            add(out, size, ": ", mig_rule_info(row->rule)->id);
            add(out, size, " ", mig_rule_severity_name(row->severity));
        }
        add(out, size, " ", row->object == NULL ? "-" : row->object);
    }
}

/* A way back is looked at in between, and not run. */
static void judge_way_back(struct mig_session *s, struct tap *tap)
{
    struct mig_lint_text_plan plan;
    char verdict[600];
    struct mig_lint before;
    struct mig_lint lint;

    mig_lint_text_init(&plan, PG);
    mig_lint_init(&before);
    mig_lint_init(&lint);
    judge_text(s, &plan, UP, "CREATE TABLE a (b int); INSERT INTO a SELECT 1;", &before);
    judge_text(s, &plan, DOWN,
               "DROP TABLE c; SET search_path = d; ALTER TABLE a RENAME TO e; DROP TABLE a; "
               "CREATE TABLE f (g int);",
               &before);
    judge_text(s, &plan, UP, "CREATE INDEX i ON a (b); DROP TABLE f; DROP TABLE a;", &lint);
    describe(&lint, verdict, sizeof(verdict));
    tap_same(tap, verdict,
             "create index i; drop table: drop-table error f; drop table: drop-table error a",
             "a way back changes nothing for the operations behind");
    mig_lint_release(&lint);
    mig_lint_release(&before);
    mig_lint_text_release(&plan);
}

/* A file may have a statement for each of very many rows. */
static void judge_many_rows(struct mig_session *s, struct tap *tap)
{
    static const char rows[] =
        "CREATE TABLE a (b int); INSERT INTO a VALUES (1); INSERT INTO a "
        "VALUES (2); INSERT INTO a VALUES (3);";
    struct mig_lint_text_plan plan;
    struct mig_lint lint;
    char count[32];

    mig_lint_init(&lint);
    mig_lint_text_init(&plan, PG);
    judge_text(s, &plan, UP, rows, &lint);
    (void)snprintf(count, sizeof(count), "%zu", plan.made.count);
    tap_same(tap, count, "2", "many rows of a table are noted once");
    mig_lint_text_release(&plan);
    mig_lint_release(&lint);
}

int main(void)
{
    struct tap tap = {0, 0};
    struct mig_session s;

    mig_session_init(&s, NULL, NULL);
    for (size_t i = 0; i < COUNT(texts); i++) {
        char verdict[600];
        struct mig_lint lint;

        mig_lint_init(&lint);
        judge(&s, i, &lint);
        describe(&lint, verdict, sizeof(verdict));
        tap_same(&tap, verdict, texts[i].verdict, texts[i].behaviour);
        mig_lint_release(&lint);
    }
    judge_way_back(&s, &tap);
    judge_many_rows(&s, &tap);
    mig_session_release(&s);
    return tap_end(&tap);
}
