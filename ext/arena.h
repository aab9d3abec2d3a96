/*
 * arena.h - memory that lives and goes together: the names, rows and findings of one call.
 *
 * Pieces are handed out of blocks of SQLite's allocator and never given back one by one. A failed
 * allocation fails the session; the NULL that comes back then is never written through, because the
 * callers do nothing on a failed session.
 */
#ifndef MIG_ARENA_H
#define MIG_ARENA_H

#include "compiler.h"
#include "session.h"

#include <stddef.h>

struct mig_arena_block;

struct mig_arena {
    struct mig_arena_block *blocks; /* owned; newest first */
};

/* An arena without memory. */
void mig_arena_init(struct mig_arena *arena);

/* Releases every piece. The arena is empty afterwards, and can be used again. */
void mig_arena_release(struct mig_arena *arena);

/* `size` zeroed bytes, aligned for any type. NULL when the session has failed or now fails. */
void *mig_arena_alloc(struct mig_session *s, struct mig_arena *arena, size_t size);

/* A copy of `length` bytes with a NUL behind them. NULL as above. */
char *mig_arena_copy(struct mig_session *s, struct mig_arena *arena, const void *bytes,
                     size_t length);

/* A copy of a C string; NULL for NULL. */
const char *mig_arena_text(struct mig_session *s, struct mig_arena *arena, const char *text);

/*
 * Makes room for one more element in an array of the heap (not of the arena): *array holds `count`
 * elements of `size` bytes and has room for *capacity. Returns the place of the new element,
 * zeroed, or NULL when the session has failed or now fails. The array is released by its owner with
 * sqlite3_free().
 */
void *mig_array_add(struct mig_session *s, void **array, size_t count, size_t *capacity,
                    size_t size);

#endif
