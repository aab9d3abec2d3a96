/*
 * directive.h - line comments that tell the engine something about their file:
 *
 *     -- migrate: no-transaction[: REASON]
 *     -- migrate: allow RULE[ OBJECT][: REASON]
 *
 * Blanks around the words do not matter, nor does the case of `migrate`. A comment that begins
 * like this and goes on otherwise is an unknown directive; without the colon it is a comment.
 * Pure: no SQLite connection, no files, no memory.
 */
#ifndef MIG_DIRECTIVE_H
#define MIG_DIRECTIVE_H

#include "compiler.h"

#include <stddef.h>

enum mig_directive_kind {
    MIG_DIRECTIVE_NONE, /* an ordinary comment */
    MIG_DIRECTIVE_NO_TRANSACTION,
    MIG_DIRECTIVE_ALLOW,
    MIG_DIRECTIVE_UNKNOWN,
    MIG_DIRECTIVE_UNKNOWN_RULE,
    MIG_DIRECTIVE_FOREIGN, /* a directive of another migration tool */
};

struct mig_directive {
    enum mig_directive_kind kind;
    unsigned rules; /* ALLOW: set of enum mig_rule */
    size_t
        word_at; /* what to quote: offset in the comment; the whole text behind the dashes, */
    size_t word_length; /* without blanks around it, or the rule that is unknown */
};

/* Reads one line comment, which starts with its two dashes and has no line feed. */
struct mig_directive mig_directive_read(const char *comment, size_t length);

#endif
