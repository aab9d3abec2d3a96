#include "compiler.h"

#include "remote.h"

#include "danger.h"

void mig_remote_init(struct mig_remote *remote)
{
    memset(remote, 0, sizeof(*remote));
    mig_work_init(&remote->work);
    mig_tracking_init(&remote->tracking);
    mig_source_init(&remote->prepared.source);
}

void mig_remote_release(struct mig_remote *remote)
{
    mig_work_release(&remote->work);
    mig_tracking_release(&remote->tracking);
    mig_prepare_release(&remote->prepared);
}

static enum mig_dialect dialect_of(struct mig_session *s)
{
    return (enum mig_dialect)mig_options_choice(s, MIG_OPTION_DIALECT);
}

static void require_server(struct mig_session *s, const char *what)
{
    if (dialect_of(s) != MIG_DIALECT_SQLITE)
        return;
    mig_session_fail(s, MIG_CONFIG, "%s is for servers, and option dialect is sqlite", what);
    mig_session_hint(s,
                     "SELECT migrate_apply() migrates this database; for a server, set option "
                     "dialect to postgresql or mysql");
}

static void check_mode(struct mig_session *s, enum mig_transaction_mode mode)
{
    if (dialect_of(s) != MIG_DIALECT_MYSQL || mode == MIG_TRANSACTION_OPERATION)
        return;
    mig_session_fail(
        s, MIG_CONFIG,
        "operations cannot share a transaction in MySQL, and transaction is \"%s\"",
        mode == MIG_TRANSACTION_ALL ? "all" : "task");
    mig_session_hint(s, "MySQL commits at each statement that changes the schema; set option "
                        "transaction to \"operation\"");
}

void mig_remote_prepare(struct mig_session *s, struct mig_remote *remote,
                        const struct mig_request *request)
{
    remote->request = *request;
    mig_prepare_init(s, &remote->prepared, &remote->request);
    require_server(s, request->function);
    check_mode(s, remote->prepared.mode);
    mig_origin_find(s, &remote->origin);
    if (!mig_session_ok(s))
        return;
    mig_prepare_folder(s, &remote->prepared);
    mig_prepare_plan(s, &remote->prepared, &remote->tracking);
    mig_danger_check(s, &remote->prepared);
}

const struct mig_work *mig_remote_work(struct mig_session *s, struct mig_remote *remote,
                                       size_t i)
{
    if (remote->loaded != i + 1) {
        mig_work_release(&remote->work);
        mig_work_load(s, &remote->prepared.source, &remote->prepared.plan.steps[i],
                      &remote->work);
        remote->loaded = i + 1;
    }
    return &remote->work;
}

/* Step `i` as the client sees it. */
static struct mig_client_step describe(const struct mig_remote *remote, size_t i)
{
    const struct mig_prepared *p = &remote->prepared;
    const struct mig_step *step = &p->plan.steps[i];
    const struct mig_client_step described = {
        .record = &remote->work.record,
        .position = i + 1,
        .is_down = step->is_down,
        .has_row = step->has_row,
        .no_transaction = step->no_transaction,
        .begins = i == 0 || !mig_prepared_joins(p, step - 1, step),
        .ends = i + 1 == p->plan.count || !mig_prepared_joins(p, step, step + 1),
    };

    return described;
}

/* Writes a part of a step that is loaded. */
static void write_part(const struct mig_ledger *ledger, const struct mig_remote *remote,
                       size_t i, enum mig_remote_part part)
{
    const struct mig_client_step step = describe(remote, i);

    switch (part) {
    case MIG_REMOTE_HEAD:
        mig_client_head(ledger, &step);
        break;
    case MIG_REMOTE_CODE:
        mig_client_code(ledger, remote->work.text, remote->work.length,
                        remote->prepared.plan.steps[i].has_delimiter);
        break;
    case MIG_REMOTE_TAIL:
        mig_client_tail(ledger, &step);
        break;
    case MIG_REMOTE_FAILURE:
        mig_client_failure(ledger, &step);
        break;
    }
}

