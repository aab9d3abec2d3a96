#include "compiler.h"

#include "progress.h"

#include "options.h"

/* Characters of a full bar. */
#define BAR_WIDTH 30

void mig_progress_begin(struct mig_session *s, struct mig_progress *progress, size_t total)
{
    progress->mode = mig_options_choice(s, MIG_OPTION_PROGRESS);
    progress->total = total;
    progress->done = 0;
    progress->shown = 0;
}

static void draw_bar(const struct mig_progress *progress, const char *path)
{
    const size_t filled =
        progress->total == 0 ? 0 : BAR_WIDTH * progress->done / progress->total;
    char bar[BAR_WIDTH + 1];

    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', filled);
    bar[BAR_WIDTH] = '\0';
    (void)fprintf(stderr, "\r[%s] %zu/%zu %-60.60s", bar, progress->done, progress->total,
                  path);
    (void)fflush(stderr);
}

void mig_progress_step(struct mig_progress *progress, const char *direction, const char *path,
                       int64_t duration)
{
    progress->done++;
    if (progress->done <= progress->shown)
        return;
    progress->shown = progress->done;
    if (progress->mode == MIG_PROGRESS_LINES)
        (void)fprintf(stderr, "%zu/%zu %s %s (%lld ms)\n", progress->done, progress->total,
                      direction, path, (long long)duration);
    else if (progress->mode == MIG_PROGRESS_BAR)
        draw_bar(progress, path);
}

void mig_progress_back(struct mig_progress *progress, size_t done)
{
    progress->done = done;
}

void mig_progress_warn(struct mig_session *s, const char *text)
{
    if (mig_options_choice(s, MIG_OPTION_PROGRESS) == MIG_PROGRESS_OFF)
        return;
    (void)fputs("warning: ", stderr);
    for (; *text != '\0'; text++)
        (void)fputc((unsigned char)*text < ' ' ? ' ' : *text, stderr); /* names hold anything */
    (void)fputc('\n', stderr);
}

void mig_progress_end(struct mig_progress *progress)
{
    if (progress->mode == MIG_PROGRESS_BAR && progress->total > 0)
        (void)fprintf(stderr, "\n");
}
