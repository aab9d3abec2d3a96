/*
 * finding.h - what is known of the statements of a plan: one row a statement and rule, or one without a
 * rule where there is nothing to say. What migrations_plan shows, and what option dangerous goes by.
 *
 * Whoever judges a text works in this order:
 *
 *     mig_lint_begin(s, lint, &text);
 *     for each statement:  i = mig_lint_statement(s, lint, &statement);
 *                          mig_lint_name(s, lint, i, "create table", "users");
 *                          mig_lint_note(s, lint, i, MIG_RULE_DROP_TABLE, "users", "drops ...");
 *     mig_lint_end(s, lint);
 *
 * Notes can be made in any order, and the name of a statement be changed, until the text is ended: what a
 * statement is may turn out at a later one. Only then the rows are made, in the order of the statements.
 */
#ifndef MIG_FINDING_H
#define MIG_FINDING_H

#include "arena.h"
#include "compiler.h"
#include "rule.h"
#include "script.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* A row. Texts are the arena's of the list, or static. */
struct mig_finding {
    size_t step; /* of the plan, from 0 */
    bool
        is_down; /* of the direction of the text, which is not the step's where a down file of a
                         step up is judged */
    const char *path; /* of the text */
    int64_t
        line; /* of the statement in the text, from 1; 0: the finding is about the whole file */
    int64_t number;   /* of the statement, from 1; 0 likewise */
    const char *sql;  /* of the statement; NULL: none */
    const char *kind; /* "create table", "rebuild", ...; NULL: not known */
    const char *
        object; /* that the finding, or the statement, is about: `table`, `table.column`, `index`;
                           NULL: none */
    enum mig_rule rule; /* MIG_RULE_COUNT: nothing was found */
    enum mig_rule_severity severity;
    const char *why;    /* NULL without a rule */
    const char *advice; /* NULL without a rule */
    bool is_approved;   /* by a line `-- migrate: allow` of the text */
    const char *reason; /* of the approval; NULL: none was given */
};

/* The text that is being judged; everything is borrowed until mig_lint_end(). */
struct mig_lint_text {
    size_t step;
    bool is_down;
    bool only_findings; /* no row for a statement without one (the down file of a step up) */
    const char *path;
    const char *text;
    size_t length;
    const char *kind; /* of a finding about the file as a whole; static; NULL: none */
};

struct mig_lint_statement; /* finding.c's */
struct mig_lint_note;      /* finding.c's */

struct mig_lint {
    struct mig_arena arena;
    struct mig_finding *list; /* owned array, in the order of the plan */
    size_t count;
    size_t capacity;
    /* The text that is being judged. */
    struct mig_lint_text text;
    struct mig_lint_statement *statements; /* owned array */
    size_t statement_count;
    size_t statement_capacity;
    struct mig_lint_note *notes; /* owned array */
    size_t note_count;
    size_t note_capacity;
    size_t counted_to; /* offset in the text up to which lines are counted */
    int64_t lines;
};

/* A finding about the file as a whole instead of a statement. */
#define MIG_LINT_FILE SIZE_MAX

void mig_lint_init(struct mig_lint *lint);
void mig_lint_release(struct mig_lint *lint);

/* Begins a text. */
void mig_lint_begin(struct mig_session *s, struct mig_lint *lint,
                    const struct mig_lint_text *text);

/*
 * Adds the next statement of the text, whose kind and object are not known yet; returns its number for the
 * calls below, from 0 (one more than the statements before).
 */
size_t mig_lint_statement(struct mig_session *s, struct mig_lint *lint,
                          const struct mig_statement *statement);

/* Says what statement `i` does: `kind` is static, `object` (NULL: none) is copied. */
void mig_lint_name(struct mig_session *s, struct mig_lint *lint, size_t i, const char *kind,
                   const char *object);

/*
 * Notes that `rule` applies to statement `i` (or MIG_LINT_FILE), with the rule's own severity and advice.
 * `object` is copied; NULL: that of the statement. `format`, of sqlite3_mprintf(), says why. The same rule,
 * object and statement a second time are not noted.
 */
void mig_lint_note(struct mig_session *s, struct mig_lint *lint, size_t i, enum mig_rule rule,
                   const char *object, const char *format, ...);

/* A rule with a severity and an advice that are not its own. */
struct mig_lint_weight {
    enum mig_rule rule;
    enum mig_rule_severity severity;
    const char *advice; /* static; NULL: the rule's own */
};

/* The same for such a case. */
void mig_lint_note_as(struct mig_session *s, struct mig_lint *lint, size_t i,
                      struct mig_lint_weight as, const char *object, const char *format, ...);

/* True when the rule is noted for statement `i`. */
bool mig_lint_has_note(const struct mig_lint *lint, size_t i, enum mig_rule rule);

/* Ends the text: makes its rows, and looks for the approval of each. */
void mig_lint_end(struct mig_session *s, struct mig_lint *lint);

#endif
