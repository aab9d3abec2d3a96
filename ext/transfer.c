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
    return mig_token_is_word(token, "CONFLICT") ? "ON CONFLICT" : NULL;
}

static void note_odd(struct mig_transfer *transfer, const char *odd)
{
    if (transfer->odd == NULL)
        transfer->odd = odd;
}

/* Where the rows come from: the first token behind FROM, or the third behind a dot. */
static void read_source(const struct walk *walk, size_t n, const struct mig_token *before,
                        struct mig_transfer *transfer)
{
    if (n == 0 && !mig_token_is_name(&walk->token))
        note_odd(transfer, "a subquery");
    else if (n == 0)
        transfer->from = walk->token;
    if (n == 2 && is_byte(before, '.')) {
        transfer->schema = transfer->from;
        transfer->from = walk->token;
    }
    if (n > 0 && is_byte(&walk->token, '('))
        note_odd(transfer, "a table-valued function");
    if (walk->depth == 0 && is_byte(&walk->token, ','))
        note_odd(transfer, "a join");
}

/* What stands behind FROM: one table, and how its rows are chosen. In what order does not matter. */
static void read_from(struct walk *walk, struct mig_transfer *transfer)
{
    struct mig_token before = {.kind = MIG_TOKEN_END};
    bool is_ordered = false;

    for (size_t n = 0; step(walk); n++) {
        const bool is_outside = walk->depth == 0;

        if (is_outside && odd_word(&walk->token) != NULL)
            note_odd(transfer, odd_word(&walk->token));
        is_ordered |= is_outside && mig_token_is_word(&walk->token, "ORDER");
        if (!is_ordered)
            read_source(walk, n, &before, transfer);
        before = walk->token;
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

static bool begins_with(const char *text, size_t length, const char *word)
{
    size_t position = 0;
    const struct mig_token first = mig_token_next(text, length, &position);

    return mig_token_is_word(&first, word);
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
    if (begins_with(text, length, "WITH"))
        note_odd(out_transfer, "WITH"); /* what is behind FROM may be no table */
}

/* Moves to the parenthesis that closes the one the walk is at. */
static void skip_group(struct walk *walk)
{
    const size_t depth = walk->depth;

    while (step(walk) && !(is_byte(&walk->token, ')') && walk->depth <= depth)) {
    }
}

/* The same, and counts what stands between commas. */
static size_t count_arguments(struct walk *walk)
{
    const size_t depth = walk->depth;
    size_t count = 0;

    while (step(walk) && !(is_byte(&walk->token, ')') && walk->depth <= depth)) {
        if (count == 0 && !is_byte(&walk->token, '*'))
            count = 1;
        if (is_byte(&walk->token, ',') && walk->depth == depth + 1)
            count++;
    }
    return count;
}

/* True when OVER comes behind the call, with or without FILTER (...). */
static bool is_over(struct walk walk)
{
    (void)step(&walk);
    if (mig_token_is_word(&walk.token, "FILTER") && step(&walk)) {
        skip_group(&walk);
        (void)step(&walk);
    }
    return mig_token_is_word(&walk.token, "OVER");
}

/* True when a query stands in the parenthesis that the walk is at. */
static bool is_query(struct walk walk)
{
    return step(&walk) &&
           (mig_token_is_word(&walk.token, "SELECT") || mig_token_is_word(&walk.token, "WITH"));
}

bool mig_transfer_next_call(const struct mig_part *part, size_t *position,
                            struct mig_transfer_call *out_call)
{
    struct walk walk = {.text = part->text, .length = part->length, .position = *position};
    struct mig_token before = {.kind = MIG_TOKEN_END};

    while (step(&walk)) {
        if (is_byte(&walk.token, '(') && is_query(walk)) {
            skip_group(&walk);
        } else if (is_byte(&walk.token, '(') && mig_token_is_name(&before)) {
            struct walk behind = walk;

            out_call->name = before;
            out_call->arguments = count_arguments(&behind);
            if (!is_over(behind)) {
                *position = walk.position;
                return true;
            }
        }
        before = walk.token;
    }
    return false;
}

bool mig_transfer_is_call(const struct mig_part *item, struct mig_token *out_name,
                          struct mig_part *out_arguments)
{
    struct walk walk = {.text = item->text, .length = item->length};
    size_t start;

    if (!step(&walk))
        return false;
    *out_name = walk.token;
    if (!step(&walk) || !is_byte(&walk.token, '('))
        return false;
    start = walk.position;
    skip_group(&walk);
    *out_arguments = part_of(&walk, start, place(&walk));
    return is_byte(&walk.token, ')') && !step(&walk);
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
    if (tokens == 1 && last.kind == MIG_TOKEN_STRING)
        item->string = last;
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
