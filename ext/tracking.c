#include "compiler.h"

#include "tracking.h"

#include "options.h"
#include "query.h"
#include "transaction.h"

/* The layout. A column that is no part of an index lets a blob handle be opened on the table. */
static const char create_table[] = "CREATE TABLE IF NOT EXISTS \"%w\"("
                                   "id INTEGER PRIMARY KEY,"
                                   "version INTEGER NOT NULL UNIQUE,"
                                   "task_name TEXT NOT NULL,"
                                   "description TEXT NOT NULL,"
                                   "migration_date TEXT NOT NULL,"
                                   "type TEXT NOT NULL CHECK(type IN('sql','program')),"
                                   "file_path TEXT NOT NULL,"
                                   "checksum TEXT NOT NULL,"
                                   "status TEXT NOT NULL CHECK(status "
                                   "IN('pending','running','completed','failed','rollback')),"
                                   "started_at TEXT NOT NULL,"
                                   "completed_at TEXT,"
                                   "code TEXT NOT NULL,"
                                   "rollback_code TEXT)";

/* What every run reads of all rows, without the pages that hold the stored code. */
static const char create_index[] =
    "CREATE INDEX IF NOT EXISTS \"%w_state\" ON \"%w\"(version,status,task_name,file_path)";

static const char create_log[] =
    "CREATE TABLE IF NOT EXISTS \"%w_log\"("
    "id INTEGER PRIMARY KEY,"
    "version INTEGER NOT NULL,"
    "task_name TEXT NOT NULL,"
    "description TEXT NOT NULL,"
    "action TEXT NOT NULL CHECK(action IN('up','down','baseline','repair')),"
    "outcome TEXT NOT NULL CHECK(outcome IN('completed','failed')),"
    "error TEXT,"
    "statement INTEGER,"
    "started_at TEXT NOT NULL,"
    "finished_at TEXT NOT NULL,"
    "duration_ms INTEGER NOT NULL,"
    "rows_changed INTEGER NOT NULL,"
    "actor TEXT NOT NULL,"
    "host TEXT NOT NULL,"
    "sqlite_version TEXT NOT NULL,"
    "migrate_version TEXT NOT NULL,"
    "fingerprint TEXT,"
    "output TEXT)";

/* Each takes the name of the table, some twice. */
static const char *const creates[] = {create_table, create_index, create_log};

static const char table_columns[] =
    "id,version,task_name,description,migration_date,type,file_path,checksum,status,started_at,"
    "completed_at,code,rollback_code";

static const char log_columns[] =
    "id,version,task_name,description,action,outcome,error,statement,started_at,finished_at,"
    "duration_ms,rows_changed,actor,host,sqlite_version,migrate_version,fingerprint,output";

const char mig_tracking_applied_columns[] =
    "version INTEGER, task_name TEXT, description TEXT, migration_date TEXT, type TEXT, "
    "file_path TEXT, checksum TEXT, status TEXT, started_at TEXT, completed_at TEXT, "
    "duration_ms INTEGER, dir TEXT HIDDEN, code HIDDEN, rollback_code HIDDEN";

const char mig_tracking_history_columns[] =
    "id INTEGER, version INTEGER, task_name TEXT, description TEXT, action TEXT, outcome TEXT, "
    "error TEXT, statement INTEGER, started_at TEXT, finished_at TEXT, duration_ms INTEGER, "
    "rows_changed INTEGER, actor TEXT, host TEXT, sqlite_version TEXT, migrate_version TEXT, "
    "fingerprint TEXT, output TEXT, dir TEXT HIDDEN";

static const char *table_name(struct mig_session *s)
{
    return mig_options_text(s, s->options, MIG_OPTION_TABLE);
}

void mig_tracking_declare(struct mig_session *s, sqlite3_str *out)
{
    for (size_t i = 0; i < sizeof(creates) / sizeof(creates[0]); i++) {
        sqlite3_str_appendf(out, creates[i], table_name(s), table_name(s));
        sqlite3_str_appendall(out, ";\n");
    }
}

void mig_tracking_init(struct mig_tracking *tracking)
{
    memset(tracking, 0, sizeof(*tracking));
}

