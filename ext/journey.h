/*
 * journey.h - what becomes of the columns and rows of a table on the way of a rebuild: which column of the
 * new table holds the values of which old one, and why rows may be left behind. Read from the words of the
 * copies, and of the statements that rename columns between them.
 */
#ifndef MIG_JOURNEY_H
#define MIG_JOURNEY_H

#include "compiler.h"
#include "definition.h"
#include "session.h"
#include "shape.h"
#include "swap.h"
#include "trial.h"

#include <stdbool.h>

/* What becomes of a column on its way. */
enum mig_fate {
    MIG_FATE_KEPT,
    MIG_FATE_COMPUTED, /* an expression takes its place */
    MIG_FATE_REPLACED, /* another column does */
    MIG_FATE_LOST,
    MIG_FATE_UNKNOWN, /* which column a copy writes cannot be told */
};

struct mig_journey {
    enum mig_fate fate;
    const char *name;     /* what it is called at the end of the way; NULL: lost */
    bool is_renamed;      /* a copy has put it into a column of another name */
    struct mig_part text; /* what takes its place */
};

/* True when the token is that name, in any case of letters. */
bool mig_journey_is_name(const struct mig_token *token, const char *name);

/* Follows a column of the old table through all copies. `after` is the new one. */
struct mig_journey mig_journey_follow(struct mig_session *s, struct mig_trial *trial,
                                      const struct mig_swap *swap,
                                      const struct mig_shape *after, const char *column);

/* The table that copy `n` of the swap reads; NULL: not known. Of one that is not of main, only its columns are
 * known, by name and type, and the type is NULL where a query has made it. */
const struct mig_shape *mig_journey_shape(struct mig_session *s, struct mig_trial *trial,
                                          const struct mig_swap *swap, size_t n);

/*
 * Why rows may be left behind by a copy, as a person calls it: "WHERE", "LIMIT", "a join", ...; NULL:
 * they are not.
 */
const char *mig_journey_odd(struct mig_session *s, struct mig_trial *trial,
                            const struct mig_swap *swap);

#endif
