#include "compiler.h"

#include "program.h"

#include "clock.h"
#include "file.h"
#include "name.h"
#include "options.h"
#include "transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* How often a running program is looked at: for a time limit, an interrupt, and its end. */
#define TICK_MILLISECONDS 50

/* What is read from a pipe at once. */
#define CHUNK_BYTES 65536

/* The variables that a program is given, in this order. */
enum {
    VARIABLE_COUNT = 6
};

static const char *const variable_names[VARIABLE_COUNT] = {
    "MIGRATE_DATABASE", "MIGRATE_DIRECTION", "MIGRATE_VERSION",
    "MIGRATE_TASK",     "MIGRATE_FILE",      "MIGRATE_DIALECT"};

struct environment {
    char *own[VARIABLE_COUNT]; /* owned: NAME=value */
    char **all;                /* owned array; entries are own[] or the process's */
};

/* One stream of a running program. */
struct stream {
    int fd; /* -1: at its end */
    char *text;
    size_t length;
    size_t room;
    size_t limit;
};

struct child {
    pid_t pid;
    bool ended;
    int status; /* of waitpid() */
    int64_t deadline;
    struct stream output;
    struct stream log;
};

static bool is_own_variable(const char *entry)
{
    for (size_t i = 0; i < VARIABLE_COUNT; i++) {
        const size_t length = strlen(variable_names[i]);

        if (strncmp(entry, variable_names[i], length) == 0 && entry[length] == '=')
            return true;
    }
    return false;
}

static void release_environment(struct environment *environment)
{
    for (size_t i = 0; i < VARIABLE_COUNT; i++)
        sqlite3_free(environment->own[i]);
    sqlite3_free(environment->all);
}

static void make_environment(struct mig_session *s, const struct mig_program *program,
                             struct environment *out)
{
    const enum mig_dialect dialect =
        (enum mig_dialect)mig_options_choice(s, MIG_OPTION_DIALECT);
    const char *database =
        dialect == MIG_DIALECT_SQLITE ? sqlite3_db_filename(s->db, "main") : NULL;
    size_t count = 0;
    size_t used = 0;

    memset(out, 0, sizeof(*out));
    while (environ != NULL && environ[count] != NULL)
        count++;
    out->all = sqlite3_malloc64((count + VARIABLE_COUNT + 1) * sizeof(*out->all));
    out->own[0] = sqlite3_mprintf("%s=%s", variable_names[0], database == NULL ? "" : database);
    out->own[1] = sqlite3_mprintf("%s=%s", variable_names[1], program->direction);
    out->own[2] = sqlite3_mprintf("%s=%lld", variable_names[2], program->version);
    out->own[3] = sqlite3_mprintf("%s=%s", variable_names[3], program->task);
    out->own[4] = sqlite3_mprintf("%s=%s", variable_names[4], program->path);
    out->own[5] = sqlite3_mprintf("%s=%s", variable_names[5], mig_dialect_name(dialect));
    for (size_t i = 0; i < VARIABLE_COUNT; i++)
        if (out->own[i] == NULL || out->all == NULL)
            mig_session_fail_memory(s);
    if (!mig_session_ok(s))
        return;
    for (size_t i = 0; i < VARIABLE_COUNT; i++)
        out->all[used++] = out->own[i];
    for (size_t i = 0; i < count; i++)
        if (!is_own_variable(environ[i]))
            out->all[used++] = environ[i];
    out->all[used] = NULL;
}

/* A pipe whose ends are above the standard streams and closed in other programs. */
static bool open_pipe(int ends[2])
{
    int raw[2];
    bool sound;

    ends[0] = -1;
    ends[1] = -1;
    if (pipe(raw) != 0)
        return false;
    ends[0] = fcntl(raw[0], F_DUPFD_CLOEXEC, 3);
    ends[1] = fcntl(raw[1], F_DUPFD_CLOEXEC, 3);
    (void)close(raw[0]);
    (void)close(raw[1]);
    sound = ends[0] >= 0 && ends[1] >= 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
    return sound;
}

static void close_end(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* Gives the program default signals, none of them blocked, and a process group of its own. Returns an
 * errno. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t defaults;
    sigset_t none;
    int error;

    /* The sets are ours and cannot be refused. */
    (void)sigemptyset(&none);
    (void)sigfillset(&defaults);
    (void)sigdelset(&defaults, SIGKILL);
    (void)sigdelset(&defaults, SIGSTOP);
    error = posix_spawnattr_setsigdefault(attributes, &defaults);
    if (error == 0)
        error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0)
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    return error;
}

/* Gives the program its standard streams. Returns an errno. */
static int set_streams(posix_spawn_file_actions_t *actions, const int streams[2])
{
    int error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);

    if (error == 0)
        error = posix_spawn_file_actions_adddup2(actions, streams[0], 1);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(actions, streams[1], 2);
    return error;
}

/* Starts the program with the writing ends as its streams. Returns an errno; 0 when it runs. */
static int spawn(const char *file, char **arguments, char **variables, const int streams[2],
                 pid_t *out_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);

    if (error != 0)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        error = set_streams(&actions, streams);
        if (error == 0)
            error = set_attributes(&attributes);
        if (error == 0)
            error = posix_spawn(out_pid, file, &actions, &attributes, arguments, variables);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Starts the program with its argument. Returns an errno. */
