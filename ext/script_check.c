#include "compiler.h"

#include "directive.h"
#include "script.h"
#include "token.h"

/* One pass over a text: what is known so far, and the first thing found wrong. */
struct check {
    const char *text;
    size_t length;
    enum mig_script_place place;
    struct mig_script script;
    struct mig_script_defect defect;
};

/* Only the first defect counts; what comes behind it may only follow from it. */
static void fail(struct check *check, enum mig_script_defect_kind kind, size_t offset,
                 size_t length)
{
    if (check->defect.kind == MIG_SCRIPT_SOUND)
        check->defect =
            (struct mig_script_defect){.kind = kind, .offset = offset, .length = length};
}

static bool has_failed(const struct check *check)
{
    return check->defect.kind != MIG_SCRIPT_SOUND;
}

static bool is_in_transaction(const struct check *check)
{
    return check->place == MIG_SCRIPT_PROGRAM || !check->script.no_transaction;
}

/* True for a byte order mark of UTF-16, and for text that looks like ASCII in UTF-16. */
static bool is_utf16(const char *text, size_t length)
{
    size_t pairs = length < 16 ? length / 2 : 8;
    size_t nuls[2] = {0, 0};

    if (length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
        return true;
    /* One character alone is more likely a stray NUL. */
    if (length < 4)
        return false;
    for (size_t i = 0; i < 2 * pairs; i++) {
        if (text[i] == '\0')
            nuls[i % 2]++;
    }
    return (nuls[0] == pairs && nuls[1] == 0) || (nuls[0] == 0 && nuls[1] == pairs);
}

static void check_encoding(struct check *check)
{
    const char *nul = memchr(check->text, '\0', check->length);

    if (is_utf16(check->text, check->length))
        fail(check, MIG_SCRIPT_UTF16, 0, 0);
    else if (nul != NULL)
        fail(check, MIG_SCRIPT_NUL, (size_t)(nul - check->text), 0);
    else if (check->length >= 3 && memcmp(check->text, "\xEF\xBB\xBF", 3) == 0)
        check->script.body = 3;
}

static void check_line_ends(struct check *check, size_t offset, size_t length)
{
    for (size_t i = offset; i < offset + length; i++) {
        if (check->text[i] != '\r')
            continue;
        if (i + 1 == check->length || check->text[i + 1] != '\n')
            fail(check, MIG_SCRIPT_LONE_CR, i, 0);
    }
}

static void check_line_comment(struct check *check, size_t offset, size_t length)
{
    struct mig_directive directive = mig_directive_read(check->text + offset, length);
    bool is_late = check->script.statements > 0;
    enum mig_script_defect_kind kind = MIG_SCRIPT_SOUND;

    check_line_ends(check, offset, length);
    switch (directive.kind) {
    case MIG_DIRECTIVE_NONE:
        return;
    case MIG_DIRECTIVE_FOREIGN:
        kind = MIG_SCRIPT_FOREIGN_DIRECTIVE;
        break;
    case MIG_DIRECTIVE_UNKNOWN:
        kind = MIG_SCRIPT_UNKNOWN_DIRECTIVE;
        break;
    case MIG_DIRECTIVE_UNKNOWN_RULE:
        kind = MIG_SCRIPT_UNKNOWN_RULE;
        break;
    case MIG_DIRECTIVE_NO_TRANSACTION:
        if (check->place == MIG_SCRIPT_PROGRAM)
            kind = MIG_SCRIPT_DIRECTIVE_PROGRAM;
        else if (!is_late)
            check->script.no_transaction = true;
        break;
    case MIG_DIRECTIVE_ALLOW:
        check->script.allows_broken_view |= directive.approval.rule == MIG_RULE_BROKEN_VIEW;
        break;
    }
    if (kind == MIG_SCRIPT_SOUND && is_late)
        kind = MIG_SCRIPT_LATE_DIRECTIVE;
    if (kind != MIG_SCRIPT_SOUND)
        fail(check, kind, offset + directive.word_at, directive.word_length);
}

static bool is_blank_up_to_line_end(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r'))
        i++;
    return i == length || text[i] == '\n';
}

static bool is_alone_on_line(const struct check *check, size_t offset, size_t length)
{
    size_t start = offset;

    while (start > 0 && (check->text[start - 1] == ' ' || check->text[start - 1] == '\t'))
        start--;
    return (start == 0 || check->text[start - 1] == '\n') &&
           is_blank_up_to_line_end(check->text + offset + length,
                                   check->length - offset - length);
}

/*
 * GO between two batches that no semicolon divides. Only where no SQL could go on with a name
 * called "go": before the end, and before words that must start a statement. (In a trigger's
 * head, INSERT may follow its name.)
 */
static bool is_batch_separator(const struct check *check, const struct mig_token *token,
                               size_t offset, bool is_trigger)
{
    static const char *const starts[] = {"CREATE", "ALTER", "INSERT", "UPDATE", "DELETE"};
    size_t position = offset + token->length;
    struct mig_token next;

    if (!mig_token_is_word(token, "GO") || !is_alone_on_line(check, offset, token->length))
        return false;
    next = mig_token_next(check->text, check->length, &position);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0] && !is_trigger; i++) {
        if (mig_token_is_word(&next, starts[i]))
            return true;
    }
    return next.kind == MIG_TOKEN_END;
}

