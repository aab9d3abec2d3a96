/*
 * rebuild.h - what a table loses, and what it newly demands, between two shapes of it: before and
 * after a rebuild (create, copy, drop, rename), or before and after one ALTER TABLE.
 *
 * Compares schemas only. A new demand (NOT NULL, UNIQUE, CHECK, a foreign key) harms only where rows do
 * not meet it, so it comes with the question that has to be asked of the data (ask.h); the caller asks
 * it, and drops the finding when the answer is no. A column that is gone is reported by its name alone:
 * the caller knows what the copy reads, and so whether it was renamed.
 */
#ifndef MIG_REBUILD_H
#define MIG_REBUILD_H

#include "arena.h"
#include "compiler.h"
#include "rule.h"
#include "session.h"
#include "shape.h"

#include <stddef.h>

/* What has to be asked of the rows before a change is called harm. */
enum mig_rebuild_question {
    MIG_QUESTION_NONE,       /* nothing: the schema tells it all */
    MIG_QUESTION_NULLS,      /* has `column` NULLs? mig_ask_nulls() */
    MIG_QUESTION_DUPLICATES, /* has `index` duplicates? mig_ask_duplicates() */
    MIG_QUESTION_VIOLATES,   /* do rows violate `check`? mig_ask_violates() */
    MIG_QUESTION_ORPHANS,    /* has `foreign_key` rows without a parent? mig_ask_orphans() */
};

/* One thing that was lost, changed or is new. Texts are the arena's. */
struct mig_change {
    enum mig_rule rule;
    const char *object; /* "table", "table.column", or the name of an index or a trigger */
    const char *column; /* the column that it is about; NULL: another thing */
    const char *why;    /* one sentence: lower case, no full stop */
    enum mig_rebuild_question question;
    const struct mig_shape_index *index; /* of a question about duplicates: of `after` */
    const struct mig_shape_check *check; /* of a question about violations: of `after` */
    const struct mig_shape_foreign_key
        *foreign_key; /* of a question about orphans: of `after` */
};

typedef void (*mig_rebuild_report)(void *context, const struct mig_change *change);

/*
 * Compares, and calls `report` once for each change, in the order of columns, constraints, foreign keys,
 * the table itself, indexes and triggers. Objects carry the name of `before`; a trigger that says the name of
 * `after` instead is the same. The arena must live as long as the texts are used.
 *
 * Rules without a question: drop-column (also for a column that is computed from now on), change-type,
 * change-collation, replace-deletes (ON CONFLICT IGNORE or REPLACE is new), rebuild-loses-generated,
 * -constraint (NOT NULL, CHECK, UNIQUE, PRIMARY KEY, DEFAULT, ON CONFLICT), -foreign-key (and its
 * actions), -autoincrement, -strict (also WITHOUT ROWID), -index, -trigger. With one: not-null-violated,
 * unique-violated, check-violated (CHECK, a type in a STRICT table, a foreign key: all new), and
 * add-not-null (a new column that is NOT NULL without default). The question about a new column makes
 * sense only of rows that have it: those that the copy selects.
 */
void mig_rebuild_compare(struct mig_session *s, struct mig_arena *arena,
                         const struct mig_shape *before, const struct mig_shape *after,
                         mig_rebuild_report report, void *context);

/* The affinity of a declared type: 'i'nteger, 't'ext, 'r'eal, 'n'umeric, or 'b' for none.
 * Source: https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
char mig_rebuild_affinity(const char *type);

#endif
