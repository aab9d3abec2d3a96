/*
 * lint_case.h - the statement of a server's file that is being judged: naming it, and noting what there is
 * to say about it. What is said of a text down is only what it loses and what nobody knows.
 */
#ifndef MIG_LINT_CASE_H
#define MIG_LINT_CASE_H

#include "compiler.h"
#include "finding.h"
#include "lint_made.h"
#include "lint_mix.h"
#include "name.h"
#include "reader.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

struct mig_lint_case {
    struct mig_session *s;
    struct mig_lint *lint;
    struct mig_made_list *made;
    struct mig_lint_mix *mix; /* of the text */
    enum mig_dialect dialect;
    size_t statement;    /* its number in `lint` */
    bool no_transaction; /* its file runs outside of one */
    bool is_down;
    bool is_named;
    bool is_temporary; /* what it makes or drops is no schema */
};

/* Says what the statement is. The first word counts: the others are parts of it. `object` may be NULL. */
void mig_lint_case_name(struct mig_lint_case *c, const char *kind, const char *object);

/*
 * Rows of the table are changed or added. Unless the plan has made the table, this and a change of the schema
 * in the same text are `mixed-change`.
 */
void mig_lint_case_change_rows(struct mig_lint_case *c, const char *table);

/* Notes a rule about `object`; `why` is the rule's own sentence when it is NULL. */
void mig_lint_case_note(struct mig_lint_case *c, enum mig_rule rule, const char *object,
                        const char *why);

/* The same with another severity. */
void mig_lint_case_note_as(struct mig_lint_case *c, enum mig_rule rule,
                           enum mig_rule_severity severity, const char *object,
                           const char *why);

/* The object, a table or column, goes: notes `rule`, unless nothing is lost with it. */
void mig_lint_case_lose(struct mig_lint_case *c, enum mig_made_kind kind, enum mig_rule rule,
                        const char *object, const char *why);

/* The same for a column of a table, which may be new itself. */
void mig_lint_case_lose_column(struct mig_lint_case *c, const char *table, const char *column);

/* Rows of the table go; `rule` is DELETE_WITHOUT_WHERE or DELETES_ROWS. */
void mig_lint_case_lose_rows(struct mig_lint_case *c, enum mig_rule rule, const char *table,
                             const char *why);

/*
 * Notes what the plan makes, fills, or does not know any more, for the texts behind. A text down is only
 * looked at, so it makes nothing.
 */
void mig_lint_case_make(struct mig_lint_case *c, enum mig_made_kind kind, const char *name,
                        bool is_sure);
void mig_lint_case_make_object(struct mig_lint_case *c, const struct mig_made *object);
void mig_lint_case_fill(struct mig_lint_case *c, enum mig_made_kind kind, const char *name,
                        enum mig_made_content content);
void mig_lint_case_forget(struct mig_lint_case *c);

/* The object has another name from now on. True when the plan has made it, so that nobody misses it. */
bool mig_lint_case_rename(struct mig_lint_case *c, enum mig_made_kind kind, const char *name,
                          const char *new_name);

/* True when the plan has made the table, so that nobody else uses it yet. */
bool mig_lint_case_is_new(const struct mig_lint_case *c, const char *table);

/* Writes `table.part` to *out; cut when it is too long. */
void mig_lint_case_join(const char *table, const char *part, struct mig_reader_name *out);

#endif
