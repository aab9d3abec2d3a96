#include "directive.h"
#include "script.h"
#include "tap.h"

#define FIRST_LINE "hint: put \"-- migrate: no-transaction\" on the first line"
#define ENGINE_ENDS                                                                            \
    "hint: the engine opens and ends the transaction; remove it, or put \"-- migrate: "        \
    "no-transaction\" on the first line"
#define NO_SEMICOLON                                                                           \
    "the last statement has no semicolon\n"                                                    \
    "hint: end it with \";\" if the file is complete; it may have been cut off"
#define OPEN_TRIGGER                                                                           \
    "the text ends inside a trigger\nhint: end each statement of its body, and its END, with " \
    "\";\""
#define OPEN_QUOTE                                                                             \
    "the quote has no end\nhint: close it; inside a quote, the quote itself is written twice"
#define LONE_CR                                                                                \
    "a carriage return without a line feed ends no line\n"                                     \
    "hint: save the file with line ends LF or CRLF"
#define IN_TRANSACTION(word) "\"" word "\" cannot run in the transaction of the operation\n"
#define NO_EFFECT(word)                                                                        \
    "the pragma \"" word "\" does nothing in the transaction of the operation\n" FIRST_LINE
#define NEVER(word)                                                                            \
    "the pragma \"" word "\" does nothing in a migration file\n"                               \
    "hint: remove it; set it where the connection is opened"
#define EXPLAINED                                                                              \
    "\"EXPLAIN\" would change nothing\n"                                                       \
    "hint: remove the word if the statement is meant to run, or the whole of it"
#define GO_LINE(word)                                                                          \
    "\"" word "\" is not SQL\nhint: it belongs to the clients of SQL Server; end each "        \
    "statement with \";\" and remove it"
#define DOT_COMMAND(word)                                                                      \
    "\"" word "\" is not SQL\nhint: .read and the like belong to the sqlite3 shell; write SQL"
#define DELIMITED(word)                                                                        \
    "\"" word                                                                                  \
    "\" is not SQL\nhint: it belongs to the mysql client; SQLite finds the end of a "          \
    "trigger by itself, remove it"
#define PARAMETER(word)                                                                        \
    "\"" word "\" is a parameter, which nothing gives a value\n"                               \
    "hint: write the value itself; quote it if it is text"
#define UNKNOWN(word)                                                                          \
    "\"" word "\" is not a directive\nhint: write \"-- migrate: no-transaction\" or "          \
    "\"-- migrate: allow RULE\"; without its colon it is an ordinary comment"
#define UNKNOWN_RULE(word)                                                                     \
    "\"" word "\" is not a rule that a file can allow\nhint: docs/lint.md lists the rules"
#define FOREIGN(word)                                                                          \
    "\"" word "\" is a directive of another migration tool\n"                                  \
    "hint: move the down part into the _down.sql file and remove the marker"
#define LATE(word)                                                                             \
    "the directive \"" word "\" stands behind the first statement\n"                           \
    "hint: move it to the first line"
#define NO_STATEMENT "1:1: the text has no statement\nhint: write one, or delete the file"
#define NUL                                                                                    \
    "the text has a NUL byte, where SQLite would stop reading\n"                               \
    "hint: remove it; a NUL inside a value is written as x'00' or char(0)"
#define UTF16 "1:1: the text is UTF-16\nhint: save the file as UTF-8"

/* A text with its length, so that it may hold NUL bytes. */
#define TEXT(literal) literal, sizeof(literal) - 1

struct sample {
    const char *behaviour;
    const char *text;
    size_t length;
    const char *expected;
};

static const char trigger_head[] = "CREATE TRIGGER a AFTER INSERT ON b BEGIN ";

/* Draws a script as its statements, a line for each. */
static void draw_statements(const char *text, size_t length, char *out, size_t size)
{
    static const char *const kinds[] = {
        [MIG_STATEMENT_EMPTY] = "empty",
        [MIG_STATEMENT_ORDINARY] = "ordinary",
        [MIG_STATEMENT_WRITE] = "write",
        [MIG_STATEMENT_BUILD] = "build",
        [MIG_STATEMENT_ALTER] = "alter",
        [MIG_STATEMENT_DROP_TABLE] = "drop table",
        [MIG_STATEMENT_CREATE_BODY] = "create body",
        [MIG_STATEMENT_TRANSACTION] = "transaction",
        [MIG_STATEMENT_ATTACH] = "attach",
        [MIG_STATEMENT_VACUUM] = "vacuum",
        [MIG_STATEMENT_PRAGMA] = "pragma",
        [MIG_STATEMENT_EXPLAIN] = "explain",
    };
    struct mig_statement statement;
    size_t position = 0;
    size_t written = 0;

    out[0] = '\0';
    while (written < size && mig_script_next(text, length, &position, &statement))
        written += (size_t)snprintf(
            out + written, size - written, "%s%s%s {%.*s}", written > 0 ? "\n" : "",
            kinds[statement.kind], statement.closed ? "" : " open",
            (int)(statement.end - statement.start), text + statement.start);
}

