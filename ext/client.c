#include "compiler.h"

#include "client.h"

/* Takes back what the code before has set, so that the next statements mean what they say. */
#define POSTGRESQL_RESET "RESET ALL\\; RESET SESSION AUTHORIZATION"
#define MYSQL_NAMES      "SET NAMES utf8mb4"
#define MYSQL_SETTINGS                                                                         \
    "SET SESSION autocommit=1,sql_mode=DEFAULT,foreign_key_checks=DEFAULT,"                    \
    "unique_checks=DEFAULT,time_zone=DEFAULT,timestamp=DEFAULT,sql_safe_updates=DEFAULT,"      \
    "sql_select_limit=DEFAULT,group_concat_max_len=DEFAULT,default_storage_engine=DEFAULT"
#define MYSQL_RESET MYSQL_NAMES ";" MYSQL_SETTINGS

/* The time at which the client has sent its request: the same in all statements of it. */
#define POSTGRESQL_START                                                                       \
    "to_char(statement_timestamp() AT TIME ZONE 'UTC','YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"

#define MYSQL_DELIMITER "//migrate//"

/* The settings by which the client and the server read a script for PostgreSQL. */
static void put_postgresql_settings(const struct mig_ledger *l)
{
    sqlite3_str_appendall(l->out, "SET client_encoding='UTF8';\n"
                                  "SET standard_conforming_strings=on;\n");
    if (l->schema[0] != '\0')
        sqlite3_str_appendf(l->out, "SET search_path=\"%w\";\n", l->schema);
}

void mig_client_open(const struct mig_ledger *l)
{
    switch (l->dialect) {
    case MIG_DIALECT_SQLITE:
        sqlite3_str_appendall(l->out, ".bail on\n");
        break;
    case MIG_DIALECT_POSTGRESQL:
        sqlite3_str_appendall(l->out, "\\set ON_ERROR_STOP on\n\\set AUTOCOMMIT on\n");
        put_postgresql_settings(l);
        break;
    case MIG_DIALECT_MYSQL:
    case MIG_DIALECT_COUNT:
        mig_client_reset(l);
        break;
    }
}

void mig_client_reset(const struct mig_ledger *l)
{
    switch (l->dialect) {
    case MIG_DIALECT_SQLITE:
        break;
    case MIG_DIALECT_POSTGRESQL:
        sqlite3_str_appendall(l->out, "RESET ALL;\nRESET SESSION AUTHORIZATION;\n");
        put_postgresql_settings(l);
        break;
    case MIG_DIALECT_MYSQL:
    case MIG_DIALECT_COUNT:
        sqlite3_str_appendall(l->out, MYSQL_NAMES ";\n" MYSQL_SETTINGS ";\n");
        break;
    }
}

void mig_client_begin(const struct mig_ledger *l)
{
    if (l->dialect != MIG_DIALECT_MYSQL)
        sqlite3_str_appendall(l->out, l->dialect == MIG_DIALECT_SQLITE ? "BEGIN IMMEDIATE;\n"
                                                                       : "BEGIN;\n");
}

void mig_client_commit(const struct mig_ledger *l)
{
    if (l->dialect != MIG_DIALECT_MYSQL)
        sqlite3_str_appendall(l->out, "COMMIT;\n");
}

