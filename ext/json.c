#include "compiler.h"

#include "json.h"

void mig_json_escape(sqlite3_str *out, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            sqlite3_str_appendchar(out, 1, '\\');
        if ((unsigned char)*text < 0x20)
            sqlite3_str_appendf(out, "\\u%04x", *text);
        else
            sqlite3_str_appendchar(out, 1, *text);
    }
}

void mig_json_text(sqlite3_str *out, const char *text)
{
    if (text == NULL) {
        sqlite3_str_appendall(out, "null");
        return;
    }
    sqlite3_str_appendchar(out, 1, '"');
    mig_json_escape(out, text);
    sqlite3_str_appendchar(out, 1, '"');
}
