#include "compiler.h"

#include "difference.h"

#include "keep.h"

#include <stdarg.h>

static void report(const struct mig_difference *difference, const struct mig_change *change,
                   char *why)
{
    struct mig_change full = *change;
    const char *table = difference->before->name;

    full.why = mig_keep(difference->s, difference->arena, why);
    if (full.object == NULL && full.column != NULL)
        full.object = mig_keep(difference->s, difference->arena,
                               sqlite3_mprintf("%s.%s", table, full.column));
    else if (full.object == NULL)
        full.object = table;
    if (mig_session_ok(difference->s))
        difference->report(difference->context, &full);
}

void mig_difference_report(const struct mig_difference *difference,
                           const struct mig_change *change, const char *format, ...)
{
    va_list arguments;

    if (!mig_session_ok(difference->s))
        return;
    va_start(arguments, format);
    report(difference, change, sqlite3_vmprintf(format, arguments));
    va_end(arguments);
}

void mig_difference_simple(const struct mig_difference *difference, enum mig_rule rule,
                           const char *column, const char *format, ...)
{
    const struct mig_change change = {.rule = rule, .column = column};
    va_list arguments;

    if (!mig_session_ok(difference->s))
        return;
    va_start(arguments, format);
    report(difference, &change, sqlite3_vmprintf(format, arguments));
    va_end(arguments);
}
