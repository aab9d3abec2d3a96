#include "foreign.h"
#include "tap.h"

#define COUNT(list)   (sizeof(list) / sizeof((list)[0]))
#define TEXT(literal) literal, sizeof(literal) - 1
#define PG            MIG_DIALECT_POSTGRESQL
#define MY            MIG_DIALECT_MYSQL

/* A text, and what is said of it: "N statements", or "OFFSET: WORD: message". */
static const struct {
    const char *behaviour;
    enum mig_dialect dialect;
    const char *text;
    size_t length;
    const char *verdict;
} texts[] = {
    {"two statements", PG, TEXT("SELECT 1; SELECT 2;"), "2"},
    {"comments and semicolons alone are no statement", PG, TEXT("-- a\n;/* b */;SELECT 1;;"),
     "1"},
    {"a semicolon in a string ends nothing", PG, TEXT("SELECT 'a;''b;';"), "1"},
    {"a backslash in a plain string is no escape", PG, TEXT("SELECT 'a\\'; SELECT 2;"), "2"},
    {"a backslash in an escape string is one", PG, TEXT("SELECT E'a\\'; SELECT 2;';"), "1"},
    {"an e at the end of a word begins no escape string", PG,
     TEXT("SELECT date'a\\'; SELECT 2;"), "2"},
    {"a quoted name", PG, TEXT("SELECT \"a;\"\"b\";"), "1"},
    {"a string between dollars", PG, TEXT("DO $$ a; $b$ ; $b$ $$;"), "1"},
    {"a string between dollars with a tag", PG, TEXT("DO $b$ a; $$ ; $b$; SELECT 1;"), "2"},
    {"a parameter is no dollar quote", PG, TEXT("SELECT $1; SELECT $2;"), "2"},
    {"a dollar in a word is no quote", PG, TEXT("SELECT a$$; SELECT b$$;"), "2"},
    {"comments of PostgreSQL hold others", PG, TEXT("/* /* ; */ ; */ SELECT 1;"), "1"},
    {"comments of MySQL do not", MY, TEXT("/* /* ; */ SELECT 1;"), "1"},
    {"semicolons in parentheses end nothing in PostgreSQL", PG,
     TEXT("CREATE RULE r AS ON DELETE TO t DO (SELECT 1; SELECT 2); SELECT 3;"), "2"},
    {"an SQL body of PostgreSQL is one statement", PG,
     TEXT("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE 1 WHEN 1 THEN 2 END; "
          "SELECT 3; "
          "END; SELECT 4;"),
     "2"},
    {"a body of MySQL is one statement", MY,
     TEXT(
         "CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW BEGIN IF 1 THEN SET @a = 1; END IF; "
         "CASE 1 WHEN 1 THEN SET @b = 1; END CASE; END; SELECT 1;"),
     "2"},
    {"loops in a body of MySQL", MY,
     TEXT("CREATE PROCEDURE p() BEGIN WHILE 1 DO SET @a = 1; END WHILE; BEGIN SET @b = 1; END; "
          "END; "
          "SELECT 1;"),
     "2"},
    {"strings of MySQL have escapes, also between double quotes", MY,
     TEXT("SELECT 'a\\'; ', \"b\\\"; \", `c;`;"), "1"},
    {"two dashes without a blank are no comment in MySQL", MY, TEXT("SELECT 1--1; SELECT 2;"),
     "2"},
    {"# begins a comment in MySQL", MY, TEXT("# a;'\nSELECT 1;"), "1"},
    {"a comment that MySQL runs is a statement", MY, TEXT("/*!40101 SET @a = 1 */;"), "1"},
    {"a comment that MariaDB runs is a statement", MY, TEXT("/*M!100100 SET @a = 1 */;"), "1"},
    {"DELIMITER changes what ends a statement", MY,
     TEXT("DELIMITER //\nSELECT 1; SELECT 2//\nDELIMITER ;\nSELECT 3;"), "2 with delimiters"},
    {"a delimiter ends a word, too", MY,
     TEXT("DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT a$b; END$$\nDELIMITER ;\nSELECT 3;"),
     "2 with delimiters"},
    {"a delimiter that is still in force at the end", MY, TEXT("DELIMITER $$\nSELECT 1$$\n"),
     "1 with delimiters"},
    {"an empty text", PG, TEXT(""), "0: : the text has no statement"},
    {"a last statement without semicolon", PG, TEXT("SELECT 1"),
     "8: : the last statement has no semicolon"},
    {"an open string", PG, TEXT("SELECT 'a;"), "7: : the quote has no end"},
    {"an open dollar quote", PG, TEXT("DO $a$ ; $b$;"), "3: : the quote has no end"},
    {"an open comment", PG, TEXT("/* /* */ SELECT 1;"), "0: : the comment has no end"},
    {"NUL", PG, TEXT("SELECT \0 1;"),
     "7: : the text has a NUL byte, where SQLite would stop reading"},
    {"UTF-16", PG, TEXT("\xFF\xFES\0;\0"), "0: : the text is UTF-16"},
    {"a byte order mark", PG, TEXT("\xEF\xBB\xBFSELECT 1;"), "1"},
    {"BEGIN in a transaction", PG, TEXT("SELECT 1; begin;"),
     "10: begin: \"%.*s\" cannot run in the transaction of the operation"},
    {"COMMIT in a transaction", PG, TEXT("COMMIT;"),
     "0: COMMIT: \"%.*s\" cannot run in the transaction of the operation"},
    {"ROLLBACK in a transaction", PG, TEXT("ROLLBACK;"),
     "0: ROLLBACK: \"%.*s\" cannot run in the transaction of the operation"},
    {"COMMIT outside of one", PG, TEXT("-- migrate: no-transaction\nBEGIN; COMMIT;"),
     "2 alone"},
    {"PREPARE TRANSACTION in a transaction, which it would end uncommitted", PG,
     TEXT("PREPARE p AS SELECT 1; PREPARE TRANSACTION 'x';"),
     "31: TRANSACTION: \"%.*s\" cannot run in the transaction of the operation"},
    {"a transaction in MySQL", MY, TEXT("START TRANSACTION; COMMIT;"), "2"},
    {"a savepoint", PG, TEXT("SAVEPOINT a; RELEASE a;"), "2"},
    {"a command of psql", PG, TEXT("SELECT 1;\n\\! rm -rf x\n"),
     "10: \\! rm -rf x: \"%.*s\" is not SQL"},
    {"rows that would come from standard input", PG, TEXT("COPY t (a) FROM stdin;"),
     "16: stdin: \"%.*s\" would take what follows for rows"},
    {"rows from a file, and a column of that name", PG,
     TEXT("COPY t FROM '/stdin'; COPY t (\"stdin\") TO STDOUT; SELECT stdin FROM t;"), "3"},
    {"VACUUM in a transaction", PG, TEXT("vacuum t;"),
     "0: vacuum: \"%.*s\" cannot run in the transaction of the operation"},
    {"an index that is built concurrently in a transaction", PG,
     TEXT("SELECT 1; CREATE UNIQUE /* a */ INDEX Concurrently i ON t (a);"),
     "38: Concurrently: \"%.*s\" cannot run in the transaction of the operation"},
    {"an index without UNIQUE", PG, TEXT("CREATE INDEX CONCURRENTLY ON t (a);"),
     "13: CONCURRENTLY: \"%.*s\" cannot run in the transaction of the operation"},
    {"an index that is dropped concurrently", PG, TEXT("DROP INDEX CONCURRENTLY i;"),
     "11: CONCURRENTLY: \"%.*s\" cannot run in the transaction of the operation"},
    {"an index that is built anew concurrently", PG,
     TEXT("REINDEX (VERBOSE) TABLE CONCURRENTLY t;"),
     "24: CONCURRENTLY: \"%.*s\" cannot run in the transaction of the operation"},
    {"the same as an option", PG, TEXT("REINDEX (CONCURRENTLY) INDEX i;"),
     "9: CONCURRENTLY: \"%.*s\" cannot run in the transaction of the operation"},
    {"all indexes of a schema", PG, TEXT("REINDEX SCHEMA s;"),
     "8: SCHEMA: \"%.*s\" cannot run in the transaction of the operation"},
    {"a database", PG, TEXT("CREATE DATABASE d;"),
     "7: DATABASE: \"%.*s\" cannot run in the transaction of the operation"},
    {"a tablespace", PG, TEXT("DROP TABLESPACE s;"),
     "5: TABLESPACE: \"%.*s\" cannot run in the transaction of the operation"},
    {"the configuration of the server", PG, TEXT("ALTER SYSTEM SET work_mem = 1;"),
     "6: SYSTEM: \"%.*s\" cannot run in the transaction of the operation"},
    {"all of these outside of one", PG,
     TEXT("-- migrate: no-transaction\nVACUUM; CREATE INDEX CONCURRENTLY i ON t (a); "
          "CREATE DATABASE d; ALTER SYSTEM RESET ALL; REINDEX SYSTEM;"),
     "5 alone"},
    {"names and texts that look like these", PG,
     TEXT("CREATE TABLE t (\"concurrently\" int, vacuum int); CREATE INDEX i ON t "
          "(\"concurrently\"); DROP INDEX \"concurrently\"; SELECT 'VACUUM;'; -- VACUUM;\n"
          "ALTER TABLE system ADD database int; DROP TABLE tablespace; "
          "ALTER DATABASE d SET work_mem = 1; REINDEX INDEX i; SELECT vacuum FROM t;"),
     "9"},
    {"a view that is refreshed concurrently", PG,
     TEXT("REFRESH MATERIALIZED VIEW CONCURRENTLY v;"), "1"},
    {"VACUUM and the like mean nothing in MySQL", MY, TEXT("CREATE DATABASE d; vacuum;"), "2"},
    {"USE", MY, TEXT("SELECT 1; use other;"),
     "10: use: \"%.*s\" leads away from the database of the tracking table"},
    {"USE in a statement", MY, TEXT("SELECT a FROM t USE INDEX (i);"), "1"},
    {"a command of the mysql client", MY, TEXT("-- a\nsystem echo a;\nSELECT 1;"),
     "5: system: \"%.*s\" is not SQL"},
    {"a short command of the mysql client", MY, TEXT("SELECT 1;\n\\! echo a\n"),
     "10: \\! echo a: \"%.*s\" is not SQL"},
    {"names like commands of the mysql client", MY,
     TEXT("SELECT source, system FROM status; SELECT '\\!', \\N;"), "2"},
    {"a backslash in a string is none", PG, TEXT("SELECT '\\!';"), "1"},
    {"an unknown directive", PG, TEXT("-- migrate: nosuch\nSELECT 1;"),
     "3: migrate: nosuch: \"%.*s\" is not a directive"},
    {"a late directive", MY, TEXT("SELECT 1;\n-- migrate: no-transaction\n"),
     "13: migrate: no-transaction: the directive \"%.*s\" stands behind the first statement"},
};

static void describe(const char *text, size_t length, enum mig_dialect dialect, char *out,
                     size_t size)
{
    struct mig_script script;
    struct mig_script_defect defect;

    if (mig_foreign_check(text, length, dialect, MIG_SCRIPT_FILE, &script, &defect))
        (void)snprintf(out, size, "%zu%s%s", script.statements,
                       script.has_delimiter ? " with delimiters" : "",
                       script.no_transaction ? " alone" : "");
    else
        (void)snprintf(out, size, "%zu: %.*s: %s", defect.offset, (int)defect.length,
                       text + defect.offset, mig_script_defect_message(defect.kind));
}

int main(void)
{
    struct tap tap = {0, 0};

    for (size_t i = 0; i < COUNT(texts); i++) {
        char verdict[256];

        describe(texts[i].text, texts[i].length, texts[i].dialect, verdict, sizeof(verdict));
        tap_same(&tap, verdict, texts[i].verdict, texts[i].behaviour);
    }
    return tap_end(&tap);
}
