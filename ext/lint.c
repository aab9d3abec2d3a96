#include "compiler.h"

#include "lint.h"

#include "broken.h"
#include "foreign.h"
#include "judge.h"
#include "lint_text.h"
#include "mirror.h"
#include "options.h"
#include "query.h"
#include "swap.h"
#include "vet.h"
#include "way_back.h"
#include "work.h"

/* The judging of one plan. */
struct run {
    struct mig_session *s;
    const struct mig_prepared *prepared;
    struct mig_lint *lint;
    struct mig_clone clone;
    struct mig_lineage lineage;
    struct mig_ask ask;
    struct mig_known_queries queries;
    struct mig_broken broken;
    struct mig_trial_memory memory;
    struct mig_inventory before;     /* the schema before the step, ... */
    bool has_mirror;                 /* unless its down file needs no look at it */
    struct mig_lint_text_plan texts; /* of a server's files */
    enum mig_dialect dialect;
    const char *lost; /* why the clone may not be what the next operation meets; NULL: it is */
};

/* True when the defect is that word, which a transaction does not take. */
static bool is_word(const char *text, const struct mig_script_defect *defect, const char *word)
{
    return defect->kind == MIG_SCRIPT_VACUUM_WORD && defect->length == strlen(word) &&
           sqlite3_strnicmp(text + defect->offset, word, (int)defect->length) == 0;
}

static enum mig_rule rule_of(const char *text, const struct mig_script_defect *defect)
{
    if (is_word(text, defect, "VACUUM"))
        return MIG_RULE_VACUUM;
    if (defect->kind == MIG_SCRIPT_PRAGMA_NO_EFFECT || defect->kind == MIG_SCRIPT_PRAGMA_NEVER)
        return MIG_RULE_PRAGMA_NO_EFFECT;
    return MIG_RULE_REFUSED;
}

static void fail_defect(struct run *run, size_t i, const char *text,
                        const struct mig_script_defect *defect)
{
    const struct mig_lint_weight weight = {rule_of(text, defect), MIG_RULE_SEVERITY_ERROR,
                                           mig_script_defect_hint(defect->kind)};
    const char *message = mig_script_defect_message(defect->kind);
    char word[80];

    mig_name_printable(text + defect->offset, defect->length, word, sizeof(word));
    if (mig_script_defect_has_word(defect->kind))
        mig_lint_note_as(run->s, run->lint, i, weight, NULL, message, (int)strlen(word), word);
    else
        mig_lint_note_as(run->s, run->lint, i, weight, NULL, "%s", message);
}

/* Notes what vetting refuses: the first defect of the file, and that of each statement. */
static void judge_defects(struct run *run, const char *text, size_t length, bool no_transaction)
{
    struct mig_statement statement;
    struct mig_script_defect defect;
    struct mig_script_defect own;
    struct mig_script script;
    const bool is_sound = mig_script_check(text, length, MIG_SCRIPT_FILE, &script, &defect);
    size_t position = 0;
    bool is_noted = is_sound;

    for (size_t i = 0; mig_script_next(text, length, &position, &statement); i++) {
        const char *start = text + statement.start;
        const bool is_here =
            !is_sound && defect.offset >= statement.start && defect.offset < statement.end;

        if (is_here)
            fail_defect(run, i, text, &defect);
        else if (!no_transaction && !mig_script_check(start, statement.end - statement.start,
                                                      MIG_SCRIPT_FILE, &script, &own))
            fail_defect(run, i, start, &own);
        is_noted |= is_here;
    }
    if (!is_noted)
        fail_defect(run, MIG_LINT_FILE, text, &defect);
}

/* True for a text that SQLite would not read to its end. */
static bool is_unreadable(struct run *run, const char *text, size_t length)
{
    struct mig_script_defect defect;
    struct mig_script script;

    if (mig_script_check(text, length, MIG_SCRIPT_FILE, &script, &defect) ||
        (defect.kind != MIG_SCRIPT_NUL && defect.kind != MIG_SCRIPT_UTF16 &&
         defect.kind != MIG_SCRIPT_NO_STATEMENT))
        return false;
    fail_defect(run, MIG_LINT_FILE, text, &defect);
    return true;
}

/* What the text says of itself, though it may not be sound. */
static bool is_outside_transaction(const char *text, size_t length)
{
    size_t position = 0;

    for (;;) {
        const struct mig_token token = mig_token_at(text + position, length - position);

        if (token.kind == MIG_TOKEN_LINE_COMMENT &&
            mig_directive_read(token.text, token.length).kind == MIG_DIRECTIVE_NO_TRANSACTION)
            return true;
        if (token.kind != MIG_TOKEN_SPACE && token.kind != MIG_TOKEN_LINE_COMMENT &&
            token.kind != MIG_TOKEN_BLOCK_COMMENT)
            return false;
        position += token.length;
    }
}