/* The name of the pragma as it is written, with its schema. */
static void fail_pragma(struct check *check, const struct mig_statement *statement,
                        enum mig_script_defect_kind kind)
{
    size_t position = statement->start;
    size_t start = 0;
    size_t end = 0;
    struct mig_token token;

    (void)mig_token_next(check->text, statement->end, &position); /* PRAGMA itself */
    token = mig_token_next(check->text, statement->end, &position);
    start = position - token.length;
    while (mig_token_is_name(&token) || (token.length == 1 && token.text[0] == '.')) {
        end = position;
        token = mig_token_next(check->text, statement->end, &position);
    }
    fail(check, kind, start, end - start);
}

static void check_pragma(struct check *check, const struct mig_statement *statement)
{
    static const struct {
        const char *name;
        bool is_read_without_value;
    } refused[] = {
        {"journal_mode", true},
        {"synchronous", true},
        {"temp_store", true},
        {"wal_checkpoint", false},
    };
    struct mig_pragma pragma;

    mig_script_pragma(check->text + statement->start, statement->end - statement->start,
                      &pragma);
    if (strcmp(pragma.name, "case_sensitive_like") == 0 && pragma.has_value)
        fail_pragma(check, statement, MIG_SCRIPT_PRAGMA_NEVER);
    if (!is_in_transaction(check))
        return;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (strcmp(pragma.name, refused[i].name) == 0 &&
            (pragma.has_value || !refused[i].is_read_without_value))
            fail_pragma(check, statement, MIG_SCRIPT_PRAGMA_NO_EFFECT);
    }
}

/* Input of another program, where a statement should start. */
static void check_stranger(struct check *check, size_t start)
{
    size_t position = start;
    struct mig_token first = mig_token_next(check->text, check->length, &position);
    struct mig_token second = mig_token_at(check->text + position, check->length - position);

    if (first.text[0] == '.' && second.kind == MIG_TOKEN_WORD)
        fail(check, MIG_SCRIPT_DOT_COMMAND, start, first.length + second.length);
    else if (mig_token_is_word(&first, "GO"))
        fail(check, MIG_SCRIPT_BATCH_SEPARATOR, start, first.length);
    else if (mig_token_is_word(&first, "DELIMITER"))
        fail(check, MIG_SCRIPT_DELIMITER, start, first.length);
}

static void check_first_word(struct check *check, const struct mig_statement *statement)
{
    size_t position = statement->start;
    size_t length = mig_token_next(check->text, check->length, &position).length;
    enum mig_script_defect_kind kind = MIG_SCRIPT_SOUND;

    switch (statement->kind) {
    case MIG_STATEMENT_EXPLAIN:
        fail(check, MIG_SCRIPT_EXPLAIN_WORD, statement->start, length);
        return;
    case MIG_STATEMENT_TRANSACTION:
        kind = MIG_SCRIPT_TRANSACTION_WORD;
        break;
    case MIG_STATEMENT_ATTACH:
        kind = MIG_SCRIPT_ATTACH_WORD;
        break;
    case MIG_STATEMENT_VACUUM:
        kind = MIG_SCRIPT_VACUUM_WORD;
        break;
    case MIG_STATEMENT_PRAGMA:
        check_pragma(check, statement);
        return;
    case MIG_STATEMENT_ORDINARY:
    case MIG_STATEMENT_BUILD:
        check_stranger(check, statement->start);
        return;
    case MIG_STATEMENT_EMPTY:
    case MIG_STATEMENT_WRITE:
    case MIG_STATEMENT_ALTER:
    case MIG_STATEMENT_DROP_TABLE:
    case MIG_STATEMENT_CREATE_BODY:
        return;
    }
    if (is_in_transaction(check))
        fail(check, kind, statement->start, length);
}

