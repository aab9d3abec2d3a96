#include "compiler.h"

#include "origin.h"

#include "options.h"

#include <pwd.h>
#include <unistd.h>

static void find_login_name(char *out, size_t size)
{
    struct passwd entry;
    struct passwd *found = NULL;
    char buffer[2048];
    const uid_t user = geteuid();

    if (getpwuid_r(user, &entry, buffer, sizeof(buffer), &found) == 0 && found != NULL)
        (void)snprintf(out, size, "%s", found->pw_name);
    else
        (void)snprintf(out, size, "uid %lu", (unsigned long)user);
}

void mig_origin_find(struct mig_session *s, struct mig_origin *out_origin)
{
    const char *actor = mig_options_text(s, s->options, MIG_OPTION_ACTOR);

    if (actor[0] != '\0')
        (void)snprintf(out_origin->actor, sizeof(out_origin->actor), "%s", actor);
    else
        find_login_name(out_origin->actor, sizeof(out_origin->actor));
    /* POSIX leaves open whether a name that was cut is terminated. */
    if (gethostname(out_origin->host, sizeof(out_origin->host)) != 0)
        out_origin->host[0] = '\0';
    out_origin->host[sizeof(out_origin->host) - 1] = '\0';
}
