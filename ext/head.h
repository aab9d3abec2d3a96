/*
 * head.h - what a statement of SQLite's says that it does, read from its words alone: the verb, and the
 * names that it is about.
 *
 * Pure: places in the caller's text, no memory, no connection. It is read also from statements that SQLite
 * cannot compile here, so that they have a name in a report; what a statement touches besides is the
 * authorizer's to say (watch.h).
 * Source: https://www.sqlite.org/lang.html
 */
#ifndef MIG_HEAD_H
#define MIG_HEAD_H

#include "compiler.h"
#include "token.h"

#include <stdbool.h>
#include <stddef.h>

enum mig_head_kind {
    MIG_HEAD_OTHER, /* nothing of the below */
    MIG_HEAD_CREATE_TABLE,
    MIG_HEAD_CREATE_VIRTUAL_TABLE,
    MIG_HEAD_CREATE_INDEX,
    MIG_HEAD_CREATE_VIEW,
    MIG_HEAD_CREATE_TRIGGER,
    MIG_HEAD_DROP_TABLE,
    MIG_HEAD_DROP_INDEX,
    MIG_HEAD_DROP_VIEW,
    MIG_HEAD_DROP_TRIGGER,
    MIG_HEAD_ADD_COLUMN,
    MIG_HEAD_DROP_COLUMN,
    MIG_HEAD_RENAME_TABLE,
    MIG_HEAD_RENAME_COLUMN,
    MIG_HEAD_ALTER_TABLE, /* any other ALTER TABLE: ALTER COLUMN, ADD and DROP CONSTRAINT */
    MIG_HEAD_INSERT,      /* INSERT, REPLACE */
    MIG_HEAD_UPDATE,
    MIG_HEAD_DELETE,
    MIG_HEAD_QUERY, /* SELECT, VALUES */
    MIG_HEAD_PRAGMA,
    MIG_HEAD_TRANSACTION,
    MIG_HEAD_ATTACH,
    MIG_HEAD_DETACH,
    MIG_HEAD_VACUUM,
    MIG_HEAD_ANALYZE,
    MIG_HEAD_REINDEX,
};

/* A name that is not there has length 0. */
struct mig_head {
    enum mig_head_kind kind;
    bool is_temp;            /* CREATE TEMP */
    bool is_unique;          /* CREATE UNIQUE INDEX */
    bool is_conditional;     /* IF EXISTS, IF NOT EXISTS */
    bool has_where;          /* UPDATE, DELETE: a WHERE, with more than constants behind it */
    struct mig_token schema; /* before the name and a dot */
    struct mig_token
        name; /* of the table, view, index or trigger; of the pragma; ATTACH: AS name */
    struct mig_token table;    /* CREATE INDEX, CREATE TRIGGER: behind ON */
    struct mig_token column;   /* ADD, DROP, RENAME COLUMN */
    struct mig_token to;       /* RENAME: the new name */
    struct mig_token conflict; /* OR word; REPLACE itself is "REPLACE" */
    size_t body; /* behind what was read: of INSERT behind the table's name, of CREATE TABLE
                                 likewise */
};

/* Reads the statement of `length` bytes. */
void mig_head_read(const char *text, size_t length, struct mig_head *out_head);

/* As reports show it: "create table", "data change", ... Never NULL. */
const char *mig_head_kind_name(enum mig_head_kind kind);

/* True for what creates, alters or drops an object. */
bool mig_head_is_schema(enum mig_head_kind kind);

/* True for INSERT, UPDATE, DELETE. */
bool mig_head_is_rows(enum mig_head_kind kind);

#endif
