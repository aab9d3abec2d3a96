#include "outcome.h"
#include "sqlite_api.h"
#include "tap.h"

/* The table of outcome.def once more, so that a change of one shows. */
static const struct {
    enum mig_outcome outcome;
    int code;
} outcomes[] = {
    {MIG_OK, SQLITE_OK},
    {MIG_FAILED, SQLITE_ERROR},
    {MIG_USAGE, SQLITE_MISUSE},
    {MIG_INVALID, SQLITE_MISMATCH},
    {MIG_CORRUPT, SQLITE_CORRUPT},
    {MIG_NOT_A_DATABASE, SQLITE_NOTADB},
    {MIG_MISSING, SQLITE_NOTFOUND},
    {MIG_NO_MEMORY, SQLITE_NOMEM},
    {MIG_CANNOT_OPEN, SQLITE_CANTOPEN},
    {MIG_IO, SQLITE_IOERR},
    {MIG_FULL, SQLITE_FULL},
    {MIG_LOCKED, SQLITE_BUSY},
    {MIG_PERMISSION, SQLITE_PERM},
    {MIG_READ_ONLY, SQLITE_READONLY},
    {MIG_CONFIG, SQLITE_RANGE},
    {MIG_INTERRUPTED, SQLITE_INTERRUPT},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_codes(struct tap *tap)
{
    char behaviour[64];

    for (size_t i = 0; i < COUNT(outcomes); i++) {
        (void)snprintf(behaviour, sizeof behaviour, "outcome: %d is code %d",
                       (int)outcomes[i].outcome, outcomes[i].code);
        tap_ok(tap, mig_outcome_sqlite_code(outcomes[i].outcome) == outcomes[i].code,
               behaviour);
        (void)snprintf(behaviour, sizeof behaviour, "outcome: code %d is %d", outcomes[i].code,
                       (int)outcomes[i].outcome);
        tap_ok(tap, mig_outcome_of(outcomes[i].code) == outcomes[i].outcome, behaviour);
    }
}

static void test_other_codes(struct tap *tap)
{
    tap_ok(tap, mig_outcome_of(SQLITE_BUSY_SNAPSHOT) == MIG_LOCKED,
           "outcome: an extended code is as its primary one");
    tap_ok(tap, mig_outcome_of(SQLITE_IOERR_FSYNC) == MIG_IO,
           "outcome: an extended code of the disk is as its primary one");
    tap_ok(tap, mig_outcome_of(SQLITE_LOCKED) == MIG_LOCKED,
           "outcome: a locked table is a lock");
    tap_ok(tap, mig_outcome_of(SQLITE_LOCKED_SHAREDCACHE) == MIG_LOCKED,
           "outcome: a table locked by a shared cache is a lock");
    tap_ok(tap, mig_outcome_of(SQLITE_CONSTRAINT) == MIG_FAILED,
           "outcome: a constraint is an ordinary failure");
    tap_ok(tap, mig_outcome_of(SQLITE_CONSTRAINT_FOREIGNKEY) == MIG_FAILED,
           "outcome: a foreign key is an ordinary failure");
    tap_ok(tap, mig_outcome_of(250) == MIG_FAILED,
           "outcome: an unknown code is an ordinary failure");
}

/* A hint is one line, without full stop; only success has none. */
static void test_hints(struct tap *tap)
{
    char behaviour[64];

    tap_same(tap, mig_outcome_hint(MIG_OK), "", "outcome: success has no hint");
    for (size_t i = 1; i < COUNT(outcomes); i++) {
        const char *hint = mig_outcome_hint(outcomes[i].outcome);
        const size_t length = strlen(hint);

        (void)snprintf(behaviour, sizeof behaviour, "outcome: %d has a hint of one line",
                       (int)outcomes[i].outcome);
        tap_ok(tap, length > 0 && strchr(hint, '\n') == NULL && hint[length - 1] != '.',
               behaviour);
    }
}

static void test_states(struct tap *tap)
{
    static const char *const names[] = {"pending", "running", "completed", "failed",
                                        "rollback"};
    static const char *const strange[] = {"", "Pending", "pending ", "pend", "done"};
    enum mig_state state = MIG_STATE_FAILED;

    for (size_t i = 0; i < COUNT(names); i++) {
        tap_same(tap, mig_state_name((enum mig_state)i), names[i], "state: has its name");
        tap_ok(tap, mig_state_parse(names[i], &state) && state == (enum mig_state)i,
               "state: is read from its name");
    }
    for (size_t i = 0; i < COUNT(strange); i++) {
        state = MIG_STATE_FAILED;
        tap_ok(tap, !mig_state_parse(strange[i], &state) && state == MIG_STATE_PENDING,
               "state: another name is none");
    }
    state = MIG_STATE_FAILED;
    tap_ok(tap, !mig_state_parse(NULL, &state) && state == MIG_STATE_PENDING,
           "state: NULL is none");
}

static void test_types(struct tap *tap)
{
    enum mig_type type = MIG_TYPE_PROGRAM;

    tap_same(tap, mig_type_name(MIG_TYPE_SQL), "sql", "type: of SQL");
    tap_same(tap, mig_type_name(MIG_TYPE_PROGRAM), "program", "type: of a program");
    tap_ok(tap, mig_type_parse("sql", &type) && type == MIG_TYPE_SQL, "type: SQL is read");
    tap_ok(tap, mig_type_parse("program", &type) && type == MIG_TYPE_PROGRAM,
           "type: a program is read");
    tap_ok(tap, !mig_type_parse("SQL", &type) && type == MIG_TYPE_SQL,
           "type: another name is none");
    type = MIG_TYPE_PROGRAM;
    tap_ok(tap, !mig_type_parse(NULL, &type) && type == MIG_TYPE_SQL, "type: NULL is none");
}

static void test_severities(struct tap *tap)
{
    static const char *const names[] = {"off", "warn", "error"};
    enum mig_severity severity = MIG_SEVERITY_OFF;

    for (size_t i = 0; i < COUNT(names); i++) {
        tap_same(tap, mig_severity_name((enum mig_severity)i), names[i],
                 "severity: has its name");
        tap_ok(tap, mig_severity_parse(names[i], &severity) && severity == (enum mig_severity)i,
               "severity: is read from its name");
    }
    severity = MIG_SEVERITY_OFF;
    tap_ok(tap, !mig_severity_parse("warning", &severity) && severity == MIG_SEVERITY_ERROR,
           "severity: another name is none");
    severity = MIG_SEVERITY_OFF;
    tap_ok(tap, !mig_severity_parse(NULL, &severity) && severity == MIG_SEVERITY_ERROR,
           "severity: NULL is none");
}

static void test_actions(struct tap *tap)
{
    static const char *const names[] = {"up", "down", "baseline", "repair"};

    for (size_t i = 0; i < COUNT(names); i++)
        tap_same(tap, mig_action_name((enum mig_action)i), names[i], "action: has its name");
}

static void test_problems(struct tap *tap)
{
    static const char *const names[] = {
        "bad name",     "bad file",     "duplicate", "orphan down", "interrupted",
        "failed",       "missing file", "changed",   "renamed",     "gap",
        "starts later", "late",         "drift",     "broken view",
    };

    for (size_t i = 0; i < COUNT(names); i++)
        tap_same(tap, mig_problem_name((enum mig_problem_kind)i), names[i],
                 "problem: has its name");
}

int main(void)
{
    struct tap tap = {0, 0};

    test_codes(&tap);
    test_other_codes(&tap);
    test_hints(&tap);
    test_states(&tap);
    test_types(&tap);
    test_severities(&tap);
    test_actions(&tap);
    test_problems(&tap);
    return tap_end(&tap);
}
