/*
 * token.h - SQL text cut into tokens, the way SQLite's own tokenizer cuts it.
 *
 * Pure: no SQLite connection, no files, no memory. A token is a place in the caller's text.
 * What SQLite's tokenizer treats as one token is one token here; the kinds are coarser, because
 * only the boundaries, the words and the quoted names matter to this project.
 * Source of the rules: https://www.sqlite.org/lang_keywords.html, lang_expr.html (literals),
 * lang_comment.html; a fuzzer compares the statement boundaries with sqlite3_prepare_v3().
 */
#ifndef MIG_TOKEN_H
#define MIG_TOKEN_H

#include "compiler.h"

#include <stdbool.h>
#include <stddef.h>

enum mig_token_kind {
    MIG_TOKEN_END,          /* the end of the text; length 0 */
    MIG_TOKEN_SPACE,        /* a run of blanks and line ends */
    MIG_TOKEN_LINE_COMMENT, /* "--" up to, and without, the line feed */
    MIG_TOKEN_BLOCK_COMMENT,
    MIG_TOKEN_WORD,      /* a keyword or a bare name */
    MIG_TOKEN_NAME,      /* a quoted name: "x", `x` or [x] */
    MIG_TOKEN_STRING,    /* 'x', and x'00' */
    MIG_TOKEN_NUMBER,    /* 1, 1.5e3, 0xff */
    MIG_TOKEN_PARAMETER, /* ?, ?1, :x, @x, $x, #x */
    MIG_TOKEN_SEMICOLON,
    MIG_TOKEN_OTHER,        /* an operator, a parenthesis, or a byte that SQL has no use for */
    MIG_TOKEN_OPEN_COMMENT, /* a block comment without its end: reaches to the end of the text */
    MIG_TOKEN_OPEN_QUOTE,   /* a quote of any kind without its end: likewise */
};

struct mig_token {
    enum mig_token_kind kind;
    const char *text; /* borrowed from the caller's text; not NUL-terminated */
    size_t length;    /* bytes */
};

/*
 * The token that starts at text[0]. `length` is what is left of the text, in bytes; a NUL byte is
 * an ordinary MIG_TOKEN_OTHER. Never fails: an empty text gives MIG_TOKEN_END.
 */
struct mig_token mig_token_at(const char *text, size_t length);

/*
 * The next token that means something: as mig_token_at(), with blanks and comments, also one
 * without its end, passed over.
 * *position is where to start, and is moved behind the token. At the end: MIG_TOKEN_END.
 */
struct mig_token mig_token_next(const char *text, size_t length, size_t *position);

/* True when the token is the keyword `word` (given in upper case), in any case of letters. */
bool mig_token_is_word(const struct mig_token *token, const char *word);

/* True when the token can stand for the name of an object: a word, a quoted name, or 'x'. */
bool mig_token_is_name(const struct mig_token *token);

/*
 * Copies the name that the token stands for into `out`, unquoted ("a""b" gives a"b), with a NUL
 * behind it. `out` has room for token->length + 1 bytes; returns the bytes written without the NUL.
 */
size_t mig_token_unquote(const struct mig_token *token, char *out);

#endif
