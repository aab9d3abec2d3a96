#include "compiler.h"

#include "mirror.h"

#include "arena.h"
#include "head.h"
#include "schema.h"
#include "script.h"

/* A statement of the operation that changes the schema. */
struct maker {
    struct mig_head head;
    const char *text;
    size_t length;
};

struct search {
    struct mig_session *s;
    struct mig_clone *clone;
    const struct mig_mirror_text *up;   /* borrowed */
    const struct mig_mirror_text *down; /* borrowed */
    struct maker *makers;               /* owned array */
    size_t count;
    size_t capacity;
};

#define NAME_BYTES 512

/* Copies the name; false when there is none, or it is very long. */
static bool copy_name(const struct mig_token *token, char out[NAME_BYTES])
{
    if (token->length == 0 || token->length >= NAME_BYTES)
        return false;
    (void)mig_token_unquote(token, out);
    return true;
}

static bool is_same(const struct mig_token *left, const struct mig_token *right)
{
    char first[NAME_BYTES];
    char second[NAME_BYTES];

    return copy_name(left, first) && copy_name(right, second) &&
           sqlite3_stricmp(first, second) == 0;
}

/* True for a statement that leaves the schema, and what others mean, alone. */
static bool is_harmless(enum mig_head_kind kind)
{
    return mig_head_is_rows(kind) || kind == MIG_HEAD_QUERY || kind == MIG_HEAD_ANALYZE ||
           kind == MIG_HEAD_REINDEX;
}

/* Lists what the operation does to the schema. False when there is more to it than that. */
static bool list_makers(struct search *search, const struct mig_mirror_text *up)
{
    struct mig_statement statement;
    size_t position = 0;

    while (mig_script_next(up->text, up->length, &position, &statement)) {
        void *list = search->makers;
        struct maker *maker;
        struct mig_head head;

        mig_head_read(up->text + statement.start, statement.end - statement.start, &head);
        if (is_harmless(head.kind))
            continue;
        maker =
            mig_array_add(search->s, &list, search->count, &search->capacity, sizeof(*maker));
        search->makers = list;
        if (maker == NULL || !mig_head_is_schema(head.kind))
            return false;
        maker->head = head;
        maker->text = up->text + statement.start;
        maker->length = statement.end - statement.start;
        search->count++;
    }
    return true;
}

/* True when the column may not be the only thing that its statement brings. */
static bool has_constraint(const struct maker *maker)
{
    static const char *const words[] = {"REFERENCES", "UNIQUE", "PRIMARY", "CHECK"};
    size_t position = 0;

    for (;;) {
        const struct mig_token token = mig_token_next(maker->text, maker->length, &position);

        if (token.kind == MIG_TOKEN_END)
            return false;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if (mig_token_is_word(&token, words[i]))
                return true;
    }
}

/* True when a view or trigger that is there before may use a column of that name, so that the column
 * cannot be dropped again. */
static bool is_mentioned(const struct search *search, const struct mig_token *column)
{
    struct mig_session probe;
    char name[NAME_BYTES];
    bool found;

    if (!copy_name(column, name))
        return true;
    mig_session_init(&probe, search->clone->session.db, search->s->options);
    found = mig_schema_is_mentioned(&probe, name);
    mig_session_release(&probe);
    return found;
}

/* How often the text holds one of the two names. */
static size_t count_names(const struct mig_mirror_text *text, const struct mig_token *first,
                          const struct mig_token *second)
{
    size_t position = 0;
    size_t count = 0;

    for (;;) {
        const struct mig_token token = mig_token_next(text->text, text->length, &position);

        if (token.kind == MIG_TOKEN_END)
            return count;
        if (mig_token_is_name(&token) && (is_same(&token, first) || is_same(&token, second)))
            count++;
    }
}

/* True when nothing beside the two statements calls the column by its old or its new name. */
static bool only_renames(const struct search *search, const struct mig_head *head)
{
    return count_names(search->up, &head->column, &head->to) == 2 &&
           count_names(search->down, &head->column, &head->to) == 2;
}

