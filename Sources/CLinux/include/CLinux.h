// What Swift's Glibc module does not offer of Linux. Nothing is decided here: each function is one call.
#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>

// accept4 with SOCK_NONBLOCK and SOCK_CLOEXEC, without the peer's address.
int clinux_accept(int listener);

// fcntl is variadic, which Swift cannot call.
int clinux_make_nonblocking(int descriptor);

// Names the calling thread, as ps -L and debuggers show it; at most 15 bytes.
void clinux_name_thread(const char *name);

// Blocks of at least `threshold` bytes go back to the system when they are freed, and all threads share `arenas` heaps.
void clinux_tune_malloc(int threshold, int arenas);

// memfd_create with MFD_CLOEXEC and MFD_ALLOW_SEALING.
int clinux_create_memory(const char *name);

// Seals a memfd: it can neither shrink nor be sealed further.
int clinux_seal_size(int descriptor);

// The same file under another number, closed when a program is started.
int clinux_duplicate(int descriptor);

// flock with LOCK_EX and LOCK_NB: locks the file as long as somebody has this descriptor, or fails at once.
int clinux_lock(int descriptor);

// pipe2 with O_CLOEXEC: the end to read from and the one to write to.
int clinux_make_pipe(int ends[2]);

// sendmsg of a datagram on a connected socket, with SCM_RIGHTS for a descriptor that is not negative.
ssize_t clinux_send(int socket, const void *bytes, size_t count, int descriptor);

// The variables of the environment, NAME=VALUE, with null behind the last.
char **clinux_environment(void);

#endif
