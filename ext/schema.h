/*
 * schema.h - the live schema: its meaning as one number, the fingerprint, and what is in it.
 *
 * The fingerprint is the SHA-256 of these bytes, for each object of the main database in the order
 * of type, then name with A-Z made lower case (compared as bytes):
 *
 *     type NUL name NUL { token NUL } NUL
 *
 * `type` and `name` are those of sqlite_schema, the name with A-Z made lower case. The tokens are
 * those of the object's SQL text without blanks and comments: words and quoted names unquoted and
 * with A-Z made lower case; strings as they stand; everything else as it stands, with A-Z made lower
 * case. So the fingerprint does not change with layout, comments, the case of keywords and names, or
 * quotes that ALTER TABLE adds, and does change with every CHECK, DEFAULT, expression or body.
 *
 * Left out: objects that SQLite makes itself (sqlite_%), objects without SQL text, the tracking
 * table and its log, and the shadow tables of virtual tables.
 */
#ifndef MIG_SCHEMA_H
#define MIG_SCHEMA_H

#include "arena.h"
#include "compiler.h"
#include "digest.h"
#include "session.h"

#include <stdbool.h>

/*
 * Selects type, name, tbl_name and sql of what the fingerprint is made of, sorted by type and name; the
 * tracking table and its log are among them. To be finished with mig_query_finish().
 */
sqlite3_stmt *mig_schema_select(struct mig_session *s);

/* Writes the fingerprint of the live schema; "" when the session has failed or now fails. */
void mig_schema_fingerprint(struct mig_session *s, char out_hex[MIG_DIGEST_SIZE]);

/* Notes the fingerprint of the live schema on the newest line of the log, in the open transaction. */
void mig_schema_note(struct mig_session *s);

/* A number that changes with every change of the schema.
 * Source: https://www.sqlite.org/pragma.html#pragma_schema_version */
int64_t mig_schema_version(struct mig_session *s);

/* True when the text of a view or trigger holds the name, in any case of letters; perhaps in another word. */
bool mig_schema_is_mentioned(struct mig_session *s, const char *name);

/* True when the text of any table holds the word. */
bool mig_schema_has_word(struct mig_session *s, const char *word);

/* The table of an index of the main database; NULL when there is no such index. It is the arena's. */
const char *mig_schema_table_of_index(struct mig_session *s, struct mig_arena *arena,
                                      const char *index);

/* True when the main database has a table, not a view, of that name. */
bool mig_schema_has_table(struct mig_session *s, const char *name);

#endif
