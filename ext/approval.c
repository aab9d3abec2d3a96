#include "compiler.h"

#include "approval.h"

#include "script.h"

/* One approval, as a line. */
static void put_line(sqlite3_str *out, const struct mig_approval *approval)
{
    if (sqlite3_str_length(out) > 0)
        sqlite3_str_appendall(out, "\n");
    sqlite3_str_appendf(out, "allowed %s", mig_rule_info(approval->rule)->id);
    if (approval->object_length > 0)
        sqlite3_str_appendf(out, " %.*s", (int)approval->object_length, approval->object);
    if (approval->reason_length > 0)
        sqlite3_str_appendf(out, ": %.*s", (int)approval->reason_length, approval->reason);
}

char *mig_approval_lines(struct mig_session *s, const char *text, size_t length)
{
    struct mig_approval approval;
    sqlite3_str *out;
    size_t position = 0;
    int result;

    if (!mig_session_ok(s) || !mig_script_next_approval(text, length, &position, &approval))
        return NULL;
    out = sqlite3_str_new(s->db);
    do
        put_line(out, &approval);
    while (mig_script_next_approval(text, length, &position, &approval));
    result = sqlite3_str_errcode(out);
    if (result == SQLITE_OK)
        return sqlite3_str_finish(out);
    sqlite3_free(sqlite3_str_finish(out));
    mig_session_fail_memory(s);
    return NULL;
}
