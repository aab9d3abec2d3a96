/*
 * keep.h - what is read or composed, kept in an arena: lists that grow, names and texts of rows, pieces
 * of SQL.
 *
 * Nothing is NULL that is not said to be: on a session that has failed or now fails, a text is "".
 */
#ifndef MIG_KEEP_H
#define MIG_KEEP_H

#include "arena.h"
#include "compiler.h"
#include "definition.h"
#include "session.h"

#include <stddef.h>

/*
 * Room for one more element of `size` bytes in *list, a list of the arena with `count` elements that
 * only this function makes longer. Returns the place of the new element, zeroed; NULL on a session that
 * has failed or now fails. What was in the list may move.
 */
void *mig_keep_element(struct mig_session *s, struct mig_arena *arena, void **list,
                       size_t count, size_t size);

/* The text of a column of the row that the query stands on; "" for NULL. */
const char *mig_keep_column(struct mig_session *s, struct mig_arena *arena, sqlite3_stmt *query,
                            int column);

/* The part of an SQL text, without its comments, with one blank where there were blanks or comments. */
const char *mig_keep_part(struct mig_session *s, struct mig_arena *arena,
                          const struct mig_part *part);

/* The same of a whole text. */
const char *mig_keep_sql(struct mig_session *s, struct mig_arena *arena, const char *text);

/* The name that a part is, without quotes; NULL for a part of no length. */
const char *mig_keep_name(struct mig_session *s, struct mig_arena *arena,
                          const struct mig_part *part);

/* Copies a text of SQLite's allocator, and frees it. NULL is taken for a lack of memory. */
const char *mig_keep(struct mig_session *s, struct mig_arena *arena, char *text);

/* Copies what the builder holds, and frees it. */
const char *mig_keep_built(struct mig_session *s, struct mig_arena *arena,
                           sqlite3_str *builder);

#endif
