/*
 * lint_text.h - what is dangerous about a file for PostgreSQL or MySQL, as far as its text tells: what its
 * statements make, change and drop, and which of them lock a table that is in use.
 *
 * No server is asked. So whether rows are there, which foreign keys act, and what a view needs is not
 * known; a statement that could do anything (DO, CALL, a query with a function of one's own) is a finding
 * `not-judged`, and so is one that only the rows can decide about. Words and quotes are those of
 * foreign_token.h, statements those of mig_foreign_next().
 *
 * Sources: https://www.postgresql.org/docs/current/sql-altertable.html (notes),
 * https://www.postgresql.org/docs/current/sql-createindex.html (building indexes concurrently),
 * https://dev.mysql.com/doc/refman/8.4/en/alter-table.html
 */
#ifndef MIG_LINT_TEXT_H
#define MIG_LINT_TEXT_H

#include "compiler.h"
#include "finding.h"
#include "lint_made.h"
#include "name.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * What the texts of a plan have made so far, so that a later one can lose it without harm. One for a plan;
 * it is filled by mig_lint_text_judge().
 */
struct mig_lint_text_plan {
    enum mig_dialect dialect;
    struct mig_made_list made;
};

/* A plan of which nothing is known yet. Allocates nothing. */
void mig_lint_text_init(struct mig_lint_text_plan *plan, enum mig_dialect dialect);

void mig_lint_text_release(struct mig_lint_text_plan *plan);

/*
 * Adds and judges all statements of the text that `lint` is at: to be called between mig_lint_begin() and
 * mig_lint_end(). `no_transaction` is what the file says of itself. The text need not be sound: what
 * vetting refuses is cut into statements all the same. A text down of an operation up is to be judged
 * directly behind that; what only removes what its operation made is `down-removes` there.
 *
 * That there is no text down is for the caller to note. CONCURRENTLY in a transaction, which vetting
 * refuses, is noted here.
 */
void mig_lint_text_judge(struct mig_session *s, struct mig_lint_text_plan *plan,
                         bool no_transaction, struct mig_lint *lint);

#endif
