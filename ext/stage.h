/*
 * stage.h - the copy of the live database that a rehearsal is played on: where it is, and that it goes
 * away again.
 *
 * A database of up to MIG_STAGE_MEMORY_BYTES is copied into memory. A larger one goes into SQLite's own
 * temporary file, which has no name and is gone with the connection, whatever happens to the process.
 * Where a program has to open the copy, it is a file with a name, in the same folder, that only its owner
 * can read; that is removed by mig_stage_close(). The folder is the one that SQLite chooses for temporary
 * files (https://www.sqlite.org/tempfiles.html, section 5).
 *
 * The copy is careless: nothing of it is ever made durable, and a transaction of it can be rolled back.
 */
#ifndef MIG_STAGE_H
#define MIG_STAGE_H

#include "compiler.h"
#include "session.h"

#include <stdbool.h>

/* The largest database that is copied into memory. */
#define MIG_STAGE_MEMORY_BYTES ((int64_t)64 * 1024 * 1024)

struct mig_stage {
    sqlite3 *db; /* owned; a private connection (private.h); NULL: not open */
    char *path;  /* owned; of the file; NULL: it has no name */
};

/*
 * Copies the main database of the session's connection. A statement of that connection is being read, so
 * it is of one moment; nothing is begun or ended there. With `has_name`, the copy is a file with a name.
 * Fails when the user's transaction has changes, or the disk has no room. *out_stage is to be closed on
 * every path.
 */
void mig_stage_open(struct mig_session *s, bool has_name, struct mig_stage *out_stage);

/* Closes the copy, whose statements must be finished, and removes it. */
void mig_stage_close(struct mig_stage *stage);

#endif
