#include "compiler.h"

#include "trip.h"

#include "options.h"
#include "schema.h"
#include "step.h"
#include "transaction.h"
#include "work.h"

/* A trip on its way. */
struct way {
    struct mig_session *s; /* of the transaction; its failure is the verdict of a part */
    struct mig_trip *trip;
    struct mig_tracking tracking;
    struct mig_inventory now;
};

const char *mig_trip_name(enum mig_trip_verdict verdict)
{
    static const char *const names[] = {
        NULL,        "ok",    "no down", "not rehearsed", "rows differ", "schema differs",
        "rows lost", "failed"};

    return names[verdict];
}

/* Adds to what is said about the part; the worst verdict stays. */
static void say(struct way *way, struct mig_trip_part *part, enum mig_trip_verdict verdict,
                char *text)
{
    const bool is_worse = verdict > part->verdict;
    const char *old = part->details;
    char *both = NULL;

    if (text == NULL)
        mig_session_fail_memory(way->s);
    if (is_worse)
        part->verdict = verdict;
    if (text != NULL && old != NULL) {
        both = is_worse ? sqlite3_mprintf("%s; %s", text, old)
                        : sqlite3_mprintf("%s; %s", old, text);
        if (both == NULL)
            mig_session_fail_memory(way->s);
    }
    part->details = mig_arena_text(way->s, way->trip->arena, both != NULL ? both : text);
    sqlite3_free(both);
    sqlite3_free(text);
}

/* One object that is not as it was. */
struct difference {
    struct way *way;
    struct mig_trip_part *part;
};

static void say_object(void *context, enum mig_inventory_change change,
                       const struct mig_inventory_object *object)
{
    static const char *const words[] = {"is left over", "is another one", "is missing"};
    const struct difference *difference = context;

    say(difference->way, difference->part, MIG_TRIP_SCHEMA_DIFFERS,
        sqlite3_mprintf("%s %s %s", object->type, object->name, words[change]));
}

/* Compares the schema with that of another moment, of which there is an inventory at the ends only. */
static void judge_schema(struct way *way, struct mig_trip_part *part, const char *expected,
                         const struct mig_inventory *inventory, const char *when)
{
    struct difference difference = {way, part};
    char hex[MIG_DIGEST_SIZE];

    mig_schema_fingerprint(way->s, hex);
    if (!mig_session_ok(way->s) || strcmp(hex, expected) == 0)
        return;
    say(way, part, MIG_TRIP_SCHEMA_DIFFERS,
        sqlite3_mprintf("the schema is not what it was %s", when));
    if (inventory == NULL)
        return;
    mig_inventory_read(way->s, &way->now);
    if (mig_session_ok(way->s))
        mig_inventory_compare(inventory, &way->now, say_object, &difference);
}

/* Says which columns of a table with as many rows as before have other values. */
static void judge_values(struct way *way, struct mig_trip_part *part, const char *name,
                         const struct mig_tally *before, const struct mig_tally *now)
{
    bool is_said = false;

    for (size_t i = 0; i < before->column_count; i++) {
        const struct mig_tally_column *column = &before->columns[i];
        const uint64_t *sum = mig_tally_sum(now, column->name);

        if (sum != NULL && *sum == column->sum)
            continue;
        is_said = true;
        say(way, part, MIG_TRIP_ROWS_LOST,
            sum == NULL ? sqlite3_mprintf("column %s.%s is missing", name, column->name)
                        : sqlite3_mprintf("column %s.%s has other values", name, column->name));
    }
    /* More columns than before are the schema's matter, and so told already. */
    if (!is_said && before->column_count == now->column_count)
        say(way, part, MIG_TRIP_ROWS_LOST,
            sqlite3_mprintf("values of table %s are in other rows", name));
}

