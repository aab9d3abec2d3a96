/*
 * lint_rows.h - the statements of PostgreSQL and MySQL that change rows, or may: each is judged behind its
 * first word.
 *
 * Sources: https://www.postgresql.org/docs/current/sql-delete.html and its like,
 * https://dev.mysql.com/doc/refman/8.4/en/delete.html and its like
 */
#ifndef MIG_LINT_ROWS_H
#define MIG_LINT_ROWS_H

#include "compiler.h"
#include "lint_case.h"
#include "reader.h"

void mig_lint_insert(struct mig_lint_case *c, struct mig_reader *r);
void mig_lint_replace(struct mig_lint_case *c, struct mig_reader *r);
void mig_lint_update(struct mig_lint_case *c, struct mig_reader *r);
void mig_lint_delete(struct mig_lint_case *c, struct mig_reader *r);
void mig_lint_merge(struct mig_lint_case *c, struct mig_reader *r);

/* WITH: each statement in it, and the one behind. */
void mig_lint_with(struct mig_lint_case *c, struct mig_reader *r);

/* A query, which can call a function that does anything, or make a table. */
void mig_lint_select(struct mig_lint_case *c, struct mig_reader *r);

/* PostgreSQL: COPY. */
void mig_lint_copy(struct mig_lint_case *c, struct mig_reader *r);

/* MySQL: LOAD DATA. */
void mig_lint_load(struct mig_lint_case *c, struct mig_reader *r);

#endif
