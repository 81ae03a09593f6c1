// The POSIX module.