void mig_tracking_release(struct mig_tracking *tracking)
{
    mig_query_finish(tracking->checksum);
    mig_query_finish(tracking->same_code);
    mig_query_finish(tracking->insert);
    mig_query_finish(tracking->update);
    mig_query_finish(tracking->log);
    sqlite3_free(tracking->note);
    mig_tracking_init(tracking);
}

bool mig_tracking_is_own(struct mig_session *s, const char *table)
{
    const char *own = table_name(s);
    const size_t length = strlen(own);

    return sqlite3_strnicmp(table, own, (int)length) == 0 &&
           (table[length] == '\0' || sqlite3_stricmp(table + length, "_log") == 0);
}

/* True when a table is there. Fails when its columns are not `columns`. */
static bool is_there(struct mig_session *s, const char *suffix, const char *columns)
{
    sqlite3_stmt *query = mig_query_prepare(
        s, "SELECT group_concat(name, ',') FROM pragma_table_info('%q%s','main')",
        table_name(s), suffix);
    bool found = false;

    if (mig_query_step(s, query)) {
        const char *names = (const char *)sqlite3_column_text(query, 0);

        found = names != NULL;
        if (found && strcmp(names, columns) != 0) {
            mig_session_fail(
                s, MIG_INVALID,
                "the database has a table %s%s that is not the one of this extension",
                table_name(s), suffix);
            mig_session_hint(s, "it was not touched; choose another name with "
                                "migrate_config('table', ...)");
        }
    }
    mig_query_finish(query);
    return found;
}

bool mig_tracking_exists(struct mig_session *s)
{
    const bool table = is_there(s, "", table_columns);
    const bool log = is_there(s, "_log", log_columns);

    if (mig_session_ok(s) && table != log) {
        mig_session_fail(s, MIG_INVALID, "the table %s%s is missing, though %s%s is there",
                         table_name(s), table ? "_log" : "", table_name(s),
                         table ? "" : "_log");
        mig_session_hint(s, "restore it from a snapshot");
    }
    return table && mig_session_ok(s);
}

void mig_tracking_create(struct mig_session *s)
{
    sqlite3_stmt *brake;

    if (!mig_session_ok(s) || mig_tracking_exists(s))
        return;
    brake = mig_transaction_hold_brake(s);
    for (size_t i = 0; i < sizeof(creates) / sizeof(creates[0]); i++)
        mig_query_execute(s, creates[i], table_name(s), table_name(s));
    mig_transaction_keep_brake(s);
    mig_query_finish(brake);
}

/* The text of a column, or "" where it is NULL. */
static const char *column_text(sqlite3_stmt *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query, column);

    return text == NULL ? "" : text;
}

static void read_row(struct mig_session *s, struct mig_rows *rows, sqlite3_stmt *query)
{
    void *list = rows->list;
    const struct mig_row *last = rows->count == 0 ? NULL : &rows->list[rows->count - 1];
    const char *task = column_text(query, 1);
    const char *shared = last != NULL && strcmp(last->task, task) == 0 ? last->task : NULL;
    struct mig_row *row = mig_array_add(s, &list, rows->count, &rows->capacity, sizeof(*row));

    rows->list = list;
    if (row == NULL)
        return;
    row->version = sqlite3_column_int64(query, 0);
    row->task = shared != NULL ? shared : mig_arena_text(s, &rows->arena, task);
    row->path = mig_arena_text(s, &rows->arena, column_text(query, 2));
    if (!mig_state_parse(column_text(query, 3), &row->state))
        mig_session_fail(s, MIG_INVALID, "operation %lld has the unknown status \"%s\"",
                         row->version, column_text(query, 3));
    if (mig_session_ok(s))
        rows->count++;
}

void mig_tracking_read(struct mig_session *s, struct mig_rows *rows)
{
    sqlite3_stmt *query;

    mig_rows_release(rows);
    if (!mig_session_ok(s) || !mig_tracking_exists(s))
        return;
    query = mig_query_prepare(s,
                              "SELECT version,task_name,file_path,status FROM main.\"%w\" "
                              "ORDER BY version",
                              table_name(s));
    while (mig_query_step(s, query))
        read_row(s, rows, query);
    mig_query_finish(query);
    mig_session_context(s, "cannot read the tracking table %s", table_name(s));
}

int64_t mig_tracking_newest(struct mig_session *s)
{
    if (!mig_tracking_exists(s))
        return 0;
    return mig_query_integer(s, 0,
                             "SELECT coalesce(max(version),0) FROM main.\"%w\" WHERE status=%Q",
                             table_name(s), mig_state_name(MIG_STATE_COMPLETED));
}

