/*
 * vet.h - is a text fit to be run? Asked of every file before the first operation of a run starts,
 * so that a bad file stops the run while nothing has changed.
 */
#ifndef MIG_VET_H
#define MIG_VET_H

#include "compiler.h"
#include "script.h"
#include "session.h"
#include "source.h"

/*
 * Fails, with place and hint, unless `text` (`length` bytes, a NUL behind them), which a migration file
 * holds, is a sound script by the rules of the dialect.
 */
void mig_vet_file(struct mig_session *s, const char *path, const char *text, size_t length,
                  enum mig_dialect dialect, struct mig_script *out_script);

/* The same for what a program printed. */
void mig_vet_printed(struct mig_session *s, const char *path, const char *text, size_t length,
                     enum mig_dialect dialect, struct mig_script *out_script);

/* Fails when programs are switched off. */
void mig_vet_programs_allowed(struct mig_session *s, const char *path);

/*
 * Reads the files of an operation and vets them: the up file, the down file, or that a program may
 * be run here. *out_content is to be released on every path; *out_script is what the up file says
 * about itself.
 */
void mig_vet_operation(struct mig_session *s, const struct mig_source *source,
                       const struct mig_operation *operation, struct mig_content *out_content,
                       struct mig_script *out_script);

#endif
