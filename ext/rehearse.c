#include "compiler.h"

#include "rehearse.h"

#include "apply.h"
#include "census.h"
#include "clock.h"
#include "known_query.h"
#include "options.h"
#include "private.h"
#include "progress.h"
#include "proxy.h"
#include "scene.h"
#include "stage.h"
#include "transaction.h"

/* Steps of SQLite's virtual machine between two looks at whether the live connection was interrupted. */
#define STEPS_PER_LOOK 200000

struct run {
    struct mig_session *live;
    struct mig_rehearsal *rehearsal;
    struct mig_options options; /* of the copy */
    struct mig_stage stage;
    struct mig_session look; /* on the copy; for everything but the operations themselves */
    struct mig_census census;
    struct mig_known_queries queries;
    struct mig_scene before;     /* the step that runs */
    struct mig_scene now;        /* it has run */
    struct mig_trip_part *parts; /* owned array: one for each step */
    struct mig_progress progress;
};

void mig_rehearsal_init(struct mig_rehearsal *rehearsal)
{
    memset(rehearsal, 0, sizeof(*rehearsal));
}

void mig_rehearsal_release(struct mig_rehearsal *rehearsal)
{
    mig_arena_release(&rehearsal->arena);
    sqlite3_free(rehearsal->list);
    mig_rehearsal_init(rehearsal);
}

const char *mig_rehearsed_name(enum mig_rehearsed_outcome outcome)
{
    static const char *const names[] = {"not rehearsed", "completed", "failed"};

    return names[outcome];
}

/* Stops the run on the copy: what has failed is the rehearsal itself. */
static void give_up(struct run *run, struct mig_session *s)
{
    if (mig_session_ok(&run->look))
        return;
    mig_session_fail(s, MIG_INTERRUPTED, "the rehearsal cannot go on");
}

/* A step begins: what the copy is like is known already, but for the first one. */
static void begin_step(void *context, struct mig_session *s,
                       const struct mig_prepared *prepared, size_t number)
{
    struct run *run = context;
    struct mig_trip_part *part = &run->parts[number];

    memset(part, 0, sizeof(*part));
    part->step = &prepared->plan.steps[number];
    memcpy(part->before, run->now.fingerprint, sizeof(part->before));
    mig_scene_release(&run->before);
    run->before = run->now;
    memset(&run->now, 0, sizeof(run->now));
    /* The tracking table may have been made since. */
    run->before.pages = mig_scene_pages(&run->look);
    mig_census_begin(&run->census);
    give_up(run, s);
}

/* Notes what a step has done, in its transaction. */
static void describe_step(struct run *run, size_t number, bool is_last)
{
    struct mig_rehearsed *row = &run->rehearsal->list[number];
    struct mig_arena *arena = &run->rehearsal->arena;
    struct mig_session *s = &run->look;
    struct mig_census_changes *changes;

    mig_scene_look(s, &run->queries, &run->now);
    changes = mig_arena_alloc(s, arena, sizeof(*changes));
    if (changes == NULL)
        return;
    mig_census_take(&run->census, &run->before.inventory, &run->now.inventory,
                    is_last ? MIG_CENSUS_LAST : MIG_CENSUS_ALL, changes);
    run->parts[number].changes = changes;
    memcpy(run->parts[number].after, run->now.fingerprint, sizeof(run->now.fingerprint));
    row->rows = mig_scene_rows(s, arena, changes);
    row->violations_before = changes->violations_before;
    row->violations_after = changes->violations_after;
    row->pages = run->now.pages - run->before.pages;
    row->objects = mig_scene_objects(s, arena, &run->before, &run->now);
    row->broken = mig_scene_broken(s, arena, &run->queries, &run->before, &run->now);
    row->slower = mig_scene_slower(s, arena, &run->queries, &run->before, &run->now);
    row->outcome = MIG_REHEARSED_COMPLETED;
}

