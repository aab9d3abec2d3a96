#include "compiler.h"

#include "head.h"

/* A place in a statement, and the token that stands there. */
struct reader {
    const char *text;
    size_t length;
    size_t position; /* behind the token */
    struct mig_token token;
};

static void advance(struct reader *r)
{
    r->token = mig_token_next(r->text, r->length, &r->position);
}

static bool is_byte(const struct mig_token *token, char byte)
{
    return token->kind == MIG_TOKEN_OTHER && token->text[0] == byte;
}

/* Reads over the word where it stands here. */
static bool take(struct reader *r, const char *word)
{
    if (!mig_token_is_word(&r->token, word))
        return false;
    advance(r);
    return true;
}

static void take_name(struct reader *r, struct mig_token *out_name)
{
    if (!mig_token_is_name(&r->token))
        return;
    *out_name = r->token;
    advance(r);
}

/* [schema.]name */
static void take_object(struct reader *r, struct mig_head *head)
{
    take_name(r, &head->name);
    if (!is_byte(&r->token, '.'))
        return;
    advance(r);
    head->schema = head->name;
    take_name(r, &head->name);
}

static void take_condition(struct reader *r, struct mig_head *head)
{
    if (!take(r, "IF"))
        return;
    (void)take(r, "NOT");
    head->is_conditional = take(r, "EXISTS");
}

/* The place behind the last token that was read. */
static size_t place(const struct reader *r)
{
    return r->position - r->token.length;
}

/* Reads on to ON, and the table behind it. */
static void take_table(struct reader *r, struct mig_head *head)
{
    while (r->token.kind != MIG_TOKEN_END && !mig_token_is_word(&r->token, "ON"))
        advance(r);
    if (take(r, "ON"))
        take_name(r, &head->table);
}

static void read_create(struct reader *r, struct mig_head *head)
{
    head->is_temp = take(r, "TEMP") || take(r, "TEMPORARY");
    head->is_unique = take(r, "UNIQUE");
    if (take(r, "TABLE"))
        head->kind = MIG_HEAD_CREATE_TABLE;
    else if (take(r, "INDEX"))
        head->kind = MIG_HEAD_CREATE_INDEX;
    else if (take(r, "VIEW"))
        head->kind = MIG_HEAD_CREATE_VIEW;
    else if (take(r, "TRIGGER"))
        head->kind = MIG_HEAD_CREATE_TRIGGER;
    else if (take(r, "VIRTUAL") && take(r, "TABLE"))
        head->kind = MIG_HEAD_CREATE_VIRTUAL_TABLE;
    else
        advance(r); /* a word misspelled; the name may stand behind it */
    take_condition(r, head);
    take_object(r, head);
    head->body = place(r);
    if (head->kind == MIG_HEAD_CREATE_INDEX || head->kind == MIG_HEAD_CREATE_TRIGGER)
        take_table(r, head);
}

static void read_drop(struct reader *r, struct mig_head *head)
{
    if (take(r, "TABLE"))
        head->kind = MIG_HEAD_DROP_TABLE;
    else if (take(r, "INDEX"))
        head->kind = MIG_HEAD_DROP_INDEX;
    else if (take(r, "VIEW"))
        head->kind = MIG_HEAD_DROP_VIEW;
    else if (take(r, "TRIGGER"))
        head->kind = MIG_HEAD_DROP_TRIGGER;
    else
        return;
    take_condition(r, head);
    take_object(r, head);
}

static void read_rename(struct reader *r, struct mig_head *head)
{
    if (take(r, "TO")) {
        head->kind = MIG_HEAD_RENAME_TABLE;
        take_name(r, &head->to);
        return;
    }
    head->kind = MIG_HEAD_RENAME_COLUMN;
    (void)take(r, "COLUMN");
    take_name(r, &head->column);
    if (take(r, "TO"))
        take_name(r, &head->to);
}

static bool starts_constraint(const struct reader *r)
{
    return mig_token_is_word(&r->token, "CONSTRAINT") || mig_token_is_word(&r->token, "CHECK");
}

