#include "compiler.h"

#include "request.h"

#include "name.h"

static const char *const kind_names[] = {
    [MIG_REQUEST_APPLY] = "apply",
    [MIG_REQUEST_ROLLBACK] = "rollback",
    [MIG_REQUEST_TO] = "to",
    [MIG_REQUEST_REDO] = "redo",
};

enum mig_request_kind mig_request_parse(struct mig_session *s, const char *function,
                                        const char *name)
{
    for (size_t i = 0; i < sizeof(kind_names) / sizeof(kind_names[0]); i++)
        if (name != NULL && strcmp(name, kind_names[i]) == 0)
            return (enum mig_request_kind)i;
    mig_session_fail(s, MIG_USAGE, "%s: \"%s\" is not a request", function,
                     name == NULL ? "NULL" : name);
    mig_session_hint(s, "use one of: apply rollback to redo");
    return MIG_REQUEST_APPLY;
}

int64_t mig_request_version(struct mig_session *s, const char *function, const char *text)
{
    int64_t version = 0;

    if (text != NULL && mig_name_version(text, &version))
        return version;
    mig_session_fail(s, MIG_USAGE, "%s: \"%s\" is not a version", function,
                     text == NULL ? "NULL" : text);
    mig_session_hint(s, "a version is a whole number, e.g. 7");
    return 0;
}

/* A version, +n, a task name; nothing: everything. */
static struct mig_target up_target(struct mig_session *s, const char *function,
                                   const char *text)
{
    struct mig_target target = {MIG_TARGET_ALL, 0, NULL};

    if (text == NULL)
        return target;
    if (mig_name_is_task(text)) {
        target.kind = MIG_TARGET_TASK;
        target.task = text;
    } else if (text[0] == '+' && mig_name_version(text + 1, &target.number)) {
        target.kind = MIG_TARGET_COUNT;
    } else if (mig_name_version(text, &target.number)) {
        target.kind = MIG_TARGET_VERSION;
    } else {
        mig_session_fail(s, MIG_USAGE, "%s: \"%s\" is not a target", function, text);
        mig_session_hint(s,
                         "a target is a version (7), a number of operations ('+2') or a task "
                         "('TASK-123')");
    }
    return target;
}

/* n, a task name, 'all'; nothing: 1. */
static struct mig_target down_target(struct mig_session *s, const char *function,
                                     const char *text)
{
    struct mig_target target = {MIG_TARGET_COUNT, 1, NULL};

    if (text == NULL)
        return target;
    if (mig_name_is_task(text)) {
        target.kind = MIG_TARGET_TASK;
        target.task = text;
    } else if (strcmp(text, "all") == 0) {
        target.kind = MIG_TARGET_ALL;
    } else if (!mig_name_version(text, &target.number) || target.number == 0) {
        mig_session_fail(s, MIG_USAGE, "%s: \"%s\" does not say what to roll back", function,
                         text);
        mig_session_hint(s,
                         "it is a number of operations from 1, a task ('TASK-123') or 'all'");
    }
    return target;
}

struct mig_target mig_request_target(struct mig_session *s, const char *function,
                                     enum mig_request_kind kind, const char *text)
{
    struct mig_target version = {MIG_TARGET_VERSION, 0, NULL};

    switch (kind) {
    case MIG_REQUEST_APPLY:
        return up_target(s, function, text);
    case MIG_REQUEST_ROLLBACK:
    case MIG_REQUEST_REDO:
        return down_target(s, function, text);
    case MIG_REQUEST_TO:
        break;
    }
    version.number = mig_request_version(s, function, text);
    return version;
}

bool mig_request_needs_folder(const struct mig_request *request)
{
    return request->kind != MIG_REQUEST_ROLLBACK &&
           !(request->kind == MIG_REQUEST_TO && request->target.number == 0);
}
