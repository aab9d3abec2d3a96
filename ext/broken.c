#include "compiler.h"

#include "broken.h"

#include "query.h"
#include "script.h"

void mig_broken_init(struct mig_broken *broken)
{
    memset(broken, 0, sizeof(*broken));
    mig_compiled_init(&broken->before);
}

void mig_broken_release(struct mig_broken *broken)
{
    mig_compiled_release(&broken->before);
    sqlite3_free(broken->names);
    mig_arena_release(&broken->arena);
    mig_broken_init(broken);
}

static void add_name(struct mig_session *s, struct mig_broken *broken,
                     const struct mig_token *token)
{
    void *list = broken->names;
    const char **added;
    char *name;

    if (token->length == 0)
        return;
    added = mig_array_add(s, &list, broken->count, &broken->capacity, sizeof(*added));
    broken->names = list;
    name = mig_arena_alloc(s, &broken->arena, token->length + 1);
    if (added == NULL || name == NULL)
        return;
    (void)mig_token_unquote(token, name);
    *added = name;
    broken->count++;
}

/* Lists what the text alters or drops. */
static void list_names(struct mig_session *s, struct mig_broken *broken, const char *text,
                       size_t length)
{
    struct mig_statement statement;
    size_t position = 0;

    while (mig_script_next(text, length, &position, &statement)) {
        struct mig_head head;

        mig_head_read(text + statement.start, statement.end - statement.start, &head);
        if (head.kind < MIG_HEAD_DROP_TABLE || head.kind > MIG_HEAD_ALTER_TABLE)
            continue;
        add_name(s, broken, &head.name);
        if (head.kind == MIG_HEAD_RENAME_TABLE)
            add_name(s, broken, &head.to);
    }
}

/* Compiles what may use the names. That it cannot be done is noted; what ends all work goes to `s`. */
static void look(struct mig_session *s, struct mig_clone *clone, struct mig_broken *broken,
                 struct mig_compiled_list *compiled)
{
    struct mig_session failure;

    if (broken->count == 0 || !mig_session_ok(s))
        return;
    mig_compiled_find_using(&clone->session, broken->names, broken->count, compiled);
    if (mig_session_ok(&clone->session))
        return;
    mig_session_forget(&clone->session, &failure);
    if (failure.outcome == MIG_NO_MEMORY || failure.outcome == MIG_INTERRUPTED)
        mig_session_take(s, &failure);
    else
        broken->failure = mig_arena_text(s, &broken->arena, failure.message);
    mig_session_release(&failure);
}

void mig_broken_begin(struct mig_session *s, struct mig_broken *broken, struct mig_clone *clone,
                      const char *text, size_t length)
{
    mig_broken_release(broken);
    list_names(s, broken, text, length);
    look(s, clone, broken, &broken->before);
}

/* The last statement that has altered or dropped something: at the latest that one has broken it. */
static size_t find_culprit(const struct mig_judge *j)
{
    for (size_t i = j->trial->count; i > 0; i--)
        if (j->trial->deeds[i - 1].is_new &&
            j->trial->deeds[i - 1].head.kind >= MIG_HEAD_DROP_TABLE &&
            j->trial->deeds[i - 1].head.kind <= MIG_HEAD_ALTER_TABLE)
            return i - 1;
    return MIG_LINT_FILE;
}

void mig_broken_judge(struct mig_judge *j, struct mig_broken *broken)
{
    const struct mig_compiled *entry;
    struct mig_compiled_list now;
    size_t place = 0;

    if (!mig_session_ok(j->s) || (broken->before.count == 0 && broken->failure == NULL))
        return;
    mig_compiled_init(&now);
    look(j->s, j->clone, broken, &now);
    while ((entry = mig_compiled_next_broken(&broken->before, &now, &place)) != NULL)
        mig_judge_note(j, find_culprit(j), MIG_RULE_BROKEN_VIEW, entry->name,
                       "%s %s does not compile any more: %s", entry->kind, entry->name,
                       entry->error);
    mig_compiled_release(&now);
    if (broken->failure != NULL)
        mig_judge_note(j, find_culprit(j), MIG_RULE_NOT_JUDGED, NULL,
                       "whether views and triggers still compile is not known: %s",
                       broken->failure);
}