static void test_statements(struct tap *tap)
{
    static const struct sample samples[] = {
        {"nothing in an empty text", TEXT(""), ""},
        {"nothing in comments and semicolons", TEXT(" ;/* ; */; -- ;\n;"), ""},
        {"one ends behind its semicolon", TEXT("SELECT 1; -- x"), "ordinary {SELECT 1;}"},
        {"one starts behind blanks and comments", TEXT("\xEF\xBB\xBF -- x\n ;/* */SELECT 1;"),
         "ordinary {SELECT 1;}"},
        {"the last may be open", TEXT("SELECT 1;SELECT 2 -- x"),
         "ordinary {SELECT 1;}\nordinary open {SELECT 2 -- x}"},
        {"quotes and comments hide semicolons",
         TEXT("SELECT ';', \";\", `;`, [;], x';' /* ; */;"),
         "ordinary {SELECT ';', \";\", `;`, [;], x';' /* ; */;}"},
        {"a trigger ends at the END behind a semicolon",
         TEXT("CREATE TRIGGER a BEGIN SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END; END; SELECT "
              "2;"),
         "create body {CREATE TRIGGER a BEGIN SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END; "
         "END;}\n"
         "ordinary {SELECT 2;}"},
        {"comments inside a trigger change nothing",
         TEXT("CREATE /* x */ TEMP -- y\n TRIGGER a BEGIN SELECT 1; -- ; END;\n END /* z */ ;"),
         "create body {CREATE /* x */ TEMP -- y\n TRIGGER a BEGIN SELECT 1; -- ; END;\n END /* "
         "z "
         "*/ "
         ";}"},
        {"a temporary trigger", TEXT("create temporary trigger a begin select 1; end;"),
         "create body {create temporary trigger a begin select 1; end;}"},
        {"an explained trigger",
         TEXT("EXPLAIN QUERY PLAN CREATE TRIGGER a BEGIN SELECT 1; END; SELECT 2;"),
         "explain {EXPLAIN QUERY PLAN CREATE TRIGGER a BEGIN SELECT 1; END;}\n"
         "ordinary {SELECT 2;}"},
        {"END and another word go on with a trigger",
         TEXT("CREATE TRIGGER a BEGIN SELECT 1; END x; ; END;"),
         "create body {CREATE TRIGGER a BEGIN SELECT 1; END x; ; END;}"},
        {"a table called trigger is no trigger", TEXT("CREATE TABLE trigger(a); SELECT 1;"),
         "build {CREATE TABLE trigger(a);}\nordinary {SELECT 1;}"},
        {"a quoted trigger is no trigger", TEXT("CREATE \"TRIGGER\" a; SELECT 1;"),
         "build {CREATE \"TRIGGER\" a;}\nordinary {SELECT 1;}"},
        {"a trigger that is dropped ends at its semicolon", TEXT("DROP TRIGGER a; SELECT 1;"),
         "ordinary {DROP TRIGGER a;}\nordinary {SELECT 1;}"},
        {"an explained SELECT may not become a trigger",
         TEXT("EXPLAIN TEMP TRIGGER; SELECT 1;"),
         "explain {EXPLAIN TEMP TRIGGER;}\nordinary {SELECT 1;}"},
        {"only QUERY PLAN may stand between EXPLAIN and CREATE",
         TEXT("EXPLAIN SELECT 1 CREATE TRIGGER a; SELECT 2;"),
         "explain {EXPLAIN SELECT 1 CREATE TRIGGER a;}\nordinary {SELECT 2;}"},
        {"EXPLAIN twice is no statement of ours",
         TEXT("EXPLAIN EXPLAIN CREATE TRIGGER; SELECT 1;"),
         "explain {EXPLAIN EXPLAIN CREATE TRIGGER;}\nordinary {SELECT 1;}"},
        {"a word before CREATE makes no trigger", TEXT("TEMP CREATE TRIGGER a; SELECT 1;"),
         "ordinary {TEMP CREATE TRIGGER a;}\nordinary {SELECT 1;}"},
        {"an open trigger reaches to the end", TEXT("CREATE TRIGGER a BEGIN SELECT 1; END"),
         "create body open {CREATE TRIGGER a BEGIN SELECT 1; END}"},
        {"the arguments of a virtual table hide semicolons",
         TEXT("CREATE VIRTUAL TABLE a USING b(c ; (;) ')' , [)] ;) ; SELECT 1;"),
         "build {CREATE VIRTUAL TABLE a USING b(c ; (;) ')' , [)] ;) ;}\nordinary {SELECT "
         "1;}"},
        {"a virtual table without arguments ends at its semicolon",
         TEXT("CREATE VIRTUAL TABLE a USING b; SELECT (;"),
         "build {CREATE VIRTUAL TABLE a USING b;}\nordinary {SELECT (;}"},
        {"a closing parenthesis too many is SQLite's affair",
         TEXT("CREATE VIRTUAL TABLE a USING b)(;); SELECT 1;"),
         "build {CREATE VIRTUAL TABLE a USING b)(;);}\nordinary {SELECT 1;}"},
        {"only CREATE VIRTUAL makes a virtual table", TEXT("VIRTUAL (; CREATE TABLE virtual(;"),
         "ordinary {VIRTUAL (;}\nbuild {CREATE TABLE virtual(;}"},
        {"kinds that write", TEXT("insert 1;REPLACE 1;Update 1;DELETE 1;WITH 1;"),
         "write {insert 1;}\nwrite {REPLACE 1;}\nwrite {Update 1;}\nwrite {DELETE 1;}\n"
         "write {WITH 1;}"},
        {"kinds of transactions", TEXT("BEGIN;COMMIT;END;ROLLBACK;SAVEPOINT a;RELEASE a;"),
         "transaction {BEGIN;}\ntransaction {COMMIT;}\ntransaction {END;}\n"
         "transaction {ROLLBACK;}\ntransaction {SAVEPOINT a;}\ntransaction {RELEASE a;}"},
        {"kinds of their own", TEXT("ALTER;ATTACH;DETACH;VACUUM;PRAGMA a;EXPLAIN 1;"),
         "alter {ALTER;}\nattach {ATTACH;}\nattach {DETACH;}\nvacuum {VACUUM;}\n"
         "pragma {PRAGMA a;}\nexplain {EXPLAIN 1;}"},
        {"only DROP TABLE drops a table", TEXT("DROP/**/table a;DROP VIEW a;DROP;"),
         "drop table {DROP/**/table a;}\nordinary {DROP VIEW a;}\nordinary {DROP;}"},
        {"only CREATE VIEW and CREATE TRIGGER create a body",
         TEXT("CREATE VIEW a AS SELECT 1;create temporary view b AS SELECT 1;CREATE TABLE "
              "view(a);"
              "CREATE TEMP TABLE c(d);CREATE INDEX e ON f(g);"),
         "create body {CREATE VIEW a AS SELECT 1;}\n"
         "create body {create temporary view b AS SELECT 1;}\nbuild {CREATE TABLE "
         "view(a);}\n"
         "build {CREATE TEMP TABLE c(d);}\nbuild {CREATE INDEX e ON f(g);}"},
        {"a quoted first word is no keyword", TEXT("\"BEGIN\";[PRAGMA];"),
         "ordinary {\"BEGIN\";}\nordinary {[PRAGMA];}"},
        {"an open comment is passed over", TEXT("SELECT 1; /* x"), "ordinary {SELECT 1;}"},
        {"an open quote reaches to the end", TEXT("SELECT 'a; SELECT 2;"),
         "ordinary open {SELECT 'a; SELECT 2;}"},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char drawn[512];
        char behaviour[128];

        draw_statements(samples[i].text, samples[i].length, drawn, sizeof drawn);
        (void)snprintf(behaviour, sizeof behaviour, "next: %s", samples[i].behaviour);
        tap_same(tap, drawn, samples[i].expected, behaviour);
    }
}

