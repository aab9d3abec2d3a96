/*
 * clock.h - the time of day as the tracking table writes it, and a clock for durations.
 */
#ifndef MIG_CLOCK_H
#define MIG_CLOCK_H

#include "compiler.h"

/* Bytes of 2026-11-21T10:15:00.123Z and its NUL. */
#define MIG_CLOCK_SIZE 25

/* Writes the time of day: UTC, ISO 8601, milliseconds. */
void mig_clock_now(char out_text[MIG_CLOCK_SIZE]);

/* Milliseconds of a clock that never goes back; only differences mean something. */
int64_t mig_clock_milliseconds(void);

/* Waits `milliseconds`; a signal may end the wait early. */
void mig_clock_wait(int64_t milliseconds);

#endif
