/*
 * lint_mix.h - whether the text of an operation for a server changes rows that were there before, and the
 * schema, too. Tables and columns that the plan makes are filled, which is one change; a temporary table is
 * no schema.
 */
#ifndef MIG_LINT_MIX_H
#define MIG_LINT_MIX_H

#include "compiler.h"
#include "finding.h"
#include "name.h"
#include "reader.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* The first change of each kind. All zero: none yet. */
struct mig_lint_mix {
    bool has_rows;
    size_t statement; /* that changes rows: its number in the list of findings */
    struct mig_reader_name table;
    const char *kind; /* of the one that changes the schema; static; NULL: there is none */
    struct mig_reader_name object;
};

/* Statement `statement` changes rows of the table. */
void mig_lint_mix_rows(struct mig_lint_mix *mix, size_t statement, const char *table);

/*
 * A statement is named: `kind` (static) tells whether it changes the schema. `object` may be NULL.
 */
void mig_lint_mix_name(struct mig_lint_mix *mix, const char *kind, const char *object);

/* At the end of the text: notes the rule mixed-change at the statement that changes rows. */
void mig_lint_mix_note(struct mig_session *s, struct mig_lint *lint,
                       const struct mig_lint_mix *mix, enum mig_dialect dialect);

#endif
