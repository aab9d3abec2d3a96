#include "compiler.h"

#include "dialect.h"

#include "client.h"
#include "problem.h"
#include "source.h"
#include "tracking.h"
#include "vet.h"

struct writing {
    struct mig_session *s;
    struct mig_source source;
    struct mig_rows rows;
    struct mig_problems problems;
    struct mig_ledger ledger;
    int64_t from;
    int64_t to;
};

/* What one operation is written with. */
struct part {
    struct mig_arena arena;
    struct mig_content content;
    struct mig_record record;
    const char *code; /* of the direction */
    size_t length;
    struct mig_script script; /* what the code says about itself */
};

static void fail_missing(struct writing *w, int64_t version)
{
    mig_session_fail(w->s, MIG_MISSING, "there is no operation %lld in %s", version,
                     w->source.dir);
    mig_session_hint(w->s, "SELECT version, file_path FROM migrations_pending");
}

/* Finds out what is not said: from where, and to where. */
static void find_ends(struct writing *w, const struct mig_dialect_request *request)
{
    const struct mig_source *source = &w->source;
    int64_t last = source->starts_after;

    if (source->count > 0 && source->operations[source->count - 1].version > last)
        last = source->operations[source->count - 1].version;
    w->from = request->from >= 0 ? request->from : mig_rows_newest(&w->rows);
    w->to = request->to >= 0 ? request->to : last;
    if (w->from > source->starts_after && mig_source_find(source, w->from) == NULL)
        fail_missing(w, w->from);
    if (w->to > source->starts_after && mig_source_find(source, w->to) == NULL)
        fail_missing(w, w->to);
}

static void fail_program(struct writing *w, int64_t version, const char *path)
{
    mig_session_fail(
        w->s, MIG_INVALID,
        "operation %lld (%s) is a program: what it prints is known only when it runs", version,
        path);
    mig_session_hint(w->s,
                     "apply up to it with sqlite-migrate up, and write a script from there");
}

static void load_up(struct writing *w, const struct mig_operation *operation, struct part *part)
{
    if (operation->type == MIG_TYPE_PROGRAM)
        fail_program(w, operation->version, operation->path);
    mig_source_read(w->s, &w->source, operation, &part->content);
    part->record = (struct mig_record){
        .version = operation->version,
        .type = operation->type,
        .task = operation->task,
        .description = operation->path + operation->description_at,
        .description_length = operation->description_length,
        .path = operation->path,
        .checksum = part->content.checksum,
        .code = part->content.code,
        .code_length = part->content.code_length,
        .rollback_code = part->content.rollback_code,
        .rollback_length = part->content.rollback_length,
    };
    part->code = part->content.code;
    part->length = part->content.code_length;
    mig_vet_file(w->s, operation->path, part->code, part->length, w->ledger.dialect,
                 &part->script);
}

/* The way down: what the database has stored, else what the folder has. */
static void load_down(struct writing *w, int64_t version, struct part *part)
{
    const struct mig_operation *operation = mig_source_find(&w->source, version);

    part->record.version = version;
    if (mig_rows_find(&w->rows, version) != NULL)
        mig_tracking_record(w->s, &part->arena, version, true, &part->record);
    else if (operation == NULL)
        fail_missing(w, version);
    else
        load_up(w, operation, part);
    if (!mig_session_ok(w->s))
        return;
    if (part->record.type == MIG_TYPE_PROGRAM)
        fail_program(w, version, part->record.path);
    part->code = part->record.rollback_code;
    part->length = part->record.rollback_length;
    if (part->code == NULL) {
        mig_session_fail(w->s, MIG_INVALID,
                         "operation %lld (%s) cannot be rolled back: it has no rollback code",
                         version, part->record.path);
        mig_session_hint(w->s, "go down to version %lld only", version);
        return;
    }
    mig_vet_file(w->s, part->record.path, part->code, part->length, w->ledger.dialect,
                 &part->script);
}

