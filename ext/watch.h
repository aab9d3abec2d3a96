/*
 * watch.h - what a statement touches, told by SQLite itself: the actions that it asks an authorizer for
 * while it is compiled, triggers and foreign key actions included.
 *
 * A connection has one authorizer, and SQLite does not say which: so only on a private connection
 * (private.h), never on the user's.
 * Source: https://www.sqlite.org/c3ref/set_authorizer.html, https://www.sqlite.org/c3ref/c_alter_table.html
 *
 *     mig_watch_begin(s, db, &actions);
 *     statement = mig_query_prepare(s, ...);          one statement, prepared, and stepped if need be
 *     mig_watch_end(&actions);
 *
 * Worth knowing:
 * - A statement that is prepared again (the schema has changed since, or the watch began behind the
 *   first time) is recorded again. What was prepared under a watch keeps the authorizer's answers when
 *   the watch ends.
 * - The implicit DELETE of DROP TABLE is in the list (DELETE next to DROP_TABLE of the same table), and
 *   DROP_TRIGGER for each trigger that goes with it.
 * - Foreign key actions stand in the list as DELETE or UPDATE of the child, without a trigger's name.
 * - ALTER TABLE is ALTER_TABLE (schema in `first`, table in `second`), and a FUNCTION whose name tells what
 *   it does: sqlite_drop_column, sqlite_rename_column, sqlite_rename_table.
 * - DELETE or UPDATE of a table without any READ of it has no WHERE. The reverse does not hold: a DELETE of a
 *   parent reads the key that its foreign keys are about, without a trigger's name. Only the text tells.
 * - VACUUM asks for nothing.
 */
#ifndef MIG_WATCH_H
#define MIG_WATCH_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* One thing that a statement may do: an action, in SQLite's words. Texts are the arena's; NULL where SQLite
 * gives none. */
struct mig_touch {
    int code;            /* SQLITE_DELETE, SQLITE_DROP_TABLE, ... */
    const char *first;   /* what these two are depends on the code: see the source above */
    const char *second;  /* SQLITE_FUNCTION: the name of the function */
    const char *schema;  /* "main", "temp", the name of an attached database, or NULL */
    const char *trigger; /* the innermost trigger or view that does it, or NULL */
};

/* Actions in the order in which they were asked for, each once a watch. */
struct mig_actions {
    struct mig_arena arena;
    struct mig_touch *list; /* owned array */
    size_t count;
    size_t capacity;
    /* The rest is of use to watch.c only. */
    struct mig_session *session; /* borrowed while a watch is on; NULL outside */
    sqlite3 *db;                 /* borrowed likewise */
    size_t start;                /* the first action of this watch */
};

void mig_actions_init(struct mig_actions *actions);

/* Releases what there is. The list is empty afterwards, and can be used again. */
void mig_actions_release(struct mig_actions *actions);

/*
 * Puts an authorizer on the private connection `db` that allows everything and adds what it is asked to
 * *actions, behind what is there. `s` may be any session: it fails only when memory runs out. Both are
 * borrowed until mig_watch_end().
 */
void mig_watch_begin(struct mig_session *s, sqlite3 *db, struct mig_actions *actions);

/*
 * Takes the authorizer away; runs on a failed session too, and does nothing when no watch is on. What a
 * CREATE, ALTER or DROP of this watch has asked for on the schema tables is taken out of the list: that
 * is how SQLite does it. What is left there was written by the statement itself (writable_schema), and
 * mig_touch_writes_schema() knows it. So a watch is for one statement: with DDL in the same watch a
 * write by hand cannot be told from SQLite's own.
 */
void mig_watch_end(struct mig_actions *actions);

/* True for a change of rows: SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE. */
bool mig_touch_writes_rows(const struct mig_touch *action);

/* True for a write to sqlite_schema (any of its names) that is no part of DDL. */
bool mig_touch_writes_schema(const struct mig_touch *action);

/* True for an action that creates, alters or drops an object. */
bool mig_touch_is_ddl(const struct mig_touch *action);

#endif
