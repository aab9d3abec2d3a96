#include "compiler.h"

#include "transfer.h"

/* A walk over the tokens of a text, with the depth of its parentheses. */
struct walk {
    const char *text;
    size_t length;
    size_t position; /* behind the token */
    size_t depth;    /* around the token */
    struct mig_token token;
};

static bool is_byte(const struct mig_token *token, char byte)
{
    return token->kind == MIG_TOKEN_OTHER && token->text[0] == byte;
}

static bool step(struct walk *walk)
{
    if (is_byte(&walk->token, '('))
        walk->depth++;
    walk->token = mig_token_next(walk->text, walk->length, &walk->position);
    if (is_byte(&walk->token, ')') && walk->depth > 0)
        walk->depth--;
    return walk->token.kind != MIG_TOKEN_END && walk->token.kind != MIG_TOKEN_SEMICOLON;
}

static size_t place(const struct walk *walk)
{
    return walk->position - walk->token.length;
}

static struct mig_part part_of(const struct walk *walk, size_t from, size_t to)
{
    const struct mig_part part = {walk->text + from, to > from ? to - from : 0};

    return part;
}

/* What makes a SELECT bring other rows than those of one table; NULL: the word does not. */
static const char *odd_word(const struct mig_token *token)
{
    static const char *const words[] = {"WHERE",  "JOIN",  "LIMIT",  "GROUP",
                                        "HAVING", "UNION", "EXCEPT", "INTERSECT"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (mig_token_is_word(token, words[i]))
            return words[i];
    return NULL;
}

static void note_odd(struct mig_transfer *transfer, const char *odd)
{
    if (transfer->odd == NULL)
        transfer->odd = odd;
}

/* Where the rows come from: the token behind FROM, or behind the dot of its schema. */
static void read_source(const struct walk *walk, bool is_first, const struct mig_token *before,
                        struct mig_transfer *transfer)
{
    if (is_first && !mig_token_is_name(&walk->token))
        note_odd(transfer, "a subquery");
    else if (is_first || is_byte(before, '.'))
        transfer->from = walk->token;
    if (!is_first && is_byte(&walk->token, '('))
        note_odd(transfer, "a table-valued function");
    if (walk->depth == 0 && is_byte(&walk->token, ','))
        note_odd(transfer, "a join");
}

/* What stands behind FROM: one table, and how its rows are chosen. In what order does not matter. */
static void read_from(struct walk *walk, struct mig_transfer *transfer)
{
    struct mig_token before = {.kind = MIG_TOKEN_END};
    bool is_first = true;
    bool is_ordered = false;

    while (step(walk)) {
        const bool is_outside = walk->depth == 0;

        if (is_outside && odd_word(&walk->token) != NULL)
            note_odd(transfer, odd_word(&walk->token));
        is_ordered |= is_outside && mig_token_is_word(&walk->token, "ORDER");
        if (!is_ordered)
            read_source(walk, is_first, &before, transfer);
        before = walk->token;
        is_first = false;
    }
}

static void read_select(struct walk *walk, struct mig_transfer *transfer)
{
    const size_t start = place(walk);
    const size_t items = walk->position;

    transfer->is_read = true;
    while (step(walk) && !(walk->depth == 0 && mig_token_is_word(&walk->token, "FROM"))) {
        if (mig_token_is_word(&walk->token, "DISTINCT") && walk->depth == 0)
            note_odd(transfer, "DISTINCT");
        if (walk->depth == 0 && odd_word(&walk->token) != NULL)
            note_odd(transfer, odd_word(&walk->token));
    }
    transfer->items = part_of(walk, items, place(walk));
    if (mig_token_is_word(&walk->token, "FROM"))
        read_from(walk, transfer);
    else
        note_odd(transfer, "no FROM");
    transfer->select = part_of(walk, start, place(walk));
}

/* Behind the table of INSERT: an alias, and the list of columns. */
static void read_targets(struct walk *walk, struct mig_transfer *transfer)
{
    size_t start;

    if (mig_token_is_word(&walk->token, "AS")) {
        (void)step(walk);
        (void)step(walk);
    }
    if (!is_byte(&walk->token, '('))
        return;
    start = walk->position;
    while (step(walk) && !(walk->depth == 0 && is_byte(&walk->token, ')'))) {
    }
    transfer->targets = part_of(walk, start, place(walk));
    (void)step(walk);
}

void mig_transfer_read(const char *text, size_t length, const struct mig_head *head,
                       struct mig_transfer *out_transfer)
{
    struct walk walk = {.text = text, .length = length, .position = head->body};

    *out_transfer = (struct mig_transfer){.odd = NULL};
    (void)step(&walk);
    if (head->kind == MIG_HEAD_INSERT)
        read_targets(&walk, out_transfer);
    else if (mig_token_is_word(&walk.token, "AS"))
        (void)step(&walk);
    if (mig_token_is_word(&walk.token, "SELECT"))
        read_select(&walk, out_transfer);
    else
        out_transfer->odd = "a form that is not understood";
    if (mig_token_is_word(&head->conflict, "IGNORE"))
        note_odd(out_transfer, "OR IGNORE");
    if (mig_token_is_word(&head->conflict, "REPLACE"))
        note_odd(out_transfer, "OR REPLACE");
}

/* Reads the tokens of one item: a name with its qualifiers, and an alias. */
static void look(const char *text, size_t length, struct mig_transfer_item *item)
{
    struct walk walk = {.text = text, .length = length};
    struct mig_token last = {.kind = MIG_TOKEN_END};
    size_t tokens = 0;
    bool is_path = true;

    while (step(&walk) && !(walk.depth == 0 && mig_token_is_word(&walk.token, "AS"))) {
        const bool is_dot = is_byte(&walk.token, '.');
        const bool is_name =
            (mig_token_is_name(&walk.token) && walk.token.kind != MIG_TOKEN_STRING) ||
            is_byte(&walk.token, '*');

        is_path = is_path && (tokens % 2 == 1 ? is_dot : is_name);
        last = walk.token;
        item->text.length = walk.position;
        tokens++;
    }
    if (mig_token_is_word(&walk.token, "AS") && step(&walk))
        item->name = walk.token;
    item->is_star = is_path && is_byte(&last, '*');
    if (is_path && tokens % 2 == 1 && !item->is_star)
        item->column = last;
    if (item->name.length == 0)
        item->name = item->column;
}

bool mig_transfer_next(const struct mig_part *list, size_t *position,
                       struct mig_transfer_item *out_item)
{
    struct walk walk = {.text = list->text, .length = list->length, .position = *position};
    size_t start;
    size_t end;

    *out_item = (struct mig_transfer_item){.is_star = false};
    if (!step(&walk))
        return false;
    start = place(&walk);
    end = walk.position;
    while (!(walk.depth == 0 && is_byte(&walk.token, ','))) {
        end = walk.position;
        if (!step(&walk))
            break;
    }
    *position = walk.position;
    out_item->text = part_of(&walk, start, end);
    look(out_item->text.text, out_item->text.length, out_item);
    return true;
}
