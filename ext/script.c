#include "compiler.h"

#include "script.h"

#include "token.h"

/*
 * Where a statement is, so that the semicolons of a trigger's body do not end it, nor those among
 * the arguments of a virtual table, which SQLite hands to the module as they are.
 */
enum boundary {
    AT_START,
    IN_STATEMENT,
    IN_EXPLAIN, /* EXPLAIN, or EXPLAIN QUERY PLAN */
    IN_CREATE,  /* CREATE, or CREATE TEMP */
    IN_TRIGGER,
    IN_TRIGGER_SEMICOLON,
    IN_TRIGGER_END, /* END behind a semicolon of the trigger */
    IN_VIRTUAL,
};

/* The boundary behind a word at the head of a statement, where its first words tell what it is. */
static enum boundary advance_in_head(enum boundary from, const struct mig_token *token)
{
    static const struct {
        const char *word;
        enum boundary from;
        enum boundary to;
    } ways[] = {
        {"EXPLAIN", AT_START, IN_EXPLAIN},   {"CREATE", AT_START, IN_CREATE},
        {"QUERY", IN_EXPLAIN, IN_EXPLAIN},   {"PLAN", IN_EXPLAIN, IN_EXPLAIN},
        {"CREATE", IN_EXPLAIN, IN_CREATE},   {"TEMP", IN_CREATE, IN_CREATE},
        {"TEMPORARY", IN_CREATE, IN_CREATE}, {"TRIGGER", IN_CREATE, IN_TRIGGER},
        {"VIRTUAL", IN_CREATE, IN_VIRTUAL},
    };

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (ways[i].from == from && mig_token_is_word(token, ways[i].word))
            return ways[i].to;
    }
    return IN_STATEMENT;
}

/* The boundary behind a token that means something. AT_START: the token ended a statement. */
static enum boundary advance(enum boundary from, const struct mig_token *token)
{
    bool is_semicolon = token->kind == MIG_TOKEN_SEMICOLON;

    switch (from) {
    case AT_START:
    case IN_EXPLAIN:
    case IN_CREATE:
        return is_semicolon ? AT_START : advance_in_head(from, token);
    case IN_TRIGGER:
        return is_semicolon ? IN_TRIGGER_SEMICOLON : IN_TRIGGER;
    case IN_TRIGGER_SEMICOLON:
        if (is_semicolon)
            return IN_TRIGGER_SEMICOLON;
        return mig_token_is_word(token, "END") ? IN_TRIGGER_END : IN_TRIGGER;
    case IN_TRIGGER_END:
        return is_semicolon ? AT_START : IN_TRIGGER;
    case IN_STATEMENT:
    case IN_VIRTUAL:
        break;
    }
    return is_semicolon ? AT_START : from;
}

/* The kind of a CREATE, of which `position` is behind that word. */
static enum mig_statement_kind classify_create(const char *text, size_t length, size_t position)
{
    struct mig_token token = mig_token_next(text, length, &position);

    while (mig_token_is_word(&token, "TEMP") || mig_token_is_word(&token, "TEMPORARY"))
        token = mig_token_next(text, length, &position);
    if (mig_token_is_word(&token, "VIEW") || mig_token_is_word(&token, "TRIGGER"))
        return MIG_STATEMENT_CREATE_BODY;
    return MIG_STATEMENT_BUILD;
}

