/*
 * compiler.h - what every file of the extension includes first: the attributes that the code
 * uses, and the C library functions that it must not.
 *
 * The system headers that declare the refused functions are included here, before the names
 * are poisoned; a later mention of one of them is then a compile error.
 */
#ifndef MIG_COMPILER_H
#define MIG_COMPILER_H

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__) || defined(__clang__)
/* The result must be looked at: a dropped error is a defect. */
#define MIG_MUST_USE __attribute__((warn_unused_result))
/* The one symbol that leaves the shared library. */
#define MIG_EXPORT __attribute__((visibility("default")))
#else
#define MIG_MUST_USE
#define MIG_EXPORT
#endif

#if defined(__GNUC__) || defined(__clang__)
/* With _FORTIFY_SOURCE, clang sees macros of the C library here, which cannot be poisoned. */
#undef sprintf
#undef vsprintf
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef strtok
/* No length limit, hidden state, or an end of somebody else's process. */
#pragma GCC poison sprintf vsprintf strcpy strcat strncpy strncat strtok
#pragma GCC poison longjmp siglongjmp popen
#endif

/* The version of the extension, as migrate_version() returns it. */
#define MIG_VERSION "0.1.0"

#endif