static void begin(struct run *run, size_t step, bool is_down, const char *path,
                  const char *text, size_t length)
{
    const struct mig_lint_text begun = {.step = step,
                                        .is_down = is_down,
                                        .only_findings =
                                            is_down && !run->prepared->plan.steps[step].is_down,
                                        .path = path,
                                        .text = text,
                                        .length = length};

    mig_lint_begin(run->s, run->lint, &begun);
}

/* Notes that everything may be otherwise than it seems. */
static void note_lost(struct run *run)
{
    const struct mig_lint_weight weight = {MIG_RULE_NOT_JUDGED, MIG_RULE_SEVERITY_NOTE, NULL};

    if (run->lost != NULL)
        mig_lint_note_as(run->s, run->lint, MIG_LINT_FILE, weight, NULL,
                         "the schema that it will meet is not known: an operation before %s",
                         run->lost);
}

static const char was_stopped[] = "was stopped in its trial";
static const char is_program[] = "is a program";

static void judge_down(struct run *run, size_t step, const struct mig_judge *up,
                       const struct mig_work *work)
{
    const char *text = work->content.rollback_code;
    const size_t length = work->content.rollback_length;
    char *path = mig_source_down_path(run->s, &run->prepared->source,
                                      run->prepared->plan.steps[step].operation);

    begin(run, step, true, path, text, length);
    if (mig_session_ok(run->s) && !is_unreadable(run, text, length)) {
        judge_defects(run, text, length, is_outside_transaction(text, length));
        if (!mig_way_back_judge(up, run->has_mirror ? NULL : &run->before, text, length))
            run->lost = was_stopped;
    }
    mig_lint_end(run->s, run->lint);
    sqlite3_free(path);
}

/* What the down file is going to be compared with. */
static void look_before(struct run *run, const struct mig_work *work)
{
    const struct mig_mirror_text up = {work->text, work->length};
    const struct mig_mirror_text down = {work->content.rollback_code,
                                         work->content.rollback_length};

    run->has_mirror = mig_mirror_is_sure(run->s, &run->clone, &up, &down);
    if (!run->has_mirror)
        mig_inventory_read(&run->clone.session, &run->before);
    mig_session_take(run->s, &run->clone.session);
}

static void judge_up(struct run *run, size_t step, const struct mig_work *work,
                     struct mig_trial *trial, struct mig_swaps *swaps)
{
    const struct mig_step *planned = &run->prepared->plan.steps[step];
    const bool has_way_back = !planned->is_down && work->content.rollback_code != NULL;
    struct mig_judge judge = {.s = run->s,
                              .clone = &run->clone,
                              .lint = run->lint,
                              .lineage = &run->lineage,
                              .ask = &run->ask,
                              .queries = &run->queries,
                              .trial = trial,
                              .swaps = swaps};

    begin(run, step, planned->is_down, work->path, work->text, work->length);
    run->memory.has_doubt |= run->lost != NULL;
    note_lost(run);
    if (is_unreadable(run, work->text, work->length)) {
        run->memory.has_doubt = true;
        mig_lint_end(run->s, run->lint);
        return;
    }
    if (has_way_back)
        look_before(run, work);
    mig_broken_begin(run->s, &run->broken, &run->clone, work->text, work->length);
    mig_query_execute(&run->clone.session, "BEGIN");
    trial->queries = &run->queries;
    trial->memory = &run->memory;
    mig_trial_run(run->s, trial, &run->clone, work->text, work->length);
    mig_swaps_find(run->s, trial, swaps);
    for (size_t i = 0; i < trial->count && mig_session_ok(run->s); i++) {
        const struct mig_statement statement = {.start = trial->deeds[i].start,
                                                .end = trial->deeds[i].start +
                                                       trial->deeds[i].length};

        (void)mig_lint_statement(run->s, run->lint, &statement);
    }
    judge_defects(run, work->text, work->length,
                  is_outside_transaction(work->text, work->length));
    mig_judge_run(&judge);
    mig_broken_judge(&judge, &run->broken);
    if (!planned->is_down && !has_way_back)
        mig_lint_note(run->s, run->lint, MIG_LINT_FILE, MIG_RULE_NO_DOWN, NULL,
                      "there is no down file beside %s", work->path);
    if (trial->is_lost)
        run->lost = was_stopped;
    mig_lint_end(run->s, run->lint);
    if (has_way_back)
        judge_down(run, step, &judge, work);
    mig_query_execute(&run->clone.session, "COMMIT");
    mig_session_take(run->s, &run->clone.session);
}

/*
 * Notes what vetting refuses of a text for a server. CONCURRENTLY is a matter of the rules by text. True when
 * the text is to run outside a transaction.
 */
static bool judge_foreign_defect(struct run *run, const char *text, size_t length)
{
    struct mig_script_defect defect;
    struct mig_script script;

    if (mig_foreign_check(text, length, run->dialect, MIG_SCRIPT_FILE, &script, &defect))
        return script.no_transaction;
    if (!is_word(text, &defect, "CONCURRENTLY"))
        fail_defect(run, MIG_LINT_FILE, text, &defect);
    return is_outside_transaction(text, length);
}

