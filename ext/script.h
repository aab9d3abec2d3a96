/*
 * script.h - the format of a migration file: one SQL text cut into statements and directives, and
 * everything about the text that can be refused before its first statement runs.
 *
 * Pure: no SQLite connection, no files, no memory. Statements are places in the caller's text.
 * The boundaries are those of sqlite3_complete() (https://www.sqlite.org/c3ref/complete.html),
 * a machine of eight states over tokens, so that the semicolons of a trigger's body do not end it;
 * those among the arguments of a virtual table do not either, as sqlite3_prepare_v3() has it.
 *
 * Calling sequence:
 *
 *     struct mig_script script;
 *     struct mig_script_defect defect;
 *     if (!mig_script_check(text, length, MIG_SCRIPT_TRANSACTIONAL, &script, &defect))
 *         ... defect.kind, defect.offset, mig_script_defect_message(), mig_script_defect_hint()
 *     size_t position = script.body;
 *     struct mig_statement statement;
 *     while (mig_script_next(text, length, &position, &statement))
 *         ...
 */
#ifndef MIG_SCRIPT_H
#define MIG_SCRIPT_H

#include "compiler.h"
#include "directive.h"

#include <stdbool.h>
#include <stddef.h>

/* What a statement is, as far as the engine treats kinds differently. */
enum mig_statement_kind {
    MIG_STATEMENT_EMPTY,      /* nothing but blanks, comments and a semicolon */
    MIG_STATEMENT_ORDINARY,   /* none of the below */
    MIG_STATEMENT_WRITE,      /* INSERT, REPLACE, UPDATE, DELETE, WITH: can change rows */
    MIG_STATEMENT_BUILD,      /* any other CREATE; ANALYZE, REINDEX */
    MIG_STATEMENT_ALTER,      /* ALTER */
    MIG_STATEMENT_DROP_TABLE, /* DROP TABLE */
    MIG_STATEMENT_CREATE_BODY, /* CREATE VIEW, CREATE TRIGGER: what it makes can stop compiling */
    MIG_STATEMENT_TRANSACTION, /* BEGIN, COMMIT, END, ROLLBACK, SAVEPOINT, RELEASE */
    MIG_STATEMENT_ATTACH,      /* ATTACH, DETACH */
    MIG_STATEMENT_VACUUM,      /* VACUUM */
    MIG_STATEMENT_PRAGMA,      /* PRAGMA */
    MIG_STATEMENT_EXPLAIN,     /* EXPLAIN */
};

struct mig_statement {
    enum mig_statement_kind kind;
    size_t start; /* offset of the first token that means something; of the end when EMPTY */
    size_t end;   /* offset behind the semicolon, or of the end of the text */
    bool closed;  /* a semicolon ended it */
};

/* A pragma as a migration file writes it: PRAGMA name, PRAGMA name = value, PRAGMA name(value). */
struct mig_pragma {
    char name[32];  /* lower case, without schema; "" when longer than fits */
    char value[32]; /* lower case, unquoted; "" when there is none or it is longer than fits */
    bool has_value;
};

/* Where the text is going to run. */
enum mig_script_place {
    MIG_SCRIPT_FILE, /* a migration file; its directives say whether it runs in a transaction */
    MIG_SCRIPT_PROGRAM, /* what a program printed: always in a transaction */
};

struct mig_script {
    size_t body;             /* offset behind a byte order mark */
    bool no_transaction;     /* `-- migrate: no-transaction` */
    bool allows_broken_view; /* `-- migrate: allow broken-view`: some or all may break */
    bool has_delimiter;      /* MySQL: DELIMITER lines, which are for its client */
    size_t statements;       /* statements that are not empty */
};