static void read_alter(struct reader *r, struct mig_head *head)
{
    if (!take(r, "TABLE"))
        return;
    head->kind = MIG_HEAD_ALTER_TABLE;
    take_object(r, head);
    if (take(r, "RENAME")) {
        read_rename(r, head);
    } else if (take(r, "ADD")) {
        if (starts_constraint(r))
            return;
        head->kind = MIG_HEAD_ADD_COLUMN;
        (void)take(r, "COLUMN");
        take_name(r, &head->column);
    } else if (take(r, "DROP")) {
        if (starts_constraint(r))
            return;
        head->kind = MIG_HEAD_DROP_COLUMN;
        (void)take(r, "COLUMN");
        take_name(r, &head->column);
    } else if (take(r, "ALTER")) {
        (void)take(r, "COLUMN");
        take_name(r, &head->column);
    }
}

/* OR word */
static void take_conflict(struct reader *r, struct mig_head *head)
{
    if (take(r, "OR"))
        take_name(r, &head->conflict);
}

/* True for a token that may name a column, so that it makes a difference which row is looked at. */
static bool can_choose(const struct mig_token *token)
{
    static const char *const words[] = {"TRUE", "FALSE", "NULL", "NOT", "AND", "OR", "IS"};

    if (!mig_token_is_name(token) || token->kind == MIG_TOKEN_STRING)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (mig_token_is_word(token, words[i]))
            return false;
    return true;
}

/* Looks for WHERE outside all parentheses, from here to the end, with more than constants behind it. */
static bool finds_where(struct reader *r)
{
    bool is_found = false;
    size_t depth = 0;

    while (r->token.kind != MIG_TOKEN_END) {
        if (is_found && depth == 0 && mig_token_is_word(&r->token, "RETURNING"))
            return false;
        if (is_found && can_choose(&r->token))
            return true;
        if (is_byte(&r->token, '('))
            depth++;
        else if (is_byte(&r->token, ')') && depth > 0)
            depth--;
        else if (depth == 0 && mig_token_is_word(&r->token, "WHERE"))
            is_found = true;
        advance(r);
    }
    return false;
}

/* INSERT, REPLACE, UPDATE, DELETE, SELECT, VALUES. False where none of them stands here. */
static bool read_rows(struct reader *r, struct mig_head *head)
{
    const struct mig_token verb = r->token;

    if (take(r, "INSERT") || take(r, "REPLACE")) {
        head->kind = MIG_HEAD_INSERT;
        if (mig_token_is_word(&verb, "REPLACE"))
            head->conflict = verb;
        take_conflict(r, head);
        (void)take(r, "INTO");
        take_object(r, head);
        head->body = place(r);
    } else if (take(r, "UPDATE")) {
        head->kind = MIG_HEAD_UPDATE;
        take_conflict(r, head);
        take_object(r, head);
        head->body = place(r);
        head->has_where = finds_where(r);
    } else if (take(r, "DELETE")) {
        head->kind = MIG_HEAD_DELETE;
        (void)take(r, "FROM");
        take_object(r, head);
        head->body = place(r);
        head->has_where = finds_where(r);
    } else if (take(r, "SELECT") || take(r, "VALUES")) {
        head->kind = MIG_HEAD_QUERY;
    } else {
        return false;
    }
    return true;
}

/* WITH: the verb is the first one outside all parentheses. */
static void read_with(struct reader *r, struct mig_head *head)
{
    size_t depth = 0;

    while (r->token.kind != MIG_TOKEN_END) {
        if (is_byte(&r->token, '('))
            depth++;
        else if (is_byte(&r->token, ')') && depth > 0)
            depth--;
        else if (depth == 0 && r->token.kind == MIG_TOKEN_WORD && read_rows(r, head))
            return;
        advance(r);
    }
}

static void read_attach(struct reader *r, struct mig_head *head)
{
    head->kind = MIG_HEAD_ATTACH;
    while (r->token.kind != MIG_TOKEN_END && !mig_token_is_word(&r->token, "AS"))
        advance(r);
    if (take(r, "AS"))
        take_name(r, &head->name);
}

