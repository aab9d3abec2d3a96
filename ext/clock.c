#include "compiler.h"

#include "clock.h"

#include <time.h>

/* The clocks cannot fail: both are required by POSIX, and the structure is ours. */
static struct timespec read_clock(clockid_t clock)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(clock, &now);
    return now;
}

void mig_clock_now(char out_text[MIG_CLOCK_SIZE])
{
    const struct timespec now = read_clock(CLOCK_REALTIME);
    struct tm utc;
    size_t length = 0;

    if (gmtime_r(&now.tv_sec, &utc) != NULL)
        length = strftime(out_text, MIG_CLOCK_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
    (void)snprintf(out_text + length, MIG_CLOCK_SIZE - length, ".%03dZ",
                   (int)(now.tv_nsec / 1000000));
}

int64_t mig_clock_milliseconds(void)
{
    const struct timespec now = read_clock(CLOCK_MONOTONIC);

    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void mig_clock_wait(int64_t milliseconds)
{
    struct timespec span;

    span.tv_sec = (time_t)(milliseconds / 1000);
    span.tv_nsec = (long)(milliseconds % 1000) * 1000000;
    (void)nanosleep(&span, NULL);
}