/* The text that was written; NULL on a failed session. */
static char *finish(struct mig_session *s, sqlite3_str *out)
{
    const bool is_short = sqlite3_str_errcode(out) != SQLITE_OK;
    char *text = sqlite3_str_finish(out);

    if (is_short)
        mig_session_fail_memory(s);
    if (mig_session_ok(s))
        return text;
    sqlite3_free(text);
    return NULL;
}

char *mig_remote_text(struct mig_session *s, struct mig_remote *remote, size_t i,
                      enum mig_remote_part part)
{
    const struct mig_work *work = mig_remote_work(s, remote, i);
    struct mig_ledger ledger;

    if (!mig_session_ok(s) ||
        (part == MIG_REMOTE_CODE && work->record.type == MIG_TYPE_PROGRAM))
        return NULL;
    mig_ledger_init(s, sqlite3_str_new(s->db), dialect_of(s), &ledger);
    ledger.origin = &remote->origin;
    write_part(&ledger, remote, i, part);
    return finish(s, ledger.out);
}

char *mig_remote_tables(struct mig_session *s)
{
    struct mig_ledger ledger;

    mig_ledger_init(s, sqlite3_str_new(s->db), dialect_of(s), &ledger);
    mig_ledger_declare(&ledger);
    return finish(s, ledger.out);
}

/* Finds the operation of a step up. */
static void find_operation(struct mig_session *s, const char *dir, struct mig_source *source,
                           struct mig_step *step)
{
    struct mig_problems problems;

    mig_problems_init(&problems);
    mig_source_list(s, source, dir, &problems);
    mig_problems_raise(s, &problems);
    mig_problems_release(&problems);
    if (!mig_session_ok(s))
        return;
    step->operation = mig_source_find(source, step->version);
    if (step->operation == NULL) {
        mig_session_fail(s, MIG_MISSING, "there is no operation %lld in %s", step->version,
                         dir);
        mig_session_hint(s, "SELECT version, file_path FROM migrations_pending");
    }
}

/* Runs the program of work that is loaded, and writes what it printed for the client. */
static void run_loaded(struct mig_session *s, const struct mig_source *source,
                       struct mig_work *work, struct mig_remote_output *output)
{
    struct mig_ledger ledger;

    if (work->record.type != MIG_TYPE_PROGRAM) {
        mig_session_fail(s, MIG_USAGE, "migrate_program: operation %lld (%s) is not a program",
                         work->record.version, work->path);
        mig_session_hint(s, "the client runs its code as it is");
        return;
    }
    mig_work_run_program(s, source, work);
    output->log = work->printed.log;
    work->printed.log = NULL;
    mig_ledger_init(s, sqlite3_str_new(s->db), dialect_of(s), &ledger);
    if (mig_session_ok(s))
        mig_client_code(&ledger, work->text, work->length, work->has_delimiter);
    output->code = finish(s, ledger.out);
}

void mig_remote_run_program(struct mig_session *s, const char *dir, int64_t version,
                            bool is_down, struct mig_remote_output *out_output)
{
    struct mig_step step = {.is_down = is_down, .version = version};
    struct mig_source source;
    struct mig_arena arena;
    struct mig_work work;

    memset(out_output, 0, sizeof(*out_output));
    require_server(s, "migrate_program");
    mig_source_init(&source);
    mig_arena_init(&arena);
    mig_work_init(&work);
    if (!is_down)
        find_operation(s, dir, &source, &step);
    mig_work_vet(s, &source, &arena, &step);
    if (mig_session_ok(s))
        mig_work_load(s, &source, &step, &work);
    if (mig_session_ok(s))
        run_loaded(s, &source, &work, out_output);
    mig_work_release(&work);
    mig_arena_release(&arena);
    mig_source_release(&source);
}

void mig_remote_output_release(struct mig_remote_output *output)
{
    sqlite3_free(output->code);
    sqlite3_free(output->log);
    memset(output, 0, sizeof(*output));
}
