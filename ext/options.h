/*
 * options.h - the settings of one connection: their names, defaults, environment variables and the
 * values they accept. docs/options.md is the manual page; a test compares the two.
 */
#ifndef MIG_OPTIONS_H
#define MIG_OPTIONS_H

#include "compiler.h"
#include "session.h"

enum mig_option {
    MIG_OPTION_DIR,
    MIG_OPTION_TABLE,
    MIG_OPTION_TRANSACTION,
    MIG_OPTION_FOREIGN_KEY_CHECK,
    MIG_OPTION_COMPILE_CHECK,
    MIG_OPTION_COMMIT_INTERVAL,
    MIG_OPTION_SCRIPTS,
    MIG_OPTION_SCRIPT_TIMEOUT,
    MIG_OPTION_GAPS,
    MIG_OPTION_LATE,
    MIG_OPTION_LOCK_TIMEOUT,
    MIG_OPTION_ACTOR,
    MIG_OPTION_PROGRESS,
    MIG_OPTION_SNAPSHOT,
    MIG_OPTION_SNAPSHOT_DIR,
    MIG_OPTION_NOTE,
    MIG_OPTION_DIALECT,
    MIG_OPTION_SCHEMA,
    MIG_OPTION_DANGEROUS,
    MIG_OPTION_COUNT,
};

enum mig_dangerous_mode {
    MIG_DANGEROUS_WARN,
    MIG_DANGEROUS_DENY,
};

enum mig_transaction_mode {
    MIG_TRANSACTION_OPERATION,
    MIG_TRANSACTION_TASK,
    MIG_TRANSACTION_ALL,
};

enum mig_foreign_key_mode {
    MIG_FOREIGN_KEY_CHANGED,
    MIG_FOREIGN_KEY_ALL,
    MIG_FOREIGN_KEY_OFF,
};

enum mig_progress_mode {
    MIG_PROGRESS_OFF,
    MIG_PROGRESS_LINES,
    MIG_PROGRESS_BAR,
};

struct mig_options {
    char *values[MIG_OPTION_COUNT]; /* owned; NULL: the environment's or the default */
};

/* Options that all have their defaults. Allocates nothing. */
void mig_options_init(struct mig_options *options);

void mig_options_release(struct mig_options *options);

/* The option of that name. MIG_OPTION_COUNT, and a failed session, when there is none. */
enum mig_option mig_options_find(struct mig_session *s, const char *name);

/*
 * Sets an option after checking the value; NULL takes it back to the environment's or the default.
 * A value that the option does not accept fails the session and changes nothing.
 */
void mig_options_set(struct mig_session *s, struct mig_options *options, enum mig_option option,
                     const char *value);

/* Fails when an option has a bad value from the environment, so that none is met half-way. */
void mig_options_check(struct mig_session *s);

/*
 * The value in force: the one that was set, else that of the environment variable (when it is not
 * empty), else the default. A bad value in the environment fails the session. Borrowed until the
 * option is set again or the environment changes; never NULL.
 */
const char *mig_options_text(struct mig_session *s, const struct mig_options *options,
                             enum mig_option option);

/* The value in force of an option that is a number. */
int64_t mig_options_number(struct mig_session *s, enum mig_option option);

/*
 * The value in force of an option that is a choice: its place in the list of choices, which is the
 * order of the enumeration for that option (for `scripts`: 0 off, 1 on; for `compile_check`, `gaps`
 * and `late`: enum mig_severity).
 */
int mig_options_choice(struct mig_session *s, enum mig_option option);

#endif
