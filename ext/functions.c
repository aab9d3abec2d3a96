#include "compiler.h"

#include "functions.h"

#include "apply.h"
#include "dialect.h"
#include "digest.h"
#include "json.h"
#include "name.h"
#include "origin.h"
#include "problem.h"
#include "remote.h"
#include "schema.h"
#include "settle.h"
#include "snapshot.h"
#include "source.h"
#include "tracking.h"
#include "transaction.h"
#include "verify.h"

typedef void function_body(struct mig_session *s, sqlite3_context *context, int count,
                           sqlite3_value **values);

/* The text of an argument; NULL when it is not there or is NULL. */
static const char *text_argument(int count, sqlite3_value **values, int place)
{
    return place < count ? (const char *)sqlite3_value_text(values[place]) : NULL;
}

/* The folder: the argument, else the option. */
static const char *dir_argument(struct mig_session *s, int count, sqlite3_value **values,
                                int place)
{
    const char *dir = text_argument(count, values, place);

    return dir != NULL ? dir : mig_options_text(s, s->options, MIG_OPTION_DIR);
}

/* A version as an argument, number or digits; fails when it is anything else. */
static int64_t version_argument(struct mig_session *s, const char *function,
                                sqlite3_value *value)
{
    return mig_request_version(s, function, (const char *)sqlite3_value_text(value));
}

/* Runs `body` as the one writing function of the connection. */
static void run_writer(sqlite3_context *context, int count, sqlite3_value **values,
                       const char *name, function_body *body)
{
    struct mig_connection *connection = sqlite3_user_data(context);
    struct mig_session session;

    mig_session_init(&session, connection->db, &connection->options);
    if (connection->is_running) {
        mig_session_fail(&session, MIG_USAGE, "%s: a migration is running on this connection",
                         name);
        mig_session_hint(&session, "a migration file cannot call it");
    } else {
        connection->is_running = true;
        mig_options_check(&session);
        body(&session, context, count, values);
        connection->is_running = false;
    }
    if (!mig_session_ok(&session))
        mig_session_result(&session, context);
    mig_session_release(&session);
}

/* Runs `body`, which changes nothing. */
static void run_reader(sqlite3_context *context, int count, sqlite3_value **values,
                       function_body *body)
{
    struct mig_connection *connection = sqlite3_user_data(context);
    struct mig_session session;

    mig_session_init(&session, connection->db, &connection->options);
    body(&session, context, count, values);
    if (!mig_session_ok(&session))
        mig_session_result(&session, context);
    mig_session_release(&session);
}

/* Carries out a request, whose target is given as a word. */
static void carry_out(struct mig_session *s, sqlite3_context *context,
                      struct mig_request *request, const char *target)
{
    int64_t version;

    request->target = mig_request_target(s, request->function, request->kind, target);
    version = mig_apply(s, request);
    if (mig_session_ok(s))
        sqlite3_result_int64(context, version);
}

static void body_apply(struct mig_session *s, sqlite3_context *context, int count,
                       sqlite3_value **values)
{
    struct mig_request request = {.kind = MIG_REQUEST_APPLY,
                                  .function = "migrate_apply",
                                  .dir = dir_argument(s, count, values, 0)};

    carry_out(s, context, &request, text_argument(count, values, 1));
}

static void body_rollback(struct mig_session *s, sqlite3_context *context, int count,
                          sqlite3_value **values)
{
    struct mig_request request = {
        .kind = MIG_REQUEST_ROLLBACK, .function = "migrate_rollback", .dir = ""};

    carry_out(s, context, &request, text_argument(count, values, 0));
}

static void body_to(struct mig_session *s, sqlite3_context *context, int count,
                    sqlite3_value **values)
{
    struct mig_request request = {.kind = MIG_REQUEST_TO,
                                  .function = "migrate_to",
                                  .dir = dir_argument(s, count, values, 1)};

    carry_out(s, context, &request, text_argument(count, values, 0));
}

static void body_redo(struct mig_session *s, sqlite3_context *context, int count,
                      sqlite3_value **values)
{
    struct mig_request request = {.kind = MIG_REQUEST_REDO,
                                  .function = "migrate_redo",
                                  .dir = dir_argument(s, 0, values, 0)};

    carry_out(s, context, &request, text_argument(count, values, 0));
}

static void body_baseline(struct mig_session *s, sqlite3_context *context, int count,
                          sqlite3_value **values)
{
    const int64_t version = version_argument(s, "migrate_baseline", values[0]);
    const int64_t reached = mig_settle_baseline(s, dir_argument(s, count, values, 1), version);

    if (mig_session_ok(s))
        sqlite3_result_int64(context, reached);
}

