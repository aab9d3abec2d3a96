#include "compiler.h"

#include "foreign.h"

#include "directive.h"
#include "sqlite_api.h"

enum kind {
    KIND_END,
    KIND_SPACE,
    KIND_LINE_COMMENT,
    KIND_BLOCK_COMMENT,
    KIND_OPEN_COMMENT,
    KIND_WORD,
    KIND_QUOTE,
    KIND_OPEN_QUOTE,
    KIND_SEMICOLON,
    KIND_BACKSLASH, /* a backslash command of psql */
    KIND_OPEN,      /* ( */
    KIND_CLOSE,     /* ) */
    KIND_OTHER,
};

struct piece {
    enum kind kind;
    size_t length;
};

/* One pass over a text. */
struct pass {
    const char *text;
    size_t length;
    enum mig_dialect dialect;
    struct mig_script script;
    struct mig_script_defect defect;
    size_t at;
    size_t words;       /* of the statement that is read */
    bool is_create;     /* it begins with CREATE */
    bool has_body;      /* and makes something that has a body of statements */
    int parentheses;    /* open ones: a semicolon in them ends nothing (rules of PostgreSQL) */
    int blocks;         /* open BEGIN and CASE of the body */
    bool after_end;     /* the last word was END */
    bool is_empty;      /* nothing of the statement was read yet */
    char delimiter[16]; /* MySQL: what ends a statement in place of a semicolon; "": that */
};

static bool is_word_start(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (byte & 0x80) != 0;
}

static bool is_word_byte(char byte)
{
    return is_word_start(byte) || (byte >= '0' && byte <= '9') || byte == '$';
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f' ||
           byte == '\v';
}

static size_t line_length(const char *text, size_t length)
{
    const char *end = memchr(text, '\n', length);

    return end == NULL ? length : (size_t)(end - text);
}

/* A block comment; those of PostgreSQL hold others. */
static struct piece read_comment(const char *text, size_t length, bool is_nested)
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
    return depth == 0 ? (struct piece){KIND_BLOCK_COMMENT, i}
                      : (struct piece){KIND_OPEN_COMMENT, length};
}

/* A quote that begins with text[0]. */
static struct piece read_quote(const char *text, size_t length, bool has_escapes)
{
    size_t i = 1;

    while (i < length) {
        const bool is_doubled = i + 1 < length && text[i + 1] == text[0];

        if ((has_escapes && text[i] == '\\') || (text[i] == text[0] && is_doubled))
            i += 2;
        else if (text[i] != text[0])
            i++;
        else
            return (struct piece){KIND_QUOTE, i + 1};
    }
    return (struct piece){KIND_OPEN_QUOTE, length};
}

/* $$ ... $$ and $tag$ ... $tag$; another dollar is no quote. */
static struct piece read_dollar(const char *text, size_t length)
{
    size_t tag = 1;

    while (tag < length && is_word_byte(text[tag]) && text[tag] != '$')
        tag++;
    if (tag == length || text[tag] != '$' || (tag > 1 && !is_word_start(text[1])))
        return (struct piece){KIND_OTHER, 1};
    tag++;
    for (size_t i = tag; i + tag <= length; i++)
        if (memcmp(text + i, text, tag) == 0)
            return (struct piece){KIND_QUOTE, i + tag};
    return (struct piece){KIND_OPEN_QUOTE, length};
}

static struct piece read_word(const char *text, size_t length, bool is_postgresql)
{
    size_t i = 1;

    while (i < length && is_word_byte(text[i]))
        i++;
    /* E'...' is a string with escapes. */
    if (is_postgresql && i == 1 && (text[0] | 0x20) == 'e' && i < length && text[i] == '\'') {
        struct piece quote = read_quote(text + 1, length - 1, true);

        quote.length++;
        return quote;
    }
    return (struct piece){KIND_WORD, i};
}

/* True where the two dashes at text[0] begin a comment: MySQL wants a blank behind them. */
static bool is_dashes(const char *text, size_t length, bool is_postgresql)
{
    return length >= 2 && text[0] == '-' && text[1] == '-' &&
           (is_postgresql || length == 2 || is_space(text[2]));
}

/* What is neither blank nor comment. */
static struct piece read_token(const char *text, size_t length, bool is_postgresql)
{
    if (is_word_start(text[0]))
        return read_word(text, length, is_postgresql);
    switch (text[0]) {
    case '\'':
    case '"':
        return read_quote(text, length, !is_postgresql);
    case '`':
        return is_postgresql ? (struct piece){KIND_OTHER, 1} : read_quote(text, length, false);
    case '$':
        return is_postgresql ? read_dollar(text, length) : (struct piece){KIND_OTHER, 1};
    case ';':
        return (struct piece){KIND_SEMICOLON, 1};
    case '(':
        return (struct piece){KIND_OPEN, 1};
    case ')':
        return (struct piece){KIND_CLOSE, 1};
    case '\\':
        return (struct piece){is_postgresql ? KIND_BACKSLASH : KIND_OTHER, 1};
    default:
        return (struct piece){KIND_OTHER, 1};
    }
}

