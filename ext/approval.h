/*
 * approval.h - what a migration file approves for itself (`-- migrate: allow`), in the words of the log.
 */
#ifndef MIG_APPROVAL_H
#define MIG_APPROVAL_H

#include "compiler.h"
#include "session.h"

#include <stddef.h>

/*
 * The approvals of a text as lines without a last line end, in their order:
 * `allowed RULE OBJECT: REASON`, where object and reason may be missing. Owned by the caller
 * (sqlite3_free). NULL when there are none, or when the session has failed or now fails.
 */
char *mig_approval_lines(struct mig_session *s, const char *text, size_t length);

#endif