static int spawn_program(const struct mig_program *program, char **variables,
                         const int streams[2], pid_t *out_pid)
{
    char *file = sqlite3_mprintf("%s", program->file);
    char *direction = sqlite3_mprintf("%s", program->direction);
    int error = ENOMEM;

    if (file != NULL && direction != NULL) {
        char *arguments[] = {file, direction, NULL};

        error = spawn(file, arguments, variables, streams, out_pid);
    }
    sqlite3_free(file);
    sqlite3_free(direction);
    return error;
}

static void fail_to_start(struct mig_session *s, const struct mig_program *program, int error)
{
    if (error == ENOEXEC) {
        mig_session_fail(s, MIG_INVALID, "cannot run %s: it is no program", program->path);
        mig_session_hint(s, "its first line must name its interpreter, e.g. #!/bin/sh");
        return;
    }
    mig_file_fail(s, "run", program->path, error);
    if (error == EACCES)
        mig_session_hint(s,
                         "chmod +x the file, and look whether its file system allows programs "
                         "(TMPDIR for a roll back)");
    if (error == ENOENT)
        mig_session_hint(
            s, "the file, or the interpreter that its first line names, is not there");
}

static void launch(struct mig_session *s, const struct mig_program *program,
                   struct child *child)
{
    struct environment environment;
    int output[2] = {-1, -1};
    int log[2] = {-1, -1};

    make_environment(s, program, &environment);
    if (mig_session_ok(s)) {
        const bool piped = open_pipe(output) && open_pipe(log);
        const int streams[2] = {output[1], log[1]};
        const int error =
            piped ? spawn_program(program, environment.all, streams, &child->pid) : errno;

        if (error != 0)
            fail_to_start(s, program, error);
    }
    close_end(&output[1]);
    close_end(&log[1]);
    if (!mig_session_ok(s)) {
        close_end(&output[0]);
        close_end(&log[0]);
    }
    child->output.fd = output[0];
    child->log.fd = log[0];
    release_environment(&environment);
}

