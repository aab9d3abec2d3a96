/*
 * request.h - what a caller asks a run for, in the words of the functions: apply, rollback, to, redo, and
 * their targets. Nothing is looked up here; whether a target exists is for the plan to say.
 */
#ifndef MIG_REQUEST_H
#define MIG_REQUEST_H

#include "compiler.h"
#include "plan.h"
#include "session.h"

#include <stdbool.h>

enum mig_request_kind {
    MIG_REQUEST_APPLY,    /* up to the target */
    MIG_REQUEST_ROLLBACK, /* down by the target; the folder is not looked at */
    MIG_REQUEST_TO,       /* up or down to exactly the target's version */
    MIG_REQUEST_REDO,     /* down by the target's count, and up again */
};

struct mig_request {
    enum mig_request_kind kind;
    const char *function; /* the SQL function, for messages */
    const char *dir;      /* the migration folder */
    struct mig_target target;
};

/* The request of that name: "apply", "rollback", "to", "redo". Any other word fails. */
enum mig_request_kind mig_request_parse(struct mig_session *s, const char *function,
                                        const char *name);

/*
 * What `text` (borrowed; NULL: not said) is as the target of such a request: for apply a version, +n or a
 * task; for rollback and redo a number, a task or "all"; for to a version. Any other word fails.
 */
struct mig_target mig_request_target(struct mig_session *s, const char *function,
                                     enum mig_request_kind kind, const char *text);

/* A version in digits; NULL and any other text fail. */
int64_t mig_request_version(struct mig_session *s, const char *function, const char *text);

/* True for a request that the folder has a part in. */
bool mig_request_needs_folder(const struct mig_request *request);

#endif