static void judge_table(struct way *way, struct mig_trip_part *part, const char *name,
                        const struct mig_tally *before, const struct mig_tally *now)
{
    if (!before->is_there || now == NULL || mig_tally_is_same(before, now))
        return;
    if (!now->is_there && before->rows > 0)
        say(way, part, MIG_TRIP_ROWS_LOST,
            sqlite3_mprintf("table %s is gone, and had %lld rows", name, before->rows));
    else if (!now->is_there)
        return;
    else if (!before->is_known || !now->is_known)
        say(way, part, MIG_TRIP_NOT_MADE,
            sqlite3_mprintf("the rows of table %s cannot be read", name));
    else if (now->rows < before->rows)
        say(way, part, MIG_TRIP_ROWS_LOST,
            sqlite3_mprintf("table %s has lost %lld of %lld rows", name,
                            before->rows - now->rows, before->rows));
    else if (now->rows > before->rows)
        say(way, part, MIG_TRIP_ROWS_DIFFER,
            sqlite3_mprintf("table %s has %lld rows more than before", name,
                            now->rows - before->rows));
    else
        judge_values(way, part, name, before, now);
}

/* True when going up has changed the table, in any part. */
static bool is_expected(const struct mig_trip *trip, const char *name)
{
    for (size_t i = 0; i < trip->count; i++)
        if (mig_census_find(trip->parts[i].changes, name) != NULL)
            return true;
    return false;
}

/* Compares the tables that up or down have touched with what they were before. */
static void judge_rows(struct way *way, struct mig_trip_part *part,
                       const struct mig_census_changes *down)
{
    const struct mig_census_changes *up = part->changes;

    for (size_t i = 0; i < up->count; i++) {
        const struct mig_census_change *change = &up->list[i];
        const struct mig_census_change *back = mig_census_find(down, change->name);

        judge_table(way, part, change->name, change->before,
                    back != NULL ? back->after : change->after);
    }
    for (size_t i = 0; i < down->count; i++) {
        const struct mig_census_change *change = &down->list[i];

        if (!is_expected(way->trip, change->name))
            judge_table(way, part, change->name, change->before, change->after);
    }
}

/* Does what a roll back would do once the operation is down. */
static void check_compiled(struct way *way, const struct mig_step *step)
{
    const struct mig_compiled *entry;
    struct mig_compiled_list now;
    size_t place = 0;

    if (!mig_session_ok(way->s) ||
        mig_options_choice(way->s, MIG_OPTION_COMPILE_CHECK) != MIG_SEVERITY_ERROR)
        return;
    mig_compiled_init(&now);
    mig_compiled_find(way->s, &now);
    while ((entry = mig_compiled_next_broken(way->trip->compiled, &now, &place)) != NULL)
        if (!mig_plan_lets_break(step, entry->name))
            mig_compiled_fail(way->s, entry);
    mig_compiled_release(&now);
}

/* Carries a step out and tells what it has changed. */
static void perform(struct way *way, const struct mig_step *step,
                    struct mig_census_changes *out_changes)
{
    struct mig_step_result result;

    memset(out_changes, 0, sizeof(*out_changes));
    mig_step_result_init(&result);
    mig_census_begin(way->trip->census);
    mig_step_perform(way->s, &way->trip->prepared->source, &way->tracking, step, &result);
    mig_census_end(way->trip->census);
    mig_step_result_release(&result);
    check_compiled(way, step);
    if (!mig_session_ok(way->s) || !step->is_down)
        return;
    mig_inventory_read(way->s, &way->now);
    if (mig_session_ok(way->s))
        mig_census_take(way->trip->census, way->trip->after, &way->now, MIG_CENSUS_TRIAL,
                        out_changes);
}

/* True when the operation can be rolled back in the transaction of the trip. */
static bool can_go_down(struct way *way, struct mig_trip_part *part, struct mig_step *down)
{
    struct mig_record record;
    struct mig_arena arena;
    bool has_down;

    mig_arena_init(&arena);
    mig_tracking_record(way->s, &arena, down->version, true, &record);
    has_down = record.type == MIG_TYPE_PROGRAM || record.rollback_code != NULL;
    mig_arena_release(&arena);
    if (mig_session_ok(way->s) && !has_down)
        say(way, part, MIG_TRIP_NO_DOWN, sqlite3_mprintf("it has no down file"));
    else
        mig_work_vet(way->s, NULL, way->trip->arena, down);
    if (mig_session_ok(way->s) && down->no_transaction)
        say(way, part, MIG_TRIP_NOT_MADE,
            sqlite3_mprintf("its down file runs outside a transaction"));
    return mig_session_ok(way->s) && has_down && !down->no_transaction;
}