void mig_tracking_checksum(struct mig_session *s, struct mig_tracking *tracking,
                           int64_t version, char out_hex[MIG_DIGEST_SIZE])
{
    sqlite3_stmt *query;

    out_hex[0] = '\0';
    if (tracking->checksum == NULL)
        tracking->checksum = mig_query_prepare(
            s, "SELECT checksum FROM main.\"%w\" WHERE version=?1", table_name(s));
    query = tracking->checksum;
    mig_query_bind_integer(s, query, 1, version);
    if (mig_query_step(s, query))
        (void)snprintf(out_hex, MIG_DIGEST_SIZE, "%s", column_text(query, 0));
    mig_query_reset(query);
}

bool mig_tracking_has_code(struct mig_session *s, struct mig_tracking *tracking,
                           const struct mig_record *record)
{
    sqlite3_stmt *query;
    bool same = false;

    if (tracking->same_code == NULL)
        tracking->same_code = mig_query_prepare(
            s, "SELECT code IS ?2 AND rollback_code IS ?3 FROM main.\"%w\" WHERE version=?1",
            table_name(s));
    query = tracking->same_code;
    mig_query_bind_integer(s, query, 1, record->version);
    mig_query_bind_bytes(s, query, 2, record->code, record->code_length);
    mig_query_bind_bytes(s, query, 3, record->rollback_code, record->rollback_length);
    if (mig_query_step(s, query))
        same = sqlite3_column_int(query, 0) != 0;
    mig_query_reset(query);
    return same;
}

/* Two statements, because one that inserts or updates takes twice as long to compile, and each change
 * of the schema makes it be compiled again. */
static void prepare_insert(struct mig_session *s, struct mig_tracking *tracking)
{
    if (tracking->insert == NULL)
        tracking->insert = mig_query_prepare(
            s,
            "INSERT INTO "
            "main.\"%w\"(version,task_name,description,migration_date,type,file_path,"
            "checksum,status,started_at,completed_at,code,rollback_code)"
            "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
            table_name(s));
}

static void prepare_update(struct mig_session *s, struct mig_tracking *tracking)
{
    if (tracking->update == NULL)
        tracking->update = mig_query_prepare(
            s,
            "UPDATE main.\"%w\" SET task_name=?2,description=?3,migration_date=?4,type=?5,"
            "file_path=?6,checksum=?7,status=?8,started_at=?9,completed_at=?10,code=?11,"
            "rollback_code=?12 WHERE version=?1",
            table_name(s));
}

void mig_tracking_put(struct mig_session *s, struct mig_tracking *tracking,
                      const struct mig_record *record, bool is_new)
{
    sqlite3_stmt *put;

    if (!mig_session_ok(s))
        return;
    if (is_new)
        prepare_insert(s, tracking);
    else
        prepare_update(s, tracking);
    put = is_new ? tracking->insert : tracking->update;
    mig_query_bind_integer(s, put, 1, record->version);
    mig_query_bind_text(s, put, 2, record->task);
    mig_query_bind_bytes(s, put, 3, record->description, record->description_length);
    mig_query_bind_bytes(s, put, 4, record->path, 10);
    mig_query_bind_text(s, put, 5, mig_type_name(record->type));
    mig_query_bind_text(s, put, 6, record->path);
    mig_query_bind_text(s, put, 7, record->checksum);
    mig_query_bind_text(s, put, 8, mig_state_name(record->state));
    mig_query_bind_text(s, put, 9, record->started_at);
    mig_query_bind_text(s, put, 10, record->completed_at);
    mig_query_bind_bytes(s, put, 11, record->code, record->code_length);
    mig_query_bind_bytes(s, put, 12, record->rollback_code, record->rollback_length);
    mig_query_run(s, put);
    mig_session_context(s, "cannot record operation %lld", record->version);
}