static void test_end_of_next(struct tap *tap)
{
    struct mig_statement statement;
    size_t position = 99;

    tap_ok(tap, !mig_script_next("SELECT", 6, &position, &statement) && position == 6,
           "next: a position behind the end is the end");
    tap_ok(tap,
           statement.kind == MIG_STATEMENT_EMPTY && statement.start == 6 &&
               statement.end == 6 && !statement.closed,
           "next: leaves an empty statement at the end");
}

/* Draws what is wrong with a text as its user sees it: place, message, hint. */
static void draw_defect(const char *text, size_t length, enum mig_script_place place, char *out,
                        size_t size)
{
    struct mig_script script;
    struct mig_script_defect defect;
    bool is_sound = mig_script_check(text, length, place, &script, &defect);
    const char *message = mig_script_defect_message(defect.kind);
    const char *hole = strstr(message, "%.*s");
    struct mig_position at = mig_script_position(text, length, defect.offset);

    if (is_sound)
        (void)snprintf(out, size, "sound: %zu statements, body %zu%s%s", script.statements,
                       script.body, script.no_transaction ? ", no-transaction" : "",
                       script.allows_broken_view ? ", broken-view" : "");
    else if (hole == NULL)
        (void)snprintf(out, size, "%zu:%zu: %s%s\nhint: %s", at.line, at.column,
                       defect.length == 0 ? "" : "(a word too many) ", message,
                       mig_script_defect_hint(defect.kind));
    else
        (void)snprintf(out, size, "%zu:%zu: %.*s%.*s%s\nhint: %s", at.line, at.column,
                       (int)(hole - message), message, (int)defect.length, text + defect.offset,
                       hole + 4, mig_script_defect_hint(defect.kind));
}

static void test_check(struct tap *tap, const char *subject, enum mig_script_place place,
                       const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char drawn[512];
        char behaviour[128];

        draw_defect(samples[i].text, samples[i].length, place, drawn, sizeof drawn);
        (void)snprintf(behaviour, sizeof behaviour, "%s: %s", subject, samples[i].behaviour);
        tap_same(tap, drawn, samples[i].expected, behaviour);
    }
}

#define TEST_CHECK(tap, subject, place, samples)                                               \
    test_check(tap, subject, place, samples, sizeof samples / sizeof samples[0])

static void test_text(struct tap *tap)
{
    static const struct sample samples[] = {
        {"takes statements", TEXT("SELECT 1;;\nSELECT 2; -- x"), "sound: 2 statements, body 0"},
        {"passes over a byte order mark", TEXT("\xEF\xBB\xBFSELECT 1;"),
         "sound: 1 statements, body 3"},
        {"refuses an empty text", TEXT(""), NO_STATEMENT},
        {"refuses a byte order mark alone", TEXT("\xEF\xBB\xBF"), NO_STATEMENT},
        {"refuses comments alone", TEXT("-- a\n/* b */ ;\n"), NO_STATEMENT},
        {"refuses directives alone", TEXT("-- migrate: no-transaction\n"), NO_STATEMENT},
        {"refuses a NUL", TEXT("SELECT 1;\n  \0"), "2:3: " NUL},
        {"refuses a NUL in quotes", TEXT("SELECT '\0';"), "1:9: " NUL},
        {"refuses a NUL before what stands before it", TEXT(".read x\0"), "1:8: " NUL},
        {"takes one NUL behind a letter for a NUL", TEXT("a\0"), "1:2: " NUL},
        {"takes NULs that come and go for NULs", TEXT("a\0b\0cd"), "1:2: " NUL},
        {"takes NULs only for NULs", TEXT("\0\0\0\0"), "1:1: " NUL},
        {"refuses UTF-16, little end first", TEXT("\xFF\xFES\0"), UTF16},
        {"refuses UTF-16, big end first", TEXT("\xFE\xFF\0S"), UTF16},
        {"refuses a mark of UTF-16 alone", TEXT("\xFF\xFE"), UTF16},
        {"refuses UTF-16 without a mark", TEXT("S\0E\0"), UTF16},
        {"refuses UTF-16 without a mark, big end first",
         TEXT("\0S\0E\0L\0E\0C\0T\0 \0'\xE2\x82"), UTF16},
        {"takes line ends of both kinds", TEXT("SELECT 1;\r\n-- x\r\n/* y\r\n */\n"),
         "sound: 1 statements, body 0"},
        {"takes any line end in quotes", TEXT("SELECT '\r', \"\r\", [\r];"),
         "sound: 1 statements, body 0"},
        {"refuses a lone CR between words", TEXT("SELECT 1;\n\rSELECT 2;"), "2:1: " LONE_CR},
        {"refuses a lone CR in a line comment", TEXT("-- x\rSELECT 1;"), "1:5: " LONE_CR},
        {"refuses a lone CR in a block comment", TEXT("/*\r*/SELECT 1;"), "1:3: " LONE_CR},
        {"refuses a lone CR at the end", TEXT("SELECT 1;\r"), "1:10: " LONE_CR},
        {"refuses a lone CR before CRLF", TEXT("SELECT 1;\r\r\n"), "1:10: " LONE_CR},
        {"refuses a comment without an end", TEXT("SELECT 1;\n /* SELECT 2;"),
         "2:2: the comment has no end\nhint: close it with \"*/\""},
        {"refuses a comment without an end in a statement", TEXT("SELECT 1 /* ;"),
         "1:10: the comment has no end\nhint: close it with \"*/\""},
        {"refuses a comment without an end alone", TEXT("/* x"),
         "1:1: the comment has no end\nhint: close it with \"*/\""},
        {"refuses a string without an end", TEXT("SELECT 'a;\nSELECT 2;"), "1:8: " OPEN_QUOTE},
        {"refuses a name without an end", TEXT("SELECT [a;"), "1:8: " OPEN_QUOTE},
        {"refuses a blob without an end", TEXT("SELECT x'00;"), "1:8: " OPEN_QUOTE},
        {"refuses an open last statement", TEXT("SELECT 1;\n DELETE FROM t\nWHERE"),
         "2:2: " NO_SEMICOLON},
        {"shows the first thing wrong", TEXT("SELECT 1;\nBEGIN;\nSELECT '"),
         "2:1: " IN_TRANSACTION("BEGIN") ENGINE_ENDS},
        {"shows what stands before a statement first", TEXT("/*\r*/BEGIN;"), "1:3: " LONE_CR},
    };

    TEST_CHECK(tap, "check", MIG_SCRIPT_FILE, samples);
}

