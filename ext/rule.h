/*
 * rule.h - the rules that pending statements are judged by: what each is called, how much it matters,
 * and what to say about it in general. docs/lint.md has a section for each. Pure.
 */
#ifndef MIG_RULE_H
#define MIG_RULE_H

#include "compiler.h"

#include <stdbool.h>
#include <stddef.h>

/* In the order of docs/lint.md. */
enum mig_rule {
    /* What SQLite itself tells: objects and rows that go. */
    MIG_RULE_DROP_TABLE,
    MIG_RULE_DROP_COLUMN,
    MIG_RULE_DROP_INDEX,
    MIG_RULE_DROP_TRIGGER,
    MIG_RULE_DROP_VIEW,
    MIG_RULE_DELETE_WITHOUT_WHERE,
    MIG_RULE_DELETES_ROWS,
    MIG_RULE_FIRES_CASCADE,
    MIG_RULE_REPLACE_DELETES,
    MIG_RULE_UPDATE_WITHOUT_WHERE,
    MIG_RULE_UPDATES_ROWS,
    /* Names that others use. */
    MIG_RULE_RENAME_TABLE,
    MIG_RULE_RENAME_COLUMN,
    MIG_RULE_REPOINTED_REFERENCE,
    MIG_RULE_BROKEN_VIEW,
    /* Tables that are built anew. */
    MIG_RULE_REBUILD_LOSES_ROWS,
    MIG_RULE_REBUILD_LOSES_TRIGGER,
    MIG_RULE_REBUILD_LOSES_INDEX,
    MIG_RULE_REBUILD_LOSES_AUTOINCREMENT,
    MIG_RULE_REBUILD_LOSES_GENERATED,
    MIG_RULE_REBUILD_LOSES_STRICT,
    MIG_RULE_REBUILD_LOSES_FOREIGN_KEY,
    MIG_RULE_REBUILD_LOSES_CONSTRAINT,
    MIG_RULE_CHANGE_TYPE,
    MIG_RULE_CHANGE_COLLATION,
    /* What fails only where there are rows. */
    MIG_RULE_ADD_NOT_NULL,
    MIG_RULE_UNIQUE_VIOLATED,
    MIG_RULE_CHECK_VIOLATED,
    MIG_RULE_NOT_NULL_VIOLATED,
    MIG_RULE_LONG_RUNNING,
    /* What a migration should not contain. */
    MIG_RULE_WRITES_SCHEMA_TABLE,
    MIG_RULE_VACUUM,
    MIG_RULE_PRAGMA_NO_EFFECT,
    MIG_RULE_OUTSIDE_MAIN,
    MIG_RULE_MIXED_CHANGE,
    /* The way back. */
    MIG_RULE_NO_DOWN,
    MIG_RULE_DOWN_NOT_INVERSE,
    MIG_RULE_DOWN_LOSES_DATA,
    MIG_RULE_DOWN_REMOVES, /* a down file that only removes what its up file made */
    /* About the judging itself. */
    MIG_RULE_REFUSED,
    MIG_RULE_NOT_JUDGED,
    /* Files for PostgreSQL, by their text. */
    MIG_RULE_PG_INDEX_NOT_CONCURRENT,
    MIG_RULE_PG_VOLATILE_DEFAULT,
    MIG_RULE_PG_NOT_NULL,
    MIG_RULE_PG_FOREIGN_KEY_VALIDATES,
    MIG_RULE_PG_CHANGE_TYPE,
    MIG_RULE_PG_CONCURRENTLY_IN_TRANSACTION,
    MIG_RULE_COUNT, /* none */
};

enum mig_rule_severity {
    MIG_RULE_SEVERITY_NOTE,  /* nothing to do; good to know */
    MIG_RULE_SEVERITY_WARN,  /* may be meant; somebody should look */
    MIG_RULE_SEVERITY_ERROR, /* data or a promise of the schema goes, or the run fails */
};

struct mig_rule_info {
    const char *id; /* as tables, messages and directives spell it */
    enum mig_rule_severity
        severity;       /* of a finding, where the finding itself does not know better */
    const char *why;    /* what can go wrong, as a sentence without a full stop */
    const char *advice; /* the safe way, as a phrase without a full stop */
};

/* What there is to say about a rule. Never NULL for a rule; NULL for MIG_RULE_COUNT. */
const struct mig_rule_info *mig_rule_info(enum mig_rule rule);

/* The rule of that id, of `length` bytes, spelled exactly. MIG_RULE_COUNT when there is none. */
enum mig_rule mig_rule_find(const char *id, size_t length);

/* "note", "warn" or "error". */
const char *mig_rule_severity_name(enum mig_rule_severity severity);

#endif
