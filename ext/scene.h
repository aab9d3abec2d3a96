/*
 * scene.h - the copy of a rehearsal at one moment, and what two moments have between them, as JSON.
 */
#ifndef MIG_SCENE_H
#define MIG_SCENE_H

#include "arena.h"
#include "census.h"
#include "compile_check.h"
#include "compiler.h"
#include "digest.h"
#include "inventory.h"
#include "known_query.h"
#include "session.h"

struct mig_scene {
    struct mig_inventory inventory;
    struct mig_compiled_list compiled;
    char fingerprint[MIG_DIGEST_SIZE];
    int64_t pages;
    struct mig_arena arena;
    struct mig_known_plan *plans; /* the arena's; one for each known query */
};

/* Releases what there is; the scene can be looked at again. One that is all zero holds nothing. */
void mig_scene_release(struct mig_scene *scene);

/* Looks at the database of the session's connection. What was in *scene is released. */
void mig_scene_look(struct mig_session *s, const struct mig_known_queries *queries,
                    struct mig_scene *scene);

/* Pages of the database. */
int64_t mig_scene_pages(struct mig_session *s);

/* All that follow give a text of the arena, NULL on a failed session. */

/* {"users":{"inserted":1,"updated":0,"deleted":0}}: the tables that have other rows. */
const char *mig_scene_rows(struct mig_session *s, struct mig_arena *arena,
                           const struct mig_census_changes *changes);

/* {"created":["table users"],"changed":[],"dropped":[]} */
const char *mig_scene_objects(struct mig_session *s, struct mig_arena *arena,
                              const struct mig_scene *before, const struct mig_scene *now);

/* [{"type":"view","name":"old","error":"..."}]: views, triggers and known queries that compiled before and
 * do not now. */
const char *mig_scene_broken(struct mig_session *s, struct mig_arena *arena,
                             const struct mig_known_queries *queries,
                             const struct mig_scene *before, const struct mig_scene *now);

/* [{"query":"queries/users.sql:3","before":"SEARCH ...","after":"SCAN ..."}]; NULL where there are no known
 * queries. */
const char *mig_scene_slower(struct mig_session *s, struct mig_arena *arena,
                             const struct mig_known_queries *queries,
                             const struct mig_scene *before, const struct mig_scene *now);

#endif