static void test_strangers(struct tap *tap)
{
    static const struct sample samples[] = {
        {"refuses a numbered parameter", TEXT("SELECT 1,\n ?1;"), "2:2: " PARAMETER("?1")},
        {"refuses a named parameter", TEXT("SELECT $a::b(c;d);"),
         "1:8: " PARAMETER("$a::b(c;d)")},
        {"takes a parameter in quotes and comments", TEXT("SELECT '?', \":a\" /* ? */; -- $a"),
         "sound: 1 statements, body 0"},
        {"refuses a command of the shell", TEXT("SELECT 1;\n.read x.sql\n"),
         "2:1: " DOT_COMMAND(".read")},
        {"takes a dot inside a statement", TEXT("SELECT a\n.b FROM a;"),
         "sound: 1 statements, body 0"},
        {"leaves a dot without a word to SQLite", TEXT(". read;"),
         "sound: 1 statements, body 0"},
        {"refuses DELIMITER", TEXT("delimiter //\nSELECT 1;"), "1:1: " DELIMITED("delimiter")},
        {"refuses GO as a statement", TEXT("SELECT 1;\nGO\nSELECT 2;"), "2:1: " GO_LINE("GO")},
        {"refuses GO with a semicolon", TEXT("go;"), "1:1: " GO_LINE("go")},
        {"refuses GO at the end", TEXT("CREATE TABLE a(b)\n go \t\r\n"), "2:2: " GO_LINE("go")},
        {"refuses GO at the end of the text", TEXT("CREATE TABLE a(b)\n\tGo"),
         "2:2: " GO_LINE("Go")},
        {"refuses GO before CREATE", TEXT("CREATE TABLE a(b)\nGO\n-- x\nCREATE TABLE c(d);"),
         "2:1: " GO_LINE("GO")},
        {"refuses GO before ALTER", TEXT("SELECT 1\nGO\nALTER TABLE a;"),
         "2:1: " GO_LINE("GO")},
        {"refuses GO before INSERT", TEXT("SELECT 1\nGO\nINSERT 1;"), "2:1: " GO_LINE("GO")},
        {"refuses GO before UPDATE", TEXT("SELECT 1\nGO\nUPDATE a;"), "2:1: " GO_LINE("GO")},
        {"refuses GO before DELETE", TEXT("SELECT 1\nGO\nDELETE 1;"), "2:1: " GO_LINE("GO")},
        {"refuses GO at the end of a trigger",
         TEXT("CREATE TRIGGER a AFTER INSERT ON b BEGIN SELECT 1; END\nGO\n"),
         "2:1: " GO_LINE("GO")},
        {"takes a name called go", TEXT("INSERT INTO\ngo\nSELECT 1;"),
         "sound: 1 statements, body 0"},
        {"takes a column called go", TEXT("CREATE TABLE a(\n go\n);"),
         "sound: 1 statements, body 0"},
        {"takes a table called go", TEXT("ALTER TABLE\ngo\nDROP COLUMN a;"),
         "sound: 1 statements, body 0"},
        {"takes a trigger called go",
         TEXT("CREATE TRIGGER\ngo\nINSERT ON a BEGIN SELECT 1; END;"),
         "sound: 1 statements, body 0"},
        {"takes go beside other words", TEXT("SELECT a go\nINSERT;SELECT a\ngo, b;"),
         "sound: 2 statements, body 0"},
    };

    TEST_CHECK(tap, "check", MIG_SCRIPT_FILE, samples);
}