/* Writes one operation; the database is at `before`. */
static void write_part(struct writing *w, const struct part *part, int64_t before, bool is_down)
{
    const struct mig_ledger *l = &w->ledger;

    if (!mig_session_ok(w->s))
        return;
    sqlite3_str_appendf(l->out, "\n-- %s %s\n", is_down ? "roll back" : "apply",
                        part->record.path);
    mig_client_begin(l);
    mig_ledger_guard(l, before);
    mig_ledger_start(l, &part->record, is_down);
    if (part->script.no_transaction)
        mig_client_commit(l);
    mig_client_code(l, part->code, part->length, part->script.has_delimiter);
    mig_client_reset(l);
    if (part->script.no_transaction)
        mig_client_begin(l);
    mig_ledger_finish(l, &part->record, is_down);
    mig_client_commit(l);
}

static void write_operation(struct writing *w, int64_t version, int64_t before, bool is_down)
{
    struct part part;

    memset(&part, 0, sizeof(part));
    mig_arena_init(&part.arena);
    mig_content_init(&part.content);
    if (is_down)
        load_down(w, version, &part);
    else
        load_up(w, mig_source_find(&w->source, version), &part);
    write_part(w, &part, before, is_down);
    mig_content_release(&part.content);
    mig_arena_release(&part.arena);
}

static void write_ups(struct writing *w)
{
    int64_t before = w->from;

    for (size_t i = 0; i < w->source.count && mig_session_ok(w->s); i++) {
        const int64_t version = w->source.operations[i].version;

        if (version <= w->from || version > w->to)
            continue;
        write_operation(w, version, before, false);
        before = version;
    }
}

/* The versions above `to`, newest first: those of the database where it knows them, else the folder's. */
static void write_downs(struct writing *w)
{
    for (int64_t version = w->from; version > w->to && mig_session_ok(w->s); version--)
        if (mig_rows_find(&w->rows, version) != NULL ||
            mig_source_find(&w->source, version) != NULL)
            write_operation(w, version, version, true);
}

static void write_head(struct writing *w)
{
    const struct mig_ledger *l = &w->ledger;

    sqlite3_str_appendf(l->out,
                        "-- From version %lld to %lld of a database in %s, written by "
                        "migrate_script() %s.\n"
                        "-- It stops at the first error, and at once where the database is at "
                        "another version.\n",
                        w->from, w->to, mig_dialect_name(l->dialect), MIG_VERSION);
    mig_client_open(l);
    if (w->from == 0)
        mig_ledger_declare(l);
    if (w->from == w->to) {
        mig_client_begin(l);
        mig_ledger_guard(l, w->from);
        mig_client_commit(l);
    }
}

static void write_all(struct writing *w, const struct mig_dialect_request *request)
{
    mig_source_list_for(w->s, &w->source, request->dir, request->dialect, &w->problems);
    mig_problems_raise(w->s, &w->problems);
    mig_tracking_read(w->s, &w->rows);
    if (mig_session_ok(w->s))
        find_ends(w, request);
    if (!mig_session_ok(w->s))
        return;
    write_head(w);
    if (w->to > w->from)
        write_ups(w);
    else
        write_downs(w);
}

char *mig_dialect_script(struct mig_session *s, const struct mig_dialect_request *request)
{
    struct writing w;
    char *script;

    memset(&w, 0, sizeof(w));
    w.s = s;
    mig_source_init(&w.source);
    mig_rows_init(&w.rows);
    mig_problems_init(&w.problems);
    mig_ledger_init(s, sqlite3_str_new(s->db), request->dialect, &w.ledger);
    write_all(&w, request);
    if (mig_session_ok(s) && sqlite3_str_errcode(w.ledger.out) != SQLITE_OK)
        mig_session_fail_memory(s);
    script = sqlite3_str_finish(w.ledger.out);
    mig_problems_release(&w.problems);
    mig_rows_release(&w.rows);
    mig_source_release(&w.source);
    if (mig_session_ok(s))
        return script;
    sqlite3_free(script);
    return NULL;
}
