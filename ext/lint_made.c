#include "compiler.h"

#include "lint_made.h"

void mig_made_init(struct mig_made_list *made)
{
    memset(made, 0, sizeof(*made));
}

void mig_made_release(struct mig_made_list *made)
{
    sqlite3_free(made->list);
    mig_arena_release(&made->arena);
    mig_made_init(made);
}

void mig_made_add(struct mig_session *s, struct mig_made_list *made,
                  const struct mig_made *object)
{
    void *list = made->list;
    struct mig_made *added;

    if (!mig_session_ok(s))
        return;
    added = mig_array_add(s, &list, made->count, &made->capacity, sizeof(*added));
    made->list = list;
    if (added == NULL)
        return;
    *added = *object;
    added->name = mig_arena_text(s, &made->arena, object->name);
    added->detail = mig_arena_text(s, &made->arena, object->detail);
    if (mig_session_ok(s))
        made->count++;
}

static bool is_it(const struct mig_made *object, enum mig_made_kind kind, const char *name)
{
    return object->kind == kind && !object->is_gone && strcmp(object->name, name) == 0;
}

struct mig_made *mig_made_find(const struct mig_made_list *made, enum mig_made_kind kind,
                               const char *name)
{
    for (size_t i = made->count; i > 0; i--)
        if (is_it(&made->list[i - 1], kind, name))
            return &made->list[i - 1];
    return NULL;
}

bool mig_made_by_operation(const struct mig_made_list *made, enum mig_made_kind kind,
                           const char *name)
{
    for (size_t i = made->operation; i < made->count; i++)
        if (is_it(&made->list[i], kind, name))
            return made->list[i].is_sure;
    return false;
}

void mig_made_fill(const struct mig_made_list *made, enum mig_made_kind kind, const char *name,
                   enum mig_made_content content)
{
    struct mig_made *object = mig_made_find(made, kind, name);

    if (object != NULL && object->content < content)
        object->content = content;
}

enum mig_made_loss mig_made_loss(const struct mig_made_list *made, enum mig_made_kind kind,
                                 const char *name)
{
    const struct mig_made *object = mig_made_find(made, kind, name);

    if (object == NULL || !object->is_sure)
        return MIG_LOSES_DATA;
    if (object->content == MIG_MADE_COPIES)
        return made->has_lost ? MIG_LOSES_DATA : MIG_LOSES_COPIES;
    return object->content == MIG_MADE_VALUES ? MIG_LOSES_VALUES : MIG_LOSES_NOTHING;
}

void mig_made_drop(const struct mig_made_list *made, enum mig_made_kind kind, const char *name)
{
    struct mig_made *object = mig_made_find(made, kind, name);

    if (object != NULL)
        object->is_gone = true;
}

void mig_made_forget(struct mig_made_list *made)
{
    made->count = 0;
    made->operation = 0;
}
