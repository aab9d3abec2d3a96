/*
 * trip.h - the round trip of operations that a rehearsal has just committed: down again, newest first, and
 * up once more, in a transaction that is rolled back, so that what follows finds the copy as migrate_apply
 * would leave it. Each operation is judged: is the schema what it was before, have the tables the rows that
 * they had, does up give the same schema again?
 *
 * Operations of one transaction (option transaction) make their trip together. One that is marked
 * no-transaction makes none, and neither does one whose down file is.
 */
#ifndef MIG_TRIP_H
#define MIG_TRIP_H

#include "arena.h"
#include "census.h"
#include "compile_check.h"
#include "compiler.h"
#include "digest.h"
#include "inventory.h"
#include "prepare.h"
#include "session.h"

#include <stddef.h>

enum mig_trip_verdict {
    MIG_TRIP_NONE, /* it was not rehearsed itself */
    MIG_TRIP_OK,
    MIG_TRIP_NO_DOWN,
    MIG_TRIP_NOT_MADE,
    MIG_TRIP_ROWS_DIFFER, /* there are more rows than before */
    MIG_TRIP_SCHEMA_DIFFERS,
    MIG_TRIP_ROWS_LOST, /* rows are missing, or hold other values than before */
    MIG_TRIP_FAILED,
};

/* The name of a verdict, as it stands in tables; NULL for MIG_TRIP_NONE. */
const char *mig_trip_name(enum mig_trip_verdict verdict);

/* One operation. */
struct mig_trip_part {
    const struct mig_step *step;              /* borrowed; as it went up */
    const struct mig_census_changes *changes; /* borrowed; what going up has changed */
    char before[MIG_DIGEST_SIZE];             /* fingerprints of the schema */
    char after[MIG_DIGEST_SIZE];
    enum mig_trip_verdict verdict; /* out */
    const char *details;           /* out: the worst first; the arena's; NULL: nothing to say */
};

struct mig_trip {
    const struct mig_prepared *prepared; /* borrowed, like all that follows */
    struct mig_census *census;           /* of the copy */
    struct mig_arena *arena;             /* for the details */
    const struct mig_inventory *before;  /* the schema before the first part; NULL: not kept */
    const struct mig_inventory *after;   /* the schema as it is */
    const struct mig_compiled_list *compiled; /* views and triggers as they are */
    struct mig_trip_part *parts;              /* in the order of the steps */
    size_t count;
};

/*
 * Makes the trip on the copy that `s` is a session of; no transaction may be open, and none is
 * afterwards. What goes wrong with an operation is its verdict; `s` fails only when the rehearsal cannot
 * go on: out of memory, interrupted.
 */
void mig_trip_make(struct mig_session *s, struct mig_trip *trip);

#endif
