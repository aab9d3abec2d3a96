/*
 * start.h - where the history of a migration folder starts: its file `.starts-after`.
 *
 * Once a schema dump holds the operations up to a version, their files may go. The file then holds that
 * version as a number on its first line, and the folder goes on behind it. What the number means for a
 * database is decided in verify.c.
 */
#ifndef MIG_START_H
#define MIG_START_H

#include "compiler.h"
#include "file.h"
#include "session.h"

/*
 * The version behind which the folder open as `dir_fd` starts; 0 where there is no such file. Fails when
 * its first line is anything but a version, and as mig_file_read() does. `dir` is the folder's name, for
 * the hint.
 */
int64_t mig_start_read(struct mig_session *s, const struct mig_file_database *database,
                       int dir_fd, const char *dir);

#endif
