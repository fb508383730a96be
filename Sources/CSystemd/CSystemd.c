// Otherwise sd_journal_sendv would be a macro that adds the place in this file as the place of the message.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include "CSystemd.h"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

int csystemd_notify(const char *state) { return sd_notify(0, state); }

int csystemd_notify_barrier(uint64_t microseconds) { return sd_notify_barrier(0, microseconds); }

int csystemd_first_descriptor(void) { return SD_LISTEN_FDS_START; }

int csystemd_listen_descriptors(char ***names) { return sd_listen_fds_with_names(1, names); }

int csystemd_is_stream_listener(int descriptor) { return sd_is_socket(descriptor, AF_UNSPEC, SOCK_STREAM, 1) > 0; }

int csystemd_watchdog_interval(uint64_t *microseconds) { return sd_watchdog_enabled(0, microseconds); }

int csystemd_journal_send(const struct iovec *fields, int count) { return sd_journal_sendv(fields, count); }
