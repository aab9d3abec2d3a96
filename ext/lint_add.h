/*
 * lint_add.h - ADD of ALTER TABLE, for PostgreSQL and MySQL: what new columns and constraints ask of the
 * rows that are there.
 *
 * Sources: https://www.postgresql.org/docs/current/sql-altertable.html (notes),
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html
 */
#ifndef MIG_LINT_ADD_H
#define MIG_LINT_ADD_H

#include "compiler.h"
#include "lint_case.h"
#include "reader.h"

#include <stdbool.h>

/* One action of ALTER TABLE. Everything is borrowed. */
struct mig_lint_action {
    struct mig_lint_case *c;
    const char *table;
    bool is_new; /* the table: the plan has made it, or it was there already (IF NOT EXISTS) */
    struct mig_reader r; /* behind the word that says what is done */
};

/* Judges what is added. */
void mig_lint_add(struct mig_lint_action *a);

bool mig_lint_action_is_postgresql(const struct mig_lint_action *a);

/* Notes something about a column, or the table when `column` is NULL; nothing for a table that is new. */
void mig_lint_action_note(struct mig_lint_action *a, enum mig_rule rule, const char *column,
                          const char *why);

/* Names the statement for `part` of the table. */
void mig_lint_action_name(struct mig_lint_action *a, const char *kind, const char *part);

#endif
