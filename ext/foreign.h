/*
 * foreign.h - the text of a migration file for PostgreSQL or MySQL, as far as it can be judged without a
 * server: where its statements end, and what can be refused before the first of them runs.
 *
 * Pure: no connection, no files, no memory. Only the rules for quotes, comments and the ends of
 * statements are known; whether a statement is right is for the server to say. Bodies of functions,
 * procedures and triggers end where their END does, as psql has it for SQL bodies (BEGIN ATOMIC).
 * Sources: https://www.postgresql.org/docs/current/sql-syntax-lexical.html,
 * https://dev.mysql.com/doc/refman/8.4/en/language-structure.html
 */
#ifndef MIG_FOREIGN_H
#define MIG_FOREIGN_H

#include "compiler.h"
#include "name.h"
#include "script.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * As mig_script_check(), for a file of that dialect. Refused are, besides bad encodings, open quotes and
 * comments, a last statement without semicolon and wrong directives: for PostgreSQL the words that begin
 * or end a transaction (unless the file runs outside of one) and the backslash commands of psql.
 */
MIG_MUST_USE bool mig_foreign_check(const char *text, size_t length, enum mig_dialect dialect,
                                    struct mig_script *out_script,
                                    struct mig_script_defect *out_defect);

#endif
