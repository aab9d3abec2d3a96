#include "compiler.h"

#include "definition.h"

static bool is_byte(const struct mig_token *token, char byte)
{
    return token->kind == MIG_TOKEN_OTHER && token->text[0] == byte;
}

static struct mig_token next(struct mig_definition *definition)
{
    return mig_token_next(definition->text, definition->length, &definition->position);
}

static struct mig_token peek(const struct mig_definition *definition)
{
    size_t position = definition->position;

    return mig_token_next(definition->text, definition->length, &position);
}

/* Passes over the next token when it is that word. */
static bool take_word(struct mig_definition *definition, const char *word)
{
    const struct mig_token token = peek(definition);

    if (!mig_token_is_word(&token, word))
        return false;
    (void)next(definition);
    return true;
}

static struct mig_part part_of(const struct mig_token *token)
{
    return (struct mig_part){.text = token->text, .length = token->length};
}

/* Makes the part reach to the end of the token. */
static void extend(struct mig_part *part, const struct mig_token *token)
{
    if (part->length == 0)
        part->text = token->text;
    part->length = (size_t)(token->text + token->length - part->text);
}

/* What stands between the parenthesis that was just passed and its partner, which is passed too. */
static struct mig_part take_group(struct mig_definition *definition)
{
    struct mig_part group = {.text = definition->text, .length = 0};
    size_t depth = 1;

    for (;;) {
        const struct mig_token token = next(definition);

        if (is_byte(&token, '('))
            depth++;
        else if (is_byte(&token, ')'))
            depth--;
        if (depth == 0 || token.kind == MIG_TOKEN_END)
            return group;
        extend(&group, &token);
    }
}

/* The same, when a parenthesis is what comes next. */
static struct mig_part take_parenthesis(struct mig_definition *definition)
{
    const struct mig_token token = peek(definition);

    if (!is_byte(&token, '('))
        return (struct mig_part){.text = definition->text, .length = 0};
    (void)next(definition);
    return take_group(definition);
}

void mig_definition_begin(struct mig_definition *definition, const char *sql)
{
    memset(definition, 0, sizeof(*definition));
    definition->text = sql;
    definition->length = strlen(sql);
    for (;;) {
        const struct mig_token token = next(definition);

        if (token.kind == MIG_TOKEN_END || mig_token_is_word(&token, "AS") ||
            mig_token_is_word(&token, "USING")) {
            definition->position = definition->length;
            return;
        }
        if (is_byte(&token, '('))
            break;
    }
    definition->is_in_list = true;
    definition->is_at_start = true;
}

/* The word behind ON CONFLICT, when that comes next. */
static struct mig_part take_conflict(struct mig_definition *definition)
{
    struct mig_definition ahead = *definition;
    struct mig_token action;

    if (!take_word(&ahead, "ON") || !take_word(&ahead, "CONFLICT"))
        return (struct mig_part){.text = definition->text, .length = 0};
    action = next(&ahead);
    definition->position = ahead.position;
    return part_of(&action);
}

/*
 * Whether the foreign key that was just passed is deferred. SQLite takes the words for the newest key
 * wherever they stand, so they are looked for up to the next key.
 */
static bool is_deferred_ahead(struct mig_definition ahead)
{
    bool is_deferred = false;
    bool is_negated = false;

    for (;;) {
        const struct mig_token token = next(&ahead);

        if (token.kind == MIG_TOKEN_END || is_byte(&token, ')') ||
            mig_token_is_word(&token, "REFERENCES"))
            return is_deferred;
        if (is_byte(&token, '('))
            (void)take_group(&ahead);
        if (mig_token_is_word(&token, "DEFERRABLE"))
            is_deferred =
                !is_negated && take_word(&ahead, "INITIALLY") && take_word(&ahead, "DEFERRED");
        is_negated = mig_token_is_word(&token, "NOT");
    }
}