static void body_repair(struct mig_session *s, sqlite3_context *context, int count,
                        sqlite3_value **values)
{
    const int64_t version = version_argument(s, "migrate_repair", values[0]);
    const char *outcome = text_argument(count, values, 1);

    mig_settle_repair(s, dir_argument(s, 0, values, 0), version,
                      outcome == NULL ? "" : outcome);
    if (mig_session_ok(s))
        sqlite3_result_int64(context, 1);
}

static void body_verify(struct mig_session *s, sqlite3_context *context, int count,
                        sqlite3_value **values)
{
    struct mig_problems problems;

    mig_problems_init(&problems);
    mig_options_check(s);
    mig_verify_folder(s, dir_argument(s, count, values, 0), &problems);
    mig_problems_raise(s, &problems);
    mig_problems_release(&problems);
    if (mig_session_ok(s))
        sqlite3_result_int64(context, 1);
}

/* The value in force, as a person would want to see it. */
static void result_option(struct mig_session *s, sqlite3_context *context,
                          enum mig_option option)
{
    const char *text = mig_options_text(s, s->options, option);
    struct mig_origin origin;

    if (option == MIG_OPTION_ACTOR) {
        mig_origin_find(s, &origin);
        text = origin.actor;
    }
    if (mig_session_ok(s))
        sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static void body_config(struct mig_session *s, sqlite3_context *context, int count,
                        sqlite3_value **values)
{
    struct mig_connection *connection = sqlite3_user_data(context);
    const enum mig_option option = mig_options_find(s, text_argument(count, values, 0));

    if (!mig_session_ok(s))
        return;
    if (count == 2 && connection->is_running) {
        mig_session_fail(s, MIG_USAGE,
                         "migrate_config: a migration is running on this connection");
        mig_session_hint(s, "a migration file cannot change options");
    }
    if (count == 2)
        mig_options_set(s, &connection->options, option, text_argument(count, values, 1));
    if (mig_session_ok(s))
        result_option(s, context, option);
}

static void body_fingerprint(struct mig_session *s, sqlite3_context *context, int count,
                             sqlite3_value **values)
{
    char hex[MIG_DIGEST_SIZE];

    (void)count;
    (void)values;
    mig_schema_fingerprint(s, hex);
    if (mig_session_ok(s))
        sqlite3_result_text(context, hex, -1, SQLITE_TRANSIENT);
}

/* `text` as the contents of a JSON string. Owned by the caller; NULL: nothing. */
static char *json_text(struct mig_session *s, const char *text)
{
    sqlite3_str *out = sqlite3_str_new(s->db);

    mig_json_escape(out, text);
    if (sqlite3_str_errcode(out) != SQLITE_OK)
        mig_session_fail_memory(s);
    return sqlite3_str_finish(out);
}

static void result_snapshot(struct mig_session *s, sqlite3_context *context, const char *path,
                            const struct mig_snapshot *snapshot)
{
    char *name = json_text(s, path);
    char *sum = snapshot->sha256[0] == '\0' ? sqlite3_mprintf("null")
                                            : sqlite3_mprintf("\"%s\"", snapshot->sha256);
    char *violations = snapshot->violations < 0 ? sqlite3_mprintf("null")
                                                : sqlite3_mprintf("%lld", snapshot->violations);
    char *json =
        sqlite3_mprintf("{\"path\":\"%s\",\"bytes\":%lld,\"sha256\":%s,\"seconds\":%lld.%03lld,"
                        "\"violations\":%s}",
                        name, snapshot->bytes, sum, snapshot->milliseconds / 1000,
                        snapshot->milliseconds % 1000, violations);

    if (name == NULL || sum == NULL || violations == NULL || json == NULL)
        mig_session_fail_memory(s);
    else
        sqlite3_result_text(context, json, -1, SQLITE_TRANSIENT);
    sqlite3_free(json);
    sqlite3_free(violations);
    sqlite3_free(sum);
    sqlite3_free(name);
}

static void body_snapshot(struct mig_session *s, sqlite3_context *context, int count,
                          sqlite3_value **values)
{
    const char *path = text_argument(count, values, 0);
    const char *mode = text_argument(count, values, 1);
    struct mig_snapshot snapshot;

    mig_transaction_guard_reader(s, "migrate_snapshot");
    if (path == NULL || path[0] == '\0') {
        mig_session_fail(s, MIG_USAGE, "migrate_snapshot: there is no path");
        mig_session_hint(s, "SELECT migrate_snapshot('backups/before.sqlite')");
    }
    if (mode != NULL && strcmp(mode, "unchecked") != 0) {
        mig_session_fail(s, MIG_USAGE, "migrate_snapshot: \"%s\" is not a way to do it", mode);
        mig_session_hint(s, "leave it out, or say 'unchecked'");
    }
    if (!mig_session_ok(s))
        return;
    mig_snapshot_take(s, path, mode == NULL, &snapshot);
    if (mig_session_ok(s))
        result_snapshot(s, context, path, &snapshot);
}

/* The bytes of a value: a text as UTF-8, whatever the encoding of the database. */
static const void *bytes_argument(sqlite3_value *value, size_t *out_length)
{
    const void *bytes = sqlite3_value_type(value) == SQLITE_BLOB
                            ? sqlite3_value_blob(value)
                            : (const void *)sqlite3_value_text(value);

    *out_length = (size_t)sqlite3_value_bytes(value);
    return bytes;
}

/* A version, or -1 for an argument that is not there. */
static int64_t end_argument(struct mig_session *s, int count, sqlite3_value **values, int place)
{
    return text_argument(count, values, place) == NULL
               ? -1
               : version_argument(s, "migrate_script", values[place]);
}

static enum mig_dialect dialect_argument(struct mig_session *s, const char *text)
{
    for (int i = 0; text != NULL && i < MIG_DIALECT_COUNT; i++)
        if (strcmp(text, mig_dialect_name((enum mig_dialect)i)) == 0)
            return (enum mig_dialect)i;
    if (text != NULL) {
        mig_session_fail(s, MIG_USAGE, "migrate_script: \"%s\" is not a dialect", text);
        mig_session_hint(s, "use one of: sqlite postgresql mysql");
    }
    return (enum mig_dialect)mig_options_choice(s, MIG_OPTION_DIALECT);
}

static void body_script(struct mig_session *s, sqlite3_context *context, int count,
                        sqlite3_value **values)
{
    const struct mig_dialect_request request = {
        dir_argument(s, count, values, 0), end_argument(s, count, values, 1),
        end_argument(s, count, values, 2),
        dialect_argument(s, text_argument(count, values, 3))};
    char *script = mig_session_ok(s) ? mig_dialect_script(s, &request) : NULL;

    if (script != NULL)
        sqlite3_result_text(context, script, -1, sqlite3_free);
}

static void body_tracking_sql(struct mig_session *s, sqlite3_context *context, int count,
                              sqlite3_value **values)
{
    char *tables = mig_remote_tables(s);

    (void)count;
    (void)values;
    if (tables != NULL)
        sqlite3_result_text(context, tables, -1, sqlite3_free);
}

/* True for "down"; fails unless the text is a direction. */
static bool is_down_argument(struct mig_session *s, const char *text)
{
    const bool is_down = text != NULL && strcmp(text, mig_action_name(MIG_ACTION_DOWN)) == 0;

    if (is_down || (text != NULL && strcmp(text, mig_action_name(MIG_ACTION_UP)) == 0))
        return is_down;
    mig_session_fail(s, MIG_USAGE, "migrate_program: \"%s\" is not a direction",
                     text == NULL ? "NULL" : text);
    mig_session_hint(s, "use one of: up down");
    return false;
}

static void body_program(struct mig_session *s, sqlite3_context *context, int count,
                         sqlite3_value **values)
{
    const int64_t version = version_argument(s, "migrate_program", values[0]);
    const bool is_down = is_down_argument(s, text_argument(count, values, 1));
    struct mig_remote_output output;
    char *code;
    char *log;
    char *json;

    mig_remote_run_program(s, dir_argument(s, 0, values, 0), version, is_down, &output);
    code = json_text(s, output.code);
    log = json_text(s, output.log);
    json = sqlite3_mprintf("{\"code\":\"%s\",\"log\":\"%s\"}", code, log);
    if (json == NULL)
        mig_session_fail_memory(s);
    if (mig_session_ok(s))
        sqlite3_result_text(context, json, -1, SQLITE_TRANSIENT);
    sqlite3_free(json);
    sqlite3_free(log);
    sqlite3_free(code);
    mig_remote_output_release(&output);
}

/* SHA-256 of one or two values; a NULL rollback code counts as missing, a NULL code gives NULL. */
static void body_checksum(struct mig_session *s, sqlite3_context *context, int count,
                          sqlite3_value **values)
{
    char hex[MIG_DIGEST_SIZE];
    size_t length = 0;
    size_t rollback_length = 0;
    const void *code = bytes_argument(values[0], &length);
    const void *rollback_code = count == 2 ? bytes_argument(values[1], &rollback_length) : NULL;

    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    if (!mig_digest_operation(code, length, rollback_code, rollback_length, hex))
        mig_session_fail_memory(s);
    else
        sqlite3_result_text(context, hex, -1, SQLITE_TRANSIENT);
}

static void body_assert(struct mig_session *s, sqlite3_context *context, int count,
                        sqlite3_value **values)
{
    const char *message = text_argument(count, values, 1);
    const double number = sqlite3_value_double(values[0]);

    if (sqlite3_value_type(values[0]) != SQLITE_NULL && (number < 0.0 || number > 0.0)) {
        sqlite3_result_int64(context, 1);
        return;
    }
    mig_session_fail(s, MIG_FAILED, "assertion failed%s%s", message == NULL ? "" : ": ",
                     message == NULL ? "" : message);
    mig_session_hint(s, "look at the data that the assertion is about");
}

/* The entry points that SQLite calls: one line each, to bind a name to its body. */
#define WRITER(name)                                                                           \
    static void call_##name(sqlite3_context *context, int count, sqlite3_value **values)       \
    {                                                                                          \
        run_writer(context, count, values, "migrate_" #name, body_##name);                     \
    }
#define READER(name)                                                                           \
    static void call_##name(sqlite3_context *context, int count, sqlite3_value **values)       \
    {                                                                                          \
        run_reader(context, count, values, body_##name);                                       \
    }

WRITER(apply)
WRITER(rollback)
WRITER(to)
WRITER(redo)
WRITER(baseline)
WRITER(repair)
WRITER(snapshot)
WRITER(program)
READER(verify)
READER(script)
READER(tracking_sql)
READER(config)
READER(fingerprint)
READER(checksum)
READER(assert)

static void call_version(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_text(context, MIG_VERSION, -1, SQLITE_STATIC);
}

struct function_row {
    const char *name;
    int least; /* arguments */
    int most;
    int flags;
    void (*function)(sqlite3_context *, int, sqlite3_value **);
};

#define PURE   (SQLITE_UTF8 | SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC)
#define DIRECT (SQLITE_UTF8 | SQLITE_DIRECTONLY)

/* migrate_assert is not deterministic on purpose: SQLite may evaluate a deterministic function of
 * constants once, before the rows that a WHERE leaves out are known. */
static const struct function_row rows[] = {
    {"migrate_apply", 0, 2, DIRECT, call_apply},
    {"migrate_rollback", 0, 1, DIRECT, call_rollback},
    {"migrate_to", 1, 2, DIRECT, call_to},
    {"migrate_redo", 0, 1, DIRECT, call_redo},
    {"migrate_verify", 0, 1, DIRECT, call_verify},
    {"migrate_baseline", 1, 2, DIRECT, call_baseline},
    {"migrate_repair", 2, 2, DIRECT, call_repair},
    {"migrate_script", 0, 4, DIRECT, call_script},
    {"migrate_program", 2, 2, DIRECT, call_program},
    {"migrate_tracking_sql", 0, 0, DIRECT, call_tracking_sql},
    {"migrate_snapshot", 1, 2, DIRECT, call_snapshot},
    {"migrate_config", 1, 2, DIRECT, call_config},
    {"migrate_fingerprint", 0, 0, DIRECT, call_fingerprint},
    {"migrate_checksum", 1, 2, PURE, call_checksum},
    {"migrate_assert", 2, 2, SQLITE_UTF8 | SQLITE_INNOCUOUS, call_assert},
    {"migrate_version", 0, 0, PURE, call_version},
};

int mig_functions_register(struct mig_connection *connection)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int count = rows[i].least; count <= rows[i].most && code == SQLITE_OK; count++) {
            mig_connection_hold(connection);
            /* SQLite drops the hold itself when it cannot register. */
            code = sqlite3_create_function_v2(connection->db, rows[i].name, count,
                                              rows[i].flags, connection, rows[i].function, NULL,
                                              NULL, mig_connection_drop);
        }
    return code;
}

bool mig_functions_unregister(sqlite3 *db)
{
    bool done = true;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int count = rows[i].least; count <= rows[i].most; count++)
            done = sqlite3_create_function_v2(db, rows[i].name, count, rows[i].flags, NULL,
                                              NULL, NULL, NULL, NULL) == SQLITE_OK &&
                   done;
    return done;
}
