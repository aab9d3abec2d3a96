/*
 * inventory.h - the objects of a schema at one moment, and what is different at another: those that the
 * fingerprint is made of, without the tracking table and its log.
 */
#ifndef MIG_INVENTORY_H
#define MIG_INVENTORY_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stddef.h>

/* Texts are the arena's. */
struct mig_inventory_object {
    const char *type; /* table, index, view, trigger */
    const char *name;
    const char *sql;
};

struct mig_inventory {
    struct mig_arena arena;
    struct mig_inventory_object *list; /* owned array, sorted by type and name */
    size_t count;
    size_t capacity;
};

enum mig_inventory_change {
    MIG_INVENTORY_CREATED,
    MIG_INVENTORY_CHANGED,
    MIG_INVENTORY_DROPPED,
};

/* No objects. */
void mig_inventory_init(struct mig_inventory *inventory);

void mig_inventory_release(struct mig_inventory *inventory);

/* Reads the objects of the main database. What was in *inventory is released. */
void mig_inventory_read(struct mig_session *s, struct mig_inventory *inventory);

/* Reports each object that only one of them has, or that has another SQL text, by type and name. */
typedef void mig_inventory_report(void *context, enum mig_inventory_change change,
                                  const struct mig_inventory_object *object);
void mig_inventory_compare(const struct mig_inventory *before,
                           const struct mig_inventory *after, mig_inventory_report *report,
                           void *context);

#endif
