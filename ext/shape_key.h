/*
 * shape_key.h - the indexes and the foreign keys of a shape. Only shape.c uses it; what others read is
 * in shape.h, mig_shape_children() included.
 */
#ifndef MIG_SHAPE_KEY_H
#define MIG_SHAPE_KEY_H

#include "arena.h"
#include "compiler.h"
#include "session.h"
#include "shape.h"

/* Fills in the indexes; those that have a text of their own are there, with name and text. */
void mig_shape_read_indexes(struct mig_session *s, struct mig_arena *arena,
                            struct mig_shape *shape);

/* Fills in the foreign keys, in the order of the table's text, but for is_deferred. */
void mig_shape_read_foreign_keys(struct mig_session *s, struct mig_arena *arena,
                                 struct mig_shape *shape);

#endif