/* A step has run. */
static void end_step(void *context, struct mig_session *s, const struct mig_prepared *prepared,
                     size_t number, const struct mig_step_result *result)
{
    struct run *run = context;
    struct mig_rehearsed *row = &run->rehearsal->list[number];

    mig_census_end(&run->census);
    row->duration = result->duration;
    row->statements = result->statements;
    if (!mig_session_ok(s))
        return;
    describe_step(run, number, number + 1 == prepared->plan.count);
    mig_progress_step(&run->progress, "rehearsed", result->path, result->duration);
    give_up(run, s);
}

/* Steps are committed: they make their round trip. */
static void end_group(void *context, struct mig_session *s, const struct mig_prepared *prepared,
                      size_t first, size_t end)
{
    struct run *run = context;
    struct mig_trip trip = {
        .prepared = prepared,
        .census = &run->census,
        .arena = &run->rehearsal->arena,
        .before = end - first == 1 ? &run->before.inventory : NULL,
        .after = &run->now.inventory,
        .compiled = &run->now.compiled,
        .parts = &run->parts[first],
        .count = end - first,
    };

    mig_trip_make(&run->look, &trip);
    for (size_t i = first; i < end; i++) {
        run->rehearsal->list[i].trip = run->parts[i].verdict;
        run->rehearsal->list[i].details = run->parts[i].details;
    }
    give_up(run, s);
}

/* Of SQLite's progress handler: true when the user wants to stop. */
static int look_for_interrupt(void *live)
{
    return mig_transaction_interrupted(live) ? 1 : 0;
}

/* The options of the live connection, but for what has no meaning on the copy. */
static void take_options(struct run *run)
{
    static const struct {
        enum mig_option option;
        const char *value;
    } own[] = {
        {MIG_OPTION_PROGRESS, "off"},      {MIG_OPTION_SNAPSHOT, "off"},
        {MIG_OPTION_DANGEROUS, "warn"},    {MIG_OPTION_COMMIT_INTERVAL, "0"},
        {MIG_OPTION_LOCK_TIMEOUT, "1000"},
    };

    for (int i = 0; i < MIG_OPTION_COUNT; i++)
        if (run->live->options->values[i] != NULL)
            mig_options_set(run->live, &run->options, (enum mig_option)i,
                            run->live->options->values[i]);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        mig_options_set(run->live, &run->options, own[i].option, own[i].value);
}

/* Makes the copy, with all that the application has put on the live connection. */
static void open_stage(struct run *run, bool has_name)
{
    const int64_t start = mig_clock_milliseconds();

    take_options(run);
    mig_stage_open(run->live, has_name, &run->stage);
    mig_private_liken(run->live, run->stage.db);
    mig_proxy_install(run->live, run->stage.db, MIG_PROXY_REHEARSAL);
    if (!mig_session_ok(run->live))
        return;
    mig_session_init(&run->look, run->stage.db, &run->options);
    sqlite3_progress_handler(run->stage.db, STEPS_PER_LOOK, look_for_interrupt, run->live);
    mig_census_init(run->live, &run->look, &run->census);
    mig_progress_step(&run->progress, "copied", "the database",
                      mig_clock_milliseconds() - start);
    mig_scene_look(&run->look, &run->queries, &run->now);
}

static void close_stage(struct run *run)
{
    mig_census_release(&run->census);
    mig_session_take(run->live, &run->look);
    mig_session_release(&run->look);
    mig_stage_close(&run->stage);
    mig_options_release(&run->options);
}

