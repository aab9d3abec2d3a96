/*
 * lint_made.h - what the texts of a plan have made so far: a table that is dropped again loses nothing, and
 * an index on it stops nobody. Names are compared as they are written; another spelling of the same name is
 * another object, which is never less dangerous.
 */
#ifndef MIG_LINT_MADE_H
#define MIG_LINT_MADE_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

enum mig_made_kind {
    MIG_MADE_TABLE,  /* `table` */
    MIG_MADE_COLUMN, /* `table.column` */
    MIG_MADE_OTHER,  /* an index, a view and the like */
    MIG_MADE_ROWS,   /* rows of `table` */
    MIG_MADE_CHECK, /* `table.constraint` is to say that `detail`, `table.column`, is not null */
    MIG_MADE_NOT_NULL, /* `table.column` is known not to be null */
};

/* What the plan has put into a table or column. */
enum mig_made_content {
    MIG_MADE_EMPTY,
    MIG_MADE_VALUES, /* what stands in the files */
    MIG_MADE_COPIES, /* what was elsewhere before, or is computed */
};

struct mig_made {
    enum mig_made_kind kind;
    const char *name; /* the arena's */
    const char *detail;
    bool is_sure; /* false: IF NOT EXISTS; it may have been there */
    bool is_gone;
    enum mig_made_content content;
};

struct mig_made_list {
    struct mig_arena arena;
    struct mig_made *list; /* owned array */
    size_t count;
    size_t capacity;
    size_t operation; /* where the newest operation begins */
    bool
        has_lost; /* the plan has changed or lost what was there before it: a copy may be the only one */
};

/* What is lost when a table or a column goes. */
enum mig_made_loss {
    MIG_LOSES_NOTHING,
    MIG_LOSES_VALUES, /* what stands in the files */
    MIG_LOSES_COPIES, /* what is elsewhere, too */
    MIG_LOSES_DATA,
};

void mig_made_init(struct mig_made_list *made);
void mig_made_release(struct mig_made_list *made);

/* Adds an object; `detail` may be NULL. */
void mig_made_add(struct mig_session *s, struct mig_made_list *made,
                  const struct mig_made *object);

/* The object that is there, whatever is known about it; NULL: none. */
struct mig_made *mig_made_find(const struct mig_made_list *made, enum mig_made_kind kind,
                               const char *name);

/* The same of the newest operation alone, and only what it has made for certain. */
bool mig_made_by_operation(const struct mig_made_list *made, enum mig_made_kind kind,
                           const char *name);

/* Notes what was put into a table or column, if the plan has made it. */
void mig_made_fill(const struct mig_made_list *made, enum mig_made_kind kind, const char *name,
                   enum mig_made_content content);

/* What goes with the object `name` of that kind. */
enum mig_made_loss mig_made_loss(const struct mig_made_list *made, enum mig_made_kind kind,
                                 const char *name);

/* The object is not there any more. */
void mig_made_drop(const struct mig_made_list *made, enum mig_made_kind kind, const char *name);

/* Nothing is known any more: names mean something else from now on. */
void mig_made_forget(struct mig_made_list *made);

#endif
