#include "compiler.h"

#include "locate.h"

#include "name.h"
#include "script.h"

/* The longest piece of a line that is shown, in bytes, and how much of it stands before the place
 * when the line is longer. */
#define SHOWN_BYTES  120
#define SHOWN_BEFORE 60

void mig_locate(struct mig_session *s, const char *path, const char *text, size_t length,
                size_t offset)
{
    const struct mig_position place = mig_script_position(text, length, offset);
    const size_t at = offset < place.line_start ? 0 : offset - place.line_start;
    const size_t skipped =
        place.line_length > SHOWN_BYTES && at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0;
    const size_t rest = place.line_length > skipped ? place.line_length - skipped : 0;
    char line[4 * SHOWN_BYTES + 8];

    if (mig_session_ok(s) || s->message == NULL)
        return;
    mig_name_printable(text + place.line_start + skipped,
                       rest < SHOWN_BYTES ? rest : SHOWN_BYTES, line, sizeof(line));
    s->message = sqlite3_mprintf("%s:%lld:%lld: %z\n%5lld | %s%s", path, (int64_t)place.line,
                                 (int64_t)place.column, s->message, (int64_t)place.line,
                                 skipped > 0 ? "..." : "", line);
}
