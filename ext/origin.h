/*
 * origin.h - who runs the migrations, and on which machine, as the log records it.
 */
#ifndef MIG_ORIGIN_H
#define MIG_ORIGIN_H

#include "compiler.h"
#include "session.h"

struct mig_origin {
    char actor[64]; /* option actor, else the login name, else "uid N"; cut to fit */
    char host[64];  /* the machine's name, "" when it has none; cut to fit */
};

/* Finds both out. Fails only when the option's value is bad. */
void mig_origin_find(struct mig_session *s, struct mig_origin *out_origin);

#endif
