#include "compiler.h"

#include "name.h"

/* What each defect is called; in the order of enum mig_name_defect. */
static const char *const messages[] = {
    [MIG_NAME_SOUND] = "the name is sound",
    [MIG_NAME_TOO_LONG] = "the name has more than 255 bytes",
    [MIG_NAME_VERSION_MISSING] =
        "the name does not start with a version of four or more digits",
    [MIG_NAME_VERSION_SHORT] = "the version \"%s\" has fewer than four digits",
    [MIG_NAME_VERSION_ZERO] = "the version \"%s\" is zero; versions count from 1",
    [MIG_NAME_VERSION_LARGE] = "the version \"%s\" is larger than 9223372036854775807",
    [MIG_NAME_VERSION_END] = "the version is not followed by a hyphen",
    [MIG_NAME_TASK_MISSING] = "the version is not followed by a task name such as TASK-123",
    [MIG_NAME_TASK_LETTERS] =
        "the task name \"%s\" is not capital letters and digits up to a hyphen",
    [MIG_NAME_TASK_NUMBER] = "the task name has no number; TASK-123 would have one",
    [MIG_NAME_DESCRIPTION_MISSING] =
        "the task name is not followed by a hyphen and a description",
    [MIG_NAME_DESCRIPTION_LETTERS] =
        "the description holds \"%s\"; it may hold letters, digits, \"-\" and \"_\"",
    [MIG_NAME_DIRECTION] = "the name has neither \"_up\" nor \"_down\" before \".sql\"",
    [MIG_NAME_EXTENSION_MISSING] = "the name has no extension",
    [MIG_NAME_EXTENSION_LETTERS] =
        "the extension \"%s\" is neither \"sql\" nor the letters and digits of a program's",
    [MIG_NAME_PROGRAM_DIRECTION] =
        "the name of a program ends in \"%s\"; one program does both directions",
};

static const char *const dialect_names[MIG_DIALECT_COUNT] = {"sqlite", "postgresql", "mysql"};

const char *mig_dialect_name(enum mig_dialect dialect)
{
    return dialect_names[dialect];
}

const char *mig_name_defect_message(enum mig_name_defect defect)
{
    return messages[defect];
}

