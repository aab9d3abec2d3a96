#include "compiler.h"

#include "problem.h"

#include <stdarg.h>

void mig_problems_init(struct mig_problems *problems)
{
    memset(problems, 0, sizeof(*problems));
}

void mig_problems_release(struct mig_problems *problems)
{
    mig_arena_release(&problems->arena);
    sqlite3_free(problems->list);
    mig_problems_init(problems);
}

static void add_text(struct mig_session *s, struct mig_problems *problems,
                     const struct mig_problem *problem, const char *message)
{
    struct mig_problem *added;
    void *list = problems->list;

    if (message == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    added = mig_array_add(s, &list, problems->count, &problems->capacity, sizeof(*added));
    problems->list = list;
    if (added == NULL)
        return;
    *added = *problem;
    added->message = mig_arena_text(s, &problems->arena, message);
    added->place = mig_arena_text(s, &problems->arena, problem->place);
    added->hint = mig_arena_text(s, &problems->arena, problem->hint);
    if (mig_session_ok(s))
        problems->count++;
}

void mig_problems_add(struct mig_session *s, struct mig_problems *problems,
                      const struct mig_problem *kind, const char *format, ...)
{
    va_list arguments;
    char *message;

    if (!mig_session_ok(s) || kind->severity == MIG_SEVERITY_OFF)
        return;
    va_start(arguments, format);
    message = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    add_text(s, problems, kind, message);
    sqlite3_free(message);
}

static int compare_problems(const void *left, const void *right)
{
    const struct mig_problem *a = left;
    const struct mig_problem *b = right;

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return strcmp(a->place, b->place);
}

void mig_problems_sort(struct mig_problems *problems)
{
    if (problems->count > 1)
        qsort(problems->list, problems->count, sizeof(problems->list[0]), compare_problems);
}

static void raise_one(struct mig_session *s, const struct mig_problem *problem)
{
    const bool missing = problem->kind == MIG_PROBLEM_MISSING;

    mig_session_fail(s, missing ? MIG_MISSING : MIG_INVALID, "%s", problem->message);
    mig_session_hint(s, "%s", problem->hint);
}

void mig_problems_raise(struct mig_session *s, const struct mig_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        if (problems->list[i].severity == MIG_SEVERITY_ERROR)
            raise_one(s, &problems->list[i]);
}
