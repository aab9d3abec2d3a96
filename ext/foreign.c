#include "compiler.h"

#include "foreign.h"

#include "directive.h"
#include "foreign_token.h"
#include "sqlite_api.h"

/* The first word of a statement, as far as the next ones are looked at because of it. */
enum start {
    START_OTHER,
    START_CREATE,
    START_DROP,
    START_ALTER,
    START_REINDEX,
    START_COPY,
    START_PREPARE,
};

/* One pass over a text. */
struct pass {
    const char *text;
    size_t length;
    enum mig_dialect dialect;
    enum mig_script_place place;
    struct mig_script script;
    struct mig_script_defect defect;
    size_t at;
    size_t words;     /* of the statement that is read */
    enum start start; /* the first of them */
    bool after_index; /* the last word was INDEX */
    bool has_body;    /* it is CREATE of something that has a body of statements */
    int parentheses;  /* open ones: a semicolon in them ends nothing (rules of PostgreSQL) */
    int blocks;       /* open BEGIN and CASE of the body */
    bool after_end;   /* the last word was END */
    bool is_empty;    /* nothing of the statement was read yet */
    char delimiter[MIG_FOREIGN_DELIMITER]; /* as in struct mig_foreign_cursor */
};

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
    else if (directive.kind == MIG_DIRECTIVE_NO_TRANSACTION && p->place == MIG_SCRIPT_PROGRAM)
        kind = MIG_SCRIPT_DIRECTIVE_PROGRAM;
    else if (is_late)
        kind = MIG_SCRIPT_LATE_DIRECTIVE;
    else if (directive.kind == MIG_DIRECTIVE_NO_TRANSACTION)
        p->script.no_transaction = true;
    p->script.allows_broken_view |= directive.approval.rule == MIG_RULE_BROKEN_VIEW;
    if (kind != MIG_SCRIPT_SOUND)
        fail(p, kind, p->at + directive.word_at, directive.word_length);
}

static enum start read_start(const struct pass *p, size_t length)
{
    static const char *const starts[] = {
        [START_CREATE] = "CREATE",   [START_DROP] = "DROP", [START_ALTER] = "ALTER",
        [START_REINDEX] = "REINDEX", [START_COPY] = "COPY", [START_PREPARE] = "PREPARE",
    };

