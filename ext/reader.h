/*
 * reader.h - reads one statement of PostgreSQL or MySQL word by word: what is taken is passed over, blanks
 * and comments are never seen, and what MySQL runs of a comment is read like the rest.
 *
 * Pure: no connection, no files, no memory. A reader is a place in the caller's text and is copied to look
 * ahead. Words are compared without regard to case, and never with quoted names.
 */
#ifndef MIG_READER_H
#define MIG_READER_H

#include "compiler.h"
#include "foreign_token.h"
#include "name.h"

#include <stdbool.h>
#include <stddef.h>

struct mig_reader {
    const char *text;
    size_t length;
    enum mig_dialect dialect;
    size_t at; /* of the token that is next; the length at the end */
    struct mig_foreign_token token;
    size_t
        run_to; /* MySQL: end of a comment that is run, without its two last bytes; 0: none */
};

/* The longest name with its schema and table; longer ones are cut. */
#define MIG_READER_NAME 640

struct mig_reader_name {
    char text
        [MIG_READER_NAME]; /* `a` or `a.b`, without quotes; in PostgreSQL as the server folds it */
};

/* A reader at the first token of a statement. */
void mig_reader_init(struct mig_reader *r, const char *text, size_t length,
                     enum mig_dialect dialect);

bool mig_reader_is_end(const struct mig_reader *r);

/* Passes over one token, or over all of a group in parentheses. Nothing at the end. */
void mig_reader_pass(struct mig_reader *r);

/* True when the words, with one blank between them, stand next. */
bool mig_reader_is(const struct mig_reader *r, const char *words);

/* True when this byte, which is neither in a word nor in quotes, stands next. */
bool mig_reader_is_byte(const struct mig_reader *r, char byte);

/* Passes over the words when they stand next; true then. */
bool mig_reader_take(struct mig_reader *r, const char *words);

/* The same for the first of several that stand next; the list ends with NULL. */
bool mig_reader_take_one_of(struct mig_reader *r, const char *const *words);

/* The same for one byte. */
bool mig_reader_take_byte(struct mig_reader *r, char byte);

/* Takes a name, which may have a schema and a table before it. False when none stands there. */
bool mig_reader_take_name(struct mig_reader *r, struct mig_reader_name *out_name);

/*
 * Takes a group in parentheses; *out_group reads what is in it. False when none stands there.
 */
bool mig_reader_take_group(struct mig_reader *r, struct mig_reader *out_group);

/* Takes all up to the next comma outside of parentheses, and the comma. False at the end. */
bool mig_reader_take_item(struct mig_reader *r, struct mig_reader *out_item);

/* Passes over all up to and with the words, outside of parentheses. False, and nothing, without them. */
bool mig_reader_seek(struct mig_reader *r, const char *words);

/* True when mig_reader_seek() would find the words. */
bool mig_reader_has(const struct mig_reader *r, const char *words);

/*
 * Finds the next function that is called, inside of parentheses or out, and passes over its name and
 * parenthesis. What stands behind two colons is a type. False, and all is passed over, when there is none.
 */
bool mig_reader_next_call(struct mig_reader *r, struct mig_reader_name *out_function);

#endif