static void test_first_words(struct tap *tap)
{
    static const struct sample samples[] = {
        {"refuses BEGIN", TEXT("BEGIN;"), "1:1: " IN_TRANSACTION("BEGIN") ENGINE_ENDS},
        {"refuses commit", TEXT(" commit;"), "1:2: " IN_TRANSACTION("commit") ENGINE_ENDS},
        {"refuses END", TEXT("END;"), "1:1: " IN_TRANSACTION("END") ENGINE_ENDS},
        {"refuses ROLLBACK", TEXT("ROLLBACK TO a;"),
         "1:1: " IN_TRANSACTION("ROLLBACK") ENGINE_ENDS},
        {"refuses SAVEPOINT", TEXT("SAVEPOINT a;"),
         "1:1: " IN_TRANSACTION("SAVEPOINT") ENGINE_ENDS},
        {"refuses RELEASE", TEXT("RELEASE a;"), "1:1: " IN_TRANSACTION("RELEASE") ENGINE_ENDS},
        {"refuses ATTACH", TEXT("ATTACH 'a' AS b;"),
         "1:1: " IN_TRANSACTION("ATTACH") FIRST_LINE},
        {"refuses DETACH", TEXT("DETACH b;"), "1:1: " IN_TRANSACTION("DETACH") FIRST_LINE},
        {"refuses VACUUM", TEXT("VACUUM;"), "1:1: " IN_TRANSACTION("VACUUM") FIRST_LINE},
        {"refuses EXPLAIN", TEXT("EXPLAIN SELECT 1;"), "1:1: " EXPLAINED},
        {"refuses a pragma that waits for all statements",
         TEXT("PRAGMA case_sensitive_like = ON;"), "1:8: " NEVER("case_sensitive_like")},
        {"refuses it outside a transaction too",
         TEXT("-- migrate: no-transaction\nPRAGMA case_sensitive_like(1);"),
         "2:8: " NEVER("case_sensitive_like")},
        {"refuses a journal mode", TEXT("PRAGMA journal_mode = WAL;"),
         "1:8: " NO_EFFECT("journal_mode")},
        {"refuses a journal mode with a schema", TEXT("PRAGMA main . 'Journal_Mode'(off);"),
         "1:8: " NO_EFFECT("main . 'Journal_Mode'")},
        {"refuses synchronous", TEXT("PRAGMA synchronous=0;"),
         "1:8: " NO_EFFECT("synchronous")},
        {"refuses temp_store", TEXT("PRAGMA temp_store(2);"), "1:8: " NO_EFFECT("temp_store")},
        {"refuses a checkpoint", TEXT("PRAGMA wal_checkpoint;"),
         "1:8: " NO_EFFECT("wal_checkpoint")},
        {"refuses a checkpoint with a value", TEXT("PRAGMA wal_checkpoint(FULL);"),
         "1:8: " NO_EFFECT("wal_checkpoint")},
        {"takes pragmas that ask or work",
         TEXT(
             "PRAGMA journal_mode;PRAGMA synchronous;PRAGMA temp_store;PRAGMA foreign_keys=0;"),
         "sound: 4 statements, body 0"},
        {"takes the words inside a trigger",
         TEXT("CREATE TRIGGER a AFTER INSERT ON b BEGIN SELECT 1; END;"),
         "sound: 1 statements, body 0"},
        {"takes the words as names", TEXT("SELECT \"BEGIN\" AS 'COMMIT', [VACUUM];"),
         "sound: 1 statements, body 0"},
        {"takes statements of each other kind",
         TEXT("ALTER TABLE a ADD b;DROP TABLE a;DROP VIEW b;DELETE FROM c;ANALYZE;"),
         "sound: 5 statements, body 0"},
    };
    static const struct sample no_transaction[] = {
        {"takes what a transaction cannot",
         TEXT("--migrate:no-transaction\nBEGIN;COMMIT;ATTACH 'a' AS b;VACUUM;"
              "PRAGMA journal_mode=WAL;PRAGMA wal_checkpoint;"),
         "sound: 6 statements, body 0, no-transaction"},
        {"refuses EXPLAIN all the same", TEXT("--migrate:no-transaction\nEXPLAIN SELECT 1;"),
         "2:1: " EXPLAINED},
        {"refuses a command of the shell all the same", TEXT("--migrate:no-transaction\n.quit"),
         "2:1: " DOT_COMMAND(".quit")},
        {"refuses a parameter all the same", TEXT("--migrate:no-transaction\nSELECT ?;"),
         "2:8: " PARAMETER("?")},
    };

    TEST_CHECK(tap, "check", MIG_SCRIPT_FILE, samples);
    TEST_CHECK(tap, "no-transaction", MIG_SCRIPT_FILE, no_transaction);
}

static void test_triggers(struct tap *tap)
{
    static const struct {
        const char *behaviour;
        const char *body;
        const char *expected;
    } samples[] = {
        {"check: refuses a trigger without END", "SELECT 1;", "1:1: " OPEN_TRIGGER},
        {"check: refuses a trigger whose END has no semicolon before it", "SELECT 1 END; ",
         "1:1: " OPEN_TRIGGER},
        {"check: refuses a trigger in the middle of a statement", "SELECT 1",
         "1:1: " OPEN_TRIGGER},
        {"check: refuses a trigger without its last semicolon", "SELECT 1; END -- x",
         "1:1: " NO_SEMICOLON},
        {"check: refuses a trigger that goes on behind END", "SELECT 1; END x",
         "1:1: " OPEN_TRIGGER},
        {"check: refuses a trigger whose END no semicolon precedes", "SELECT 1 END",
         "1:1: " OPEN_TRIGGER},
        {"check: refuses a trigger that ends behind a semicolon", "SELECT 1; x",
         "1:1: " OPEN_TRIGGER},
        {"check: takes a whole trigger", "SELECT 1; END;", "sound: 1 statements, body 0"},
    };
    static const struct sample heads[] = {
        {"refuses an open temporary trigger", TEXT("CREATE TEMP TEMPORARY TRIGGER a;"),
         "1:1: " OPEN_TRIGGER},
        {"takes no other CREATE for a trigger", TEXT("CREATE TEMP TABLE trigger"),
         "1:1: " NO_SEMICOLON},
        {"takes no SELECT for a trigger", TEXT("SELECT create, trigger"), "1:1: " NO_SEMICOLON},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char text[256];
        char drawn[512];
        int length = snprintf(text, sizeof text, "%s%s", trigger_head, samples[i].body);

        draw_defect(text, (size_t)length, MIG_SCRIPT_FILE, drawn, sizeof drawn);
        tap_same(tap, drawn, samples[i].expected, samples[i].behaviour);
    }
    TEST_CHECK(tap, "check", MIG_SCRIPT_FILE, heads);
}