void mig_tracking_set_state(struct mig_session *s, int64_t version, enum mig_state state)
{
    char now[MIG_CLOCK_SIZE];

    if (!mig_session_ok(s))
        return;
    mig_clock_now(now);
    if (state == MIG_STATE_RUNNING)
        mig_query_execute(s,
                          "UPDATE main.\"%w\" SET status=%Q,started_at=%Q,completed_at=NULL "
                          "WHERE version=%lld",
                          table_name(s), mig_state_name(state), now, version);
    else
        mig_query_execute(s,
                          "UPDATE main.\"%w\" SET status=%Q,completed_at=%Q WHERE version=%lld",
                          table_name(s), mig_state_name(state), now, version);
    mig_session_context(s, "cannot record operation %lld", version);
}

void mig_tracking_replace_code(struct mig_session *s, const struct mig_record *record)
{
    sqlite3_stmt *update;

    if (!mig_session_ok(s))
        return;
    update =
        mig_query_prepare(s,
                          "UPDATE main.\"%w\" SET code=?1,rollback_code=?2,checksum=?3,"
                          "file_path=?4,migration_date=?5,task_name=?6,description=?7,type=?8 "
                          "WHERE version=?9",
                          table_name(s));
    mig_query_bind_bytes(s, update, 1, record->code, record->code_length);
    mig_query_bind_bytes(s, update, 2, record->rollback_code, record->rollback_length);
    mig_query_bind_text(s, update, 3, record->checksum);
    mig_query_bind_text(s, update, 4, record->path);
    mig_query_bind_bytes(s, update, 5, record->path, 10);
    mig_query_bind_text(s, update, 6, record->task);
    mig_query_bind_bytes(s, update, 7, record->description, record->description_length);
    mig_query_bind_text(s, update, 8, mig_type_name(record->type));
    mig_query_bind_integer(s, update, 9, record->version);
    mig_query_run(s, update);
    mig_query_finish(update);
    mig_session_context(s, "cannot record operation %lld", record->version);
}

void mig_tracking_set_note(struct mig_session *s, struct mig_tracking *tracking,
                           const char *snapshot)
{
    const char *note = mig_options_text(s, s->options, MIG_OPTION_NOTE);

    sqlite3_free(tracking->note);
    tracking->note = NULL;
    if (!mig_session_ok(s) || (note[0] == '\0' && snapshot == NULL))
        return;
    tracking->note =
        sqlite3_mprintf("%s%s%s%s", note, note[0] != '\0' && snapshot != NULL ? "\n" : "",
                        snapshot == NULL ? "" : "snapshot ", snapshot == NULL ? "" : snapshot);
    if (tracking->note == NULL)
        mig_session_fail_memory(s);
}

static void prepare_log(struct mig_session *s, struct mig_tracking *tracking)
{
    if (!tracking->origin_known)
        mig_origin_find(s, &tracking->origin);
    tracking->origin_known = true;
    if (tracking->log == NULL)
        tracking->log = mig_query_prepare(
            s,
            "INSERT INTO main.\"%w_log\"(version,task_name,description,action,outcome,error,"
            "statement,started_at,finished_at,duration_ms,rows_changed,actor,host,sqlite_"
            "version,"
            "migrate_version,output)VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,"
            "sqlite_version(),migrate_version(),coalesce(?15||char(10)||?14,?15,?14))",
            table_name(s));
}

void mig_tracking_log(struct mig_session *s, struct mig_tracking *tracking,
                      const struct mig_record *record, const struct mig_attempt *attempt)
{
    const enum mig_state outcome = attempt->completed ? MIG_STATE_COMPLETED : MIG_STATE_FAILED;
    char now[MIG_CLOCK_SIZE];
    sqlite3_stmt *log;

    if (!mig_session_ok(s))
        return;
    prepare_log(s, tracking);
    log = tracking->log;
    mig_clock_now(now);
    mig_query_bind_integer(s, log, 1, attempt->version);
    mig_query_bind_text(s, log, 2, record->task);
    mig_query_bind_bytes(s, log, 3, record->description, record->description_length);
    mig_query_bind_text(s, log, 4, mig_action_name(attempt->action));
    mig_query_bind_text(s, log, 5, mig_state_name(outcome));
    mig_query_bind_text(s, log, 6, attempt->error);
    mig_query_bind_integer(s, log, 7, attempt->statement);
    if (attempt->statement == 0)
        mig_query_bind_text(s, log, 7, NULL);
    mig_query_bind_text(s, log, 8, attempt->started_at);
    mig_query_bind_text(s, log, 9, now);
    mig_query_bind_integer(s, log, 10, attempt->duration);
    mig_query_bind_integer(s, log, 11, attempt->rows_changed);
    mig_query_bind_text(s, log, 12, tracking->origin.actor);
    mig_query_bind_text(s, log, 13, tracking->origin.host);
    mig_query_bind_text(s, log, 14, attempt->output);
    mig_query_bind_text(s, log, 15, tracking->note);
    mig_query_run(s, log);
    mig_session_context(s, "cannot write the log of operation %lld", attempt->version);
}

