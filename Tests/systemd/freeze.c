// freeze TID: stops one thread of another process, and that one only, until we are killed.
// It is what a loop that is stuck looks like to the rest of its process; no build of the daemon has a switch for that.
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments) {
    pid_t thread = count > 1 ? atoi(arguments[1]) : 0;
    if (ptrace(PTRACE_SEIZE, thread, 0, 0) < 0 || ptrace(PTRACE_INTERRUPT, thread, 0, 0) < 0) {
        perror("freeze");
        return 1;
    }
    int status;
    waitpid(thread, &status, __WALL);
    puts("frozen");
    fflush(stdout);
    // Until the process is gone: who is traced dies only when its tracer lets it.
    while (waitpid(thread, &status, __WALL) > 0 && !WIFEXITED(status) && !WIFSIGNALED(status))
        ptrace(PTRACE_CONT, thread, 0, WIFSTOPPED(status) && status >> 16 == 0 ? WSTOPSIG(status) : 0);
    return 0;
}