static void test_directives(struct tap *tap)
{
    static const struct sample samples[] = {
        {"no-transaction", TEXT("-- migrate: no-transaction\nSELECT 1;"),
         "sound: 1 statements, body 0, no-transaction"},
        {"no-transaction behind a byte order mark, with CRLF",
         TEXT("\xEF\xBB\xBF-- migrate: no-transaction\r\nSELECT 1;\r\n"),
         "sound: 1 statements, body 3, no-transaction"},
        {"blanks and the case of migrate do not matter",
         TEXT("--\t MIGRATE : no-transaction \nSELECT 1;"),
         "sound: 1 statements, body 0, no-transaction"},
        {"a reason may follow", TEXT("-- migrate: no-transaction : VACUUM follows\nVACUUM;"),
         "sound: 1 statements, body 0, no-transaction"},
        {"a reason needs its colon", TEXT("-- migrate: no-transaction please \nSELECT 1;"),
         "1:4: " UNKNOWN("migrate: no-transaction please")},
        {"behind other comments and semicolons",
         TEXT("/* a */ ; -- b\n;-- migrate: no-transaction\nSELECT 1;"),
         "sound: 1 statements, body 0, no-transaction"},
        {"allow", TEXT("-- migrate: allow broken-view\nSELECT 1;"),
         "sound: 1 statements, body 0, broken-view"},
        {"allow with an object and a reason",
         TEXT("--migrate:allow broken-view v1: it goes next\nSELECT 1;"),
         "sound: 1 statements, body 0, broken-view"},
        {"allow with a reason only", TEXT("--migrate: allow  broken-view: later\nSELECT 1;"),
         "sound: 1 statements, body 0, broken-view"},
        {"allow another rule", TEXT("--migrate: allow drop-table users\nSELECT 1;"),
         "sound: 1 statements, body 0"},
        {"several", TEXT("--migrate:no-transaction\n--migrate:allow broken-view\nSELECT 1;"),
         "sound: 1 statements, body 0, no-transaction, broken-view"},
        {"an unknown rule", TEXT("-- migrate: allow broken-views: x\nSELECT 1;"),
         "1:19: " UNKNOWN_RULE("broken-views")},
        {"a part of a rule", TEXT("-- migrate: allow broken\nSELECT 1;"),
         "1:19: " UNKNOWN_RULE("broken")},
        {"a rule of one letter", TEXT("-- migrate: allow x\nSELECT 1;"),
         "1:19: " UNKNOWN_RULE("x")},
        {"allow without a rule", TEXT("-- migrate: allow\nSELECT 1;"),
         "1:4: " UNKNOWN_RULE("migrate: allow")},
        {"an unknown directive", TEXT("SELECT 1;\n -- migrate: users first \n"),
         "2:5: " UNKNOWN("migrate: users first")},
        {"a directive in capitals", TEXT("-- migrate: ALLOW broken-view\nSELECT 1;"),
         "1:4: " UNKNOWN("migrate: ALLOW broken-view")},
        {"nothing behind the colon", TEXT("--migrate:\nSELECT 1;"),
         "1:3: " UNKNOWN("migrate:")},
        {"a comment without the colon", TEXT("-- migrate users table\n-- migrate\nSELECT 1;"),
         "sound: 1 statements, body 0"},
        {"a comment that only looks like one",
         TEXT("-- migrated: x\n-- we migrate: y\n--- migrate: z\n--\n-- migrat\n-- mygrate: x\n"
              "-- figrate: x\nSELECT 1;"),
         "sound: 1 statements, body 0"},
        {"in a block comment or a string", TEXT("/* -- migrate: x */SELECT '-- migrate: y';"),
         "sound: 1 statements, body 0"},
    };
    static const struct sample late[] = {
        {"behind the first statement", TEXT("SELECT 1;\n-- migrate: no-transaction\n"),
         "2:4: " LATE("migrate: no-transaction")},
        {"inside the first statement", TEXT("SELECT 1\n-- migrate: allow broken-view\n;"),
         "2:4: " LATE("migrate: allow broken-view")},
        {"inside a trigger",
         TEXT("CREATE TRIGGER a AFTER INSERT ON b BEGIN SELECT 1; "
              "--migrate:no-transaction\nEND;"),
         "1:54: " LATE("migrate:no-transaction")},
        {"does not let through what follows",
         TEXT("SELECT 1; --migrate:no-transaction\nVACUUM;"),
         "1:13: " LATE("migrate:no-transaction")},
    };

    TEST_CHECK(tap, "directive", MIG_SCRIPT_FILE, samples);
    TEST_CHECK(tap, "late directive", MIG_SCRIPT_FILE, late);
}

static void test_foreign_directives(struct tap *tap)
{
    static const struct sample samples[] = {
        {"migrate:up", TEXT("-- migrate:up\nSELECT 1;"), "1:4: " FOREIGN("migrate:up")},
        {"migrate:up with options", TEXT("-- migrate:up transaction:false\nSELECT 1;"),
         "1:4: " FOREIGN("migrate:up transaction:false")},
        {"migrate:down behind statements", TEXT("SELECT 1;\n-- migrate:down\nSELECT 2;"),
         "2:4: " FOREIGN("migrate:down")},
        {"+goose", TEXT("-- +goose Up\nSELECT 1;"), "1:4: " FOREIGN("+goose Up")},
        {"+goose alone", TEXT("-- +goose\nSELECT 1;"), "1:4: " FOREIGN("+goose")},
        {"+goose inside a statement", TEXT("SELECT 1\n--+GOOSE StatementEnd\n;"),
         "2:3: " FOREIGN("+GOOSE StatementEnd")},
        {"+migrate", TEXT("-- +migrate Down\nSELECT 1;"), "1:4: " FOREIGN("+migrate Down")},
        {"liquibase", TEXT("--liquibase formatted sql\nSELECT 1;"),
         "1:3: " FOREIGN("liquibase formatted sql")},
        {"other words are comments",
         TEXT("-- +goosebump\n-- liquibase\n-- liquibase format\n-- upgrade\nSELECT 1;"),
         "sound: 1 statements, body 0"},
        {"another word behind migrate: is our affair", TEXT("-- migrate: upwards\nSELECT 1;"),
         "1:4: " UNKNOWN("migrate: upwards")},
    };

    TEST_CHECK(tap, "foreign directive", MIG_SCRIPT_FILE, samples);
}