/* The token at `offset`, whatever stands around it. */
static void check_token(struct check *check, const struct mig_token *token, size_t offset)
{
    switch (token->kind) {
    case MIG_TOKEN_SPACE:
    case MIG_TOKEN_BLOCK_COMMENT:
        check_line_ends(check, offset, token->length);
        break;
    case MIG_TOKEN_LINE_COMMENT:
        check_line_comment(check, offset, token->length);
        break;
    case MIG_TOKEN_OPEN_COMMENT:
        fail(check, MIG_SCRIPT_OPEN_COMMENT, offset, 0);
        break;
    case MIG_TOKEN_OPEN_QUOTE:
        fail(check, MIG_SCRIPT_OPEN_QUOTE, offset, 0);
        break;
    case MIG_TOKEN_PARAMETER:
        fail(check, MIG_SCRIPT_PARAMETER, offset, token->length);
        break;
    case MIG_TOKEN_END:
    case MIG_TOKEN_WORD:
    case MIG_TOKEN_NAME:
    case MIG_TOKEN_STRING:
    case MIG_TOKEN_NUMBER:
    case MIG_TOKEN_SEMICOLON:
    case MIG_TOKEN_OTHER:
        break;
    }
}

static void check_tokens(struct check *check, size_t start, size_t end)
{
    size_t position = start;

    while (position < end && !has_failed(check)) {
        struct mig_token token = mig_token_at(check->text + position, check->length - position);

        check_token(check, &token, position);
        position += token.length;
    }
}

static bool is_create_trigger(const char *text, size_t length)
{
    size_t position = 0;
    struct mig_token token = mig_token_next(text, length, &position);

    if (!mig_token_is_word(&token, "CREATE"))
        return false;
    token = mig_token_next(text, length, &position);
    while (mig_token_is_word(&token, "TEMP") || mig_token_is_word(&token, "TEMPORARY"))
        token = mig_token_next(text, length, &position);
    return mig_token_is_word(&token, "TRIGGER");
}

/* What only the run of the tokens shows: a GO in their midst, and how the last one ends. */
static void check_end(struct check *check, const struct mig_statement *statement)
{
    bool is_trigger =
        is_create_trigger(check->text + statement->start, statement->end - statement->start);
    struct mig_token token = {.kind = MIG_TOKEN_END};
    size_t position = statement->start;
    bool has_end = false;

    for (;;) {
        struct mig_token previous = token;

        token = mig_token_next(check->text, statement->end, &position);
        if (token.kind == MIG_TOKEN_END)
            break;
        if (is_batch_separator(check, &token, position - token.length, is_trigger))
            fail(check, MIG_SCRIPT_BATCH_SEPARATOR, position - token.length, token.length);
        has_end = previous.kind == MIG_TOKEN_SEMICOLON && mig_token_is_word(&token, "END");
    }
    if (!statement->closed)
        fail(check, is_trigger && !has_end ? MIG_SCRIPT_OPEN_TRIGGER : MIG_SCRIPT_NO_SEMICOLON,
             statement->start, 0);
}

bool mig_script_check(const char *text, size_t length, enum mig_script_place place,
                      struct mig_script *out_script, struct mig_script_defect *out_defect)
{
    struct check check = {.text = text, .length = length, .place = place};
    struct mig_statement statement;
    size_t position = 0;
    size_t behind = 0; /* the statement before */

    check_encoding(&check);
    while (!has_failed(&check) && mig_script_next(text, length, &position, &statement)) {
        check_tokens(&check, behind, statement.start);
        check.script.statements++;
        check_first_word(&check, &statement);
        check_tokens(&check, statement.start, statement.end);
        check_end(&check, &statement);
        behind = statement.end;
    }
    check_tokens(&check, behind, length);
    if (check.script.statements == 0)
        fail(&check, MIG_SCRIPT_NO_STATEMENT, check.script.body, 0);

    *out_defect = check.defect;
    if (has_failed(&check))
        check.script = (struct mig_script){.body = 0};
    *out_script = check.script;
    return !has_failed(&check);
}
