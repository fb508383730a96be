// Preloaded into martletd, it writes down all that is done to the files below a folder, in the order in which it was
// done: what is durable follows from that, and what a power cut may leave (`PoweredDisk` in Tests/Audit).
//
//   MARTLET_POWER_ROOT   the folder
//   MARTLET_POWER_TRACE  the file to which the steps are appended
//   MARTLET_POWER_CALLS  before the call of this number, counted from 1, the process is killed (0: never)
//   MARTLET_POWER_LIES   if it is there, syncs succeed and nothing is synced
//
// A step is a `struct step`, then a name, another name and bytes, as long as it says. Names begin at the folder. A call
// that changes files in a way that is not known here ends the process with 99.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct step {
    uint32_t kind, name, other, unused;
    uint64_t file, place, count;
};

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_length;
static int trace = -1, lies;
static long calls, last_call;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("MARTLET_POWER_TRACE"), *last = getenv("MARTLET_POWER_CALLS");
    if (!path || !getenv("MARTLET_POWER_ROOT")) return;
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    // Out of the way of descriptors that are handed to the daemon by their numbers.
    trace = fcntl(file, F_DUPFD_CLOEXEC, 900);
    close(file);
    if (trace < 0) abort();
    lies = getenv("MARTLET_POWER_LIES") != NULL;
    last_call = last ? atol(last) : 0;
    root = getenv("MARTLET_POWER_ROOT");
    root_length = strlen(root);
}

static void refuse(const char *call, const char *path) {
    dprintf(2, "power: nobody knows what %s means for %s when the power goes\n", call, path);
    _exit(99);
}

// The part of a path that is below the folder; NULL if it is elsewhere.
static const char *below(const char *path) {
    if (!root || strncmp(path, root, root_length)) return NULL;
    return path[root_length] == '/' ? path + root_length + 1 : path[root_length] ? NULL : path + root_length;
}

static const char *name_of(int file, char *space) {
    char link[64];
    if (!root || file < 0) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, space, PATH_MAX - 1);
    if (length < 0) return NULL;
    space[length] = 0;
    return below(space);
}

static const char *name_at(int folder, const char *path, char *space) {
    if (!root) return NULL;
    if (path[0] == '/') return below(path);
    if (folder == AT_FDCWD) {
        if (!getcwd(space, PATH_MAX)) return NULL;
    } else if (!name_of(folder, space)) {
        return NULL;
    }
    size_t length = strlen(space);
    snprintf(space + length, PATH_MAX - length, "/%s", path);
    return below(space);
}

static uint64_t number_of(int file) {
    struct stat status;
    if (fstat(file, &status)) abort();
    return status.st_ino;
}

// One call at a time, so that the order of the steps is the order in which they were done.
static void enter(void) {
    pthread_mutex_lock(&one_at_a_time);
    if (++calls == last_call) syscall(SYS_kill, getpid(), SIGKILL);
}

static void leave(void) {
    int number = errno;
    pthread_mutex_unlock(&one_at_a_time);
    errno = number;
}

static void record(char kind, const char *name, const char *other, uint64_t file, uint64_t place, const void *bytes,
                   uint64_t count) {
    struct step step = {.kind = kind, .name = strlen(name), .other = strlen(other), .file = file, .place = place};
    step.count = bytes ? count : 0;
    struct iovec parts[] = {
        {&step, sizeof step}, {(void *)name, step.name}, {(void *)other, step.other}, {(void *)bytes, step.count}};
    ssize_t size = sizeof step + step.name + step.other + step.count;
    if (syscall(SYS_writev, trace, parts, 4) != size) abort();
}

// ── What is known ───────────────────────────────────────────────────────────────────────────────────────────────────

static int open_at(int folder, const char *path, int flags, mode_t mode) {
    char space[PATH_MAX];
    const char *name = name_at(folder, path, space);
    if (!name || (flags & O_ACCMODE) == O_RDONLY) return (int)syscall(SYS_openat, folder, path, flags, mode);
    if (flags & (O_DIRECT | O_SYNC | O_DSYNC | O_TRUNC | O_APPEND) || (flags & O_TMPFILE) == O_TMPFILE)
        refuse("open with such flags", path);
    enter();
    int was_there = faccessat(folder, path, F_OK, 0) == 0;
    int file = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (file >= 0 && !was_there) record('c', name, "", number_of(file), 0, NULL, 0);
    leave();
    return file;
}

