/*
 * foreign_key.h - foreign keys of the main database: the switch of their enforcement, which keys
 * there are and whether they can be checked, and the rows that have no parent.
 *
 * Enforcement is switched with sqlite3_db_config(), which works in the middle of a transaction,
 * where PRAGMA foreign_keys is silently ignored.
 *
 * PRAGMA foreign_key_check tells which keys have rows without parent, but not the values by which a
 * row is known again when its table has been renamed or rebuilt, and nothing at all about a table of
 * which one key cannot be checked. So the rows are then searched with a query for each key. It finds
 * what the pragma finds: a value has its parent when it is equal to the parent key with the affinity
 * and the collation of the parent's column, and a key with a NULL needs none.
 * Sources: https://www.sqlite.org/foreignkeys.html, https://www.sqlite.org/c3ref/c_dbconfig_defensive.html
 */
#ifndef MIG_FOREIGN_KEY_H
#define MIG_FOREIGN_KEY_H

#include "arena.h"
#include "compiler.h"
#include "harm.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether the connection enforces foreign keys, and how to change that. Both run on a failed session
 * too. */
bool mig_foreign_keys_enforced(const struct mig_session *s);
void mig_foreign_keys_enforce(struct mig_session *s, bool on);

/* True while SQLite counts a deferred constraint as violated, so that a COMMIT would fail. The count
 * stands still while enforcement is off.
 * Source: https://www.sqlite.org/c3ref/c_dbstatus_options.html, SQLITE_DBSTATUS_DEFERRED_FKS */
bool mig_foreign_keys_deferred(const struct mig_session *s);

/* True when no row of any database of the connection is without its parent, by SQLite's own word.
 * False, too, when a key cannot be checked. */
bool mig_foreign_keys_satisfied(struct mig_session *s);

/* A foreign key. Texts are the arena's. The first three tell it from others. */
struct mig_foreign_key {
    const char *child;
    const char *parent;
    const char *values; /* SQL: the child's columns, `,c."team"` */
    const char *set;    /* SQL: that none of them is NULL */
    const char *match;  /* SQL: that they are equal to the columns of the parent key */
    const char *error;  /* why it cannot be checked; NULL when it can */
    int64_t id;         /* among the keys of the child */
    bool is_dangling;   /* there is no such parent; then `error` is NULL */
    bool is_suspect;    /* of foreign_key.c: it may have orphans */
    size_t group;       /* of violation.c */
};

/*
 * A row without its parent. `value` is a hash of the child's columns: two that are equal by accident
 * could hide a violation, with a chance of one in 2^64 for each pair.
 */
struct mig_orphan {
    size_t key; /* which of the keys */
    uint64_t value;
    int64_t rowid;
    bool has_rowid;  /* false in a table WITHOUT ROWID */
    bool is_matched; /* of violation.c */
    size_t group;    /* of violation.c */
};

struct mig_foreign_keys {
    struct mig_arena arena;
    struct mig_foreign_key *keys; /* owned array, sorted by child and parent */
    size_t key_count;
    size_t key_capacity;
    struct mig_orphan *orphans; /* owned array */
    size_t orphan_count;
    size_t orphan_capacity;
    int64_t schema_version; /* at the time of the search */
};

/* What is looked for. */
enum mig_foreign_key_search {
    MIG_SEARCH_NOTHING,
    MIG_SEARCH_KEYS, /* whether the keys between harmed tables can be checked */
    MIG_SEARCH_ROWS, /* that, and rows without parent in them */
    MIG_SEARCH_ALL,  /* the same of all tables */
};

void mig_foreign_keys_init(struct mig_foreign_keys *found);
void mig_foreign_keys_release(struct mig_foreign_keys *found);

/*
 * Searches. A key counts as harmed when `harm` names its child or its parent. `before` is an earlier
 * search for the same, or NULL: its keys are taken over where the schema is still the same, so it must
 * outlive *found. What was in *found is released.
 */
void mig_foreign_keys_find(struct mig_session *s, const struct mig_harm *harm,
                           enum mig_foreign_key_search search,
                           const struct mig_foreign_keys *before,
                           struct mig_foreign_keys *found);

#endif
