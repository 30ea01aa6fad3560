/* LD_PRELOAD recorder of power cuts: logs, in their order, the calls that change or sync files under one folder.

   POWERCUT_FOLDER   what is recorded: an absolute path without symbolic links
   POWERCUT_LOG      where the log is appended to
   POWERCUT_SWALLOW  when set, syncs do nothing and are not logged: the control that must lose (as eatmydata does)

   A record of the log, little endian: kind u8, file u64 (inode), offset i64, length u32, then `length` bytes. Files
   are known by their inode, because SQLite and we both rename and unlink files that are still open. */
#define _GNU_SOURCE
#include <dlfcn.h>
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

enum { CREATE = 1, WRITE, TRUNCATE, SYNC, SYNC_FOLDER, RENAME, UNLINK, LINK, MARK, EXTEND };
enum { DESCRIPTORS = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static int log_descriptor = -1;
static int swallows;
static char watched[DESCRIPTORS];   /* by descriptor: 0 no, 1 a file, 2 a folder */

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("POWERCUT_FOLDER"), *log = getenv("POWERCUT_LOG");
    if (!where || !log || strlen(where) >= sizeof folder) return;
    strcpy(folder, where);
    folder_length = strlen(folder);
    swallows = getenv("POWERCUT_SWALLOW") != NULL;
    log_descriptor = syscall(SYS_openat, AT_FDCWD, log, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

static int is_under(const char *path) {
    return log_descriptor >= 0 && strncmp(path, folder, folder_length) == 0 &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

static void put(uint8_t kind, uint64_t file, int64_t offset, const void *data, uint32_t length) {
    unsigned char head[21];
    memcpy(head, &kind, 1);
    memcpy(head + 1, &file, 8);
    memcpy(head + 9, &offset, 8);
    memcpy(head + 17, &length, 4);
    struct iovec parts[2] = {{head, sizeof head}, {(void *)data, length}};
    if (syscall(SYS_writev, log_descriptor, parts, 2) != (long)(sizeof head + length)) abort();
}

static uint64_t inode_of(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

static int kind_of(int descriptor) {
    return descriptor >= 0 && descriptor < DESCRIPTORS ? watched[descriptor] : 0;
}

/* Resolve a path against a folder's descriptor; the last part need not exist. */
static void resolved(int at, const char *path, char *out) {
    char whole[PATH_MAX], parent[PATH_MAX];
    if (path[0] == '/') snprintf(whole, sizeof whole, "%s", path);
    else if (at == AT_FDCWD) {
        if (!getcwd(whole, sizeof whole)) whole[0] = 0;
        strncat(whole, "/", sizeof whole - strlen(whole) - 1);
        strncat(whole, path, sizeof whole - strlen(whole) - 1);
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        ssize_t length = readlink(link, whole, sizeof whole - 1);
        whole[length < 0 ? 0 : length] = 0;
        strncat(whole, "/", sizeof whole - strlen(whole) - 1);
        strncat(whole, path, sizeof whole - strlen(whole) - 1);
    }
    char *slash = strrchr(whole, '/');
    if (slash && slash != whole) {
        *slash = 0;
        if (realpath(whole, parent) && strlen(parent) + strlen(slash + 1) + 2 <= PATH_MAX) {
            strcpy(out, parent);
            strcat(out, "/");
            strcat(out, slash + 1);
        } else { *slash = '/'; snprintf(out, PATH_MAX, "%s", whole); }
    } else snprintf(out, PATH_MAX, "%s", whole);
}

static int opened(int at, const char *path, int flags, mode_t mode) {
    char whole[PATH_MAX];
    struct stat before;
    if (log_descriptor < 0) return syscall(SYS_openat, at, path, flags, mode);
    resolved(at, path, whole);
    if (!is_under(whole)) {
        int other = syscall(SYS_openat, at, path, flags, mode);
        if (other >= 0 && other < DESCRIPTORS) watched[other] = 0;
        return other;
    }
    pthread_mutex_lock(&lock);
    int existed = stat(whole, &before) == 0;
    int descriptor = syscall(SYS_openat, at, path, flags, mode);
    int failure = errno;
    if (descriptor >= DESCRIPTORS) abort();
    if (descriptor >= 0) {
        watched[descriptor] = existed && S_ISDIR(before.st_mode) ? 2 : 1;
        if (!existed) put(CREATE, inode_of(descriptor), 0, whole, strlen(whole));
        else if ((flags & O_TRUNC) && before.st_size) put(TRUNCATE, before.st_ino, 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = failure;
    return descriptor;
}

#define OPENS(name, at_parameter, at)                                      \
    int name(at_parameter const char *path, int flags, ...) {              \
        va_list more;                                                      \
        va_start(more, flags);                                             \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                                      \
        return opened(at, path, flags, mode);                              \
    }
#define NOTHING
#define FOLDER_FIRST int at_folder,
OPENS(open, NOTHING, AT_FDCWD)
OPENS(open64, NOTHING, AT_FDCWD)
OPENS(openat, FOLDER_FIRST, at_folder)
OPENS(openat64, FOLDER_FIRST, at_folder)

int close(int descriptor) {
    if (descriptor >= 0 && descriptor < DESCRIPTORS) watched[descriptor] = 0;
    return syscall(SYS_close, descriptor);
}

static ssize_t written(int descriptor, const void *data, size_t length, off_t at) {
    if (!kind_of(descriptor)) return at < 0 ? syscall(SYS_write, descriptor, data, length)
                                            : syscall(SYS_pwrite64, descriptor, data, length, at);
    pthread_mutex_lock(&lock);
    ssize_t done;
    if (at < 0) {
        done = syscall(SYS_write, descriptor, data, length);
        at = done < 0 ? 0 : lseek(descriptor, 0, SEEK_CUR) - done;
    } else done = syscall(SYS_pwrite64, descriptor, data, length, at);
    int failure = errno;
    if (done > 0) put(WRITE, inode_of(descriptor), at, data, done);
    pthread_mutex_unlock(&lock);
    errno = failure;
    return done;
}

ssize_t write(int descriptor, const void *data, size_t length) { return written(descriptor, data, length, -1); }
ssize_t pwrite(int descriptor, const void *data, size_t length, off_t at) {
    return written(descriptor, data, length, at);
}
ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t at) {
    return written(descriptor, data, length, at);
}

static ssize_t gathered(int descriptor, const struct iovec *parts, int count, off_t at) {
    ssize_t sum = 0;
    for (int part = 0; part < count; part++) {
        if (!parts[part].iov_len) continue;
        ssize_t done = written(descriptor, parts[part].iov_base, parts[part].iov_len, at < 0 ? -1 : at + sum);
        if (done < 0) return sum ? sum : -1;
        sum += done;
        if ((size_t)done < parts[part].iov_len) break;
    }
    return sum;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    return kind_of(descriptor) ? gathered(descriptor, parts, count, -1) : syscall(SYS_writev, descriptor, parts, count);
}
ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t at) {
    return gathered(descriptor, parts, count, at);
}
ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t at) {
    return gathered(descriptor, parts, count, at);
}

int ftruncate64(int descriptor, off64_t size) {
    pthread_mutex_lock(&lock);
    int outcome = syscall(SYS_ftruncate, descriptor, size);
    int failure = errno;
    if (outcome == 0 && kind_of(descriptor)) put(TRUNCATE, inode_of(descriptor), size, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = failure;
    return outcome;
}
int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }

static int extended(int descriptor, int mode, off_t at, off_t length) {
    pthread_mutex_lock(&lock);
    int outcome = syscall(SYS_fallocate, descriptor, mode, at, length);
    int failure = errno;
    if (outcome == 0 && kind_of(descriptor) && !(mode & FALLOC_FL_KEEP_SIZE))
        put(EXTEND, inode_of(descriptor), at + length, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = failure;
    return outcome;
}
int fallocate(int descriptor, int mode, off_t at, off_t length) { return extended(descriptor, mode, at, length); }
int fallocate64(int descriptor, int mode, off64_t at, off64_t length) { return extended(descriptor, mode, at, length); }
int posix_fallocate(int descriptor, off_t at, off_t length) { return extended(descriptor, 0, at, length) ? errno : 0; }
int posix_fallocate64(int descriptor, off64_t at, off64_t length) {
    return extended(descriptor, 0, at, length) ? errno : 0;
}

static int synced(long number, int descriptor) {
    int kind = kind_of(descriptor);
    if (kind && swallows) return 0;
    if (!kind) return syscall(number, descriptor);
    pthread_mutex_lock(&lock);
    /* The disk itself is not waited for: what is durable is the replayer's to decide, and the recording is faster. */
    if (kind == 1) put(SYNC, inode_of(descriptor), 0, NULL, 0);
    else {
        char link[64], path[PATH_MAX];
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        ssize_t length = readlink(link, path, sizeof path);
        put(SYNC_FOLDER, 0, 0, path, length < 0 ? 0 : length);
    }
    pthread_mutex_unlock(&lock);
    return 0;
}
int fsync(int descriptor) { return synced(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return synced(SYS_fdatasync, descriptor); }

static void put_pair(uint8_t kind, const char *from, const char *to) {
    char both[2 * PATH_MAX];
    size_t first = strlen(from) + 1, second = strlen(to);
    memcpy(both, from, first);
    memcpy(both + first, to, second);
    put(kind, 0, 0, both, first + second);
}

static int paired(uint8_t kind, int from_at, const char *from, int to_at, const char *to, int flags) {
    char old[PATH_MAX], new[PATH_MAX];
    resolved(from_at, from, old);
    resolved(to_at, to, new);
    pthread_mutex_lock(&lock);
    int outcome = kind == RENAME ? syscall(SYS_renameat2, from_at, from, to_at, to, flags)
                                 : syscall(SYS_linkat, from_at, from, to_at, to, flags);
    int failure = errno;
    if (outcome == 0 && is_under(old) && is_under(new)) put_pair(kind, old, new);
    pthread_mutex_unlock(&lock);
    errno = failure;
    return outcome;
}
int rename(const char *from, const char *to) { return paired(RENAME, AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_at, const char *from, int to_at, const char *to) {
    return paired(RENAME, from_at, from, to_at, to, 0);
}
int link(const char *from, const char *to) { return paired(LINK, AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
    return paired(LINK, from_at, from, to_at, to, flags);
}

static int unlinked(int at, const char *path, int flags) {
    char whole[PATH_MAX];
    resolved(at, path, whole);
    pthread_mutex_lock(&lock);
    int outcome = syscall(SYS_unlinkat, at, path, flags);
    int failure = errno;
    if (outcome == 0 && !(flags & AT_REMOVEDIR) && is_under(whole)) put(UNLINK, 0, 0, whole, strlen(whole));
    pthread_mutex_unlock(&lock);
    errno = failure;
    return outcome;
}
int unlink(const char *path) { return unlinked(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return unlinked(at, path, flags); }

/* What the recorded program was told, put into the same order as its writes and syncs. */
void powercut_mark(const char *text, uint32_t length) {
    if (log_descriptor < 0) return;
    pthread_mutex_lock(&lock);
    put(MARK, 0, 0, text, length);
    pthread_mutex_unlock(&lock);
}
