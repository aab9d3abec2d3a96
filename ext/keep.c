#include "compiler.h"

#include "keep.h"

/* What a new list of the arena has room for; a power of two. */
#define LIST_ROOM 4

/*
 * Room for one more element in a list of the arena that grows by this function only: at each power of
 * two it moves to a place twice as large. The place of the new element; NULL on a failed session.
 */
void *mig_keep_element(struct mig_session *s, struct mig_arena *arena, void **list,
                       size_t count, size_t size)
{
    unsigned char *larger;

    if (!mig_session_ok(s))
        return NULL;
    if (count == 0 || (count >= LIST_ROOM && (count & (count - 1)) == 0)) {
        larger = mig_arena_alloc(s, arena, size * (count < LIST_ROOM ? LIST_ROOM : 2 * count));
        if (larger == NULL)
            return NULL;
        if (count > 0)
            memcpy(larger, *list, size * count);
        *list = larger;
    }
    return (unsigned char *)*list + count * size;
}

/* Copies the text of a column of the row; "" for NULL. */
const char *mig_keep_column(struct mig_session *s, struct mig_arena *arena, sqlite3_stmt *query,
                            int column)
{
    const char *text = (const char *)sqlite3_column_text(query, column);
    const char *copy = mig_arena_text(s, arena, text == NULL ? "" : text);

    return copy == NULL ? "" : copy;
}

/* The part on one line: without comments, with one blank where there were any. "" when it fails. */
const char *mig_keep_part(struct mig_session *s, struct mig_arena *arena,
                          const struct mig_part *part)
{
    char *text = mig_arena_alloc(s, arena, part->length + 1);
    const char *end = part->text;
    size_t position = 0;
    size_t written = 0;

    if (text == NULL)
        return "";
    for (;;) {
        const struct mig_token token = mig_token_next(part->text, part->length, &position);

        if (token.kind == MIG_TOKEN_END)
            break;
        if (token.text != end && written > 0)
            text[written++] = ' ';
        memcpy(text + written, token.text, token.length);
        written += token.length;
        end = token.text + token.length;
    }
    text[written] = '\0';
    return text;
}

const char *mig_keep_sql(struct mig_session *s, struct mig_arena *arena, const char *text)
{
    const struct mig_part part = {.text = text, .length = strlen(text)};

    return mig_keep_part(s, arena, &part);
}

/* The name that the part is, without its quotes; NULL when there is none. */
const char *mig_keep_name(struct mig_session *s, struct mig_arena *arena,
                          const struct mig_part *part)
{
    struct mig_token token;
    char *name;

    if (part->length == 0)
        return NULL;
    token = mig_token_at(part->text, part->length);
    name = mig_arena_alloc(s, arena, token.length + 1);
    if (name != NULL)
        (void)mig_token_unquote(&token, name);
    return name;
}

/* Moves a text of the heap to the arena. NULL is a lack of memory. */
const char *mig_keep(struct mig_session *s, struct mig_arena *arena, char *text)
{
    const char *copy;

    if (text == NULL)
        mig_session_fail_memory(s);
    copy = text == NULL ? NULL : mig_arena_text(s, arena, text);
    sqlite3_free(text);
    return copy == NULL ? "" : copy;
}

const char *mig_keep_built(struct mig_session *s, struct mig_arena *arena, sqlite3_str *builder)
{
    const int code = sqlite3_str_errcode(builder);
    char *text = sqlite3_str_finish(builder);

    if (code == SQLITE_OK && text == NULL)
        return "";
    return mig_keep(s, arena, text);
}
