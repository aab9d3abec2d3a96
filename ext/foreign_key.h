/*
 * foreign_key.h - foreign keys of the main database: the switch of their enforcement, the tables
 * that a script can hurt, and the rows that have no parent.
 *
 * Enforcement is switched with sqlite3_db_config(), which works in the middle of a transaction,
 * where PRAGMA foreign_keys is silently ignored.
 * Sources: https://www.sqlite.org/foreignkeys.html, https://www.sqlite.org/c3ref/c_dbconfig_defensive.html
 */
#ifndef MIG_FOREIGN_KEY_H
#define MIG_FOREIGN_KEY_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether the connection enforces foreign keys, and how to change that. Both run on a failed session
 * too. */
bool mig_foreign_keys_enforced(const struct mig_session *s);
void mig_foreign_keys_enforce(struct mig_session *s, bool on);

/* True while a deferred constraint is violated, so that a COMMIT would fail.
 * Source: https://www.sqlite.org/c3ref/c_dbstatus_options.html, SQLITE_DBSTATUS_DEFERRED_FKS */
bool mig_foreign_keys_deferred(const struct mig_session *s);

/* A row without its parent. Texts are the arena's. */
struct mig_orphan {
    const char *child;
    const char *parent; /* NULL: `error` says why the child could not be checked */
    const char *error;
    bool has_rowid; /* false in a table WITHOUT ROWID */
    int64_t rowid;  /* 0 without */
};

struct mig_orphans {
    struct mig_arena arena;
    struct mig_orphan *list; /* owned array, sorted */
    size_t count;
    size_t capacity;
};

void mig_orphans_init(struct mig_orphans *orphans);
void mig_orphans_release(struct mig_orphans *orphans);

/*
 * Finds the rows without parent in the tables that `script` (`length` bytes of SQL) can hurt: tables
 * that it names and that have foreign keys, and tables that reference one that it names; triggers on
 * tables that it names count as part of it. All tables with foreign keys when `all`. The set is
 * larger than what is really changed, never smaller. What was in *orphans is released.
 */
void mig_orphans_find(struct mig_session *s, const char *script, size_t length, bool all,
                      struct mig_orphans *orphans);

/* Fails the session when there is a row in `now` that is not in `before`. */
void mig_orphans_compare(struct mig_session *s, const struct mig_orphans *before,
                         const struct mig_orphans *now);

#endif
