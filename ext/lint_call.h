/*
 * lint_call.h - what is known of the functions of PostgreSQL and MySQL: which of them give another value
 * for each row, and which do nothing but compute one. Everybody can add functions, so most names say
 * nothing.
 *
 * Sources: https://www.postgresql.org/docs/current/functions.html,
 * https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
#ifndef MIG_LINT_CALL_H
#define MIG_LINT_CALL_H

#include "compiler.h"
#include "reader.h"

enum mig_lint_call {
    MIG_CALL_CALM,     /* changes nothing, and is the same in all rows of a statement */
    MIG_CALL_VOLATILE, /* changes no rows, and is another in each */
    MIG_CALL_UNKNOWN,
};

/* What is known of a function, or of a word before a parenthesis. */
enum mig_lint_call mig_lint_call_kind(const struct mig_reader_name *function);

#endif
