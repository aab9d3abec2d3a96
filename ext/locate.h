/*
 * locate.h - tells a person where in a file a failure stands.
 */
#ifndef MIG_LOCATE_H
#define MIG_LOCATE_H

#include "compiler.h"
#include "session.h"

#include <stddef.h>

/*
 * Adds the place to the message of a failed session, `offset` bytes into `text` (`length` bytes):
 *
 *     2025-01-10/0007-TASK-1-x_up.sql:3:14: no such table: orders
 *         3 | INSERT INTO orders VALUES (1);
 *
 * Control characters of the quoted line are made visible, and a long line is cut around the place.
 * Does nothing on a sound session.
 */
void mig_locate(struct mig_session *s, const char *path, const char *text, size_t length,
                size_t offset);

#endif
