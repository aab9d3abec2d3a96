/*
 * settle.h - changes what the tracking table says without running an operation: a baseline for a
 * database that has the schema already, and the repair of a row that a run left unsettled.
 */
#ifndef MIG_SETTLE_H
#define MIG_SETTLE_H

#include "compiler.h"
#include "session.h"

/*
 * Marks every pending operation of the folder up to `version` as completed, without running it, in
 * one transaction. Fails when the folder does not have that version, or has findings that would stop
 * a run. Returns the version that the database is at then.
 */
int64_t mig_settle_baseline(struct mig_session *s, const char *dir, int64_t version);

/*
 * Settles the row of an operation. `outcome`:
 *   "completed", "rollback"   for a row that is failed or running: how it was settled by hand;
 *   "accept"                  for a completed row: its file, as it is in the folder now, is taken
 *                             over with its code, rollback code, checksum and path.
 */
void mig_settle_repair(struct mig_session *s, const char *dir, int64_t version,
                       const char *outcome);

#endif
