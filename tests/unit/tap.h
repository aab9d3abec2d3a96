/*
 * tap.h - what a test program of ours prints: one line for each behaviour, in the Test Anything
 * Protocol (https://testanything.org/tap-version-12-specification.html), the plan last.
 */
#ifndef MIG_TAP_H
#define MIG_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct tap {
    int count;
    int failures;
};

/* Reports one behaviour, "subject: what it does in present tense". */
static inline bool tap_ok(struct tap *tap, bool passed, const char *behaviour)
{
    tap->count++;
    if (!passed)
        tap->failures++;
    printf("%s %d - %s\n", passed ? "ok" : "not ok", tap->count, behaviour);
    return passed;
}

static inline void tap_show(const char *title, const char *text)
{
    printf("# %s: ", title);
    for (; *text != '\0'; text++) {
        putchar(*text);
        if (*text == '\n')
            fputs("# ", stdout);
    }
    putchar('\n');
}

/* Reports whether two texts are the same, and shows both where they are not. */
static inline bool tap_same(struct tap *tap, const char *actual, const char *expected,
                            const char *behaviour)
{
    bool passed = tap_ok(tap, strcmp(actual, expected) == 0, behaviour);

    if (!passed) {
        tap_show("expected", expected);
        tap_show("actual", actual);
    }
    return passed;
}

/* Prints the plan; gives the exit status of the program. */
static inline int tap_end(const struct tap *tap)
{
    printf("1..%d\n", tap->count);
    return tap->failures == 0 && tap->count > 0 ? 0 : 1;
}

#endif
