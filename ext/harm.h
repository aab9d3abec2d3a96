/*
 * harm.h - what a script can do to the foreign keys of the main database: whether it can change rows
 * or keys, and the names of the tables that it can change.
 *
 * Read from the text alone, so the set of names is larger than what is changed, never smaller: every
 * name in a statement that can do harm counts, also when it is that of a column. What a trigger of a
 * named table says counts as part of the script, and so does what a trigger says that the script
 * makes; the table of a dropped index counts as named. What happens while foreign keys are enforced
 * (cascades into further tables) is not looked for: SQLite sees to that itself.
 */
#ifndef MIG_HARM_H
#define MIG_HARM_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

struct mig_harmed_name;

struct mig_harm {
    /* DROP TABLE, PRAGMA foreign_keys: enforcement is off at some point, or can be */
    bool switches;
    /* INSERT, REPLACE, UPDATE, DELETE, WITH, ALTER, DROP TABLE */
    bool rows;
    /* DROP INDEX, ALTER with REFERENCES: can make a key unusable though it is enforced */
    bool keys;
    /* the names in them */
    const char *script; /* borrowed; must outlive the struct */
    size_t length;
    struct mig_arena arena;
    struct mig_harmed_name *names; /* owned: a hash table */
    size_t count;
    size_t capacity; /* 0 or a power of two */
};

/* Reads what the statements of the script are. Needs no memory and no connection. */
void mig_harm_init(struct mig_harm *harm, const char *script, size_t length);
void mig_harm_release(struct mig_harm *harm);

/* Collects the names; to be called before the script runs, because it may drop its triggers. */
void mig_harm_read(struct mig_session *s, struct mig_harm *harm);

/* True when the script can change the table of that name, in any case of letters. */
bool mig_harm_names(const struct mig_harm *harm, const char *table);

/* True when the script alters or drops the table, which was there when the names were collected. */
bool mig_harm_alters(const struct mig_harm *harm, const char *table);

/* True when the script renames a table to this name. */
bool mig_harm_renames_to(const struct mig_harm *harm, const char *table);

#endif
