/*
 * compile_check.h - which views and triggers of the live schema still compile.
 *
 * A view is compiled by preparing a SELECT of it, a trigger by preparing a statement that would fire
 * it; nothing is run. SQLite itself looks at them only when they are used, so a dropped column is
 * found by the next user of the view, not by the one who dropped it.
 */
#ifndef MIG_COMPILE_CHECK_H
#define MIG_COMPILE_CHECK_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* A view or trigger. Texts are the arena's. */
struct mig_compiled {
    const char *name;
    const char *kind;  /* "view" or "trigger" */
    const char *error; /* why it does not compile; NULL when it does */
};

struct mig_compiled_list {
    struct mig_arena arena;
    struct mig_compiled *list; /* owned array, in order of kind and name */
    size_t count;
    size_t capacity;
};

void mig_compiled_init(struct mig_compiled_list *compiled);
void mig_compiled_release(struct mig_compiled_list *compiled);

/* Compiles all views and triggers of the main database. What was in *compiled is released. */
void mig_compiled_find(struct mig_session *s, struct mig_compiled_list *compiled);

/*
 * The same for those that may use one of the `count` objects `names` (tables or views), directly or through
 * a view: more, rather than fewer.
 */
void mig_compiled_find_using(struct mig_session *s, const char *const *names, size_t count,
                             struct mig_compiled_list *compiled);

/*
 * The next one at *place of `now`, which is moved behind it, that has compiled `before` and does not any
 * more; begin with 0. NULL: there is none.
 */
const struct mig_compiled *mig_compiled_next_broken(const struct mig_compiled_list *before,
                                                    const struct mig_compiled_list *now,
                                                    size_t *place);

/* Fails the session, for this one does not compile any more. */
void mig_compiled_fail(struct mig_session *s, const struct mig_compiled *entry);

#endif
