/*
 * session.h - one call of one SQL function or one scan of one table: the connection it works on,
 * the options in force, and the first thing that went wrong.
 *
 * Every function that takes a session does nothing once the session has failed, so callers write
 * straight-line code and look once, at the end. Functions that release something are the exception:
 * they always run. The first failure wins; later ones are consequences.
 */
#ifndef MIG_SESSION_H
#define MIG_SESSION_H

#include "compiler.h"
#include "outcome.h"
#include "sqlite_api.h"

#include <stdbool.h>

struct mig_options;

struct mig_session {
    sqlite3 *db;                       /* borrowed */
    const struct mig_options *options; /* borrowed */
    enum mig_outcome outcome;          /* MIG_OK until something fails */
    int sqlite_code; /* the result code behind a failure of SQLite's own; else the outcome's */
    char *message;   /* owned; NULL while sound, or when there was no memory for it */
    char *hint;      /* owned; NULL: the outcome's general hint */
    bool has_transaction; /* transaction.c has begun one, which is ours to end */
    sqlite3_stmt *brake;  /* owned by transaction.c; NULL outside a transaction */
};

/* Begins a session. Allocates nothing. */
void mig_session_init(struct mig_session *s, sqlite3 *db, const struct mig_options *options);

/* Releases the texts of a failure. The session can be initialised again. */
void mig_session_release(struct mig_session *s);

/* True while nothing has failed. */
bool mig_session_ok(const struct mig_session *s);

/*
 * Records a failure: what failed, on which object, why; lower case, no full stop. `format` is that
 * of sqlite3_mprintf() (https://www.sqlite.org/printf.html). Ignored when the session has failed.
 */
void mig_session_fail(struct mig_session *s, enum mig_outcome outcome, const char *format, ...);

/* Sets what to do about the failure that was just recorded. Ignored on a sound session, and when a
 * hint is there already. */
void mig_session_hint(struct mig_session *s, const char *format, ...);

/*
 * Records the failure of a call of SQLite's on the session's connection that returned `code`, with
 * SQLite's own message. The only reader of sqlite3_errmsg().
 */
void mig_session_fail_sqlite(struct mig_session *s, int code);

/* The same for another connection than the session's own. */
void mig_session_fail_other(struct mig_session *s, sqlite3 *other, int code);

/* Puts "CONTEXT: " before the message of a failed session; nothing on a sound one. */
void mig_session_context(struct mig_session *s, const char *format, ...);

/* Records that memory ran out. */
void mig_session_fail_memory(struct mig_session *s);

/* Gives a failure another outcome, its message and hint aside. Nothing on a sound session. */
void mig_session_reclassify(struct mig_session *s, enum mig_outcome outcome);

/*
 * Forgets a failure, for a caller that has dealt with it. What it was is moved to *out_failure
 * (released by the caller with mig_session_release()) unless that is NULL.
 */
void mig_session_forget(struct mig_session *s, struct mig_session *out_failure);

/* Takes the failure in *failure over, unless the session has one of its own; *failure is sound
 * afterwards. */
void mig_session_take(struct mig_session *s, struct mig_session *failure);

/*
 * The whole text for the user: the message, and "hint: ..." on the last line. Owned by the caller
 * (sqlite3_free); NULL when memory ran out.
 */
char *mig_session_text(const struct mig_session *s);

/* Hands a failure to the caller of an SQL function: text and result code. */
void mig_session_result(const struct mig_session *s, sqlite3_context *context);

#endif
