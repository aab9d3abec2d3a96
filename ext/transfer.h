/*
 * transfer.h - how INSERT INTO ... SELECT and CREATE TABLE ... AS SELECT bring rows from one table to
 * another, read from their words: which column gets what, and whether rows can be left out.
 *
 * Pure: places in the caller's text, no memory. Of what is not understood, `odd` says so.
 */
#ifndef MIG_TRANSFER_H
#define MIG_TRANSFER_H

#include "compiler.h"
#include "definition.h"
#include "head.h"

#include <stdbool.h>
#include <stddef.h>

struct mig_transfer {
    struct mig_part
        targets; /* what stands between the parentheses behind the table; length 0: nothing */
    struct mig_part items;   /* what stands between SELECT and FROM */
    struct mig_token from;   /* the first table behind FROM; length 0: none */
    struct mig_token schema; /* of that; length 0: not said */
    struct mig_part select;  /* from SELECT to the end, without the semicolon */
    const char *
        odd; /* why rows may be left out, or more than one table's are brought: "WHERE", "LIMIT",
                        ...; NULL: each row of the table comes once */
    bool is_read; /* false: there is no SELECT here */
};

/* Reads the statement, of which `head` is INSERT or CREATE TABLE. */
void mig_transfer_read(const char *text, size_t length, const struct mig_head *head,
                       struct mig_transfer *out_transfer);

/* One item of a list with commas. */
struct mig_transfer_item {
    struct mig_part text; /* without its alias */
    struct mig_token
        column; /* the column that it is, qualified or not; length 0: an expression */
    struct mig_token
        string; /* the string that it is, which a target's name can be; length 0: none */
    struct mig_token name; /* behind AS; else the column; length 0: none */
    bool is_star;          /* `*`, or `table.*` */
};

/* A call of a function, as `name(a, b)`. */
struct mig_transfer_call {
    struct mig_token name;
    size_t arguments; /* how many; `*` is none */
};

/*
 * The next call of a function in the part, at *position, that could make one row of many: none in a query of
 * its own, and none with OVER, which is worked out for each row. False at the end.
 */
bool mig_transfer_next_call(const struct mig_part *part, size_t *position,
                            struct mig_transfer_call *out_call);

/* True when the item is a call of a function and nothing else. */
bool mig_transfer_is_call(const struct mig_part *item, struct mig_token *out_name,
                          struct mig_part *out_arguments);

/* The next item of the list, at *position. False at the end. */
bool mig_transfer_next(const struct mig_part *list, size_t *position,
                       struct mig_transfer_item *out_item);

#endif