/* Notes why the run has ended: the operation to blame is the first that has not completed. */
static void note_failure(struct run *run, struct mig_session *s)
{
    struct mig_rehearsal *rehearsal = run->rehearsal;
    char *text;

    if (mig_session_ok(s) || !mig_session_ok(&run->look))
        return;
    if (s->outcome == MIG_NO_MEMORY || s->outcome == MIG_INTERRUPTED) {
        mig_session_hint(s, "it was a rehearsal: the database is as it was");
        mig_session_take(run->live, s);
        return;
    }
    for (size_t i = rehearsal->count; i > 0; i--) {
        struct mig_rehearsed *row = &rehearsal->list[i - 1];

        if (run->parts[i - 1].step == NULL)
            continue;
        text = mig_session_text(s);
        if (text == NULL)
            mig_session_fail_memory(run->live);
        row->outcome = MIG_REHEARSED_FAILED;
        row->error = mig_arena_text(run->live, &rehearsal->arena, text);
        sqlite3_free(text);
        return;
    }
    /* Nothing was begun: it is the rehearsal that cannot be made. */
    mig_session_take(run->live, s);
}

static void play(struct run *run, const struct mig_request *request)
{
    const struct mig_apply_observer observer = {run, begin_step, end_step, end_group};
    struct mig_session engine;

    if (!mig_session_ok(run->live) || !mig_session_ok(&run->look))
        return;
    mig_session_init(&engine, run->stage.db, &run->options);
    (void)mig_apply_observed(&engine, request, &observer);
    note_failure(run, &engine);
    mig_session_release(&engine);
}

/* Makes a row for each operation of the plan. */
static void list_rows(struct run *run, const struct mig_plan *plan)
{
    struct mig_rehearsal *rehearsal = run->rehearsal;
    const size_t room = plan->count + 1;
    struct mig_arena *arena = &rehearsal->arena;

    rehearsal->list = sqlite3_malloc64(room * sizeof(*rehearsal->list));
    run->parts = sqlite3_malloc64(room * sizeof(*run->parts));
    if (rehearsal->list == NULL || run->parts == NULL) {
        mig_session_fail_memory(run->live);
        return;
    }
    memset(rehearsal->list, 0, room * sizeof(*rehearsal->list));
    memset(run->parts, 0, room * sizeof(*run->parts));
    for (size_t i = 0; i < plan->count; i++) {
        const struct mig_step *step = &plan->steps[i];

        rehearsal->list[i].version = step->version;
        rehearsal->list[i].task = mig_arena_text(run->live, arena, step->task);
        rehearsal->list[i].path = mig_arena_text(run->live, arena, step->operation->path);
    }
    rehearsal->count = plan->count;
}

static bool has_program(const struct mig_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->steps[i].operation->type == MIG_TYPE_PROGRAM)
            return true;
    return false;
}

/* Looks on the live database for what is to be done, and whether anything stops it before it begins. */
static bool make_plan(struct run *run, const struct mig_request *request)
{
    struct mig_tracking tracking;
    struct mig_prepared prepared;
    bool programs;

    mig_options_check(run->live);
    mig_prepare_init(run->live, &prepared, request);
    mig_tracking_init(&tracking);
    mig_prepare_folder(run->live, &prepared);
    if (mig_session_ok(run->live))
        mig_prepare_plan(run->live, &prepared, &tracking);
    mig_tracking_release(&tracking);
    if (mig_session_ok(run->live))
        list_rows(run, &prepared.plan);
    mig_known_queries_read(run->live, &prepared.source, &run->queries);
    programs = mig_session_ok(run->live) && has_program(&prepared.plan);
    mig_prepare_release(&prepared);
    return programs;
}

void mig_rehearse(struct mig_session *s, const struct mig_request *request,
                  struct mig_rehearsal *rehearsal)
{
    struct run run;
    bool programs;

    if (!mig_session_ok(s))
        return;
    memset(&run, 0, sizeof(run));
    run.live = s;
    run.rehearsal = rehearsal;
    programs = make_plan(&run, request);
    if (mig_session_ok(s) && rehearsal->count > 0) {
        mig_progress_begin(s, &run.progress, rehearsal->count + 1);
        open_stage(&run, programs);
        play(&run, request);
        mig_progress_end(&run.progress);
        mig_scene_release(&run.before);
        mig_scene_release(&run.now);
        close_stage(&run);
    }
    mig_known_queries_release(&run.queries);
    sqlite3_free(run.parts);
}
