// calls FOLDER: makes each system call that a journal needs, in memory and in FOLDER, and says which one is refused.
// Run under the unit's restrictions, where the C library and the daemon would be refused the same.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int refused;

#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        if ((long)(call) == -1) {                                                                                      \
            printf("%s: %s\n", #call, strerror(errno));                                                                \
            refused++;                                                                                                 \
        }                                                                                                              \
    } while (0)

static void use(int file) {
    char bytes[4096] = "record";
    struct iovec vector = {bytes, sizeof bytes};
    struct stat status;
    TRY(fallocate(file, 0, 0, 1 << 20));
    TRY(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
    TRY(ftruncate(file, 2 << 20));
    TRY(pwrite(file, bytes, sizeof bytes, 0));
    TRY(pwritev(file, &vector, 1, 4096));
    TRY(pread(file, bytes, sizeof bytes, 0));
    TRY(fdatasync(file));
    TRY(fsync(file));
    TRY(sync_file_range(file, 0, 4096, SYNC_FILE_RANGE_WRITE));
    TRY(posix_fadvise(file, 0, 4096, POSIX_FADV_DONTNEED) ? -1 : 0);
    TRY(fstat(file, &status));
    void *memory = mmap(NULL, 2 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    TRY(memory);
    if (memory == MAP_FAILED) return;
    memcpy(memory, bytes, sizeof bytes);
    TRY(msync(memory, 4096, MS_SYNC));
    TRY(madvise(memory, 4096, MADV_WILLNEED));
    TRY(munmap(memory, 2 << 20));
}

int main(int count, char **arguments) {
    int file, memory, folder;
    struct statfs room;
    if (count < 2) return 64;
    TRY(memory = memfd_create("segment", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    use(memory);
    TRY(fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));
    TRY(fcntl(memory, F_GET_SEALS));
    TRY(folder = open(arguments[1], O_DIRECTORY | O_RDONLY | O_CLOEXEC));
    TRY(file = openat(folder, "probe.new", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    TRY(flock(file, LOCK_EX | LOCK_NB));
    use(file);
    TRY(statfs(arguments[1], &room));
    TRY(fstatfs(file, &room));
    TRY(renameat2(folder, "probe.new", folder, "probe", RENAME_NOREPLACE));
    TRY(renameat(folder, "probe", folder, "probe.old"));
    TRY(fsync(folder));
    TRY(unlinkat(folder, "probe.old", 0));
    TRY(mkdirat(folder, "probe.folder", 0700));
    TRY(unlinkat(folder, "probe.folder", AT_REMOVEDIR));
    return refused > 0;
}
