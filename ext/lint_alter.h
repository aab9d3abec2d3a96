/*
 * lint_alter.h - ALTER TABLE of PostgreSQL and MySQL, action by action: what goes, what gets another name,
 * and what makes the server read or write the whole table while others wait.
 *
 * Sources: https://www.postgresql.org/docs/current/sql-altertable.html,
 * https://dev.mysql.com/doc/refman/8.4/en/alter-table.html, https://mariadb.com/kb/en/alter-table/
 */
#ifndef MIG_LINT_ALTER_H
#define MIG_LINT_ALTER_H

#include "compiler.h"
#include "lint_case.h"
#include "reader.h"

/* Judges the statement behind the words ALTER TABLE. */
void mig_lint_alter_table(struct mig_lint_case *c, struct mig_reader *r);

#endif
