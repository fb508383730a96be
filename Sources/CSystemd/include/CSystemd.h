// What the service needs of libsystemd. Nothing is decided here: each function is one call, without variadic arguments,
// which Swift cannot pass. Failures are negative error numbers, as in libsystemd.
#ifndef CSYSTEMD_H
#define CSYSTEMD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

// sd_notify: 0 if nobody wants to be told, positive if the state was sent.
int csystemd_notify(const char *state);

// sd_notify_barrier: waits until the service manager has dealt with everything sent before.
int csystemd_notify_barrier(uint64_t microseconds);

// The first descriptor that is passed to a process.
int csystemd_first_descriptor(void);

// sd_listen_fds_with_names, once: the environment is cleared, so that no child takes the descriptors for its own.
// The count; each name and the array are the caller's to free.
int csystemd_listen_descriptors(char ***names);

// sd_is_socket for a stream socket of any family that listens: 1, or 0 for anything else.
int csystemd_is_stream_listener(int descriptor);

// sd_watchdog_enabled: positive if this process is to report in every so many microseconds. The environment stays.
int csystemd_watchdog_interval(uint64_t *microseconds);

// sd_journal_sendv. The fields are complete: CODE_FILE and the like are not added.
int csystemd_journal_send(const struct iovec *fields, int count);

#endif
