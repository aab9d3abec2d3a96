/*
 * judge.h - what there is to say about the statements of one text, once they have been tried on the clone
 * (trial.h): the rules, and what the statements behind have to know of those before (lineage.h).
 *
 * Findings go to the list of the lint, whose statements are those of the trial, in the same order. Data
 * are asked about on the user's connection (ask.h).
 */
#ifndef MIG_JUDGE_H
#define MIG_JUDGE_H

#include "ask.h"
#include "clone.h"
#include "compiler.h"
#include "finding.h"
#include "known_query.h"
#include "lineage.h"
#include "session.h"
#include "trial.h"

#include <stdbool.h>
#include <stddef.h>

struct mig_swaps;
struct mig_heir;

/* Everything is borrowed. */
struct mig_judge {
    struct mig_session *s; /* the user's connection */
    struct mig_clone *clone;
    struct mig_lint *lint;
    struct mig_lineage *lineage; /* as it is before the text; behind it afterwards */
    struct mig_ask *ask;
    const struct mig_known_queries *queries;
    struct mig_trial *trial;       /* of the text; run */
    const struct mig_swaps *swaps; /* the rebuilds of the text */
    bool is_way_back;              /* the text is the down file of a step up */
    bool has_mixed;                /* mixed-change was noted */
    const struct mig_heir *heirs;  /* the trial's: of each rebuild; judge_rebuild.c's */
};

/* Judges all statements of the text, in their order. */
void mig_judge_run(struct mig_judge *j);

/* What the parts of the judgement share: */

/* Room for the text of a count. */
#define MIG_JUDGE_COUNT_BYTES 48

/*
 * Notes a rule for deed `i`. In a way back, only what would be wrong in any file is noted: refused,
 * not-judged, writes-schema-table, outside-main.
 */
void mig_judge_note(struct mig_judge *j, size_t i, enum mig_rule rule, const char *object,
                    const char *format, ...);

/* Where in the plan rows or values come from that go. */
struct mig_judge_past {
    size_t step;    /* that has made what holds them, one more; 0: none, it was there before */
    bool is_filled; /* the plan has put rows or values into it */
};
struct mig_judge_past mig_judge_past(const struct mig_ancestry *table);
struct mig_judge_past mig_judge_past_of_column(const struct mig_column_ancestry *column);

/* Of some rows of a table: in a way back, what the operation has put in counts as made by it. */
struct mig_judge_past mig_judge_past_of_rows(const struct mig_judge *j,
                                             const struct mig_ancestry *table);

/*
 * Notes that rows or values go. In a way back, what the operation itself has made is `down-removes`, else it
 * is `down-loses-data`. What the plan has made and not filled is no loss of an operation up; what it has
 * filled is a note.
 */
void mig_judge_loss(struct mig_judge *j, size_t i, enum mig_rule rule, const char *object,
                    struct mig_judge_past past, const char *format, ...);

/*
 * Notes that an operation up puts other values into a column. What the plan has made is no loss, and a note
 * where it holds what was there before.
 */
void mig_judge_overwrite(struct mig_judge *j, size_t i, enum mig_rule rule, const char *object,
                         const struct mig_column_ancestry *column, const char *format, ...);

/* How many rows the table of the clone is going to have, as far as the live database tells. */
struct mig_answer mig_judge_rows(struct mig_judge *j, const char *table);

/* "12 rows", "1 row", "over 10000000 rows", "an unknown number of rows". */
void mig_judge_count_text(const struct mig_answer *answer, char out[MIG_JUDGE_COUNT_BYTES]);

/* `table.column`; NULL on a failed session. The text is the trial's. */
const char *mig_judge_column(struct mig_judge *j, const char *table, const char *column);

/* True for a table of so many rows that to read it all takes long. */
bool mig_judge_is_long(struct mig_judge *j, const char *table);

/* Notes what has to be known of a statement that reads or writes the whole of a large table. */
void mig_judge_long(struct mig_judge *j, size_t i, const char *table, const char *what);

/* As the list shows the object of a deed: `table`, `table.column`, an index, ...; NULL: none. */
const char *mig_judge_object(struct mig_judge *j, const struct mig_deed *deed);

/*
 * judge_failure.c: what could not be tried. It is refused where it is certain that it fails on the live
 * database too, for what it names is there, or is not; else it is not-judged.
 */
void mig_judge_failure(struct mig_judge *j, size_t i);

/* Remembers, for all that follows in the plan, when the deed may leave another schema behind than the
 * clone has now. */
void mig_judge_doubt(struct mig_judge *j, size_t i);

/* judge_table.c: what is dropped, renamed and altered. */
void mig_judge_drop(struct mig_judge *j, size_t i);
void mig_judge_alter(struct mig_judge *j, size_t i);

/* judge_demand.c: what new constraints demand of the rows. */
void mig_judge_add_column(struct mig_judge *j, size_t i);
void mig_judge_create_index(struct mig_judge *j, size_t i);

/*
 * Notes what a table has lost from one shape to the other, and what it newly demands, unless the rows meet
 * it. `relation`: the rows as they come to the new table; NULL: those of the table itself. Columns that are
 * gone are left to the caller.
 */
void mig_judge_demands(struct mig_judge *j, size_t i, const struct mig_shape *before,
                       const struct mig_shape *after, const struct mig_relation *relation);

/* Notes the answer to a question about a table of which lineage is known: YES is the rule, UNKNOWN is
 * not-judged. */
void mig_judge_answer(struct mig_judge *j, size_t i, enum mig_rule rule, const char *object,
                      const struct mig_answer *answer);

/* judge_rows.c: what changes rows. */
void mig_judge_rows_change(struct mig_judge *j, size_t i);

/* How rows of a parent go, or get another key. */
enum mig_judge_event {
    MIG_EVENT_DELETE, /* also by OR REPLACE */
    MIG_EVENT_UPDATE,
    MIG_EVENT_DROP, /* with the table */
};

/* Notes what the foreign keys of other tables do then to the rows that refer to the deed's table. */
void mig_judge_cascade(struct mig_judge *j, size_t i, enum mig_judge_event event);

/* judge_rebuild.c: the rebuilds, each as one change. */
void mig_judge_rebuilds(struct mig_judge *j);

/* Hands what was known of an old table to the new one, or to one on the way of the rows, which deed `i` has
 * just made. */
void mig_judge_inherit(struct mig_judge *j, size_t i);

#endif
