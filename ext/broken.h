/*
 * broken.h - views and triggers that stop compiling in a text, found on the clone.
 *
 * Compiled are only those that may use what the text alters or drops (compile_check.h), before it is tried
 * and behind it.
 */
#ifndef MIG_BROKEN_H
#define MIG_BROKEN_H

#include "arena.h"
#include "compile_check.h"
#include "compiler.h"
#include "judge.h"
#include "session.h"

#include <stddef.h>

struct mig_broken {
    struct mig_compiled_list before; /* of the schema before the text */
    const char *failure;             /* why they cannot be looked at; NULL: they can */
    struct mig_arena arena;
    const char **names; /* owned array: what the text alters or drops */
    size_t count;
    size_t capacity;
};

void mig_broken_init(struct mig_broken *broken);
void mig_broken_release(struct mig_broken *broken);

/* Looks at the clone before the text is tried. What was in *broken is released. */
void mig_broken_begin(struct mig_session *s, struct mig_broken *broken, struct mig_clone *clone,
                      const char *text, size_t length);

/* Notes what has compiled before the text and does not behind it. */
void mig_broken_judge(struct mig_judge *j, struct mig_broken *broken);

#endif
