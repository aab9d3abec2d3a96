/*
 * io_fault: an application whose disk fails.
 *
 *     io_fault EXTENSION DATABASE ioerr|full once|on JOURNAL_MODE AGREED LAST STATEMENT...
 *
 * For n = 1, 2, ... the statements are run in order on a new database while the n-th write, sync or
 * truncation of a file fails (`once`), or that and all that follow (`on`), until a pass needs fewer
 * than n. The statement that fails has to say so. Afterwards no transaction is open; a second
 * connection finds a sound database in which the query AGREED gives 1, and so does the application's
 * own; the statements from the failed one on then succeed, and the last of them gives LAST.
 */
#include "host.h"

struct fault_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this structure */
};

static sqlite3_vfs *ordinary;
static long countdown; /* the write that fails; 0: none */
static bool goes_on;
static bool has_failed;
static bool is_full;

static sqlite3_file *real_file(sqlite3_file *file)
{
    return ((struct fault_file *)file)->real;
}

static bool is_to_fail(void)
{
    if (has_failed && goes_on && countdown != 0)
        return true;
    if (has_failed || countdown == 0 || --countdown > 0)
        return false;
    has_failed = true;
    countdown = 1;
    return true;
}

static int file_close(sqlite3_file *file)
{
    return real_file(file)->pMethods->xClose(real_file(file));
}

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset)
{
    return real_file(file)->pMethods->xRead(real_file(file), bytes, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    sqlite3_file *real = real_file(file);

    if (!is_to_fail())
        return real->pMethods->xWrite(real, bytes, count, offset);
    /* A disk may have taken a part of it. */
    (void)real->pMethods->xWrite(real, bytes, count / 2, offset);
    return is_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (is_to_fail())
        return is_full ? SQLITE_FULL : SQLITE_IOERR_TRUNCATE;
    return real_file(file)->pMethods->xTruncate(real_file(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)file, (void)flags;
    /* The disk itself is not waited for: nobody pulls the plug here. */
    if (is_to_fail())
        return is_full ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
    return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *out_size)
{
    return real_file(file)->pMethods->xFileSize(real_file(file), out_size);
}

static int file_lock(sqlite3_file *file, int lock)
{
    return real_file(file)->pMethods->xLock(real_file(file), lock);
}

static int file_unlock(sqlite3_file *file, int lock)
{
    return real_file(file)->pMethods->xUnlock(real_file(file), lock);
}

static int file_check_lock(sqlite3_file *file, int *out_locked)
{
    return real_file(file)->pMethods->xCheckReservedLock(real_file(file), out_locked);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
    return real_file(file)->pMethods->xFileControl(real_file(file), operation, argument);
}

static int file_sector(sqlite3_file *file)
{
    return real_file(file)->pMethods->xSectorSize(real_file(file));
}

static int file_device(sqlite3_file *file)
{
    return real_file(file)->pMethods->xDeviceCharacteristics(real_file(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return real_file(file)->pMethods->xShmMap(real_file(file), page, size, extend, out);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_file(file)->pMethods->xShmLock(real_file(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    real_file(file)->pMethods->xShmBarrier(real_file(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove_it)
{
    return real_file(file)->pMethods->xShmUnmap(real_file(file), remove_it);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *out_flags)
{
    struct fault_file *fault = (struct fault_file *)file;
    int code;

    (void)vfs;
    fault->real = (sqlite3_file *)&fault[1];
    code = ordinary->xOpen(ordinary, name, fault->real, flags, out_flags);
    fault->base.pMethods = code == SQLITE_OK ? &methods : NULL;
    return code;
}

struct pass {
    const char *extension;
    const char *database;
    const char *journal_mode;
    const char *agreed;
    const char *last;
    int count;
    char **statements;
    int complaints;
    long clean;
};

/* What another application finds that opens the database with a sound disk. */
static void look_from_outside(struct pass *pass)
{
    sqlite3 *db = host_open(pass->database, pass->extension);

    (void)host_expect(&pass->complaints, db, "PRAGMA integrity_check", "ok");
    (void)host_expect(&pass->complaints, db, pass->agreed, "1");
    (void)sqlite3_close(db);
}

static void run_statements(struct pass *pass, sqlite3 *db, long n)
{
    char text[4096];
    char detail[4400];
    const char *code = is_full ? "13 " : "10 ";

    for (int i = 0; i < pass->count; i++) {
        const bool passed = host_try(db, pass->statements[i], text, sizeof(text));

        (void)snprintf(detail, sizeof(detail), "write %ld, %s: %s", n, pass->statements[i],
                       text);
        host_check_rest(&pass->complaints, db, detail);
        if (passed)
            continue;
        (void)host_check(&pass->complaints, strncmp(text, code, 3) == 0, "the error is clean",
                         detail);
        pass->clean++;
        countdown = 0;
        look_from_outside(pass);
        (void)host_expect(&pass->complaints, db, pass->agreed, "1");
        host_settle(db);
        if (!host_try(db, pass->statements[i], text, sizeof(text)))
            (void)host_check(&pass->complaints, false, "it succeeds afterwards", text);
    }
    (void)host_check(&pass->complaints, strcmp(text, pass->last) == 0, "the end is reached",
                     detail);
}

/* One pass in which the n-th write fails; false when it has fewer than that. */
static bool run_pass(struct pass *pass, long n)
{
    sqlite3 *db = NULL;
    char mode[64];

    host_remove(pass->database);
    if (sqlite3_open_v2(pass->database, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        "fault") != SQLITE_OK ||
        host_load(db, pass->extension) != SQLITE_OK)
        host_die("open", sqlite3_errmsg(db));
    (void)snprintf(mode, sizeof(mode), "PRAGMA journal_mode=%s", pass->journal_mode);
    host_run(db, mode);
    has_failed = false;
    countdown = n;
    run_statements(pass, db, n);
    countdown = 0;
    (void)host_check(&pass->complaints, sqlite3_close(db) == SQLITE_OK, "it can be closed", "");
    look_from_outside(pass);
    return has_failed;
}

int main(int count, char **arguments)
{
    struct pass pass = {.extension = host_argument(count, arguments, 1),
                        .database = arguments[2],
                        .journal_mode = host_argument(count, arguments, 5),
                        .agreed = host_argument(count, arguments, 6),
                        .last = host_argument(count, arguments, 7),
                        .count = count - 8,
                        .statements = arguments + 8};
    sqlite3_vfs vfs;
    long failed = 0;

    (void)host_argument(count, arguments, 8);
    is_full = strcmp(arguments[3], "full") == 0;
    goes_on = strcmp(arguments[4], "on") == 0;
    ordinary = sqlite3_vfs_find(NULL);
    vfs = *ordinary;
    vfs.zName = "fault";
    vfs.szOsFile += (int)sizeof(struct fault_file);
    vfs.xOpen = open_file;
    vfs.pNext = NULL;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
        host_die("io_fault", "the VFS cannot be registered");
    for (long n = 1; run_pass(&pass, n) && pass.complaints < 20; n++)
        failed++;
    (void)sqlite3_vfs_unregister(&vfs);
    printf("%ld writes failed, %ld calls reported it\n", failed, pass.clean);
    return pass.complaints == 0 && failed > 0 && pass.clean > 0 ? 0 : 1;
}