static void go_down(struct way *way, size_t number)
{
    struct mig_trip_part *part = &way->trip->parts[number];
    struct mig_step down = {.is_down = true,
                            .version = part->step->version,
                            .task = part->step->task,
                            .has_row = true};
    struct mig_census_changes changes;

    if (!can_go_down(way, part, &down))
        return;
    perform(way, &down, &changes);
    if (!mig_session_ok(way->s))
        return;
    part->verdict = MIG_TRIP_OK;
    judge_rows(way, part, &changes);
    judge_schema(way, part, part->before, number == 0 ? way->trip->before : NULL,
                 "before, once it is down");
}

static void go_up(struct way *way, size_t number)
{
    struct mig_trip_part *part = &way->trip->parts[number];
    struct mig_step up = *part->step;
    struct mig_census_changes changes;

    up.has_row = true;
    perform(way, &up, &changes);
    judge_schema(way, part, part->after,
                 number + 1 == way->trip->count ? way->trip->after : NULL,
                 "once it is up again");
}

/* Makes the failure of a part its verdict, unless it is that of the rehearsal. */
static void blame(struct way *way, struct mig_session *s, size_t number, const char *when)
{
    struct mig_session failure;

    if (mig_session_ok(way->s))
        return;
    mig_session_context(way->s, "%s", when);
    mig_session_forget(way->s, &failure);
    if (failure.outcome == MIG_NO_MEMORY || failure.outcome == MIG_INTERRUPTED) {
        mig_session_take(s, &failure);
        return;
    }
    /* Its other lines show the place in the file. */
    say(way, &way->trip->parts[number], MIG_TRIP_FAILED,
        sqlite3_mprintf("%.*s", (int)strcspn(failure.message, "\n"), failure.message));
    mig_session_release(&failure);
}

/* The parts that did not get their turn. */
static void leave_out(struct way *way, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (way->trip->parts[i].verdict == MIG_TRIP_NONE)
            say(way, &way->trip->parts[i], MIG_TRIP_NOT_MADE,
                sqlite3_mprintf("an operation of the same transaction stands in the way"));
}

static void go(struct way *way, struct mig_session *s)
{
    struct mig_trip *trip = way->trip;
    size_t reached = trip->count; /* the parts from here on are down */

    while (reached > 0 && mig_session_ok(s)) {
        go_down(way, reached - 1);
        blame(way, s, reached - 1, "down");
        if (trip->parts[reached - 1].verdict <= MIG_TRIP_NOT_MADE &&
            trip->parts[reached - 1].verdict != MIG_TRIP_OK)
            break;
        if (trip->parts[reached - 1].verdict == MIG_TRIP_FAILED)
            break;
        reached--;
    }
    leave_out(way, reached);
    /* Behind a failure the transaction may be anywhere. */
    if (reached > 0 && trip->parts[reached - 1].verdict == MIG_TRIP_FAILED)
        return;
    while (reached < trip->count && mig_session_ok(s)) {
        go_up(way, reached);
        blame(way, s, reached, "up again");
        if (trip->parts[reached].verdict == MIG_TRIP_FAILED)
            break;
        reached++;
    }
}

/* Takes the operation for what it is where it runs outside a transaction. */
static bool is_alone(struct way *way)
{
    if (!way->trip->parts[0].step->no_transaction)
        return false;
    say(way, &way->trip->parts[0], MIG_TRIP_NOT_MADE,
        sqlite3_mprintf("it runs outside a transaction"));
    return true;
}

void mig_trip_make(struct mig_session *s, struct mig_trip *trip)
{
    struct mig_session transaction;
    struct way way = {.s = &transaction, .trip = trip};

    if (!mig_session_ok(s))
        return;
    mig_session_init(&transaction, s->db, s->options);
    mig_tracking_init(&way.tracking);
    mig_inventory_init(&way.now);
    if (!is_alone(&way)) {
        mig_transaction_begin(&transaction);
        go(&way, s);
        mig_transaction_rollback(&transaction);
    }
    mig_session_take(s, &transaction);
    mig_session_take(s, trip->census->copy);
    mig_inventory_release(&way.now);
    mig_tracking_release(&way.tracking);
    mig_session_release(&transaction);
}
