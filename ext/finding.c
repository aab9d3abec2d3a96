#include "compiler.h"

#include "finding.h"

#include "approval.h"

#include <stdarg.h>

struct mig_lint_statement {
    int64_t line;
    const char *sql;
    const char *kind;
    const char *object;
};

struct mig_lint_note {
    size_t statement; /* or MIG_LINT_FILE */
    enum mig_rule rule;
    enum mig_rule_severity severity;
    const char *object;
    const char *why;
    const char *advice;
};

void mig_lint_init(struct mig_lint *lint)
{
    memset(lint, 0, sizeof(*lint));
}

void mig_lint_release(struct mig_lint *lint)
{
    sqlite3_free(lint->notes);
    sqlite3_free(lint->statements);
    sqlite3_free(lint->list);
    mig_arena_release(&lint->arena);
    mig_lint_init(lint);
}

void mig_lint_begin(struct mig_session *s, struct mig_lint *lint,
                    const struct mig_lint_text *text)
{
    lint->statement_count = 0;
    lint->note_count = 0;
    lint->counted_to = 0;
    lint->lines = 1;
    lint->text = *text;
    lint->text.path = mig_arena_text(s, &lint->arena, text->path);
}

/* The line at `offset`. Statements come in the order of the text, so each byte is looked at once. */
static int64_t count_lines(struct mig_lint *lint, size_t offset)
{
    const char *text = lint->text.text;

    for (; lint->counted_to < offset; lint->counted_to++)
        lint->lines += text[lint->counted_to] == '\n' ? 1 : 0;
    return lint->lines;
}

size_t mig_lint_statement(struct mig_session *s, struct mig_lint *lint,
                          const struct mig_statement *statement)
{
    void *list = lint->statements;
    struct mig_lint_statement *added = mig_array_add(s, &list, lint->statement_count,
                                                     &lint->statement_capacity, sizeof(*added));

    lint->statements = list;
    if (added == NULL)
        return MIG_LINT_FILE;
    added->line = count_lines(lint, statement->start);
    added->sql = mig_arena_copy(s, &lint->arena, lint->text.text + statement->start,
                                statement->end - statement->start);
    return lint->statement_count++;
}

void mig_lint_name(struct mig_session *s, struct mig_lint *lint, size_t i, const char *kind,
                   const char *object)
{
    if (!mig_session_ok(s) || i >= lint->statement_count)
        return;
    lint->statements[i].kind = kind;
    lint->statements[i].object = mig_arena_text(s, &lint->arena, object);
}

static bool is_same(const char *left, const char *right)
{
    if (left == NULL || right == NULL)
        return left == right;
    return sqlite3_stricmp(left, right) == 0;
}

static bool is_noted(const struct mig_lint *lint, size_t i, enum mig_rule rule,
                     const char *object)
{
    for (size_t n = 0; n < lint->note_count; n++)
        if (lint->notes[n].statement == i && lint->notes[n].rule == rule &&
            is_same(lint->notes[n].object, object))
            return true;
    return false;
}

bool mig_lint_has_note(const struct mig_lint *lint, size_t i, enum mig_rule rule)
{
    for (size_t n = 0; n < lint->note_count; n++)
        if (lint->notes[n].statement == i && lint->notes[n].rule == rule)
            return true;
    return false;
}

/* Adds a note; `why` is the caller's. */
static void add_note(struct mig_session *s, struct mig_lint *lint,
                     const struct mig_lint_note *note)
{
    void *list = lint->notes;
    struct mig_lint_note *added;

    if (!mig_session_ok(s) || is_noted(lint, note->statement, note->rule, note->object))
        return;
    added = mig_array_add(s, &list, lint->note_count, &lint->note_capacity, sizeof(*added));
    lint->notes = list;
    if (added == NULL)
        return;
    *added = *note;
    added->object = mig_arena_text(s, &lint->arena, note->object);
    added->why = mig_arena_text(s, &lint->arena, note->why);
    if (mig_session_ok(s))
        lint->note_count++;
}

