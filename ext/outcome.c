#include "compiler.h"

#include "outcome.h"

#include "sqlite_api.h"

struct outcome_row {
    int sqlite_code;
    const char *hint;
};

static const struct outcome_row outcome_rows[] = {
#define MIG_OUTCOME(id, name, code, status, hint) {code, hint},
#include "outcome.def"
};

static const char *const state_names[] = {
#define MIG_STATE(id, name) name,
#include "outcome.def"
};

static const char *const action_names[] = {
#define MIG_ACTION(id, name) name,
#include "outcome.def"
};

static const char *const type_names[] = {
#define MIG_TYPE(id, name) name,
#include "outcome.def"
};

static const char *const problem_names[] = {
#define MIG_PROBLEM(id, name) name,
#include "outcome.def"
};

static const char *const severity_names[] = {
#define MIG_SEVERITY(id, name) name,
#include "outcome.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum mig_outcome mig_outcome_of(int sqlite_code)
{
    const int primary = sqlite_code & 0xff;

    for (size_t i = 0; i < COUNT(outcome_rows); i++)
        if (outcome_rows[i].sqlite_code == primary)
            return (enum mig_outcome)i;
    return primary == SQLITE_LOCKED ? MIG_LOCKED : MIG_FAILED;
}

int mig_outcome_sqlite_code(enum mig_outcome outcome)
{
    return outcome_rows[outcome].sqlite_code;
}

const char *mig_outcome_hint(enum mig_outcome outcome)
{
    return outcome_rows[outcome].hint;
}

const char *mig_state_name(enum mig_state state)
{
    return state_names[state];
}

const char *mig_action_name(enum mig_action action)
{
    return action_names[action];
}

const char *mig_type_name(enum mig_type type)
{
    return type_names[type];
}

const char *mig_problem_name(enum mig_problem_kind kind)
{
    return problem_names[kind];
}

const char *mig_severity_name(enum mig_severity severity)
{
    return severity_names[severity];
}

/* The place of `name` in `names`; `count` when it is not there. */
static size_t find_name(const char *const *names, size_t count, const char *name)
{
    size_t i = 0;

    while (i < count && (name == NULL || strcmp(names[i], name) != 0))
        i++;
    return i;
}

bool mig_state_parse(const char *name, enum mig_state *out_state)
{
    const size_t found = find_name(state_names, COUNT(state_names), name);
    const bool known = found < COUNT(state_names);

    *out_state = known ? (enum mig_state)found : MIG_STATE_PENDING;
    return known;
}

bool mig_type_parse(const char *name, enum mig_type *out_type)
{
    const size_t found = find_name(type_names, COUNT(type_names), name);
    const bool known = found < COUNT(type_names);

    *out_type = known ? (enum mig_type)found : MIG_TYPE_SQL;
    return known;
}

bool mig_severity_parse(const char *name, enum mig_severity *out_severity)
{
    const size_t found = find_name(severity_names, COUNT(severity_names), name);
    const bool known = found < COUNT(severity_names);

    *out_severity = known ? (enum mig_severity)found : MIG_SEVERITY_ERROR;
    return known;
}
