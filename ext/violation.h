/*
 * violation.h - what a script has made worse about the foreign keys: what was found before it ran
 * against what is found now. What was wrong before is left alone.
 */
#ifndef MIG_VIOLATION_H
#define MIG_VIOLATION_H

#include "compiler.h"
#include "foreign_key.h"
#include "harm.h"
#include "session.h"

/*
 * Fails the session for the first of these:
 *
 * - A key that a table had before, or that its new parent got by RENAME TO, references a table that
 *   is not there, and the child did not reference that table before. Each write into the child would
 *   fail. A new table may reference one that is still to come.
 * - A key that could be checked, or that is new, cannot be checked.
 * - A row has no parent and had one before, or was not there.
 *
 * Keys are the same when child, parent and the child's columns have the same names. A row without
 * parent was there before when the same key had one of the same value, or, with another value, at the
 * same rowid. Between keys that are gone and keys that are new (renamed tables and columns) the values
 * decide alone. Each row from before stands for one row at most.
 *
 * Both findings are sorted anew.
 */
void mig_violations_fail(struct mig_session *s, const struct mig_harm *harm,
                         struct mig_foreign_keys *before, struct mig_foreign_keys *now);

#endif
