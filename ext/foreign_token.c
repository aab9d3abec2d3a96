#include "compiler.h"

#include "foreign_token.h"

static bool is_word_start(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (byte & 0x80) != 0;
}

static bool is_word_byte(char byte)
{
    return is_word_start(byte) || (byte >= '0' && byte <= '9') || byte == '$';
}

bool mig_foreign_is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f' ||
           byte == '\v';
}

size_t mig_foreign_line_length(const char *text, size_t length)
{
    const char *end = memchr(text, '\n', length);

    return end == NULL ? length : (size_t)(end - text);
}

size_t mig_foreign_run_comment(const char *text, size_t length, enum mig_dialect dialect)
{
    size_t at = 2;

    if (dialect != MIG_DIALECT_MYSQL || length < 5)
        return 0;
    at += text[at] == 'M' ? 1 : 0;
    if (text[at] != '!')
        return 0;
    at++;
    while (at < length && text[at] >= '0' && text[at] <= '9')
        at++;
    return at;
}

/* A block comment; those of PostgreSQL hold others. */
static struct mig_foreign_token read_comment(const char *text, size_t length, bool is_nested)
{
    size_t depth = 1;
    size_t i = 2;

    while (i + 1 < length && depth > 0) {
        if (text[i] == '*' && text[i + 1] == '/') {
            depth--;
            i += 2;
        } else if (is_nested && text[i] == '/' && text[i + 1] == '*') {
            depth++;
            i += 2;
        } else {
            i++;
        }
    }
    return depth == 0 ? (struct mig_foreign_token){MIG_FOREIGN_BLOCK_COMMENT, i}
                      : (struct mig_foreign_token){MIG_FOREIGN_OPEN_COMMENT, length};
}

/* A quote that begins with text[0]. */
static struct mig_foreign_token read_quote(const char *text, size_t length, bool has_escapes)
{
    size_t i = 1;

    while (i < length) {
        const bool is_doubled = i + 1 < length && text[i + 1] == text[0];

        if ((has_escapes && text[i] == '\\') || (text[i] == text[0] && is_doubled))
            i += 2;
        else if (text[i] != text[0])
            i++;
        else
            return (struct mig_foreign_token){MIG_FOREIGN_QUOTE, i + 1};
    }
    return (struct mig_foreign_token){MIG_FOREIGN_OPEN_QUOTE, length};
}

/* $$ ... $$ and $tag$ ... $tag$; another dollar is no quote. */
static struct mig_foreign_token read_dollar(const char *text, size_t length)
{
    size_t tag = 1;

    while (tag < length && is_word_byte(text[tag]) && text[tag] != '$')
        tag++;
    if (tag == length || text[tag] != '$' || (tag > 1 && !is_word_start(text[1])))
        return (struct mig_foreign_token){MIG_FOREIGN_OTHER, 1};
    tag++;
    for (size_t i = tag; i + tag <= length; i++)
        if (memcmp(text + i, text, tag) == 0)
            return (struct mig_foreign_token){MIG_FOREIGN_QUOTE, i + tag};
    return (struct mig_foreign_token){MIG_FOREIGN_OPEN_QUOTE, length};
}

static struct mig_foreign_token read_word(const char *text, size_t length, bool is_postgresql)
{
    size_t i = 1;

    while (i < length && is_word_byte(text[i]))
        i++;
    /* E'...' is a string with escapes. */
    if (is_postgresql && i == 1 && (text[0] | 0x20) == 'e' && i < length && text[i] == '\'') {
        struct mig_foreign_token quote = read_quote(text + 1, length - 1, true);

        quote.length++;
        return quote;
    }
    return (struct mig_foreign_token){MIG_FOREIGN_WORD, i};
}

/* True where the two dashes at text[0] begin a comment: MySQL wants a blank behind them. */
static bool is_dashes(const char *text, size_t length, bool is_postgresql)
{
    return length >= 2 && text[0] == '-' && text[1] == '-' &&
           (is_postgresql || length == 2 || mig_foreign_is_space(text[2]));
}

/* What is neither blank nor comment. */
static struct mig_foreign_token read_meaning(const char *text, size_t length,
                                             bool is_postgresql)
{
    if (is_word_start(text[0]))
        return read_word(text, length, is_postgresql);
    switch (text[0]) {
    case '\'':
    case '"':
        return read_quote(text, length, !is_postgresql);
    case '`':
        return is_postgresql ? (struct mig_foreign_token){MIG_FOREIGN_OTHER, 1}
                             : read_quote(text, length, false);
    case '$':
        return is_postgresql ? read_dollar(text, length)
                             : (struct mig_foreign_token){MIG_FOREIGN_OTHER, 1};
    case ';':
        return (struct mig_foreign_token){MIG_FOREIGN_SEMICOLON, 1};
    case '(':
        return (struct mig_foreign_token){MIG_FOREIGN_OPEN, 1};
    case ')':
        return (struct mig_foreign_token){MIG_FOREIGN_CLOSE, 1};
    case '\\':
        /* \N is the NULL of MySQL. */
        return is_postgresql || length < 2 || text[1] != 'N'
                   ? (struct mig_foreign_token){MIG_FOREIGN_BACKSLASH, 1}
                   : (struct mig_foreign_token){MIG_FOREIGN_OTHER, 2};
    default:
        return (struct mig_foreign_token){MIG_FOREIGN_OTHER, 1};
    }
}

struct mig_foreign_token mig_foreign_token_read(const char *text, size_t length,
                                                enum mig_dialect dialect)
{
    const bool is_postgresql = dialect == MIG_DIALECT_POSTGRESQL;
    size_t blanks = 0;

    if (length == 0)
        return (struct mig_foreign_token){MIG_FOREIGN_END, 0};
    while (blanks < length && mig_foreign_is_space(text[blanks]))
        blanks++;
    if (blanks > 0)
        return (struct mig_foreign_token){MIG_FOREIGN_SPACE, blanks};
    if (is_dashes(text, length, is_postgresql) || (!is_postgresql && text[0] == '#'))
        return (struct mig_foreign_token){MIG_FOREIGN_LINE_COMMENT,
                                          mig_foreign_line_length(text, length)};
    if (length >= 2 && text[0] == '/' && text[1] == '*')
        return read_comment(text, length, is_postgresql);
    return read_meaning(text, length, is_postgresql);
}
