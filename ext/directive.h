/*
 * directive.h - line comments that tell the engine something about their file:
 *
 *     -- migrate: no-transaction[: REASON]
 *     -- migrate: allow RULE[ OBJECT][: REASON]
 *
 * Blanks around the words do not matter, nor does the case of `migrate`. A comment that begins
 * like this and goes on otherwise is an unknown directive; without the colon it is a comment. An object
 * is what stands between the rule and the colon: `users`, `users.fax`, `an index`.
 * Pure: no SQLite connection, no files, no memory.
 */
#ifndef MIG_DIRECTIVE_H
#define MIG_DIRECTIVE_H

#include "compiler.h"
#include "rule.h"

#include <stddef.h>

enum mig_directive_kind {
    MIG_DIRECTIVE_NONE, /* an ordinary comment */
    MIG_DIRECTIVE_NO_TRANSACTION,
    MIG_DIRECTIVE_ALLOW,
    MIG_DIRECTIVE_UNKNOWN,
    MIG_DIRECTIVE_UNKNOWN_RULE,
    MIG_DIRECTIVE_FOREIGN, /* a directive of another migration tool */
};

/* What a file approves for itself. The texts are places in the comment, without blanks around them. */
struct mig_approval {
    enum mig_rule rule;
    const char *object;   /* what it is approved for, ... */
    size_t object_length; /* 0: for all that the rule finds in the file */
    const char *reason;
    size_t reason_length; /* 0: none is given */
};

struct mig_directive {
    enum mig_directive_kind kind;
    struct mig_approval approval; /* ALLOW */
    size_t
        word_at; /* what to quote: offset in the comment; the whole text behind the dashes, */
    size_t word_length; /* without blanks around it, or the rule that is unknown */
};

/* Reads one line comment, which starts with its two dashes (or the # of MySQL) and has no line feed. */
struct mig_directive mig_directive_read(const char *comment, size_t length);

#endif