bool mig_name_defect_has_word(enum mig_name_defect defect)
{
    return strstr(messages[defect], "%s") != NULL;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_capital(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static bool is_capital_or_digit(char byte)
{
    return is_capital(byte) || is_digit(byte);
}

static bool is_letter_or_digit(char byte)
{
    return is_capital_or_digit(byte) || (byte >= 'a' && byte <= 'z');
}

static bool is_description_byte(char byte)
{
    return is_letter_or_digit(byte) || byte == '-' || byte == '_';
}

/* How many of the first `length` bytes belong together. A NUL never belongs. */
static size_t run_length(const char *text, size_t length, bool (*belongs)(char))
{
    size_t run = 0;

    while (run < length && belongs(text[run]))
        run++;
    return run;
}

/* A name on its way through the parser: what is read, what is left, and what went wrong. */
struct reading {
    const char *file;
    size_t length;
    size_t position;
    struct mig_name name;
    size_t wrong_at;
    size_t wrong_length;
};

static enum mig_name_defect fail(struct reading *reading, enum mig_name_defect defect,
                                 size_t at, size_t length)
{
    reading->wrong_at = at;
    reading->wrong_length = length;
    return defect;
}

static size_t bytes_left(const struct reading *reading)
{
    return reading->length - reading->position;
}

/* True when the next byte is a hyphen, which is then passed over. */
static bool take_hyphen(struct reading *reading)
{
    if (bytes_left(reading) == 0 || reading->file[reading->position] != '-')
        return false;
    reading->position++;
    return true;
}

/* Reads digits; false when the number does not fit. */
static bool read_number(const char *digits, size_t length, int64_t *out_number)
{
    int64_t number = 0;

    *out_number = 0;
    for (size_t i = 0; i < length; i++) {
        int64_t digit = digits[i] - '0';

        if (number > (INT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *out_number = number;
    return true;
}

static enum mig_name_defect read_version(struct reading *reading)
{
    size_t digits = run_length(reading->file, reading->length, is_digit);

    if (digits == 0)
        return fail(reading, MIG_NAME_VERSION_MISSING, 0, 0);
    if (digits < 4)
        return fail(reading, MIG_NAME_VERSION_SHORT, 0, digits);
    if (!read_number(reading->file, digits, &reading->name.version))
        return fail(reading, MIG_NAME_VERSION_LARGE, 0, digits);
    if (reading->name.version == 0)
        return fail(reading, MIG_NAME_VERSION_ZERO, 0, digits);
    reading->position = digits;
    if (!take_hyphen(reading))
        return fail(reading, MIG_NAME_VERSION_END, digits, 0);
    return MIG_NAME_SOUND;
}

static enum mig_name_defect read_task(struct reading *reading)
{
    const char *task = reading->file + reading->position;
    size_t start = reading->position;
    size_t letters = run_length(task, bytes_left(reading), is_capital_or_digit);
    size_t digits = 0;

    if (letters == 0 || !is_capital(task[0]))
        return fail(reading, MIG_NAME_TASK_MISSING, start, 0);
    reading->position += letters;
    if (bytes_left(reading) > 0 && !take_hyphen(reading))
        return fail(reading, MIG_NAME_TASK_LETTERS, start, strcspn(task, "-"));
    digits = run_length(reading->file + reading->position, bytes_left(reading), is_digit);
    if (digits == 0)
        return fail(reading, MIG_NAME_TASK_NUMBER, reading->position, 0);
    reading->position += digits;
    reading->name.task = task;
    reading->name.task_length = reading->position - start;
    return MIG_NAME_SOUND;
}

static bool ends_with(const char *text, size_t length, const char *ending)
{
    size_t ending_length = strlen(ending);

    return length >= ending_length &&
           memcmp(text + length - ending_length, ending, ending_length) == 0;
}

/* How many bytes of the `length` at `text` say in which direction: "_up", "_down", or none. */
static size_t direction_length(const char *text, size_t length)
{
    if (ends_with(text, length, "_up"))
        return 3;
    return ends_with(text, length, "_down") ? 5 : 0;
}

/* The bytes of the character that starts with text[0], as far as they follow. */
static size_t character_length(const char *text)
{
    size_t length = 1;

    while (((unsigned char)text[length] & 0xC0U) == 0x80U)
        length++;
    return length;
}

/* What stands before the extension: the description, and the direction of an SQL file. */
static enum mig_name_defect read_stem(struct reading *reading, size_t stem_length, bool is_sql)
{
    size_t start = reading->position;
    const char *description = reading->file + start;
    size_t length = stem_length - start;
    size_t sound = run_length(description, length, is_description_byte);
    size_t direction = direction_length(description, length);

    if (sound < length)
        return fail(reading, MIG_NAME_DESCRIPTION_LETTERS, start + sound,
                    character_length(description + sound));
    if (length == 0 || (is_sql && direction == length))
        return fail(reading, MIG_NAME_DESCRIPTION_MISSING, start, 0);
    if (!is_sql && direction > 0)
        return fail(reading, MIG_NAME_PROGRAM_DIRECTION, stem_length - direction, direction);
    if (is_sql && direction == 0)
        return fail(reading, MIG_NAME_DIRECTION, stem_length, 0);
    reading->name.part = MIG_NAME_PROGRAM;
    if (is_sql)
        reading->name.part = direction == 3 ? MIG_NAME_UP : MIG_NAME_DOWN;
    reading->name.description = description;
    reading->name.description_length = length - direction;
    reading->name.stem_length = stem_length - direction;
    return MIG_NAME_SOUND;
}

static bool is_sql_in_any_case(const char *extension)
{
    return strlen(extension) == 3 && (extension[0] | 0x20) == 's' &&
           (extension[1] | 0x20) == 'q' && (extension[2] | 0x20) == 'l';
}

/* "SQL" would be a program here, and SQL on a file system that ignores case: it is neither. */
static bool is_sound_extension(const char *extension)
{
    size_t length = strlen(extension);

    if (is_sql_in_any_case(extension))
        return strcmp(extension, "sql") == 0;
    return length > 0 && run_length(extension, length, is_letter_or_digit) == length;
}

/* Takes ".DIALECT" off the end of an SQL file's stem. */
static void read_dialect(struct reading *reading, size_t *stem_length)
{
    for (int i = 0; i < MIG_DIALECT_COUNT; i++) {
        const size_t length = strlen(dialect_names[i]) + 1;
        const size_t left = *stem_length - length;

        if (*stem_length <= length || reading->file[left] != '.' ||
            !ends_with(reading->file, *stem_length, dialect_names[i]))
            continue;
        reading->name.dialect = (enum mig_dialect)i;
        *stem_length = left;
        return;
    }
}

/* The description and everything behind it. */
static enum mig_name_defect read_rest(struct reading *reading)
{
    const char *dot = strrchr(reading->file + reading->position, '.');
    size_t stem_length = dot == NULL ? reading->length : (size_t)(dot - reading->file);
    enum mig_name_defect defect = MIG_NAME_SOUND;

    const bool is_sql = dot != NULL && is_sql_in_any_case(dot + 1);

    if (!take_hyphen(reading))
        return fail(reading, MIG_NAME_DESCRIPTION_MISSING, reading->position, 0);
    reading->name.dialect = MIG_DIALECT_COUNT;
    if (is_sql)
        read_dialect(reading, &stem_length);
    defect = read_stem(reading, stem_length, is_sql);
    if (dot == NULL && (defect == MIG_NAME_SOUND || defect == MIG_NAME_PROGRAM_DIRECTION))
        return fail(reading, MIG_NAME_EXTENSION_MISSING, reading->length, 0);
    if (defect == MIG_NAME_SOUND && !is_sound_extension(dot + 1))
        return fail(reading, MIG_NAME_EXTENSION_LETTERS, stem_length + 1, strlen(dot + 1));
    return defect;
}

static enum mig_name_defect read_parts(struct reading *reading)
{
    enum mig_name_defect defect = MIG_NAME_SOUND;

    if (reading->length > MIG_NAME_MAX)
        return fail(reading, MIG_NAME_TOO_LONG, MIG_NAME_MAX, reading->length - MIG_NAME_MAX);
    defect = read_version(reading);
    if (defect == MIG_NAME_SOUND)
        defect = read_task(reading);
    if (defect == MIG_NAME_SOUND)
        defect = read_rest(reading);
    return defect;
}

enum mig_name_defect mig_name_parse(const char *file, struct mig_name *out_name, size_t *out_at,
                                    size_t *out_length)
{
    struct reading reading = {.file = file, .length = strlen(file)};
    enum mig_name_defect defect = read_parts(&reading);

    *out_name = defect == MIG_NAME_SOUND ? reading.name : (struct mig_name){.version = 0};
    *out_at = reading.wrong_at;
    *out_length = reading.wrong_length;
    return defect;
}

bool mig_name_is_ignored(const char *file)
{
    size_t length = strlen(file);

    if (file[0] == '.' || strncmp(file, "README", 6) == 0)
        return true;
    if (ends_with(file, length, "~"))
        return true;
    return length >= 2 && file[0] == '#' && file[length - 1] == '#';
}

bool mig_name_is_date_like(const char *folder)
{
    return run_length(folder, strlen(folder), is_digit) == 4 && folder[4] == '-';
}

static int days_in_month(int64_t year, int64_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && is_leap ? 29 : days[month - 1];
}

bool mig_name_is_date(const char *folder)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;

    if (strlen(folder) != 10 || !mig_name_is_date_like(folder) || folder[7] != '-')
        return false;
    if (run_length(folder + 5, 2, is_digit) != 2 || run_length(folder + 8, 2, is_digit) != 2)
        return false;
    /* Two and four digits always fit. */
    (void)read_number(folder, 4, &year);
    (void)read_number(folder + 5, 2, &month);
    (void)read_number(folder + 8, 2, &day);
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_in_month(year, month);
}

bool mig_name_is_task(const char *text)
{
    struct reading reading = {.file = text, .length = strlen(text)};

    return read_task(&reading) == MIG_NAME_SOUND && bytes_left(&reading) == 0;
}

bool mig_name_version(const char *text, int64_t *out_version)
{
    size_t length = strlen(text);

    *out_version = 0;
    return length > 0 && run_length(text, length, is_digit) == length &&
           read_number(text, length, out_version);
}

/* The bytes of the character at text[0] that may stand in a message as they are; 0 for none. */
static size_t printable_length(const char *text, size_t length)
{
    /* The smallest character worth 2, 3 and 4 bytes; below U+00A0 are controls of terminals. */
    static const uint32_t smallest[] = {0, 0, 0xA0, 0x800, 0x10000};
    unsigned char lead = (unsigned char)text[0];
    size_t bytes = 2;
    uint32_t character = 0;

    if (lead < 0x80)
        return lead < 0x20 || lead == 0x7F || lead == '\\' ? 0 : 1;
    if (lead >= 0xE0)
        bytes = lead >= 0xF0 ? 4 : 3;
    if (lead < 0xC0 || lead > 0xF4 || bytes > length)
        return 0;
    character = lead & (0x7FU >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if (((unsigned char)text[i] & 0xC0U) != 0x80U)
            return 0;
        character = (character << 6) | ((unsigned char)text[i] & 0x3FU);
    }
    if (character < smallest[bytes] || character > 0x10FFFF ||
        (character >= 0xD800 && character <= 0xDFFF))
        return 0;
    return bytes;
}

/* Writes text[0], escaped, into `out`; returns the bytes written, 4 at the most. */
static size_t escape_byte(char byte, char *out)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char value = (unsigned char)byte;

    out[0] = '\\';
    if (byte == '\\') {
        out[1] = '\\';
        return 2;
    }
    out[1] = 'x';
    out[2] = digits[value >> 4];
    out[3] = digits[value & 0x0F];
    return 4;
}

void mig_name_printable(const char *text, size_t length, char *out, size_t size)
{
    static const char dots[] = "...";
    size_t written = 0;
    size_t cut = 0; /* how much of what is written leaves room for the dots */
    size_t position = 0;

    while (position < length) {
        char piece[4];
        size_t taken = printable_length(text + position, length - position);
        size_t added = taken;

        if (taken > 0) {
            memcpy(piece, text + position, taken);
        } else {
            taken = 1;
            added = escape_byte(text[position], piece);
        }
        if (written + added >= size) {
            memcpy(out + cut, dots, 3);
            written = cut + 3;
            break;
        }
        memcpy(out + written, piece, added);
        written += added;
        position += taken;
        if (written + sizeof dots <= size)
            cut = written;
    }
    out[written] = '\0';
}