/* A clause of that kind, with what is known of it without looking further. */
static struct mig_clause make_clause(struct mig_definition *definition,
                                     enum mig_clause_kind kind)
{
    struct mig_clause clause;

    memset(&clause, 0, sizeof(clause));
    clause.kind = kind;
    clause.is_of_column = definition->is_in_column;
    clause.column = definition->is_in_column ? definition->columns - 1 : 0;
    clause.name = definition->pending;
    memset(&definition->pending, 0, sizeof(definition->pending));
    return clause;
}

static struct mig_clause begin_column(struct mig_definition *definition,
                                      const struct mig_token *name)
{
    struct mig_clause clause;

    definition->columns++;
    definition->is_in_column = true;
    clause = make_clause(definition, MIG_CLAUSE_COLUMN);
    clause.name = part_of(name);
    return clause;
}

static struct mig_clause take_unique(struct mig_definition *definition,
                                     enum mig_clause_kind kind)
{
    struct mig_clause clause = make_clause(definition, kind);

    if (kind == MIG_CLAUSE_PRIMARY_KEY)
        (void)take_word(definition, "KEY");
    if (!clause.is_of_column)
        clause.body = take_parenthesis(definition);
    else if (!take_word(definition, "ASC"))
        (void)take_word(definition, "DESC");
    clause.conflict = take_conflict(definition);
    return clause;
}

static struct mig_clause take_generated(struct mig_definition *definition)
{
    struct mig_clause clause = make_clause(definition, MIG_CLAUSE_GENERATED);

    clause.body = take_parenthesis(definition);
    clause.is_stored = take_word(definition, "STORED");
    return clause;
}

static struct mig_clause take_check(struct mig_definition *definition)
{
    struct mig_clause clause = make_clause(definition, MIG_CLAUSE_CHECK);

    clause.body = take_parenthesis(definition);
    return clause;
}

static struct mig_clause take_not_null(struct mig_definition *definition)
{
    struct mig_clause clause = make_clause(definition, MIG_CLAUSE_NOT_NULL);

    clause.conflict = take_conflict(definition);
    return clause;
}

static struct mig_clause take_foreign_key(struct mig_definition *definition)
{
    struct mig_clause clause = make_clause(definition, MIG_CLAUSE_FOREIGN_KEY);

    clause.is_deferred = is_deferred_ahead(*definition);
    return clause;
}

/* The clause that begins with the word, which is no name; MIG_CLAUSE_END when none does. */
static struct mig_clause take_constraint(struct mig_definition *definition,
                                         const struct mig_token *word)
{
    if (mig_token_is_word(word, "CHECK"))
        return take_check(definition);
    if (mig_token_is_word(word, "UNIQUE"))
        return take_unique(definition, MIG_CLAUSE_UNIQUE);
    if (mig_token_is_word(word, "PRIMARY"))
        return take_unique(definition, MIG_CLAUSE_PRIMARY_KEY);
    if (mig_token_is_word(word, "REFERENCES"))
        return take_foreign_key(definition);
    if (mig_token_is_word(word, "NOT") && take_word(definition, "NULL"))
        return take_not_null(definition);
    if (mig_token_is_word(word, "AS"))
        return take_generated(definition);
    return (struct mig_clause){.kind = MIG_CLAUSE_END};
}

/* True for the words that begin a constraint of a table. None of them can be a bare name. */
static bool begins_constraint(const struct mig_token *token)
{
    return mig_token_is_word(token, "CONSTRAINT") || mig_token_is_word(token, "CHECK") ||
           mig_token_is_word(token, "UNIQUE") || mig_token_is_word(token, "PRIMARY") ||
           mig_token_is_word(token, "FOREIGN");
}