/* True when the statement undoes what the maker does. */
static bool undoes(const struct search *search, const struct mig_head *back,
                   const struct maker *maker)
{
    static const struct {
        enum mig_head_kind kind;
        enum mig_head_kind back;
    } pairs[] = {
        {MIG_HEAD_CREATE_TABLE, MIG_HEAD_DROP_TABLE},
        {MIG_HEAD_CREATE_INDEX, MIG_HEAD_DROP_INDEX},
        {MIG_HEAD_CREATE_VIEW, MIG_HEAD_DROP_VIEW},
        {MIG_HEAD_CREATE_TRIGGER, MIG_HEAD_DROP_TRIGGER},
        {MIG_HEAD_ADD_COLUMN, MIG_HEAD_DROP_COLUMN},
        {MIG_HEAD_RENAME_COLUMN, MIG_HEAD_RENAME_COLUMN},
    };
    const struct mig_head *head = &maker->head;

    if (back->schema.length > 0 || head->schema.length > 0 || head->is_conditional ||
        head->is_temp || !is_same(&back->name, &head->name))
        return false;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i].kind != head->kind || pairs[i].back != back->kind)
            continue;
        if (back->kind == MIG_HEAD_RENAME_COLUMN)
            return is_same(&back->column, &head->to) && is_same(&back->to, &head->column) &&
                   only_renames(search, head);
        return back->kind != MIG_HEAD_DROP_COLUMN ||
               (is_same(&back->column, &head->column) && !has_constraint(maker) &&
                !is_mentioned(search, &head->column));
    }
    return false;
}

/* True for an index or trigger that goes with a table which the operation makes too. */
static bool goes_with_table(const struct search *search, size_t i)
{
    const struct mig_head *head = &search->makers[i].head;

    if (head->kind != MIG_HEAD_CREATE_INDEX && head->kind != MIG_HEAD_CREATE_TRIGGER)
        return false;
    for (size_t n = 0; n < i; n++)
        if (search->makers[n].head.kind == MIG_HEAD_CREATE_TABLE &&
            !search->makers[n].head.is_conditional &&
            is_same(&search->makers[n].head.name, &head->table))
            return true;
    return false;
}

/* True when the statement holds a name that what was undone behind place `left` has made. */
static bool needs_undone(const struct search *search, size_t left, const char *text,
                         size_t length)
{
    size_t position = 0;

    for (;;) {
        const struct mig_token token = mig_token_next(text, length, &position);

        if (token.kind == MIG_TOKEN_END)
            return false;
        for (size_t i = left; i < search->count && mig_token_is_name(&token); i++)
            if (is_same(&token, search->makers[i].head.column.length > 0
                                    ? &search->makers[i].head.column
                                    : &search->makers[i].head.name))
                return true;
    }
}

/* Goes through the down file, and backwards through the operation. */
static bool matches(const struct search *search, const struct mig_mirror_text *down)
{
    struct mig_statement statement;
    size_t left = search->count;
    size_t position = 0;

    while (mig_script_next(down->text, down->length, &position, &statement)) {
        struct mig_head head;

        mig_head_read(down->text + statement.start, statement.end - statement.start, &head);
        if (mig_head_is_schema(head.kind)) {
            while (left > 0 && !undoes(search, &head, &search->makers[left - 1]) &&
                   goes_with_table(search, left - 1))
                left--;
            if (left == 0 || !undoes(search, &head, &search->makers[left - 1]))
                return false;
            left--;
        } else if (!is_harmless(head.kind) ||
                   needs_undone(search, left, down->text + statement.start,
                                statement.end - statement.start)) {
            return false;
        }
    }
    return left == 0;
}

bool mig_mirror_is_sure(struct mig_session *s, struct mig_clone *clone,
                        const struct mig_mirror_text *up, const struct mig_mirror_text *down)
{
    struct search search = {.s = s, .clone = clone, .up = up, .down = down};
    bool is_sure = false;

    if (mig_session_ok(s))
        is_sure = list_makers(&search, up) && matches(&search, down);
    sqlite3_free(search.makers);
    return is_sure && mig_session_ok(s);
}
