/*
 * approval.h - what a migration file approves for itself (`-- migrate: allow`): for which objects, and in
 * the words of the log.
 */
#ifndef MIG_APPROVAL_H
#define MIG_APPROVAL_H

#include "arena.h"
#include "compiler.h"
#include "directive.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The approvals of a text as lines without a last line end, in their order:
 * `allowed RULE OBJECT: REASON`, where object and reason may be missing. Owned by the caller
 * (sqlite3_free). NULL when there are none, or when the session has failed or now fails.
 */
char *mig_approval_lines(struct mig_session *s, const char *text, size_t length);

/*
 * True when the approval is for that object (NULL: none in particular), or for what that lies in: `users`
 * covers users.fax. One without an object covers all. In any case of letters.
 */
bool mig_approval_covers(const struct mig_approval *approval, const char *object);

/* True when an approval of the text covers the object for that rule. */
bool mig_approval_allows(const char *text, size_t length, enum mig_rule rule,
                         const char *object);

/*
 * What the text approves for that rule, as comments that mig_approval_allows() reads; without the reasons.
 * The arena's. NULL when there is nothing, or when the session has failed or now fails.
 */
const char *mig_approval_keep(struct mig_session *s, struct mig_arena *arena, const char *text,
                              size_t length, enum mig_rule rule);

#endif