/* The code, with an end of its last line. A byte order mark means something at the start of a file only. */
static void put_code(const struct mig_ledger *l, const char *code, size_t length)
{
    const size_t mark = length >= 3 && memcmp(code, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    sqlite3_str_append(l->out, code + mark, (int)(length - mark));
    if (length == mark || code[length - 1] != '\n')
        sqlite3_str_appendall(l->out, "\n");
}

/* The mysql client sends all up to a delimiter as one request, in which bodies need no delimiters. */
static void put_request(const struct mig_ledger *l, const char *code, size_t length)
{
    char delimiter[32];

    mig_ledger_unused_word(code, length, "//code", "//", delimiter);
    sqlite3_str_appendf(l->out, "DELIMITER %s\n", delimiter);
    put_code(l, code, length);
    sqlite3_str_appendf(l->out, "%s\nDELIMITER ;\n", delimiter);
}

void mig_client_code(const struct mig_ledger *l, const char *code, size_t length,
                     bool has_delimiter)
{
    if (l->dialect == MIG_DIALECT_MYSQL && !has_delimiter) {
        put_request(l, code, length);
        return;
    }
    put_code(l, code, length);
    if (has_delimiter)
        sqlite3_str_appendall(l->out, "DELIMITER ;\n");
}

/* Writes the row before the code of a step runs, for others to see. */
static void put_running(const struct mig_ledger *l, const struct mig_client_step *step,
                        const char *start)
{
    if (step->is_down)
        mig_ledger_set_state(l, step->record->version, MIG_STATE_RUNNING);
    else
        mig_ledger_put(l, step->record, MIG_STATE_RUNNING, start, step->has_row);
}

static void put_line(const struct mig_ledger *l, const struct mig_client_step *step,
                     bool is_failure, const char *start)
{
    const struct mig_ledger_line line = {
        .is_down = step->is_down,
        .is_failure = is_failure,
        .is_program = step->record->type == MIG_TYPE_PROGRAM,
        .has_row = step->is_down || !is_failure,
        .start = start,
    };

    mig_ledger_log(l, step->record, &line);
}

static enum mig_state state_after(const struct mig_client_step *step)
{
    return step->is_down ? MIG_STATE_ROLLBACK : MIG_STATE_COMPLETED;
}

static void put_postgresql_head(const struct mig_ledger *l, const struct mig_client_step *step)
{
    if (step->begins || step->no_transaction)
        sqlite3_str_appendall(l->out, POSTGRESQL_RESET "\\; ");
    if (step->no_transaction) {
        put_running(l, step, POSTGRESQL_START);
        sqlite3_str_appendall(l->out, "\\; ");
    } else if (step->begins) {
        sqlite3_str_appendall(l->out, "BEGIN\\; ");
    }
    sqlite3_str_appendf(
        l->out,
        "SELECT floor(extract(epoch FROM clock_timestamp())*1000)::bigint%%1000000000 AS "
        "migrate_clock," POSTGRESQL_START " AS migrate_started \\gset\n"
        "\\echo :migrate_mark %lld :migrate_clock :migrate_started\n",
        (sqlite3_int64)step->position);
}

static void put_postgresql_tail(const struct mig_ledger *l, const struct mig_client_step *step)
{
    sqlite3_str_appendall(l->out, POSTGRESQL_RESET "\\; ");
    if (step->is_down || step->no_transaction)
        mig_ledger_set_state(l, step->record->version, state_after(step));
    else
        mig_ledger_put(l, step->record, state_after(step), ":'migrate_started'", step->has_row);
    sqlite3_str_appendall(l->out, "\\; ");
    put_line(l, step, false, ":'migrate_started'");
    sqlite3_str_appendall(l->out,
                          step->ends && !step->no_transaction ? "\\; COMMIT;\n" : ";\n");
}

static void put_postgresql_failure(const struct mig_ledger *l,
                                   const struct mig_client_step *step)
{
    sqlite3_str_appendall(l->out, "BEGIN\\; ");
    if (step->no_transaction) {
        mig_ledger_set_failed(l, step->record->version);
        sqlite3_str_appendall(l->out, "\\; ");
    }
    put_line(l, step, true, ":'migrate_started'");
    sqlite3_str_appendall(l->out, "\\; COMMIT;\n");
}

/*
 * What changes a schema commits, and what comes behind it is in a transaction again because autocommit is
 * off: changes of rows alone are kept together with their record, or not at all.
 */
static void put_mysql_head(const struct mig_ledger *l, const struct mig_client_step *step)
{
    sqlite3_str_appendall(l->out, "DELIMITER " MYSQL_DELIMITER "\n" MYSQL_RESET ";");
    put_running(l, step, mig_ledger_now(l->dialect));
    sqlite3_str_appendf(l->out,
                        ";SELECT @migrate_mark,%lld,floor(unix_timestamp(now(3))*1000)"
                        "%%1000000000,%s%s\n" MYSQL_DELIMITER "\nDELIMITER ;\n",
                        (sqlite3_int64)step->position, mig_ledger_now(l->dialect),
                        step->no_transaction ? "" : ";SET SESSION autocommit=0");
}

static void put_mysql_tail(const struct mig_ledger *l, const struct mig_client_step *step)
{
    sqlite3_str_appendf(l->out, "DELIMITER " MYSQL_DELIMITER "\n%s",
                        step->no_transaction ? "START TRANSACTION;" : "");
    mig_ledger_set_state(l, step->record->version, state_after(step));
    sqlite3_str_appendall(l->out, ";");
    put_line(l, step, false, "started_at");
    sqlite3_str_appendall(l->out, ";COMMIT\n" MYSQL_DELIMITER "\nDELIMITER ;\n");
}

static void put_mysql_failure(const struct mig_ledger *l, const struct mig_client_step *step)
{
    sqlite3_str_appendall(l->out,
                          "DELIMITER " MYSQL_DELIMITER "\n" MYSQL_RESET ";START TRANSACTION;");
    mig_ledger_set_failed(l, step->record->version);
    sqlite3_str_appendall(l->out, ";");
    put_line(l, step, true, "@migrate_started");
    sqlite3_str_appendall(l->out, ";COMMIT\n" MYSQL_DELIMITER "\nDELIMITER ;\n");
}

void mig_client_head(const struct mig_ledger *l, const struct mig_client_step *step)
{
    if (l->dialect == MIG_DIALECT_POSTGRESQL)
        put_postgresql_head(l, step);
    else
        put_mysql_head(l, step);
}

void mig_client_tail(const struct mig_ledger *l, const struct mig_client_step *step)
{
    if (l->dialect == MIG_DIALECT_POSTGRESQL)
        put_postgresql_tail(l, step);
    else
        put_mysql_tail(l, step);
}

void mig_client_failure(const struct mig_ledger *l, const struct mig_client_step *step)
{
    if (l->dialect == MIG_DIALECT_POSTGRESQL)
        put_postgresql_failure(l, step);
    else
        put_mysql_failure(l, step);
}
