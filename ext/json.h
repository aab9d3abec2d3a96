/*
 * json.h - texts as JSON. Pure, but for the string of SQLite's that it writes to, which keeps the want of
 * memory for its owner to see.
 * Source: RFC 8259, section 7; https://www.sqlite.org/c3ref/str_append.html
 */
#ifndef MIG_JSON_H
#define MIG_JSON_H

#include "compiler.h"
#include "sqlite_api.h"

/* Adds the contents of a JSON string, without its quotes. NULL adds nothing. */
void mig_json_escape(sqlite3_str *out, const char *text);

/* Adds a JSON string; NULL is null. */
void mig_json_text(sqlite3_str *out, const char *text);

#endif
