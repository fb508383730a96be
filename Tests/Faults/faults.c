// Preloaded into martletd, it plays a bad disk, a lack of memory and a clock that is set. What it does stands in a file
// that MARTLET_FAULTS names; the test changes it while the daemon runs. Each number is 64 bits:
//
//   0  syncs so far                1  the sync, counted from 1, that fails (0: none)
//   2  writes so far               3  the write, counted from 1, that fails (0: none)
//   4  the number of the error     5  syncs wait while this is not 0
//   6  milliseconds by which the wall clock is ahead
//   7  the most bytes that a write takes (0: all)
//   8  no memory for a segment in memory while this is not 0
//   9  syncs of files find no space while this is not 0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t *faults;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("MARTLET_FAULTS");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *place = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (place != MAP_FAILED) faults = place;
    close(file);
}

static int fails(int counter, int which) {
    int64_t number = atomic_fetch_add(&faults[counter], 1) + 1;
    if (atomic_load(&faults[which]) != number) return 0;
    errno = (int)atomic_load(&faults[4]);
    return 1;
}

int fdatasync(int file) {
    if (!faults) return (int)syscall(SYS_fdatasync, file);
    while (atomic_load(&faults[5])) usleep(1000);
    if (atomic_load(&faults[9])) {
        errno = ENOSPC;
        return -1;
    }
    return fails(0, 1) ? -1 : (int)syscall(SYS_fdatasync, file);
}

static ssize_t write_at(int file, const void *bytes, size_t count, off_t offset) {
    if (faults && fails(2, 3)) return -1;
    int64_t most = faults ? atomic_load(&faults[7]) : 0;
    if (most && count > (uint64_t)most) count = (size_t)most;
    return syscall(SYS_pwrite64, file, bytes, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return write_at(file, bytes, count, offset); }

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    return write_at(file, bytes, count, offset);
}

int memfd_create(const char *name, unsigned int flags) {
    if (!faults || !atomic_load(&faults[8])) return (int)syscall(SYS_memfd_create, name, flags);
    errno = ENOMEM;
    return -1;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    if (clock == CLOCK_REALTIME && faults) time->tv_sec += atomic_load(&faults[6]) / 1000;
    return result;
}
