/*
 * arrange.h - what the files of a folder make together: operations in the order of their versions, of
 * several files for one operation the one for the dialect, down files with their up files, and what is
 * left over.
 */
#ifndef MIG_ARRANGE_H
#define MIG_ARRANGE_H

#include "compiler.h"
#include "problem.h"
#include "session.h"
#include "source.h"

#include <stddef.h>

/* A _down.sql that waits for its _up.sql. */
struct mig_down_file {
    int64_t version;
    const char *path;   /* borrowed */
    size_t stem_length; /* bytes of path before _down */
    enum mig_dialect dialect;
};

/*
 * Arranges source->operations, which hold every up file and program of the folder, whatever its dialect.
 * Of the files of one operation that of source->dialect stays, else the plain one. A version that is
 * used twice, an operation without a file for the dialect and a down file without up file become
 * findings.
 */
void mig_arrange(struct mig_session *s, struct mig_source *source,
                 const struct mig_down_file *downs, size_t down_count,
                 struct mig_problems *problems);

#endif
