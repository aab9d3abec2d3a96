/*
 * way_back.h - is the down file of an operation its way back? Tried on the clone, right behind the
 * operation: the schema behind it is compared with the one before, and what it takes with it is noted.
 */
#ifndef MIG_WAY_BACK_H
#define MIG_WAY_BACK_H

#include "compiler.h"
#include "inventory.h"
#include "judge.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Judges a down file of `length` bytes, for which mig_lint_begin() was called. `up` is the judgement of the
 * operation, which has just been run; `before` the schema before it. With NULL for that, the down file is
 * known to be the way back (mirror.h), and nothing of it is executed. The clone and the lineage are behind
 * the operation again when this returns; false: the clone could not be brought back, or the session has
 * failed.
 */
bool mig_way_back_judge(const struct mig_judge *up, const struct mig_inventory *before,
                        const char *text, size_t length);

#endif