enum mig_script_defect_kind {
    MIG_SCRIPT_SOUND,
    MIG_SCRIPT_NO_STATEMENT,      /* empty, or comments only */
    MIG_SCRIPT_NUL,               /* a NUL byte */
    MIG_SCRIPT_UTF16,             /* a UTF-16 byte order mark, or NULs in every other byte */
    MIG_SCRIPT_LONE_CR,           /* a carriage return without a line feed, outside quotes */
    MIG_SCRIPT_OPEN_COMMENT,      /* an unterminated block comment */
    MIG_SCRIPT_OPEN_QUOTE,        /* an unterminated string or quoted name */
    MIG_SCRIPT_OPEN_TRIGGER,      /* the text ends inside CREATE TRIGGER ... BEGIN */
    MIG_SCRIPT_NO_SEMICOLON,      /* the last statement has no semicolon */
    MIG_SCRIPT_PARAMETER,         /* a bind parameter */
    MIG_SCRIPT_DOT_COMMAND,       /* a command of the sqlite3 shell */
    MIG_SCRIPT_BATCH_SEPARATOR,   /* GO on a line of its own */
    MIG_SCRIPT_DELIMITER,         /* DELIMITER, of the mysql client */
    MIG_SCRIPT_CLIENT_COMMAND,    /* a backslash command of psql, in a file for PostgreSQL */
    MIG_SCRIPT_MYSQL_COMMAND,     /* a command of the mysql client, in a file for MySQL */
    MIG_SCRIPT_USE_WORD,          /* USE, in a file for MySQL */
    MIG_SCRIPT_COPY_STDIN,        /* COPY ... FROM STDIN, in a file for PostgreSQL */
    MIG_SCRIPT_TRANSACTION_WORD,  /* BEGIN and the like in a transactional file */
    MIG_SCRIPT_ATTACH_WORD,       /* ATTACH, DETACH in a transactional file */
    MIG_SCRIPT_VACUUM_WORD,       /* VACUUM in a transactional file; for PostgreSQL also
                                     CONCURRENTLY and the like */
    MIG_SCRIPT_PRAGMA_NO_EFFECT,  /* a pragma that SQLite ignores or refuses in a transaction:
                                     journal_mode, synchronous, temp_store with a value;
                                     wal_checkpoint always */
    MIG_SCRIPT_PRAGMA_NEVER,      /* a pragma that SQLite ignores while any statement runs:
                                     case_sensitive_like with a value */
    MIG_SCRIPT_EXPLAIN_WORD,      /* EXPLAIN: would do nothing */
    MIG_SCRIPT_UNKNOWN_DIRECTIVE, /* `-- migrate: x` */
    MIG_SCRIPT_FOREIGN_DIRECTIVE, /* `-- migrate:up`, `-- +goose Up`, ...: another tool's file */
    MIG_SCRIPT_UNKNOWN_RULE,      /* `-- migrate: allow x` */
    MIG_SCRIPT_LATE_DIRECTIVE,    /* a directive behind the first statement */
    MIG_SCRIPT_DIRECTIVE_PROGRAM, /* no-transaction in what a program printed */
};

struct mig_script_defect {
    enum mig_script_defect_kind kind;
    size_t offset; /* byte offset of the place to show */
    size_t length; /* bytes of the word to quote at that place; 0 when there is none */
};

/*
 * Reads the whole text and vets it. True: it is sound and *out_script is filled. False:
 * *out_defect is the first thing wrong, in the order of the text (NUL bytes and UTF-16 are
 * looked for first). A byte order mark EF BB BF at the start is accepted and passed over.
 */
MIG_MUST_USE bool mig_script_check(const char *text, size_t length, enum mig_script_place place,
                                   struct mig_script *out_script,
                                   struct mig_script_defect *out_defect);

/*
 * Why, as a phrase without full stop: "the last statement has no semicolon". Where it holds one
 * %.*s, the word at the defect's place is meant to be put there: mig_script_defect_has_word().
 */
const char *mig_script_defect_message(enum mig_script_defect_kind kind);
bool mig_script_defect_has_word(enum mig_script_defect_kind kind);

/* What to do, as a phrase for a `hint:` line; never NULL. */
const char *mig_script_defect_hint(enum mig_script_defect_kind kind);

/*
 * The next statement at *position, which is moved behind it. False at the end of the text, which is
 * reported once nothing but blanks and comments is left. Statements that are only a semicolon are
 * passed over. On any text, sound or not, the loop ends.
 */
bool mig_script_next(const char *text, size_t length, size_t *position,
                     struct mig_statement *out_statement);

/*
 * The next approval at *position, which is moved behind it; begin with 0. False at the first statement,
 * behind which no directive may stand, or at the end. The texts are places in `text`, which may be of any
 * dialect.
 */
bool mig_script_next_approval(const char *text, size_t length, size_t *position,
                              struct mig_approval *out_approval);

/* Takes a statement of kind PRAGMA apart; `text` and `length` are the statement's own. */
void mig_script_pragma(const char *text, size_t length, struct mig_pragma *out_pragma);

/* A place as a person counts it. */
struct mig_position {
    size_t line;        /* from 1 */
    size_t column;      /* from 1, in characters (UTF-8 continuation bytes do not count) */
    size_t line_start;  /* byte offset of the line's first byte */
    size_t line_length; /* bytes of the line without its line end */
};

/*
 * Where the byte at `offset` stands. An offset behind the end counts as the end; a byte order mark
 * counts for nothing, so the first line starts behind it.
 */
struct mig_position mig_script_position(const char *text, size_t length, size_t offset);

#endif