static struct piece read_piece(const struct pass *p)
{
    const char *text = p->text + p->at;
    const size_t length = p->length - p->at;
    const bool is_postgresql = p->dialect == MIG_DIALECT_POSTGRESQL;
    size_t blanks = 0;

    if (length == 0)
        return (struct piece){KIND_END, 0};
    while (blanks < length && is_space(text[blanks]))
        blanks++;
    if (blanks > 0)
        return (struct piece){KIND_SPACE, blanks};
    if (is_dashes(text, length, is_postgresql) || (!is_postgresql && text[0] == '#'))
        return (struct piece){KIND_LINE_COMMENT, line_length(text, length)};
    if (length >= 2 && text[0] == '/' && text[1] == '*')
        return read_comment(text, length, is_postgresql);
    return read_token(text, length, is_postgresql);
}

static void fail(struct pass *p, enum mig_script_defect_kind kind, size_t offset, size_t length)
{
    if (p->defect.kind == MIG_SCRIPT_SOUND)
        p->defect =
            (struct mig_script_defect){.kind = kind, .offset = offset, .length = length};
}

static bool is(const struct pass *p, size_t length, const char *word)
{
    return strlen(word) == length && sqlite3_strnicmp(p->text + p->at, word, (int)length) == 0;
}

static bool is_one_of(const struct pass *p, size_t length, const char *const *words)
{
    for (; *words != NULL; words++)
        if (is(p, length, *words))
            return true;
    return false;
}

static void read_directive(struct pass *p, size_t length)
{
    const struct mig_directive directive = mig_directive_read(p->text + p->at, length);
    const bool is_late = p->script.statements > 0 || !p->is_empty;
    enum mig_script_defect_kind kind = MIG_SCRIPT_SOUND;

    if (directive.kind == MIG_DIRECTIVE_NONE)
        return;
    if (directive.kind == MIG_DIRECTIVE_FOREIGN)
        kind = MIG_SCRIPT_FOREIGN_DIRECTIVE;
    else if (directive.kind == MIG_DIRECTIVE_UNKNOWN)
        kind = MIG_SCRIPT_UNKNOWN_DIRECTIVE;
    else if (directive.kind == MIG_DIRECTIVE_UNKNOWN_RULE)
        kind = MIG_SCRIPT_UNKNOWN_RULE;
    else if (is_late)
        kind = MIG_SCRIPT_LATE_DIRECTIVE;
    else if (directive.kind == MIG_DIRECTIVE_NO_TRANSACTION)
        p->script.no_transaction = true;
    p->script.allowed |= directive.rules;
    if (kind != MIG_SCRIPT_SOUND)
        fail(p, kind, p->at + directive.word_at, directive.word_length);
}

/* The first word of a statement. */
static void read_first_word(struct pass *p, size_t length)
{
    static const char *const transaction[] = {"BEGIN", "START", "COMMIT", "END", "ABORT", NULL};
    const bool is_to = is(p, length, "ROLLBACK");

    p->is_create = is(p, length, "CREATE");
    if (p->dialect != MIG_DIALECT_POSTGRESQL || p->script.no_transaction)
        return;
    if (is_to || is_one_of(p, length, transaction))
        fail(p, MIG_SCRIPT_TRANSACTION_WORD, p->at, length);
}

static void read_word_of_body(struct pass *p, size_t length)
{
    static const char *const openers[] = {"BEGIN", "CASE", NULL};
    static const char *const closers[] = {"IF", "LOOP", "WHILE", "REPEAT", NULL};

    if (p->after_end && is_one_of(p, length, closers)) {
        p->blocks++; /* END IF and the like closed no block */
        p->after_end = false;
        return;
    }
    if (p->after_end && is(p, length, "CASE")) {
        p->after_end = false;
        return;
    }
    p->after_end = is(p, length, "END");
    if (p->after_end && p->blocks > 0)
        p->blocks--;
    else if (is_one_of(p, length, openers) && (p->blocks > 0 || is(p, length, "BEGIN")))
        p->blocks++;
}

/* DELIMITER at the beginning of a line, where a statement would begin: a command of the mysql client. */
static bool read_delimiter(struct pass *p, size_t length)
{
    const size_t line = line_length(p->text + p->at, p->length - p->at);
    size_t start = p->at + length;
    size_t end = p->at + line;

    if (p->dialect != MIG_DIALECT_MYSQL || !is(p, length, "DELIMITER"))
        return false;
    while (start < end && is_space(p->text[start]))
        start++;
    while (end > start && is_space(p->text[end - 1]))
        end--;
    if (start == end || end - start >= sizeof(p->delimiter)) {
        fail(p, MIG_SCRIPT_DELIMITER, p->at, length);
        return false;
    }
    memcpy(p->delimiter, p->text + start, end - start);
    p->delimiter[end - start] = '\0';
    if (strcmp(p->delimiter, ";") == 0)
        p->delimiter[0] = '\0';
    p->script.has_delimiter = true;
    p->at += line;
    return true;
}