/* What follows the closing parenthesis. */
static struct mig_clause take_option(struct mig_definition *definition)
{
    for (;;) {
        const struct mig_token token = next(definition);

        if (token.kind == MIG_TOKEN_END)
            return (struct mig_clause){.kind = MIG_CLAUSE_END};
        if (mig_token_is_word(&token, "STRICT"))
            return (struct mig_clause){.kind = MIG_CLAUSE_STRICT};
        if (mig_token_is_word(&token, "WITHOUT") && take_word(definition, "ROWID"))
            return (struct mig_clause){.kind = MIG_CLAUSE_WITHOUT_ROWID};
    }
}

/* Takes note of what is no clause: where an item, the list or a name begins or ends. */
static void pass(struct mig_definition *definition, const struct mig_token *token)
{
    definition->is_at_start = is_byte(token, ',');
    if (definition->is_at_start)
        definition->is_in_column = false;
    if (is_byte(token, '('))
        (void)take_group(definition);
    if (is_byte(token, ')') || token->kind == MIG_TOKEN_END)
        definition->is_in_list = false;
    if (mig_token_is_word(token, "CONSTRAINT")) {
        const struct mig_token name = next(definition);

        definition->pending = part_of(&name);
    }
}

struct mig_clause mig_definition_next(struct mig_definition *definition)
{
    while (definition->is_in_list) {
        const struct mig_token token = next(definition);
        struct mig_clause clause;

        if (definition->is_at_start && mig_token_is_name(&token) &&
            !begins_constraint(&token)) {
            definition->is_at_start = false;
            return begin_column(definition, &token);
        }
        clause = take_constraint(definition, &token);
        if (clause.kind != MIG_CLAUSE_END) {
            definition->is_at_start = false;
            return clause;
        }
        pass(definition, &token);
    }
    return take_option(definition);
}

/* The tokens of one column of an index, the last three of them kept. */
struct key {
    struct mig_part part;   /* all of it */
    struct mig_part bare;   /* without the last token */
    struct mig_part barest; /* without the last two */
    struct mig_token last;
    struct mig_token before; /* the last */
};

static void add_to_key(struct key *key, const struct mig_token *token)
{
    key->barest = key->bare;
    key->bare = key->part;
    key->before = key->last;
    key->last = *token;
    extend(&key->part, token);
}

/* True when the last token is ASC or DESC, and no column of that name. */
static bool has_order(const struct key *key)
{
    const bool is_order =
        mig_token_is_word(&key->last, "ASC") || mig_token_is_word(&key->last, "DESC");

    return is_order && key->bare.length > 0 &&
           (key->before.kind != MIG_TOKEN_OTHER || is_byte(&key->before, ')'));
}

/* Takes COLLATE and a name from the end. */
static struct mig_part without_collation(struct mig_part part)
{
    struct mig_definition walk = {.text = part.text, .length = part.length};
    struct key key;

    memset(&key, 0, sizeof(key));
    for (;;) {
        const struct mig_token token = next(&walk);

        if (token.kind == MIG_TOKEN_END)
            break;
        add_to_key(&key, &token);
    }
    if (key.barest.length > 0 && mig_token_is_word(&key.before, "COLLATE"))
        return key.barest;
    return part;
}

/* One column or expression, up to and with the comma or the parenthesis behind it. */
static struct mig_part take_key(struct mig_definition *definition, bool *out_is_last)
{
    struct key key;

    memset(&key, 0, sizeof(key));
    for (;;) {
        const struct mig_token token = next(definition);

        *out_is_last = is_byte(&token, ')') || token.kind == MIG_TOKEN_END;
        if (*out_is_last || is_byte(&token, ','))
            return without_collation(has_order(&key) ? key.bare : key.part);
        add_to_key(&key, &token);
        if (is_byte(&token, '(')) {
            (void)take_group(definition);
            /* Up to the parenthesis that closes it. */
            key.part.length = (size_t)(definition->text + definition->position - key.part.text);
            key.last = (struct mig_token){MIG_TOKEN_OTHER, ")", 1};
        }
    }
}

