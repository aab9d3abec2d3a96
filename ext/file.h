/*
 * file.h - one file below the migration folder: what may be opened, and its bytes.
 *
 * The only file that opens migration files. They are opened without following links, and never when
 * they are the database itself or one of its companions: closing such a file would drop the locks
 * that SQLite holds on it (https://www.sqlite.org/howtocorrupt.html, section 2.2).
 *
 * `dir_fd` is the open migration folder (or a folder below it), `path` the way from there.
 */
#ifndef MIG_FILE_H
#define MIG_FILE_H

#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* The longest file, and the longest output of a program, in bytes. */
#define MIG_FILE_MAX_BYTES ((size_t)64 * 1024 * 1024)

/*
 * Reads a whole file into memory of SQLite's allocator, with a NUL behind it; *out_text is the
 * caller's to release with sqlite3_free() on every path. Fails when the file is gone, is a symbolic
 * link or no regular file, cannot be read, is the database, or is longer than MIG_FILE_MAX_BYTES.
 */
void mig_file_read(struct mig_session *s, int dir_fd, const char *path, char **out_text,
                   size_t *out_length);

/* True when the file is the main database, its journal, its write-ahead log or that one's index. */
bool mig_file_is_database(const struct mig_session *s, int dir_fd, const char *path);

/* Fails unless this process may execute the file. `dir` is the folder's name, for the hint. */
void mig_file_check_executable(struct mig_session *s, int dir_fd, const char *dir,
                               const char *path);

/* Records the failure `error` (an errno) of a system call: "cannot WHAT PATH: reason". */
void mig_file_fail(struct mig_session *s, const char *what, const char *path, int error);

#endif