#define MODE_OF(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) {
    MODE_OF(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE_OF(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    MODE_OF(flags)
    return open_at(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    MODE_OF(flags)
    return open_at(folder, path, flags, mode);
}

int mkdirat(int folder, const char *path, mode_t mode) {
    char space[PATH_MAX];
    const char *name = name_at(folder, path, space);
    if (!name) return (int)syscall(SYS_mkdirat, folder, path, mode);
    enter();
    int result = (int)syscall(SYS_mkdirat, folder, path, mode);
    if (result == 0) record('d', name, "", 0, 0, NULL, 0);
    leave();
    return result;
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int renameat(int folder, const char *path, int new_folder, const char *new_path) {
    char space[PATH_MAX], new_space[PATH_MAX];
    const char *name = name_at(folder, path, space), *new_name = name_at(new_folder, new_path, new_space);
    if (!name && !new_name) return (int)syscall(SYS_renameat2, folder, path, new_folder, new_path, 0);
    if (!name || !new_name) refuse("rename into or out of it", path);
    enter();
    int result = (int)syscall(SYS_renameat2, folder, path, new_folder, new_path, 0);
    if (result == 0) record('r', name, new_name, 0, 0, NULL, 0);
    leave();
    return result;
}

int rename(const char *path, const char *new_path) { return renameat(AT_FDCWD, path, AT_FDCWD, new_path); }

int unlinkat(int folder, const char *path, int flags) {
    char space[PATH_MAX];
    const char *name = name_at(folder, path, space);
    if (!name) return (int)syscall(SYS_unlinkat, folder, path, flags);
    if (flags & AT_REMOVEDIR) refuse("rmdir", path);
    enter();
    int result = (int)syscall(SYS_unlinkat, folder, path, flags);
    if (result == 0) record('u', name, "", 0, 0, NULL, 0);
    leave();
    return result;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

static ssize_t write_at(int file, const void *bytes, size_t count, off_t offset) {
    char space[PATH_MAX];
    if (!name_of(file, space)) return syscall(SYS_pwrite64, file, bytes, count, offset);
    enter();
    ssize_t result = syscall(SYS_pwrite64, file, bytes, count, offset);
    if (result > 0) record('w', "", "", number_of(file), (uint64_t)offset, bytes, (uint64_t)result);
    leave();
    return result;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return write_at(file, bytes, count, offset); }

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    return write_at(file, bytes, count, offset);
}

static int reserve(int file, off_t offset, off_t length) {
    char space[PATH_MAX];
    const char *name = name_of(file, space);
    if (name) enter();
    int result = syscall(SYS_fallocate, file, 0, offset, length) == 0 ? 0 : errno;
    if (name && result == 0) record('g', "", "", number_of(file), (uint64_t)(offset + length), NULL, 0);
    if (name) leave();
    return result;
}

int posix_fallocate(int file, off_t offset, off_t length) { return reserve(file, offset, length); }
int posix_fallocate64(int file, off64_t offset, off64_t length) { return reserve(file, offset, length); }

static int resize(int file, off_t size) {
    char space[PATH_MAX];
    const char *name = name_of(file, space);
    if (name) enter();
    int result = (int)syscall(SYS_ftruncate, file, size);
    if (name && result == 0) record('t', "", "", number_of(file), (uint64_t)size, NULL, 0);
    if (name) leave();
    return result;
}

int ftruncate(int file, off_t size) { return resize(file, size); }
int ftruncate64(int file, off64_t size) { return resize(file, size); }

static int sync_file(int file, long call, char kind) {
    char space[PATH_MAX];
    const char *name = name_of(file, space);
    if (!name) return (int)syscall(call, file);
    struct stat status;
    if (fstat(file, &status)) return -1;
    enter();
    int result = lies ? 0 : (int)syscall(call, file);
    if (result == 0 && !lies) {
        if (S_ISDIR(status.st_mode)) record('D', name, "", 0, 0, NULL, 0);
        else record(kind, "", "", status.st_ino, 0, NULL, 0);
    }
    leave();
    return result;
}

int fdatasync(int file) { return sync_file(file, SYS_fdatasync, 's'); }
int fsync(int file) { return sync_file(file, SYS_fsync, 'S'); }

// ── What is not ─────────────────────────────────────────────────────────────────────────────────────────────────────

static void know_nothing_of(const char *call, int file) {
    char space[PATH_MAX];
    if (name_of(file, space)) refuse(call, space);
}

static void know_no_name_for(const char *call, int folder, const char *path) {
    char space[PATH_MAX];
    if (name_at(folder, path, space)) refuse(call, path);
}

ssize_t write(int file, const void *bytes, size_t count) {
    know_nothing_of("write", file);
    return syscall(SYS_write, file, bytes, count);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    know_nothing_of("writev", file);
    return syscall(SYS_writev, file, parts, count);
}

#define OFFSET(offset) (long)(offset), (long)((uint64_t)(offset) >> 32)

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
    know_nothing_of("pwritev", file);
    return syscall(SYS_pwritev, file, parts, count, OFFSET(offset));
}

ssize_t pwritev2(int file, const struct iovec *parts, int count, off_t offset, int flags) {
    know_nothing_of("pwritev2", file);
    return syscall(SYS_pwritev2, file, parts, count, OFFSET(offset), flags);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    if (flags & MAP_SHARED && protection & PROT_WRITE) know_nothing_of("mmap", file);
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

int fallocate(int file, int mode, off_t offset, off_t length) {
    know_nothing_of("fallocate", file);
    return (int)syscall(SYS_fallocate, file, mode, offset, length);
}

int sync_file_range(int file, off64_t offset, off64_t length, unsigned flags) {
    know_nothing_of("sync_file_range", file);
    return (int)syscall(SYS_sync_file_range, file, offset, length, flags);
}

int syncfs(int file) {
    know_nothing_of("syncfs", file);
    return (int)syscall(SYS_syncfs, file);
}

int truncate(const char *path, off_t size) {
    know_no_name_for("truncate", AT_FDCWD, path);
    return (int)syscall(SYS_truncate, path, size);
}

int linkat(int folder, const char *path, int new_folder, const char *new_path, int flags) {
    know_no_name_for("link", new_folder, new_path);
    return (int)syscall(SYS_linkat, folder, path, new_folder, new_path, flags);
}

int renameat2(int folder, const char *path, int new_folder, const char *new_path, unsigned flags) {
    know_no_name_for("renameat2", new_folder, new_path);
    return (int)syscall(SYS_renameat2, folder, path, new_folder, new_path, flags);
}

int rmdir(const char *path) {
    know_no_name_for("rmdir", AT_FDCWD, path);
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}
