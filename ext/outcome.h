/*
 * outcome.h - the failures, states and findings of outcome.def as C enumerations, and the way
 * between a value and its name. Pure.
 */
#ifndef MIG_OUTCOME_H
#define MIG_OUTCOME_H

#include "compiler.h"

#include <stdbool.h>

enum mig_outcome {
#define MIG_OUTCOME(id, name, code, status, hint) MIG_##id,
#include "outcome.def"
};

enum mig_state {
#define MIG_STATE(id, name) MIG_STATE_##id,
#include "outcome.def"
};

enum mig_action {
#define MIG_ACTION(id, name) MIG_ACTION_##id,
#include "outcome.def"
};

enum mig_type {
#define MIG_TYPE(id, name) MIG_TYPE_##id,
#include "outcome.def"
};

enum mig_problem_kind {
#define MIG_PROBLEM(id, name) MIG_PROBLEM_##id,
#include "outcome.def"
};

enum mig_severity {
#define MIG_SEVERITY(id, name) MIG_SEVERITY_##id,
#include "outcome.def"
};

/* The outcome that a result code of SQLite stands for, extended codes included; else MIG_FAILED. */
enum mig_outcome mig_outcome_of(int sqlite_code);

/* The primary result code that SQLite callers see for this outcome. */
int mig_outcome_sqlite_code(enum mig_outcome outcome);

/* What to do about it in general, as a phrase for a `hint:` line. Never NULL. */
const char *mig_outcome_hint(enum mig_outcome outcome);

/* The names, as they stand in tables and messages. Never NULL. */
const char *mig_state_name(enum mig_state state);
const char *mig_action_name(enum mig_action action);
const char *mig_type_name(enum mig_type type);
const char *mig_problem_name(enum mig_problem_kind kind);
const char *mig_severity_name(enum mig_severity severity);

/* The state of that name. False, and MIG_STATE_PENDING, when there is none (NULL included). */
MIG_MUST_USE bool mig_state_parse(const char *name, enum mig_state *out_state);

/* The type of that name. False, and MIG_TYPE_SQL, when there is none (NULL included). */
MIG_MUST_USE bool mig_type_parse(const char *name, enum mig_type *out_type);

/* The severity of that name. False, and MIG_SEVERITY_ERROR, when there is none (NULL included). */
MIG_MUST_USE bool mig_severity_parse(const char *name, enum mig_severity *out_severity);

#endif