/* The rest of the text. */
static struct mig_part take_rest(struct mig_definition *definition)
{
    struct mig_part rest = {.text = definition->text, .length = 0};

    for (;;) {
        const struct mig_token token = next(definition);

        if (token.kind == MIG_TOKEN_END)
            return rest;
        extend(&rest, &token);
    }
}

size_t mig_definition_index(const char *sql, struct mig_part *out_keys, size_t size,
                            struct mig_part *out_where)
{
    struct mig_definition definition = {.text = sql, .length = strlen(sql)};
    struct mig_token token;
    bool is_last = false;
    size_t count = 0;

    memset(out_where, 0, sizeof(*out_where));
    do {
        token = next(&definition);
    } while (token.kind != MIG_TOKEN_END && !mig_token_is_word(&token, "ON"));
    (void)next(&definition); /* the table */
    (void)next(&definition); /* the parenthesis */
    while (!is_last) {
        const struct mig_part key = take_key(&definition, &is_last);

        if (count < size)
            out_keys[count] = key;
        count++;
    }
    if (take_word(&definition, "WHERE"))
        *out_where = take_rest(&definition);
    return count;
}

struct mig_part mig_definition_trigger(const char *sql)
{
    struct mig_definition definition = {.text = sql, .length = strlen(sql)};
    struct mig_token token;

    do {
        token = next(&definition);
    } while (token.kind != MIG_TOKEN_END && !mig_token_is_word(&token, "TRIGGER"));
    (void)next(&definition); /* the name, or the schema in front of it */
    token = peek(&definition);
    if (is_byte(&token, '.')) {
        (void)next(&definition);
        (void)next(&definition);
    }
    return take_rest(&definition);
}

/* The bytes that a token stands for, one by one. */
struct letters {
    const char *at;
    const char *end;
    unsigned char doubled; /* of this byte, two stand for one; NUL: of none */
    bool is_exact;
};

static struct letters letters_of(const struct mig_token *token)
{
    struct letters letters = {.at = token->text,
                              .end = token->text + token->length,
                              .doubled = '\0',
                              .is_exact = token->kind == MIG_TOKEN_STRING};

    if (token->kind != MIG_TOKEN_NAME)
        return letters;
    letters.at++;
    letters.end--;
    letters.doubled = token->text[0] == '[' ? '\0' : (unsigned char)token->text[0];
    return letters;
}

/* The next byte, lower case where case does not matter; -1 at the end. */
static int next_letter(struct letters *letters)
{
    unsigned char byte;

    if (letters->at == letters->end)
        return -1;
    byte = (unsigned char)*letters->at;
    letters->at += byte == letters->doubled && byte != '\0' ? 2 : 1;
    if (!letters->is_exact && byte >= 'A' && byte <= 'Z')
        return byte | 0x20;
    return byte;
}

static bool is_same_token(const struct mig_token *first, const struct mig_token *second)
{
    const bool are_names = (first->kind == MIG_TOKEN_WORD || first->kind == MIG_TOKEN_NAME) &&
                           (second->kind == MIG_TOKEN_WORD || second->kind == MIG_TOKEN_NAME);
    struct letters one = letters_of(first);
    struct letters other = letters_of(second);
    int letter;

    if (first->kind != second->kind && !are_names)
        return false;
    do {
        letter = next_letter(&one);
        if (letter != next_letter(&other))
            return false;
    } while (letter != -1);
    return true;
}

bool mig_sql_same(const char *first, const char *second)
{
    struct mig_definition one = {.text = first};
    struct mig_definition other = {.text = second};

    if (first == NULL || second == NULL)
        return first == second;
    one.length = strlen(first);
    other.length = strlen(second);
    for (;;) {
        const struct mig_token token = next(&one);
        const struct mig_token partner = next(&other);

        if (!is_same_token(&token, &partner))
            return false;
        if (token.kind == MIG_TOKEN_END)
            return true;
    }
}
