/*
 * lint.h - what is dangerous about a plan, found out before anything of it is run.
 *
 * For SQLite, each statement is prepared on a private connection that has the live schema and no rows
 * (clone.h), where an authorizer says what it touches; what changes the schema is run there, so that the
 * statements behind it are judged by the schema that they will meet. What only rows can tell is asked of
 * the user's database with SELECTs. What could not be judged is a finding of its own. Files for servers
 * are judged by their text (lint_text.h).
 *
 * Nothing is run on the user's connection but SELECTs and pragmas that read.
 */
#ifndef MIG_LINT_H
#define MIG_LINT_H

#include "compiler.h"
#include "finding.h"
#include "prepare.h"
#include "session.h"

/*
 * Judges all steps of the plan, in their order, and adds a row for each statement and finding to *lint,
 * which mig_lint_init() has made. The plan need not be vetted: what vetting refuses is a finding. Fails
 * only when memory runs out, the call is interrupted, or the database cannot be read.
 */
void mig_lint_plan(struct mig_session *s, const struct mig_prepared *prepared,
                   struct mig_lint *lint);

#endif
