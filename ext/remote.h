/*
 * remote.h - a run on the server of option dialect, as far as it can be made here: this connection's
 * database holds a copy of the server's tracking table, the plan is made of that, and each step is SQL that
 * the client of the server executes. Nothing is changed here; only a program is run here.
 */
#ifndef MIG_REMOTE_H
#define MIG_REMOTE_H

#include "client.h"
#include "compiler.h"
#include "origin.h"
#include "prepare.h"
#include "request.h"
#include "session.h"
#include "tracking.h"
#include "work.h"

#include <stdbool.h>
#include <stddef.h>

struct mig_remote {
    struct mig_request request;
    struct mig_prepared prepared;
    struct mig_tracking tracking;
    struct mig_origin origin;
    struct mig_work work; /* of the step that was looked at last */
    size_t loaded;        /* its position, from 1; 0: none */
};

/* The parts of a step: head, code and tail together are what a client gets. */
enum mig_remote_part {
    MIG_REMOTE_HEAD,
    MIG_REMOTE_CODE, /* none for a program */
    MIG_REMOTE_TAIL,
    MIG_REMOTE_FAILURE, /* what another session runs when the step has failed */
};

/* What came of a program. */
struct mig_remote_output {
    char *code; /* owned; what it printed, for the client */
    char *log;  /* owned; what it said; NULL: nothing */
};

/* Holds nothing. */
void mig_remote_init(struct mig_remote *remote);

void mig_remote_release(struct mig_remote *remote);

/*
 * Takes the request (what it points at is borrowed until the release), makes the plan and vets its steps, as
 * a run does; option dangerous has its say here, too. Fails unless option dialect is that of a server that
 * can do it.
 */
void mig_remote_prepare(struct mig_session *s, struct mig_remote *remote,
                        const struct mig_request *request);

/* The work of step `i`, from 0; borrowed until the next step is looked at. */
const struct mig_work *mig_remote_work(struct mig_session *s, struct mig_remote *remote,
                                       size_t i);

/* A part of step `i`, owned by the caller; NULL when there is none, or on a failed session. */
char *mig_remote_text(struct mig_session *s, struct mig_remote *remote, size_t i,
                      enum mig_remote_part part);

/* The statements that make the tracking table and its log on the server. Owned by the caller. */
char *mig_remote_tables(struct mig_session *s);

/*
 * Runs the program of an operation, up from the folder or down from the tracking table. *out_output is to
 * be released on every path.
 */
void mig_remote_run_program(struct mig_session *s, const char *dir, int64_t version,
                            bool is_down, struct mig_remote_output *out_output);

void mig_remote_output_release(struct mig_remote_output *output);

#endif