/* The kind of the statement that starts at text[0], which is a token that means something. */
static enum mig_statement_kind classify(const char *text, size_t length)
{
    static const struct {
        const char *word;
        enum mig_statement_kind kind;
    } words[] = {
        {"INSERT", MIG_STATEMENT_WRITE},         {"REPLACE", MIG_STATEMENT_WRITE},
        {"UPDATE", MIG_STATEMENT_WRITE},         {"DELETE", MIG_STATEMENT_WRITE},
        {"WITH", MIG_STATEMENT_WRITE},           {"ALTER", MIG_STATEMENT_ALTER},
        {"DROP", MIG_STATEMENT_DROP_TABLE},      {"BEGIN", MIG_STATEMENT_TRANSACTION},
        {"COMMIT", MIG_STATEMENT_TRANSACTION},   {"END", MIG_STATEMENT_TRANSACTION},
        {"ROLLBACK", MIG_STATEMENT_TRANSACTION}, {"SAVEPOINT", MIG_STATEMENT_TRANSACTION},
        {"RELEASE", MIG_STATEMENT_TRANSACTION},  {"ATTACH", MIG_STATEMENT_ATTACH},
        {"DETACH", MIG_STATEMENT_ATTACH},        {"VACUUM", MIG_STATEMENT_VACUUM},
        {"PRAGMA", MIG_STATEMENT_PRAGMA},        {"EXPLAIN", MIG_STATEMENT_EXPLAIN},
        {"CREATE", MIG_STATEMENT_CREATE_BODY},   {"ANALYZE", MIG_STATEMENT_BUILD},
        {"REINDEX", MIG_STATEMENT_BUILD},
    };
    size_t position = 0;
    struct mig_token first = mig_token_next(text, length, &position);
    size_t behind = position;
    struct mig_token second = mig_token_next(text, length, &behind);
    enum mig_statement_kind kind = MIG_STATEMENT_ORDINARY;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (mig_token_is_word(&first, words[i].word))
            kind = words[i].kind;
    }
    if (kind == MIG_STATEMENT_DROP_TABLE && !mig_token_is_word(&second, "TABLE"))
        return MIG_STATEMENT_ORDINARY;
    if (kind == MIG_STATEMENT_CREATE_BODY)
        return classify_create(text, length, position);
    return kind;
}

static bool is_byte(const struct mig_token *token, char byte)
{
    return token->kind == MIG_TOKEN_OTHER && token->text[0] == byte;
}

/* How many parentheses are open behind the token. */
static size_t depth_behind(const struct mig_token *token, size_t depth)
{
    if (is_byte(token, '('))
        return depth + 1;
    return is_byte(token, ')') && depth > 0 ? depth - 1 : depth;
}

bool mig_script_next(const char *text, size_t length, size_t *position,
                     struct mig_statement *out_statement)
{
    enum boundary boundary = AT_START;
    size_t depth = 0; /* of the arguments of a virtual table */
    struct mig_token token;

    *out_statement = (struct mig_statement){.start = length, .end = length};
    do
        token = mig_token_next(text, length, position);
    while (token.kind == MIG_TOKEN_SEMICOLON);
    if (token.kind == MIG_TOKEN_END)
        return false;

    out_statement->start = *position - token.length;
    out_statement->kind = classify(text + out_statement->start, length - out_statement->start);
    while (token.kind != MIG_TOKEN_END) {
        if (boundary == IN_VIRTUAL)
            depth = depth_behind(&token, depth);
        if (depth == 0 || token.kind != MIG_TOKEN_SEMICOLON)
            boundary = advance(boundary, &token);
        if (boundary == AT_START) {
            out_statement->closed = true;
            break;
        }
        token = mig_token_next(text, length, position);
    }
    out_statement->end = *position;
    return true;
}

/*
 * Copies what the token stands for into out[size], in lower case; "" when it has no room.
 * size is at most that of the fields of struct mig_pragma.
 */
static void copy_lower(const struct mig_token *token, char *out, size_t size)
{
    /* In a quoted name, every byte may take two. */
    char buffer[2 * sizeof(struct mig_pragma)];
    size_t length = 0;

    if (token->length >= sizeof buffer)
        return;
    length = mig_token_unquote(token, buffer);
    if (length >= size)
        return;
    memcpy(out, buffer, length + 1);
    for (size_t i = 0; i < length; i++) {
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] |= 0x20;
    }
}

/* The value of a pragma, from behind its `=` or `(` on; a sign belongs to it. */
static void read_value(const char *text, size_t length, size_t position,
                       struct mig_pragma *pragma)
{
    struct mig_token token = mig_token_next(text, length, &position);
    size_t sign = is_byte(&token, '-') ? 1 : 0;