static void judge_server_text(struct run *run, size_t step, bool is_down, const char *path,
                              const char *text, size_t length)
{
    const struct mig_step *planned = &run->prepared->plan.steps[step];
    bool no_transaction;

    begin(run, step, is_down, path, text, length);
    no_transaction = judge_foreign_defect(run, text, length);
    mig_lint_text_judge(run->s, &run->texts, no_transaction, run->lint);
    if (!is_down && !planned->is_down && !planned->operation->has_down)
        mig_lint_note(run->s, run->lint, MIG_LINT_FILE, MIG_RULE_NO_DOWN, NULL,
                      "there is no down file beside %s", path);
    mig_lint_end(run->s, run->lint);
}

/* A step for a server: its text, and that of the way back. */
static void judge_server(struct run *run, size_t step, const struct mig_work *work)
{
    const struct mig_step *planned = &run->prepared->plan.steps[step];
    char *path;

    judge_server_text(run, step, planned->is_down, work->path, work->text, work->length);
    if (planned->is_down || work->content.rollback_code == NULL)
        return;
    path = mig_source_down_path(run->s, &run->prepared->source, planned->operation);
    judge_server_text(run, step, true, path, work->content.rollback_code,
                      work->content.rollback_length);
    sqlite3_free(path);
}

/* A row about the whole file. */
static void judge_file(struct run *run, size_t step, const struct mig_work *work,
                       enum mig_rule rule, const char *kind, const char *why)
{
    run->memory.has_doubt = true;
    begin(run, step, run->prepared->plan.steps[step].is_down, work->path, "", 0);
    run->lint->text.kind = kind;
    mig_lint_note(run->s, run->lint, MIG_LINT_FILE, rule, NULL, "%s", why);
    mig_lint_end(run->s, run->lint);
}

static void judge_program(struct run *run, size_t step, const struct mig_work *work)
{
    struct mig_session probe;

    mig_session_init(&probe, run->s->db, run->s->options);
    mig_vet_programs_allowed(&probe, work->path);
    judge_file(run, step, work, MIG_RULE_NOT_JUDGED, "program",
               "a program decides what is run when it is run");
    if (!mig_session_ok(&probe))
        judge_file(run, step, work, MIG_RULE_REFUSED, "program", probe.message);
    mig_session_release(&probe);
}

static void judge_loaded(struct run *run, size_t step, struct mig_work *work)
{
    struct mig_trial trial;
    struct mig_swaps swaps;

    if (work->record.type == MIG_TYPE_PROGRAM) {
        judge_program(run, step, work);
        run->lost = is_program;
        return;
    }
    if (run->dialect != MIG_DIALECT_SQLITE) {
        judge_server(run, step, work);
        return;
    }
    mig_trial_init(&trial);
    mig_swaps_init(&swaps);
    judge_up(run, step, work, &trial, &swaps);
    mig_swaps_release(&swaps);
    mig_trial_release(&trial);
}

static void judge_step(struct run *run, size_t step)
{
    struct mig_session probe;
    struct mig_work work;

    run->lineage.step = step + 1;
    mig_session_init(&probe, run->s->db, run->s->options);
    mig_work_load(&probe, &run->prepared->source, &run->prepared->plan.steps[step], &work);
    if (probe.outcome == MIG_NO_MEMORY || probe.outcome == MIG_INTERRUPTED)
        mig_session_take(run->s, &probe);
    else if (!mig_session_ok(&probe))
        judge_file(run, step, &work, MIG_RULE_REFUSED, NULL, probe.message);
    else
        judge_loaded(run, step, &work);
    mig_session_release(&probe);
    mig_work_release(&work);
}

void mig_lint_plan(struct mig_session *s, const struct mig_prepared *prepared,
                   struct mig_lint *lint)
{
    struct run run = {.s = s, .prepared = prepared, .lint = lint};

    if (!mig_session_ok(s) || prepared->plan.count == 0)
        return;
    run.dialect = (enum mig_dialect)mig_options_choice(s, MIG_OPTION_DIALECT);
    mig_clone_init(&run.clone);
    mig_lineage_init(&run.lineage);
    mig_ask_init(&run.ask);
    mig_known_queries_init(&run.queries);
    mig_broken_init(&run.broken);
    mig_inventory_init(&run.before);
    mig_lint_text_init(&run.texts, run.dialect);
    if (run.dialect == MIG_DIALECT_SQLITE) {
        mig_clone_open(s, &run.clone);
        mig_known_queries_read(s, &prepared->source, &run.queries);
    }
    for (size_t i = 0; i < prepared->plan.count && mig_session_ok(s); i++)
        judge_step(&run, i);
    mig_lint_text_release(&run.texts);
    mig_inventory_release(&run.before);
    mig_broken_release(&run.broken);
    mig_known_queries_release(&run.queries);
    mig_ask_release(&run.ask);
    mig_lineage_release(&run.lineage);
    mig_clone_close(&run.clone);
}
