/*
 * program.h - runs a program operation and collects what it says: SQL on standard output, its log
 * on standard error. The only file that starts a process.
 *
 * The program runs in a process group of its own, with standard input from /dev/null, default
 * signals, and these variables in its environment: MIGRATE_DATABASE (path of the main database, ""
 * when it has no file, or when the operation is one for a server), MIGRATE_DIRECTION (up or down),
 * MIGRATE_VERSION, MIGRATE_TASK, MIGRATE_FILE (its path inside the migration folder), MIGRATE_DIALECT
 * (option dialect: what its SQL is for).
 */
#ifndef MIG_PROGRAM_H
#define MIG_PROGRAM_H

#include "compiler.h"
#include "session.h"

#include <stddef.h>

/* What is kept of a program's log, in bytes; the rest is read and thrown away. */
#define MIG_PROGRAM_LOG_BYTES ((size_t)64 * 1024)

struct mig_program {
    const char *file;      /* what to execute */
    const char *direction; /* its argument */
    int64_t version;
    const char *task;
    const char *path; /* inside the migration folder, for messages */
};

struct mig_program_output {
    char *sql; /* owned; NULL or with a NUL behind it */
    size_t sql_length;
    char *log; /* owned; likewise */
    size_t log_length;
};

/*
 * Runs the program to its end. Fails, with the last line of its log in the message, when it cannot
 * be started, exits with another status than 0, dies of a signal, prints more than
 * MIG_FILE_MAX_BYTES, or is still running after option script_timeout; in the last two cases and
 * after sqlite3_interrupt() its process group is killed. *out_output is to be released on every
 * path.
 */
void mig_program_run(struct mig_session *s, const struct mig_program *program,
                     struct mig_program_output *out_output);

void mig_program_output_release(struct mig_program_output *output);

/*
 * Writes a program that was stored in the database to a new file that only this user can read and
 * execute, in TMPDIR or /tmp. Returns its path, owned by the caller, to be given to
 * mig_program_discard(); NULL when the session has failed or now fails.
 */
char *mig_program_restore(struct mig_session *s, const char *code, size_t length);

/* Removes the file and releases the path. NULL is allowed. */
void mig_program_discard(char *path);

#endif