/* Makes room for `more` bytes and a NUL, as far as the limit allows. */
static void grow(struct mig_session *s, struct stream *stream, size_t more)
{
    size_t wanted = stream->room == 0 ? CHUNK_BYTES : stream->room;
    char *larger;

    while (wanted < stream->length + more + 1)
        wanted *= 2;
    if (wanted == stream->room)
        return;
    larger = sqlite3_realloc64(stream->text, wanted);
    if (larger == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    stream->text = larger;
    stream->room = wanted;
}

static void keep(struct mig_session *s, struct stream *stream, const char *bytes, size_t length)
{
    const size_t left = stream->limit - stream->length;
    const size_t kept = length < left ? length : left;

    grow(s, stream, kept);
    if (!mig_session_ok(s))
        return;
    memcpy(stream->text + stream->length, bytes, kept);
    stream->length += kept;
    stream->text[stream->length] = '\0';
}

/* Reads what is there. */
static void drain(struct mig_session *s, struct stream *stream)
{
    char bytes[CHUNK_BYTES];
    ssize_t got = 1;

    while (mig_session_ok(s) && stream->fd >= 0 && got > 0) {
        got = read(stream->fd, bytes, sizeof(bytes));
        if (got > 0)
            keep(s, stream, bytes, (size_t)got);
        else if (got == 0 || (errno != EAGAIN && errno != EINTR))
            close_end(&stream->fd);
    }
}

static void kill_group(struct child *child)
{
    /* A group that is gone already needs no killing. */
    (void)kill(-child->pid, SIGKILL);
    (void)kill(child->pid, SIGKILL);
}

/* Takes the status of a program that has ended. */
static void look_for_end(struct child *child, bool patiently)
{
    pid_t got;

    if (child->ended)
        return;
    do {
        got = waitpid(child->pid, &child->status, patiently ? 0 : WNOHANG);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        child->status = -1; /* somebody else took it: SIGCHLD is ignored */
    child->ended = got != 0;
}

/* Waits for something to read, for one tick at the most. */
static void wait_for_news(struct child *child)
{
    struct pollfd polled[2] = {{child->output.fd, POLLIN, 0}, {child->log.fd, POLLIN, 0}};

    if (child->output.fd < 0 && child->log.fd < 0)
        mig_clock_wait(1);
    else
        (void)poll(polled, 2, TICK_MILLISECONDS); /* a signal only makes the wait shorter */
}

static void check_limits(struct mig_session *s, const struct mig_program *program,
                         struct child *child)
{
    if (child->output.length >= child->output.limit) {
        mig_session_fail(s, MIG_INVALID, "program %s printed more than %lld bytes",
                         program->path, (int64_t)MIG_FILE_MAX_BYTES);
        mig_session_hint(s, "split the change into several operations");
    } else if (mig_clock_milliseconds() > child->deadline) {
        mig_session_fail(s, MIG_FAILED,
                         "program %s was still running after %lld ms and was stopped",
                         program->path, mig_options_number(s, MIG_OPTION_SCRIPT_TIMEOUT));
        mig_session_hint(s, "find out why it hangs, or raise script_timeout");
    } else if (mig_transaction_interrupted(s)) {
        mig_session_fail(s, MIG_INTERRUPTED, "program %s was interrupted", program->path);
    }
}

static void collect(struct mig_session *s, const struct mig_program *program,
                    struct child *child)
{
    int64_t next_look = 0;

    while (mig_session_ok(s) && !child->ended) {
        wait_for_news(child);
        drain(s, &child->output);
        drain(s, &child->log);
        look_for_end(child, false);
        if (mig_clock_milliseconds() < next_look && child->output.length < child->output.limit)
            continue;
        check_limits(s, program, child);
        next_look = mig_clock_milliseconds() + TICK_MILLISECONDS;
    }
    if (!mig_session_ok(s))
        kill_group(child);
    look_for_end(child, true);
    drain(s, &child->output);
    drain(s, &child->log);
    close_end(&child->output.fd);
    close_end(&child->log.fd);
}

/* The last line of the log, for a message; "" when there is none. *out_length bytes. */
static const char *last_line(const struct stream *log, size_t *out_length)
{
    size_t end = log->length;
    size_t start;

    while (end > 0 && (log->text[end - 1] == '\n' || log->text[end - 1] == '\r'))
        end--;
    start = end;
    while (start > 0 && log->text[start - 1] != '\n')
        start--;
    *out_length = end - start;
    return log->text == NULL ? "" : log->text + start;
}

static void judge(struct mig_session *s, const struct mig_program *program,
                  const struct child *child)
{
    size_t length;
    const char *line = last_line(&child->log, &length);
    const char *colon = length > 0 ? ": " : "";

    if (child->status == -1)
        mig_session_fail(s, MIG_FAILED, "the exit status of program %s is not known",
                         program->path);
    else if (WIFSIGNALED(child->status))
        mig_session_fail(s, MIG_FAILED, "program %s was ended by signal %d%s%.*s",
                         program->path, WTERMSIG(child->status), colon, (int)length, line);
    else if (WEXITSTATUS(child->status) != 0)
        mig_session_fail(s, MIG_FAILED, "program %s exited with status %d%s%.*s", program->path,
                         WEXITSTATUS(child->status), colon, (int)length, line);
}

void mig_program_run(struct mig_session *s, const struct mig_program *program,
                     struct mig_program_output *out_output)
{
    struct child child;
    int64_t limit;

    memset(out_output, 0, sizeof(*out_output));
    memset(&child, 0, sizeof(child));
    /* One byte over the limit is read, so that a text of just that length is not refused. */
    child.output.limit = MIG_FILE_MAX_BYTES + 1;
    child.log.limit = MIG_PROGRAM_LOG_BYTES;
    limit = mig_options_number(s, MIG_OPTION_SCRIPT_TIMEOUT);
    child.deadline = limit == 0 ? INT64_MAX : mig_clock_milliseconds() + limit;
    if (!mig_session_ok(s))
        return;
    launch(s, program, &child);
    if (mig_session_ok(s)) {
        collect(s, program, &child);
        if (mig_session_ok(s))
            judge(s, program, &child);
    }
    out_output->sql = child.output.text;
    out_output->sql_length = child.output.length;
    out_output->log = child.log.text;
    out_output->log_length = child.log.length;
}

void mig_program_output_release(struct mig_program_output *output)
{
    sqlite3_free(output->sql);
    sqlite3_free(output->log);
    memset(output, 0, sizeof(*output));
}

static void write_all(struct mig_session *s, int fd, const char *path, const char *code,
                      size_t length)
{
    size_t written = 0;

    while (mig_session_ok(s) && written < length) {
        const ssize_t got = write(fd, code + written, length - written);

        if (got >= 0)
            written += (size_t)got;
        else if (errno != EINTR)
            mig_file_fail(s, "write", path, errno);
    }
}

char *mig_program_restore(struct mig_session *s, const char *code, size_t length)
{
    const char *folder = getenv("TMPDIR");
    char *path;
    int fd;

    if (!mig_session_ok(s))
        return NULL;
    path = sqlite3_mprintf("%s/migrate-XXXXXX",
                           folder == NULL || folder[0] == '\0' ? "/tmp" : folder);
    if (path == NULL) {
        mig_session_fail_memory(s);
        return NULL;
    }
    fd = mkstemp(path);
    if (fd < 0) {
        mig_file_fail(s, "make a temporary file", path, errno);
        sqlite3_free(path);
        return NULL;
    }
    write_all(s, fd, path, code, length);
    if (fchmod(fd, S_IRWXU) != 0 || close(fd) != 0)
        mig_file_fail(s, "write", path, errno);
    if (mig_session_ok(s))
        return path;
    mig_program_discard(path);
    return NULL;
}

void mig_program_discard(char *path)
{
    if (path != NULL)
        (void)unlink(path); /* a file that is gone needs no removing */
    sqlite3_free(path);
}