static void add_written(struct mig_session *s, struct mig_lint *lint,
                        struct mig_lint_note *note, char *why)
{
    if (mig_session_ok(s) && why == NULL)
        mig_session_fail_memory(s);
    note->why = why;
    add_note(s, lint, note);
    sqlite3_free(why);
}

void mig_lint_note(struct mig_session *s, struct mig_lint *lint, size_t i, enum mig_rule rule,
                   const char *object, const char *format, ...)
{
    const struct mig_rule_info *info = mig_rule_info(rule);
    struct mig_lint_note note = {i, rule, info->severity, object, NULL, info->advice};
    va_list arguments;

    if (!mig_session_ok(s))
        return;
    va_start(arguments, format);
    add_written(s, lint, &note, sqlite3_vmprintf(format, arguments));
    va_end(arguments);
}

void mig_lint_note_as(struct mig_session *s, struct mig_lint *lint, size_t i,
                      struct mig_lint_weight as, const char *object, const char *format, ...)
{
    struct mig_lint_note note = {i, as.rule, as.severity, object, NULL, as.advice};
    va_list arguments;

    if (!mig_session_ok(s))
        return;
    if (as.advice == NULL)
        note.advice = mig_rule_info(as.rule)->advice;
    va_start(arguments, format);
    add_written(s, lint, &note, sqlite3_vmprintf(format, arguments));
    va_end(arguments);
}

static void find_approval(struct mig_session *s, struct mig_lint *lint,
                          struct mig_finding *finding)
{
    struct mig_approval approval;
    size_t position = 0;

    while (!finding->is_approved &&
           mig_script_next_approval(lint->text.text, lint->text.length, &position, &approval)) {
        if (approval.rule != finding->rule || !mig_approval_covers(&approval, finding->object))
            continue;
        finding->is_approved = true;
        if (approval.reason_length > 0)
            finding->reason =
                mig_arena_copy(s, &lint->arena, approval.reason, approval.reason_length);
    }
}

/* Adds a row for statement `i`, with the note where there is one. */
static void add_row(struct mig_session *s, struct mig_lint *lint, size_t i,
                    const struct mig_lint_note *note)
{
    void *list = lint->list;
    struct mig_finding *row =
        mig_array_add(s, &list, lint->count, &lint->capacity, sizeof(*row));

    lint->list = list;
    if (row == NULL)
        return;
    row->step = lint->text.step;
    row->is_down = lint->text.is_down;
    row->path = lint->text.path;
    row->rule = MIG_RULE_COUNT;
    row->kind = lint->text.kind;
    if (i < lint->statement_count) {
        const struct mig_lint_statement *statement = &lint->statements[i];

        row->line = statement->line;
        row->number = (int64_t)i + 1;
        row->sql = statement->sql;
        row->kind = statement->kind;
        row->object = statement->object;
    }
    if (note != NULL) {
        row->rule = note->rule;
        row->severity = note->severity;
        row->why = note->why;
        row->advice = note->advice;
        if (note->object != NULL)
            row->object = note->object;
        find_approval(s, lint, row);
    }
    if (mig_session_ok(s))
        lint->count++;
}

/* Adds the rows of statement `i`; true when it had any notes. */
static bool add_rows(struct mig_session *s, struct mig_lint *lint, size_t i)
{
    bool found = false;

    for (size_t n = 0; n < lint->note_count; n++) {
        if (lint->notes[n].statement != i)
            continue;
        add_row(s, lint, i, &lint->notes[n]);
        found = true;
    }
    return found;
}

void mig_lint_end(struct mig_session *s, struct mig_lint *lint)
{
    for (size_t i = 0; i < lint->statement_count && mig_session_ok(s); i++)
        if (!add_rows(s, lint, i) && !lint->text.only_findings)
            add_row(s, lint, i, NULL);
    (void)add_rows(s, lint, MIG_LINT_FILE);
    lint->statement_count = 0;
    lint->note_count = 0;
}