void mig_tracking_note_fingerprint(struct mig_session *s, const char *fingerprint)
{
    mig_query_execute(s,
                      "UPDATE main.\"%w_log\" SET fingerprint=%Q "
                      "WHERE id=(SELECT max(id) FROM main.\"%w_log\")",
                      table_name(s), fingerprint, table_name(s));
}

void mig_tracking_last_fingerprint(struct mig_session *s, char out_hex[MIG_DIGEST_SIZE])
{
    sqlite3_stmt *query;

    out_hex[0] = '\0';
    if (!mig_tracking_exists(s))
        return;
    query = mig_query_prepare(
        s, "SELECT fingerprint FROM main.\"%w_log\" ORDER BY id DESC LIMIT 1", table_name(s));
    if (mig_query_step(s, query))
        (void)snprintf(out_hex, MIG_DIGEST_SIZE, "%s", column_text(query, 0));
    mig_query_finish(query);
}

/* The bytes of a column as UTF-8, whatever the encoding of the database; a blob as it is. */
static void copy_bytes(struct mig_session *s, struct mig_arena *arena, sqlite3_stmt *query,
                       int column, const char **text, size_t *length)
{
    const int type = sqlite3_column_type(query, column);
    const void *bytes = type == SQLITE_TEXT ? (const void *)sqlite3_column_text(query, column)
                                            : sqlite3_column_blob(query, column);

    *length = (size_t)sqlite3_column_bytes(query, column);
    *text = type == SQLITE_NULL ? NULL : mig_arena_copy(s, arena, bytes, *length);
}

void mig_tracking_record(struct mig_session *s, struct mig_arena *arena, int64_t version,
                         bool with_code, struct mig_record *out_record)
{
    const char *code = with_code ? ",code,rollback_code" : ",NULL,NULL";
    sqlite3_stmt *query;

    memset(out_record, 0, sizeof(*out_record));
    query =
        mig_query_prepare(s,
                          "SELECT task_name,description,file_path,checksum,type,started_at%s "
                          "FROM main.\"%w\" WHERE version=%lld",
                          code, table_name(s), version);
    if (mig_query_step(s, query)) {
        out_record->version = version;
        out_record->task = mig_arena_text(s, arena, column_text(query, 0));
        copy_bytes(s, arena, query, 1, &out_record->description,
                   &out_record->description_length);
        out_record->path = mig_arena_text(s, arena, column_text(query, 2));
        out_record->checksum = mig_arena_text(s, arena, column_text(query, 3));
        if (!mig_type_parse(column_text(query, 4), &out_record->type))
            mig_session_fail(s, MIG_INVALID, "operation %lld has the unknown type \"%s\"",
                             version, column_text(query, 4));
        out_record->started_at = mig_arena_text(s, arena, column_text(query, 5));
        copy_bytes(s, arena, query, 6, &out_record->code, &out_record->code_length);
        copy_bytes(s, arena, query, 7, &out_record->rollback_code,
                   &out_record->rollback_length);
    }
    mig_query_finish(query);
}

sqlite3_stmt *mig_tracking_select_applied(struct mig_session *s, bool with_code)
{
    if (!mig_tracking_exists(s))
        return NULL;
    return mig_query_prepare(
        s,
        "SELECT version,task_name,description,migration_date,type,file_path,checksum,status,"
        "started_at,completed_at,"
        "CAST(round((julianday(completed_at)-julianday(started_at))*86400000)AS INTEGER),"
        "NULL%s FROM main.\"%w\" ORDER BY version",
        with_code ? ",code,rollback_code" : ",NULL,NULL", table_name(s));
}

sqlite3_stmt *mig_tracking_select_history(struct mig_session *s)
{
    if (!mig_tracking_exists(s))
        return NULL;
    return mig_query_prepare(s, "SELECT %s,NULL FROM main.\"%w_log\" ORDER BY id", log_columns,
                             table_name(s));
}