static void test_program(struct tap *tap)
{
    static const struct sample samples[] = {
        {"takes statements", TEXT("-- migrate: allow broken-view\nSELECT 1;"),
         "sound: 1 statements, body 0, broken-view"},
        {"refuses no-transaction", TEXT("-- migrate: no-transaction\nSELECT 1;"),
         "1:4: \"migrate: no-transaction\" is not for what a program prints\n"
         "hint: remove it; a program's statements always run in one transaction"},
        {"refuses no-transaction behind a statement",
         TEXT("SELECT 1;--migrate:no-transaction\n"),
         "1:12: \"migrate:no-transaction\" is not for what a program prints\n"
         "hint: remove it; a program's statements always run in one transaction"},
        {"refuses BEGIN", TEXT("BEGIN;"), "1:1: " IN_TRANSACTION("BEGIN") ENGINE_ENDS},
        {"refuses VACUUM", TEXT("VACUUM;"), "1:1: " IN_TRANSACTION("VACUUM") FIRST_LINE},
        {"refuses a journal mode", TEXT("PRAGMA journal_mode=off;"),
         "1:8: " NO_EFFECT("journal_mode")},
    };

    TEST_CHECK(tap, "program", MIG_SCRIPT_PROGRAM, samples);
}

static void test_outputs(struct tap *tap)
{
    struct mig_script script = {.body = 7, .statements = 7, .allows_broken_view = true};
    struct mig_script_defect defect = {.kind = MIG_SCRIPT_NUL, .offset = 7, .length = 7};

    tap_ok(tap,
           mig_script_check("SELECT 1;", 9, MIG_SCRIPT_FILE, &script, &defect) &&
               defect.kind == MIG_SCRIPT_SOUND && defect.offset == 0 && defect.length == 0,
           "check: leaves no defect when the text is sound");
    tap_ok(tap,
           !mig_script_check("--migrate:no-transaction\nSELECT 1", 33, MIG_SCRIPT_FILE, &script,
                             &defect) &&
               script.statements == 0 && script.body == 0 && !script.no_transaction &&
               !script.allows_broken_view,
           "check: leaves no script when the text is not");
    tap_ok(tap,
           mig_script_defect_has_word(MIG_SCRIPT_PARAMETER) &&
               !mig_script_defect_has_word(MIG_SCRIPT_NUL),
           "has_word: true where the message has a place for it");
    tap_ok(tap,
           strcmp(mig_script_defect_message(MIG_SCRIPT_SOUND), "the text is sound") == 0 &&
               strcmp(mig_script_defect_hint(MIG_SCRIPT_SOUND), "there is nothing to do") == 0,
           "message: a sound text has one too");
    tap_ok(tap,
           mig_directive_read("--migrate:no-transaction-", 24).kind ==
               MIG_DIRECTIVE_NO_TRANSACTION,
           "directive: nothing behind the length is read");
    tap_ok(tap, mig_directive_read("#x", 1).kind == MIG_DIRECTIVE_NONE,
           "directive: a comment of MySQL has one mark, not two");
}

/* Draws the approvals of a text: "rule {object} {reason}", a line each. */
static void draw_approvals(const char *text, size_t length, char *out, size_t size)
{
    struct mig_approval approval;
    size_t position = 0;
    size_t used = 0;

    out[0] = '\0';
    while (used < size && mig_script_next_approval(text, length, &position, &approval))
        used += (size_t)snprintf(out + used, size - used, "%s%s {%.*s} {%.*s}",
                                 used == 0 ? "" : "\n", mig_rule_info(approval.rule)->id,
                                 (int)approval.object_length, approval.object,
                                 (int)approval.reason_length, approval.reason);
}

static void test_approvals(struct tap *tap)
{
    static const struct sample samples[] = {
        {"of a text without one", TEXT("-- migrate: no-transaction\nSELECT 1;"), ""},
        {"of an empty text", TEXT(""), ""},
        {"without object and reason", TEXT("-- migrate: allow drop-table\n"),
         "drop-table {} {}"},
        {"with a reason", TEXT("--migrate:allow drop-table: a: b \r\n"),
         "drop-table {} {a: b}"},
        {"with an object", TEXT("-- migrate: allow drop-table  users \n"),
         "drop-table {users} {}"},
        {"with both", TEXT("-- migrate : allow drop-column my users.fax : moved"),
         "drop-column {my users.fax} {moved}"},
        {"an empty reason is none", TEXT("-- migrate: allow drop-table users:\n"),
         "drop-table {users} {}"},
        {"several, among other comments",
         TEXT("\xEF\xBB\xBF-- a\n-- migrate: allow drop-table a\n;/* b */\n# c\n"
              "# migrate: allow drop-view d\nSELECT 1;"),
         "drop-table {a} {}\ndrop-view {d} {}"},
        {"none behind the first statement",
         TEXT("SELECT 1;\n-- migrate: allow drop-table users\n"), ""},
        {"none in a block comment", TEXT("/*\n-- migrate: allow drop-table users\n*/"), ""},
        {"none of a rule that is not known", TEXT("-- migrate: allow drop\n"), ""},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char drawn[256];
        char behaviour[128];

        draw_approvals(samples[i].text, samples[i].length, drawn, sizeof drawn);
        (void)snprintf(behaviour, sizeof behaviour, "approvals: %s", samples[i].behaviour);
        tap_same(tap, drawn, samples[i].expected, behaviour);
    }
}