    for (size_t i = START_CREATE; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (is(p, length, starts[i]))
            return (enum start)i;
    return START_OTHER;
}

/* A first word that MySQL's client would take for itself, or that leads away from the database. */
static void check_client_word(struct pass *p, size_t length)
{
    static const char *const commands[] = {
        "CLEAR",  "CONNECT",         "EDIT",  "EGO",     "EXIT",    "GO",       "NOPAGER",
        "NOTEE",  "PAGER",           "PRINT", "PROMPT",  "QUIT",    "REHASH",   "SOURCE",
        "STATUS", "SYSTEM",          "TEE",   "CHARSET", "SANDBOX", "WARNINGS", "NOWARNING",
        "COSTS",  "RESETCONNECTION", NULL};

    if (is(p, length, "USE"))
        fail(p, MIG_SCRIPT_USE_WORD, p->at, length);
    else if (is_one_of(p, length, commands))
        fail(p, MIG_SCRIPT_MYSQL_COMMAND, p->at, length);
}

/* The first word of a statement. */
static void read_first_word(struct pass *p, size_t length)
{
    static const char *const transaction[] = {"BEGIN", "START",    "COMMIT", "END",
                                              "ABORT", "ROLLBACK", NULL};

    p->start = read_start(p, length);
    if (p->dialect == MIG_DIALECT_MYSQL)
        check_client_word(p, length);
    else if (!p->script.no_transaction && is_one_of(p, length, transaction))
        fail(p, MIG_SCRIPT_TRANSACTION_WORD, p->at, length);
    else if (!p->script.no_transaction && is(p, length, "VACUUM"))
        fail(p, MIG_SCRIPT_VACUUM_WORD, p->at, length);
}

/*
 * True for a word behind the first that makes a statement one which PostgreSQL refuses in a transaction.
 * CONCURRENTLY is no name there unless it is quoted.
 */
static bool is_lonely_word(const struct pass *p, size_t length)
{
    static const char *const whole[] = {"DATABASE", "TABLESPACE", NULL};
    static const char *const again[] = {"DATABASE", "SCHEMA", "SYSTEM", NULL};
    const bool is_concurrently = is(p, length, "CONCURRENTLY");

    switch (p->start) {
    case START_CREATE:
    case START_DROP:
        return p->words == 2 ? is_one_of(p, length, whole) : is_concurrently && p->after_index;
    case START_ALTER:
        return p->words == 2 && is(p, length, "SYSTEM");
    case START_REINDEX:
        return is_concurrently || (p->words == 2 && is_one_of(p, length, again));
    case START_COPY:
    case START_PREPARE:
    case START_OTHER:
        break;
    }
    return false;
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
    const size_t line = mig_foreign_line_length(p->text + p->at, p->length - p->at);
    size_t start = p->at + length;
    size_t end = p->at + line;

    if (p->dialect != MIG_DIALECT_MYSQL || !is(p, length, "DELIMITER"))
        return false;
    while (start < end && mig_foreign_is_space(p->text[start]))
        start++;
    while (end > start && mig_foreign_is_space(p->text[end - 1]))
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
    p->start = START_OTHER;
    p->after_index = false;
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
    else if (p->start == START_CREATE && is_one_of(p, length, bodies))
        p->has_body = true;
    else if (p->has_body)
        read_word_of_body(p, length);
    else if (p->dialect == MIG_DIALECT_POSTGRESQL && !p->script.no_transaction &&
             is_lonely_word(p, length))
        fail(p, MIG_SCRIPT_VACUUM_WORD, p->at, length);
    else if (p->dialect == MIG_DIALECT_POSTGRESQL && !p->script.no_transaction &&
             p->start == START_PREPARE && p->words == 2 && is(p, length, "TRANSACTION"))
        fail(p, MIG_SCRIPT_TRANSACTION_WORD, p->at, length); /* it would end it, uncommitted */
    else if (p->dialect == MIG_DIALECT_POSTGRESQL && p->start == START_COPY &&
             is(p, length, "STDIN"))
        fail(p, MIG_SCRIPT_COPY_STDIN, p->at, length);
    p->after_index = is(p, length, "INDEX");
}

static void take_token(struct pass *p, const struct mig_foreign_token *token)
{
    switch (token->kind) {
    case MIG_FOREIGN_LINE_COMMENT:
        read_directive(p, token->length);
        return;
    case MIG_FOREIGN_OPEN_COMMENT:
        fail(p, MIG_SCRIPT_OPEN_COMMENT, p->at, 0);
        return;
    case MIG_FOREIGN_OPEN_QUOTE:
        fail(p, MIG_SCRIPT_OPEN_QUOTE, p->at, 0);
        return;
    case MIG_FOREIGN_BLOCK_COMMENT:
        if (mig_foreign_run_comment(p->text + p->at, token->length, p->dialect) > 0)
            p->is_empty = false;
        return;
    case MIG_FOREIGN_SPACE:
    case MIG_FOREIGN_END:
        return;
    case MIG_FOREIGN_BACKSLASH:
        fail(p,
             p->dialect == MIG_DIALECT_MYSQL ? MIG_SCRIPT_MYSQL_COMMAND
                                             : MIG_SCRIPT_CLIENT_COMMAND,
             p->at, mig_foreign_line_length(p->text + p->at, p->length - p->at));
        return;
    case MIG_FOREIGN_SEMICOLON:
        if (p->delimiter[0] == '\0' && p->parentheses == 0 && p->blocks == 0)
            end_statement(p);
        p->after_end = false;
        return;
    case MIG_FOREIGN_OPEN:
        p->parentheses += p->dialect == MIG_DIALECT_POSTGRESQL;
        break;
    case MIG_FOREIGN_CLOSE:
        p->parentheses -= p->parentheses > 0;
        break;
    case MIG_FOREIGN_WORD:
        take_word(p, token->length);
        break;
    case MIG_FOREIGN_QUOTE:
    case MIG_FOREIGN_OTHER:
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

/* A word ends where the delimiter stands in it: END$$. */
static void cut_word(const struct pass *p, struct mig_foreign_token *token)
{
    const size_t length = strlen(p->delimiter);

    if (token->kind != MIG_FOREIGN_WORD || length == 0)
        return;
    for (size_t i = 1; i < token->length && p->length - p->at - i >= length; i++) {
        if (memcmp(p->text + p->at + i, p->delimiter, length) == 0) {
            token->length = i;
            return;
        }
    }
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

/* Takes what stands next. */
static void take_next(struct pass *p)
{
    struct mig_foreign_token token =
        mig_foreign_token_read(p->text + p->at, p->length - p->at, p->dialect);
    const bool is_quiet = token.kind == MIG_FOREIGN_SPACE ||
                          token.kind == MIG_FOREIGN_LINE_COMMENT ||
                          token.kind == MIG_FOREIGN_BLOCK_COMMENT;

    if (!is_quiet && take_delimiter(p))
        return;
    if (token.kind == MIG_FOREIGN_WORD && p->words == 0 && read_delimiter(p, token.length))
        return;
    cut_word(p, &token);
    take_token(p, &token);
    p->at += token.length;
}

bool mig_foreign_check(const char *text, size_t length, enum mig_dialect dialect,
                       enum mig_script_place place, struct mig_script *out_script,
                       struct mig_script_defect *out_defect)
{
    struct pass p = {
        .text = text, .length = length, .dialect = dialect, .place = place, .is_empty = true};
    bool goes_on = check_bytes(&p);

    while (goes_on && p.at < length && p.defect.kind == MIG_SCRIPT_SOUND)
        take_next(&p);
    if (p.defect.kind == MIG_SCRIPT_SOUND && !p.is_empty)
        fail(&p, MIG_SCRIPT_NO_SEMICOLON, length, 0);
    if (p.defect.kind == MIG_SCRIPT_SOUND && p.script.statements == 0)
        fail(&p, MIG_SCRIPT_NO_STATEMENT, 0, 0);
    *out_script = p.script;
    *out_defect = p.defect;
    return p.defect.kind == MIG_SCRIPT_SOUND;
}

bool mig_foreign_next(const char *text, size_t length, enum mig_dialect dialect,
                      struct mig_foreign_cursor *cursor, struct mig_statement *out_statement)
{
    struct pass p = {.text = text, .length = length, .dialect = dialect, .is_empty = true};
    size_t start = length;

    p.at = cursor->at;
    if (p.at == 0 && length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        p.at = 3;
    memcpy(p.delimiter, cursor->delimiter, sizeof(p.delimiter));
    while (p.at < length && p.script.statements == 0) {
        const bool was_empty = p.is_empty;
        const size_t at = p.at;

        take_next(&p);
        if (was_empty && !p.is_empty)
            start = at;
    }
    cursor->at = p.at;
    memcpy(cursor->delimiter, p.delimiter, sizeof(p.delimiter));
    *out_statement =
        (struct mig_statement){MIG_STATEMENT_ORDINARY, start, p.at, p.script.statements > 0};
    return start < length;
}
