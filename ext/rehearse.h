/*
 * rehearse.h - a rehearsal: what is pending is applied to a copy of the live database, and what came of
 * each operation is told. The copy is gone afterwards; the live database is only read.
 *
 * The engine runs on the copy as it would on the database (apply.h): the same options, checks, transactions
 * and tracking. After each commit the operations make their round trip (trip.h).
 */
#ifndef MIG_REHEARSE_H
#define MIG_REHEARSE_H

#include "arena.h"
#include "compiler.h"
#include "request.h"
#include "session.h"
#include "trip.h"

#include <stddef.h>

enum mig_rehearsed_outcome {
    MIG_REHEARSED_NOT, /* an operation before it has failed */
    MIG_REHEARSED_COMPLETED,
    MIG_REHEARSED_FAILED,
};

/* What came of one operation. Texts are the arena's. Of one that has not completed, all but the first
 * lines is NULL or 0. */
struct mig_rehearsed {
    int64_t version;
    const char *task;
    const char *path;
    enum mig_rehearsed_outcome outcome;
    const char *error; /* with its hint; NULL: none */
    int64_t duration;  /* milliseconds */
    int64_t statements;
    const char *rows;    /* JSON: {"TABLE":{"inserted":n,"updated":n,"deleted":n}} */
    const char *objects; /* JSON: {"created":["table x"],"changed":[],"dropped":[]} */
    int64_t pages;
    int64_t violations_before; /* rows without parent in the tables concerned; -1: not known */
    int64_t violations_after;
    const char *broken; /* JSON: [{"type":"view","name":"x","error":"..."}] */
    const char *
        slower; /* JSON: [{"query":"queries/x.sql:3","before":"SEARCH ...","after":"SCAN ..."}] */
    enum mig_trip_verdict trip;
    const char *details; /* of the round trip */
};

struct mig_rehearsal {
    struct mig_arena arena;
    struct mig_rehearsed *list; /* owned array, in the order of the plan */
    size_t count;
};

/* No operations. */
void mig_rehearsal_init(struct mig_rehearsal *rehearsal);

void mig_rehearsal_release(struct mig_rehearsal *rehearsal);

/* The name of an outcome, as it stands in tables. */
const char *mig_rehearsed_name(enum mig_rehearsed_outcome outcome);

/*
 * Rehearses the request, of kind apply, on a copy of the main database of the session's connection. To be
 * called while a statement of that connection is being read, so that it stands still; nothing is begun or
 * ended on it. An operation that fails is a row; the session fails when the rehearsal itself cannot be
 * made: the folder has problems that would stop the run before it begins, the database cannot be copied,
 * memory runs out, or the call is interrupted.
 */
void mig_rehearse(struct mig_session *s, const struct mig_request *request,
                  struct mig_rehearsal *rehearsal);

#endif
