/* LD_PRELOAD shim of a disk that fails: the n-th write or sync under one folder ends with an error, as often as told.

   DISK_FOLDER   where it fails: an absolute path without symbolic links

   disk_arm tells what fails; calls are counted from there. `forget` makes a failed sync lose what was written since the
   last good one, as a kernel may that marks the pages clean after EIO; `tears` lets half of the first failing write
   through. Creating a file, renaming and allocating count as writes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NOTHING, WRITES, SYNCS };
enum { BLOCK = 4096 };

struct undo { struct undo *before; uint64_t file; off_t at, size; size_t length; char old[]; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static int armed, failure, forgets, tears, paused;
static long first, times, seen[3], failed;
static struct undo *undone;

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("DISK_FOLDER");
    if (!where || strlen(where) >= sizeof folder) return;
    strcpy(folder, where);
    folder_length = strlen(folder);
}

static int is_under(const char *path) {
    return folder_length && strncmp(path, folder, folder_length) == 0 && path[folder_length] == '/';
}

static int is_watched(int descriptor) {
    char link[64], path[PATH_MAX];
    if (!armed || paused) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_under(path);
}

/* Count a call; whether it is one of those that fail. */
static int hits(int kind) {
    long number = ++seen[kind];
    if (armed != kind || number < first || number >= first + times) return 0;
    failed++;
    return 1;
}

void disk_arm(int kind, int error, long at, long count, int forget, int tear) {
    pthread_mutex_lock(&lock);
    while (undone) { struct undo *one = undone; undone = one->before; free(one); }
    armed = kind; failure = error; first = at; times = count; forgets = forget; tears = tear;
    seen[WRITES] = seen[SYNCS] = failed = 0;
    pthread_mutex_unlock(&lock);
}
void disk_pause(int stops) { paused = stops; }
long disk_seen(int kind) { return seen[kind]; }
long disk_failed(void) { return failed; }

static void remember(int descriptor, size_t length, off_t at) {
    struct stat status;
    if (!forgets || fstat(descriptor, &status) || !S_ISREG(status.st_mode)) return;
    struct undo *one = malloc(sizeof *one + length);
    one->before = undone; one->file = status.st_ino; one->at = at; one->size = status.st_size;
    ssize_t kept = syscall(SYS_pread64, descriptor, one->old, length, at);
    one->length = kept < 0 ? 0 : kept;
    undone = one;
}

/* A good sync makes what was written stay; a failed one loses it, the newest first. */
static void settle(int descriptor, int is_lost) {
    struct stat status;
    if (fstat(descriptor, &status)) return;
    for (struct undo **at = &undone; *at;) {
        struct undo *one = *at;
        if (one->file != status.st_ino) { at = &one->before; continue; }
        if (is_lost) {
            if (one->length) syscall(SYS_pwrite64, descriptor, one->old, one->length, one->at);
            if (syscall(SYS_ftruncate, descriptor, one->size)) abort();
        }
        *at = one->before;
        free(one);
    }
}

static ssize_t written(int descriptor, const void *data, size_t length, off_t at) {
    if (!is_watched(descriptor)) return at < 0 ? syscall(SYS_write, descriptor, data, length)
                                               : syscall(SYS_pwrite64, descriptor, data, length, at);
    pthread_mutex_lock(&lock);
    ssize_t done;
    int error = 0;
    if (hits(WRITES)) {
        if (tears && failed == 1 && length > 1) length /= 2;
        else { pthread_mutex_unlock(&lock); errno = failure; return -1; }
    }
    off_t place = at < 0 ? lseek(descriptor, 0, SEEK_CUR) : at;
    remember(descriptor, length, place < 0 ? 0 : place);
    done = at < 0 ? syscall(SYS_write, descriptor, data, length) : syscall(SYS_pwrite64, descriptor, data, length, at);
    error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t write(int descriptor, const void *data, size_t length) { return written(descriptor, data, length, -1); }
ssize_t pwrite(int descriptor, const void *data, size_t length, off_t at) {
    return written(descriptor, data, length, at);
}
ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t at) {
    return written(descriptor, data, length, at);
}

static int synced(long number, int descriptor) {
    if (!is_watched(descriptor)) return syscall(number, descriptor);
    pthread_mutex_lock(&lock);
    int fails = hits(SYNCS), outcome = 0;
    settle(descriptor, fails);
    pthread_mutex_unlock(&lock);
    /* The disk itself is not waited for: nothing here depends on it, and every index is tried. */
    if (fails) { errno = failure; outcome = -1; }
    return outcome;
}
int fsync(int descriptor) { return synced(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return synced(SYS_fdatasync, descriptor); }

/* Whether a call that needs room for a name or for data is to fail now. */
static int refuses(int is_ours) {
    if (!armed || paused || !is_ours) return 0;
    pthread_mutex_lock(&lock);
    int fails = hits(WRITES);
    pthread_mutex_unlock(&lock);
    if (fails) errno = failure;
    return fails;
}

static int opened(int at, const char *path, int flags, mode_t mode) {
    if ((flags & O_CREAT) && is_under(path) && access(path, F_OK) != 0 && refuses(1)) return -1;
    return syscall(SYS_openat, at, path, flags, mode);
}

#define OPENS(name, at_parameter, at)                                             \
    int name(at_parameter const char *path, int flags, ...) {                     \
        va_list more;                                                             \
        va_start(more, flags);                                                    \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                                             \
        return opened(at, path, flags, mode);                                     \
    }
#define NONE
#define FOLDER_FIRST int at_folder,
OPENS(open, NONE, AT_FDCWD)
OPENS(open64, NONE, AT_FDCWD)
OPENS(openat, FOLDER_FIRST, at_folder)
OPENS(openat64, FOLDER_FIRST, at_folder)

int rename(const char *from, const char *to) {
    return refuses(is_under(to)) ? -1 : syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
int posix_fallocate(int descriptor, off_t at, off_t length) {
    if (refuses(is_watched(descriptor))) return failure;
    return syscall(SYS_fallocate, descriptor, 0, at, length) ? errno : 0;
}
int posix_fallocate64(int descriptor, off64_t at, off64_t length) { return posix_fallocate(descriptor, at, length); }
