#include "compiler.h"

#include "approval.h"

#include "script.h"

/* What is approved, behind `verb`, on a line of its own. */
static void put_line(sqlite3_str *out, const char *verb, const struct mig_approval *approval)
{
    if (sqlite3_str_length(out) > 0)
        sqlite3_str_appendall(out, "\n");
    sqlite3_str_appendf(out, "%s %s", verb, mig_rule_info(approval->rule)->id);
    if (approval->object_length > 0)
        sqlite3_str_appendf(out, " %.*s", (int)approval->object_length, approval->object);
}

/* One approval, in the words of the log. */
static void put_allowed(sqlite3_str *out, const struct mig_approval *approval)
{
    put_line(out, "allowed", approval);
    if (approval->reason_length > 0)
        sqlite3_str_appendf(out, ": %.*s", (int)approval->reason_length, approval->reason);
}

/* The text that was built, owned by the caller; NULL when memory has run out. */
static char *finish(struct mig_session *s, sqlite3_str *out)
{
    const int result = sqlite3_str_errcode(out);
    char *text = sqlite3_str_finish(out);

    if (result == SQLITE_OK)
        return text;
    sqlite3_free(text);
    mig_session_fail_memory(s);
    return NULL;
}

char *mig_approval_lines(struct mig_session *s, const char *text, size_t length)
{
    struct mig_approval approval;
    sqlite3_str *out;
    size_t position = 0;

    if (!mig_session_ok(s) || !mig_script_next_approval(text, length, &position, &approval))
        return NULL;
    out = sqlite3_str_new(s->db);
    do
        put_allowed(out, &approval);
    while (mig_script_next_approval(text, length, &position, &approval));
    return finish(s, out);
}

bool mig_approval_covers(const struct mig_approval *approval, const char *object)
{
    if (approval->object_length == 0)
        return true;
    return object != NULL && strlen(object) >= approval->object_length &&
           sqlite3_strnicmp(object, approval->object, (int)approval->object_length) == 0 &&
           (object[approval->object_length] == '\0' || object[approval->object_length] == '.');
}

bool mig_approval_allows(const char *text, size_t length, enum mig_rule rule,
                         const char *object)
{
    struct mig_approval approval;
    size_t position = 0;

    while (mig_script_next_approval(text, length, &position, &approval))
        if (approval.rule == rule && mig_approval_covers(&approval, object))
            return true;
    return false;
}

const char *mig_approval_keep(struct mig_session *s, struct mig_arena *arena, const char *text,
                              size_t length, enum mig_rule rule)
{
    sqlite3_str *out;
    struct mig_approval approval;
    const char *kept;
    char *built;
    size_t position = 0;

    if (!mig_session_ok(s))
        return NULL;
    out = sqlite3_str_new(s->db);
    while (mig_script_next_approval(text, length, &position, &approval))
        if (approval.rule == rule)
            put_line(out, "-- migrate: allow", &approval);
    built = finish(s, out);
    kept = built == NULL ? NULL : mig_arena_text(s, arena, built);
    sqlite3_free(built);
    return kept;
}
