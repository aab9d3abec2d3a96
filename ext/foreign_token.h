/*
 * foreign_token.h - the words, quotes and comments of PostgreSQL and MySQL, as far as they are needed to
 * tell where a statement ends.
 *
 * Pure: no connection, no files, no memory. Tokens are places in the caller's text.
 * Sources: https://www.postgresql.org/docs/current/sql-syntax-lexical.html,
 * https://dev.mysql.com/doc/refman/8.4/en/language-structure.html
 */
#ifndef MIG_FOREIGN_TOKEN_H
#define MIG_FOREIGN_TOKEN_H

#include "compiler.h"
#include "name.h"

#include <stdbool.h>
#include <stddef.h>

enum mig_foreign_kind {
    MIG_FOREIGN_END,
    MIG_FOREIGN_SPACE,
    MIG_FOREIGN_LINE_COMMENT,
    MIG_FOREIGN_BLOCK_COMMENT,
    MIG_FOREIGN_OPEN_COMMENT,
    MIG_FOREIGN_WORD,
    MIG_FOREIGN_QUOTE,
    MIG_FOREIGN_OPEN_QUOTE,
    MIG_FOREIGN_SEMICOLON,
    MIG_FOREIGN_BACKSLASH, /* a backslash command of the client */
    MIG_FOREIGN_OPEN,      /* ( */
    MIG_FOREIGN_CLOSE,     /* ) */
    MIG_FOREIGN_OTHER,
};

struct mig_foreign_token {
    enum mig_foreign_kind kind;
    size_t length; /* bytes; more than none but at the end */
};

/* The token with which the text begins. */
struct mig_foreign_token mig_foreign_token_read(const char *text, size_t length,
                                                enum mig_dialect dialect);

bool mig_foreign_is_space(char byte);

/*
 * Where what MySQL runs of a block comment begins: behind the `/ *!` or `/ *M!` (without the blank) and the
 * number of a version. 0 for a comment that nobody runs.
 */
size_t mig_foreign_run_comment(const char *text, size_t length, enum mig_dialect dialect);

/* Bytes before the end of the line, or of the text. */
size_t mig_foreign_line_length(const char *text, size_t length);

#endif