    if (sign == 1 || is_byte(&token, '+'))
        token = mig_token_next(text, length, &position);
    pragma->has_value = token.kind != MIG_TOKEN_END && token.kind != MIG_TOKEN_SEMICOLON &&
                        token.kind != MIG_TOKEN_OTHER;
    if (!pragma->has_value)
        return;
    copy_lower(&token, pragma->value + sign, sizeof pragma->value - sign);
    if (sign == 1 && pragma->value[1] != '\0')
        pragma->value[0] = '-';
}

/* The length of what may stand before the first statement, as far as the token goes. 0: the statement. */
static size_t measure_preface(const char *text, size_t length)
{
    struct mig_token token = mig_token_at(text, length);
    const char *line_feed = NULL;

    switch (token.kind) {
    case MIG_TOKEN_SPACE:
    case MIG_TOKEN_LINE_COMMENT:
    case MIG_TOKEN_BLOCK_COMMENT:
    case MIG_TOKEN_SEMICOLON:
        return token.length;
    case MIG_TOKEN_END:
    case MIG_TOKEN_WORD:
    case MIG_TOKEN_NAME:
    case MIG_TOKEN_STRING:
    case MIG_TOKEN_NUMBER:
    case MIG_TOKEN_PARAMETER:
    case MIG_TOKEN_OTHER:
    case MIG_TOKEN_OPEN_COMMENT:
    case MIG_TOKEN_OPEN_QUOTE:
        break;
    }
    if (token.length == 0 || text[0] != '#')
        return 0;
    line_feed = memchr(text, '\n', length); /* a comment of MySQL */
    return line_feed == NULL ? length : (size_t)(line_feed - text);
}

bool mig_script_next_approval(const char *text, size_t length, size_t *position,
                              struct mig_approval *out_approval)
{
    size_t preface = 0;

    if (*position == 0 && length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        *position = 3;
    while ((preface = measure_preface(text + *position, length - *position)) > 0) {
        const char *comment = text + *position;
        struct mig_directive directive;

        *position += preface;
        if (comment[0] != '#' && comment[0] != '-')
            continue;
        directive = mig_directive_read(comment, preface);
        *out_approval = directive.approval;
        if (directive.kind == MIG_DIRECTIVE_ALLOW)
            return true;
    }
    return false;
}

void mig_script_pragma(const char *text, size_t length, struct mig_pragma *out_pragma)
{
    size_t position = 0;
    struct mig_token token;

    *out_pragma = (struct mig_pragma){.has_value = false};
    (void)mig_token_next(text, length, &position); /* PRAGMA itself */
    token = mig_token_next(text, length, &position);
    if (!mig_token_is_name(&token))
        return;
    copy_lower(&token, out_pragma->name, sizeof out_pragma->name);

    token = mig_token_next(text, length, &position);
    if (is_byte(&token, '.')) {
        token = mig_token_next(text, length, &position);
        out_pragma->name[0] = '\0';
        if (!mig_token_is_name(&token))
            return;
        copy_lower(&token, out_pragma->name, sizeof out_pragma->name);
        token = mig_token_next(text, length, &position);
    }
    if (is_byte(&token, '=') || is_byte(&token, '('))
        read_value(text, length, position, out_pragma);
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0U) == 0x80U;
}

struct mig_position mig_script_position(const char *text, size_t length, size_t offset)
{
    struct mig_position place = {.line = 1, .column = 1};
    const char *line_feed = NULL;

    /* Nobody sees a byte order mark, so nobody counts it. */
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        place.line_start = 3;
    if (offset > length)
        offset = length;
    if (offset < place.line_start)
        offset = place.line_start;

    for (size_t i = place.line_start; i < offset; i++) {
        if (text[i] == '\n') {
            place.line++;
            place.line_start = i + 1;
        }
    }
    line_feed = memchr(text + place.line_start, '\n', length - place.line_start);
    place.line_length =
        (line_feed == NULL ? length : (size_t)(line_feed - text)) - place.line_start;
    if (line_feed != NULL && place.line_length > 0 && line_feed[-1] == '\r')
        place.line_length--;

    while (offset > place.line_start && offset < length && is_continuation(text[offset]))
        offset--;
    for (size_t i = place.line_start; i < offset; i++) {
        if (!is_continuation(text[i]))
            place.column++;
    }
    return place;
}
