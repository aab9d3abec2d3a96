#include "compiler.h"

#include "work.h"

#include "approval.h"
#include "options.h"
#include "vet.h"

void mig_work_init(struct mig_work *work)
{
    memset(work, 0, sizeof(*work));
}

void mig_work_release(struct mig_work *work)
{
    mig_content_release(&work->content);
    mig_program_output_release(&work->printed);
    mig_arena_release(&work->arena);
}

static enum mig_dialect dialect_of(struct mig_session *s)
{
    return (enum mig_dialect)mig_options_choice(s, MIG_OPTION_DIALECT);
}

void mig_work_describe(const struct mig_operation *operation, const struct mig_content *content,
                       struct mig_record *record)
{
    record->version = operation->version;
    record->type = operation->type;
    record->task = operation->task;
    record->description = operation->path + operation->description_at;
    record->description_length = operation->description_length;
    record->path = operation->path;
    record->checksum = content->checksum;
    record->code = content->code;
    record->code_length = content->code_length;
    record->rollback_code = content->rollback_code;
    record->rollback_length = content->rollback_length;
}

static void load_up(struct mig_session *s, const struct mig_source *source,
                    struct mig_work *work)
{
    const struct mig_step *step = work->step;

    mig_source_read(s, source, step->operation, &work->content);
    if (mig_session_ok(s) && step->checksum[0] != '\0' &&
        strcmp(step->checksum, work->content.checksum) != 0) {
        mig_session_fail(s, MIG_INVALID, "%s was changed while this run was going on",
                         step->operation->path);
        mig_session_hint(s, "run again");
    }
    mig_work_describe(step->operation, &work->content, &work->record);
    work->path = step->operation->path;
    work->text = work->content.code;
    work->length = work->content.code_length;
}

/* The name of the rollback code, for messages: ..._down.sql for ..._up.sql. */
static const char *name_down(struct mig_session *s, struct mig_arena *arena,
                             const struct mig_record *record)
{
    size_t at = strlen(record->path);
    char *name;
    char *joined;

    /* The last underline stands before the direction: ..._up.sql, ..._up.sqlite.sql. */
    while (at > 0 && record->path[at - 1] != '_')
        at--;
    if (record->type == MIG_TYPE_PROGRAM || at == 0 || strncmp(record->path + at, "up", 2) != 0)
        return record->path;
    joined = sqlite3_mprintf("%.*sdown%s", (int)at, record->path, record->path + at + 2);
    if (joined == NULL)
        mig_session_fail_memory(s);
    name = joined == NULL ? NULL : mig_arena_copy(s, arena, joined, strlen(joined));
    sqlite3_free(joined);
    return name;
}

static void load_down(struct mig_session *s, struct mig_work *work)
{
    struct mig_record *record = &work->record;

    mig_tracking_record(s, &work->arena, work->step->version, true, record);
    if (!mig_session_ok(s))
        return;
    if (record->type == MIG_TYPE_SQL && record->rollback_code == NULL) {
        mig_session_fail(s, MIG_INVALID,
                         "operation %lld (%s) cannot be rolled back: it has no rollback code",
                         record->version, record->path);
        mig_session_hint(s,
                         dialect_of(s) == MIG_DIALECT_SQLITE
                             ? "add its _down.sql, then SELECT migrate_repair(%lld, 'accept')"
                             : "add its _down.sql, then: sqlite-migrate repair %lld accept",
                         record->version);
    }
    work->path = name_down(s, &work->arena, record);
    work->text = record->type == MIG_TYPE_PROGRAM ? record->code : record->rollback_code;
    work->length =
        record->type == MIG_TYPE_PROGRAM ? record->code_length : record->rollback_length;
}

void mig_work_load(struct mig_session *s, const struct mig_source *source,
                   const struct mig_step *step, struct mig_work *work)
{
    mig_work_init(work);
    work->step = step;
    if (step->is_down)
        load_down(s, work);
    else
        load_up(s, source, work);
}

void mig_work_run_program(struct mig_session *s, const struct mig_source *source,
                          struct mig_work *work)
{
    struct mig_program program = {NULL, "up", work->record.version, work->record.task,
                                  work->record.path};
    struct mig_script script;
    char *file;
    char *name;

    if (work->step->is_down) {
        program.direction = "down";
        file = mig_program_restore(s, work->text, work->length);
    } else {
        file = sqlite3_mprintf("%s/%s", source->dir, work->record.path);
        if (file == NULL)
            mig_session_fail_memory(s);
    }
    program.file = file;
    mig_program_run(s, &program, &work->printed);
    if (work->step->is_down)
        mig_program_discard(file);
    else
        sqlite3_free(file);
    work->text = work->printed.sql == NULL ? "" : work->printed.sql;
    work->length = work->printed.sql_length;
    name = sqlite3_mprintf("output of %s", work->record.path);
    work->path =
        name == NULL ? work->record.path : mig_arena_copy(s, &work->arena, name, strlen(name));
    sqlite3_free(name);
    mig_vet_printed(s, work->path, work->text, work->length, dialect_of(s), &script);
    work->has_delimiter = script.has_delimiter;
}

static void vet_down(struct mig_session *s, struct mig_arena *arena, struct mig_step *step)
{
    struct mig_script script;
    struct mig_work work;

    memset(&script, 0, sizeof(script));
    mig_work_load(s, NULL, step, &work);
    if (mig_session_ok(s) && work.record.type == MIG_TYPE_SQL)
        mig_vet_file(s, work.path, work.text, work.length, dialect_of(s), &script);
    if (mig_session_ok(s) && work.record.type == MIG_TYPE_PROGRAM)
        mig_vet_programs_allowed(s, work.path);
    step->no_transaction = script.no_transaction;
    step->has_delimiter = script.has_delimiter;
    if (script.allows_broken_view)
        step->broken_views =
            mig_approval_keep(s, arena, work.text, work.length, MIG_RULE_BROKEN_VIEW);
    step->is_alone = script.no_transaction || work.record.type == MIG_TYPE_PROGRAM;
    mig_work_release(&work);
}

void mig_work_vet(struct mig_session *s, const struct mig_source *source,
                  struct mig_arena *arena, struct mig_step *step)
{
    struct mig_content content;
    struct mig_script script;

    if (!mig_session_ok(s))
        return;
    if (step->is_down) {
        vet_down(s, arena, step);
        return;
    }
    mig_vet_operation(s, source, step->operation, &content, &script);
    step->no_transaction = script.no_transaction;
    step->has_delimiter = script.has_delimiter;
    if (script.allows_broken_view)
        step->broken_views = mig_approval_keep(s, arena, content.code, content.code_length,
                                               MIG_RULE_BROKEN_VIEW);
    step->is_alone = script.no_transaction || step->operation->type == MIG_TYPE_PROGRAM;
    memcpy(step->checksum, content.checksum, sizeof(step->checksum));
    mig_content_release(&content);
}