/* The rest of a statement that is no DDL and changes no rows; its first word is read. */
static void read_other(struct reader *r, const struct mig_token *verb, struct mig_head *head)
{
    static const struct {
        const char *word;
        enum mig_head_kind kind;
    } verbs[] = {
        {"PRAGMA", MIG_HEAD_PRAGMA},        {"BEGIN", MIG_HEAD_TRANSACTION},
        {"COMMIT", MIG_HEAD_TRANSACTION},   {"END", MIG_HEAD_TRANSACTION},
        {"ROLLBACK", MIG_HEAD_TRANSACTION}, {"SAVEPOINT", MIG_HEAD_TRANSACTION},
        {"RELEASE", MIG_HEAD_TRANSACTION},  {"DETACH", MIG_HEAD_DETACH},
        {"VACUUM", MIG_HEAD_VACUUM},        {"ANALYZE", MIG_HEAD_ANALYZE},
        {"REINDEX", MIG_HEAD_REINDEX},
    };

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (mig_token_is_word(verb, verbs[i].word))
            head->kind = verbs[i].kind;
    if (head->kind == MIG_HEAD_DETACH)
        (void)take(r, "DATABASE");
    if (head->kind != MIG_HEAD_OTHER && head->kind != MIG_HEAD_TRANSACTION)
        take_object(r, head);
}

void mig_head_read(const char *text, size_t length, struct mig_head *out_head)
{
    struct reader r = {.text = text, .length = length};
    struct mig_token verb;

    *out_head = (struct mig_head){.kind = MIG_HEAD_OTHER};
    advance(&r);
    if (read_rows(&r, out_head))
        return;
    verb = r.token;
    advance(&r);
    if (mig_token_is_word(&verb, "CREATE"))
        read_create(&r, out_head);
    else if (mig_token_is_word(&verb, "DROP"))
        read_drop(&r, out_head);
    else if (mig_token_is_word(&verb, "ALTER"))
        read_alter(&r, out_head);
    else if (mig_token_is_word(&verb, "WITH"))
        read_with(&r, out_head);
    else if (mig_token_is_word(&verb, "ATTACH"))
        read_attach(&r, out_head);
    else
        read_other(&r, &verb, out_head);
}

const char *mig_head_kind_name(enum mig_head_kind kind)
{
    static const char *const names[] = {
        [MIG_HEAD_OTHER] = "other",
        [MIG_HEAD_CREATE_TABLE] = "create table",
        [MIG_HEAD_CREATE_VIRTUAL_TABLE] = "create virtual table",
        [MIG_HEAD_CREATE_INDEX] = "create index",
        [MIG_HEAD_CREATE_VIEW] = "create view",
        [MIG_HEAD_CREATE_TRIGGER] = "create trigger",
        [MIG_HEAD_DROP_TABLE] = "drop table",
        [MIG_HEAD_DROP_INDEX] = "drop index",
        [MIG_HEAD_DROP_VIEW] = "drop view",
        [MIG_HEAD_DROP_TRIGGER] = "drop trigger",
        [MIG_HEAD_ADD_COLUMN] = "add column",
        [MIG_HEAD_DROP_COLUMN] = "drop column",
        [MIG_HEAD_RENAME_TABLE] = "rename table",
        [MIG_HEAD_RENAME_COLUMN] = "rename column",
        [MIG_HEAD_ALTER_TABLE] = "alter table",
        [MIG_HEAD_INSERT] = "data change",
        [MIG_HEAD_UPDATE] = "data change",
        [MIG_HEAD_DELETE] = "data change",
        [MIG_HEAD_QUERY] = "query",
        [MIG_HEAD_PRAGMA] = "pragma",
        [MIG_HEAD_TRANSACTION] = "transaction",
        [MIG_HEAD_ATTACH] = "attach",
        [MIG_HEAD_DETACH] = "detach",
        [MIG_HEAD_VACUUM] = "vacuum",
        [MIG_HEAD_ANALYZE] = "analyze",
        [MIG_HEAD_REINDEX] = "reindex",
    };

    return names[kind];
}

bool mig_head_is_schema(enum mig_head_kind kind)
{
    return kind >= MIG_HEAD_CREATE_TABLE && kind <= MIG_HEAD_ALTER_TABLE;
}

bool mig_head_is_rows(enum mig_head_kind kind)
{
    return kind >= MIG_HEAD_INSERT && kind <= MIG_HEAD_DELETE;
}
