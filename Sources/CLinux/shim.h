// What Linux has and Swift's Glibc module leaves out: epoll, eventfd, sendfile, and calls behind _GNU_SOURCE.
#include <spawn.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

// That macro cannot be set inside a module, so these are declared here as the manual pages give them.
int pipe2(int ends[2], int flags);
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
int pthread_setname_np(unsigned long thread, const char *name);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);

// Swift cannot call a function of variable arguments: syscall(2) for calls of at most four that older C libraries lack.
static inline long system_call(long number, long first, long second, long third, long fourth) {
    return syscall(number, first, second, third, fourth);
}
