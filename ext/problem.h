/*
 * problem.h - a list of findings about the folder and the database: what migrations_problems shows
 * and what stops a run.
 */
#ifndef MIG_PROBLEM_H
#define MIG_PROBLEM_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stddef.h>

struct mig_problem {
    enum mig_problem_kind kind;
    enum mig_severity severity; /* MIG_SEVERITY_WARN or MIG_SEVERITY_ERROR */
    int64_t version;            /* 0: not about one operation */
    const char *place;          /* a path inside the folder, an object, or "" */
    const char *message;
    const char *hint;
};

struct mig_problems {
    struct mig_arena arena;
    struct mig_problem *list; /* owned array; texts are the arena's */
    size_t count;
    size_t capacity;
};

void mig_problems_init(struct mig_problems *problems);
void mig_problems_release(struct mig_problems *problems);

/*
 * Adds a finding. Severity MIG_SEVERITY_OFF adds nothing. `place` and `hint` are copied; `format` is
 * that of sqlite3_mprintf().
 */
void mig_problems_add(struct mig_session *s, struct mig_problems *problems,
                      const struct mig_problem *kind, const char *format, ...);

/* Puts the findings in the order of their kind, then place: a folder is read in no order at all. */
void mig_problems_sort(struct mig_problems *problems);

/* Fails the session with the first finding of severity error; nothing when there is none. */
void mig_problems_raise(struct mig_session *s, const struct mig_problems *problems);

#endif
