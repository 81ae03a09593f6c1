// What Linux has and Swift's Glibc module leaves out: epoll, eventfd, sendfile, and calls behind _GNU_SOURCE.
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// That macro cannot be set inside a module, so these are declared here as the manual pages give them.
int pipe2(int ends[2], int flags);
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
int pthread_setname_np(unsigned long thread, const char *name);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int renameat2(int old_directory, const char *old_path, int new_directory, const char *new_path, unsigned flags);
void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);

// Swift cannot call a function of variable arguments: syscall(2) for calls of at most four that older C libraries lack.
static inline long system_call(long number, long first, long second, long third, long fourth) {
    return syscall(number, first, second, third, fourth);
}

// prctl(2) has variable arguments, too.
static inline int process_control(int option, unsigned long value) { return prctl(option, value, 0UL, 0UL, 0UL); }

// landlock_path_beneath_attr of landlock(7), here so that it is known to compilers with older kernel headers.
struct landlock_path_rule {
    uint64_t allowed_access;
    int32_t parent;
} __attribute__((packed));

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// The call fails with EPERM.
#define REFUSED(call)                                                                                                  \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

// Refuses for ever, to this thread and to those that it starts, the system calls that start programs, open sockets, look
// into other processes or widen what a process may do: a seccomp filter (seccomp(2), Linux 3.5). Needs
// PR_SET_NO_NEW_PRIVS. Fails with ENOSYS on an architecture whose numbers are not known here.
static inline int refuse_dangerous_calls(void) {
#ifdef OWN_ARCHITECTURE
    struct sock_filter instructions[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef __x86_64__
        // The numbers of the x32 interface stand for the same calls.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
#endif
        REFUSED(SYS_execve), REFUSED(SYS_execveat), REFUSED(SYS_socket), REFUSED(SYS_ptrace),
        REFUSED(SYS_process_vm_readv), REFUSED(SYS_process_vm_writev), REFUSED(SYS_bpf),
        REFUSED(SYS_perf_event_open), REFUSED(SYS_userfaultfd), REFUSED(SYS_add_key), REFUSED(SYS_request_key),
        REFUSED(SYS_keyctl), REFUSED(SYS_unshare), REFUSED(SYS_setns), REFUSED(SYS_mount), REFUSED(SYS_chroot),
        REFUSED(SYS_open_by_handle_at), REFUSED(SYS_io_uring_setup),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof instructions / sizeof *instructions, instructions};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0UL, 0UL);
#else
    errno = ENOSYS;
    return -1;
#endif
}
