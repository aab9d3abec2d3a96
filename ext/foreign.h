/*
 * foreign.h - the text of a migration file for PostgreSQL or MySQL, as far as it can be judged without a
 * server: where its statements end, and what can be refused before the first of them runs.
 *
 * Pure: no connection, no files, no memory. Only the rules for quotes, comments and the ends of
 * statements are known; whether a statement is right is for the server to say. Bodies of functions,
 * procedures and triggers end where their END does, as psql has it for SQL bodies (BEGIN ATOMIC).
 */
#ifndef MIG_FOREIGN_H
#define MIG_FOREIGN_H

#include "compiler.h"
#include "name.h"
#include "script.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * As mig_script_check(), for a text of that dialect. Refused are, besides bad encodings, open quotes and
 * comments, a last statement without semicolon and wrong directives:
 *
 * - the commands of psql and of the mysql client, which can run programs;
 * - for PostgreSQL, unless the file runs outside a transaction, the words that begin or end one, and
 *   what the server refuses to do in one: VACUUM, CREATE INDEX CONCURRENTLY and its like;
 * - for MySQL, USE: the tracking rows would go to the other database.
 */
MIG_MUST_USE bool mig_foreign_check(const char *text, size_t length, enum mig_dialect dialect,
                                    enum mig_script_place place, struct mig_script *out_script,
                                    struct mig_script_defect *out_defect);

/* The longest delimiter, with a NUL behind it. */
#define MIG_FOREIGN_DELIMITER 16

/* Where the reading of a text has come to; all zero at its beginning. */
struct mig_foreign_cursor {
    size_t at;
    char delimiter[MIG_FOREIGN_DELIMITER]; /* MySQL: what ends a statement in place of a
                                              semicolon; "": that */
};

/*
 * The next statement of a text, which is cut as mig_foreign_check() has it; its kind is always ORDINARY.
 * False at the end. On any text, sound or not, the loop ends: what cannot be a statement, such as a command
 * of a client, is part of one or passed over.
 */
bool mig_foreign_next(const char *text, size_t length, enum mig_dialect dialect,
                      struct mig_foreign_cursor *cursor, struct mig_statement *out_statement);

#endif