static void test_pragma(struct tap *tap)
{
    static const struct {
        const char *text;
        const char *expected; /* name, and the value behind "=" when there is one */
    } samples[] = {
        {"PRAGMA Foreign_Keys;", "foreign_keys"},
        {"PRAGMA foreign_keys = OFF;", "foreign_keys=off"},
        {"PRAGMA foreign_keys(0);", "foreign_keys=0"},
        {"PRAGMA /* a */ main -- b\n . journal_mode = 'WAL' ;", "journal_mode=wal"},
        {"PRAGMA \"main\".[Cache_Size] = -2000", "cache_size=-2000"},
        {"PRAGMA a(+5)", "a=5"},
        {"PRAGMA a = -5;", "a=-5"},
        {"PRAGMA AZ = 'AZ@[';", "az=az@["},
        {"PRAGMA a = \"x\"\"Y\";", "a=x\"y"},
        {"PRAGMA a = 1.5e3;", "a=1.5e3"},
        {"PRAGMA a =;", "a"},
        {"PRAGMA a(", "a"},
        {"PRAGMA a();", "a"},
        {"PRAGMA a = -;", "a"},
        {"PRAGMA a b;", "a"},
        {"PRAGMA main.;", ""},
        {"PRAGMA main.a.b=1;", "a"},
        {"PRAGMA 12;", ""},
        {"PRAGMA;", ""},
        {"PRAGMA", ""},
        {"", ""},
        {"PRAGMA a234567890123456789012345678901;", "a234567890123456789012345678901"},
        {"PRAGMA a2345678901234567890123456789012=1;", "=1"},
        {"PRAGMA \"a\"\"34567890123456789012345678901\";", "a\"34567890123456789012345678901"},
        {"PRAGMA a=a2345678901234567890123456789012;", "a="},
        {"PRAGMA a=-a23456789012345678901234567890;", "a=-a23456789012345678901234567890"},
        {"PRAGMA a=-a234567890123456789012345678901;", "a="},
        {"PRAGMA a='';", "a="},
        {"PRAGMA a='01234567890123456789012345678901234567890123456789012345678901234567890123"
         "456789012345678901234567890123456789012345678901234567';",
         "a="},
        {"PRAGMA a='0123456789012345678901234567890123456789012345678901234567890123456789"
         "0123456789012345678901234567890123456789012345678901234567890123456789';",
         "a="},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct mig_pragma pragma;
        char drawn[128];
        char behaviour[256];

        memset(&pragma, '!', sizeof pragma);
        mig_script_pragma(samples[i].text, strlen(samples[i].text), &pragma);
        (void)snprintf(drawn, sizeof drawn, "%s%s%s", pragma.name, pragma.has_value ? "=" : "",
                       pragma.value);
        (void)snprintf(behaviour, sizeof behaviour, "pragma: sample %zu gives %s", i + 1,
                       samples[i].expected);
        tap_same(tap, drawn, samples[i].expected, behaviour);
    }
}

static void test_position(struct tap *tap)
{
    static const struct {
        const char *text;
        size_t offset;
        const char *expected; /* line:column start+length */
        const char *behaviour;
    } samples[] = {
        {"", 0, "1:1 0+0", "position: of an empty text"},
        {"abc", 2, "1:3 0+3", "position: in the first line"},
        {"abc", 3, "1:4 0+3", "position: of the end"},
        {"abc", 99, "1:4 0+3", "position: behind the end is the end"},
        {"ab\ncd\nef", 3, "2:1 3+2", "position: of the start of a line"},
        {"ab\ncd\nef", 2, "1:3 0+2", "position: a line feed ends its own line"},
        {"ab\r\ncd\r\n", 5, "2:2 4+2", "position: CRLF belongs to no line"},
        {"ab\rcd", 4, "1:5 0+5", "position: a lone CR ends no line"},
        {"\r\n", 0, "1:1 0+0", "position: an empty line with CRLF"},
        {"a\n", 2, "2:1 2+0", "position: behind the last line feed"},
        {"a\xC3\xA9\xE2\x82\xAC"
         "b",
         6, "1:4 0+7", "position: counts characters"},
        {"a\xC3\xA9"
         "b",
         2, "1:2 0+4", "position: inside a character is its start"},
        {"\xEF\xBB\xBF"
         "ab",
         4, "1:2 3+2", "position: nobody counts a byte order mark"},
        {"\xEF\xBB\xBF"
         "ab",
         0, "1:1 3+2", "position: a byte order mark stands where the text does"},
        {"\xEF\xBB\xBF"
         "a\nb",
         5, "2:1 5+1", "position: a line behind a byte order mark"},
        {"\x80\x80", 1, "1:1 0+2", "position: bytes that only go on count for nothing"},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct mig_position at =
            mig_script_position(samples[i].text, strlen(samples[i].text), samples[i].offset);
        char drawn[64];

        (void)snprintf(drawn, sizeof drawn, "%zu:%zu %zu+%zu", at.line, at.column,
                       at.line_start, at.line_length);
        tap_same(tap, drawn, samples[i].expected, samples[i].behaviour);
    }
}

int main(void)
{
    struct tap tap = {0, 0};

    test_statements(&tap);
    test_end_of_next(&tap);
    test_text(&tap);
    test_strangers(&tap);
    test_first_words(&tap);
    test_triggers(&tap);
    test_directives(&tap);
    test_foreign_directives(&tap);
    test_program(&tap);
    test_outputs(&tap);
    test_approvals(&tap);
    test_pragma(&tap);
    test_position(&tap);
    return tap_end(&tap);
}