static void end_statement(struct pass *p)
{
    p->script.statements += p->is_empty ? 0 : 1;
    p->is_empty = true;
    p->words = 0;
    p->is_create = false;
    p->has_body = false;
    p->parentheses = 0;
    p->blocks = 0;
    p->after_end = false;
}

static void take_word(struct pass *p, size_t length)
{
    static const char *const bodies[] = {"FUNCTION", "PROCEDURE", "TRIGGER",
                                         "EVENT",    "PACKAGE",   NULL};

    p->words++;
    if (p->words == 1)
        read_first_word(p, length);
    else if (p->is_create && is_one_of(p, length, bodies))
        p->has_body = true;
    else if (p->has_body)
        read_word_of_body(p, length);
}

static void take_piece(struct pass *p, const struct piece *piece)
{
    switch (piece->kind) {
    case KIND_LINE_COMMENT:
        read_directive(p, piece->length);
        return;
    case KIND_OPEN_COMMENT:
        fail(p, MIG_SCRIPT_OPEN_COMMENT, p->at, 0);
        return;
    case KIND_OPEN_QUOTE:
        fail(p, MIG_SCRIPT_OPEN_QUOTE, p->at, 0);
        return;
    case KIND_BLOCK_COMMENT:
        /* MySQL runs what is in a comment that begins like this. */
        if (p->dialect == MIG_DIALECT_MYSQL && piece->length > 3 && p->text[p->at + 2] == '!')
            p->is_empty = false;
        return;
    case KIND_SPACE:
    case KIND_END:
        return;
    case KIND_BACKSLASH:
        fail(p, MIG_SCRIPT_CLIENT_COMMAND, p->at,
             line_length(p->text + p->at, p->length - p->at));
        return;
    case KIND_SEMICOLON:
        if (p->delimiter[0] == '\0' && p->parentheses == 0 && p->blocks == 0)
            end_statement(p);
        p->after_end = false;
        return;
    case KIND_OPEN:
        p->parentheses += p->dialect == MIG_DIALECT_POSTGRESQL;
        break;
    case KIND_CLOSE:
        p->parentheses -= p->parentheses > 0;
        break;
    case KIND_WORD:
        take_word(p, piece->length);
        break;
    case KIND_QUOTE:
    case KIND_OTHER:
        break;
    }
    p->is_empty = false;
}

/* True when the delimiter that the file has set stands here; it ends the statement. */
static bool take_delimiter(struct pass *p)
{
    const size_t length = strlen(p->delimiter);

    if (length == 0 || p->length - p->at < length ||
        memcmp(p->text + p->at, p->delimiter, length) != 0)
        return false;
    end_statement(p);
    p->at += length;
    return true;
}

static bool check_bytes(struct pass *p)
{
    const char *nul = memchr(p->text, '\0', p->length);

    if (p->length >= 2 &&
        (memcmp(p->text, "\xFF\xFE", 2) == 0 || memcmp(p->text, "\xFE\xFF", 2) == 0))
        fail(p, MIG_SCRIPT_UTF16, 0, 0);
    else if (nul != NULL)
        fail(p, MIG_SCRIPT_NUL, (size_t)(nul - p->text), 0);
    else if (p->length >= 3 && memcmp(p->text, "\xEF\xBB\xBF", 3) == 0)
        p->script.body = 3;
    p->at = p->script.body;
    return p->defect.kind == MIG_SCRIPT_SOUND;
}

bool mig_foreign_check(const char *text, size_t length, enum mig_dialect dialect,
                       struct mig_script *out_script, struct mig_script_defect *out_defect)
{
    struct pass p = {.text = text, .length = length, .dialect = dialect, .is_empty = true};
    bool goes_on = check_bytes(&p);

    while (goes_on && p.at < length && p.defect.kind == MIG_SCRIPT_SOUND) {
        const struct piece piece = read_piece(&p);
        const bool is_quiet = piece.kind == KIND_SPACE || piece.kind == KIND_LINE_COMMENT ||
                              piece.kind == KIND_BLOCK_COMMENT;

        if (!is_quiet && take_delimiter(&p))
            continue;
        if (piece.kind == KIND_WORD && p.words == 0 && read_delimiter(&p, piece.length))
            continue;
        take_piece(&p, &piece);
        p.at += piece.length;
    }
    if (p.defect.kind == MIG_SCRIPT_SOUND && !p.is_empty)
        fail(&p, MIG_SCRIPT_NO_SEMICOLON, length, 0);
    if (p.defect.kind == MIG_SCRIPT_SOUND && p.script.statements == 0)
        fail(&p, MIG_SCRIPT_NO_STATEMENT, 0, 0);
    *out_script = p.script;
    *out_defect = p.defect;
    return p.defect.kind == MIG_SCRIPT_SOUND;
}
