internal import Glibc
internal import POSIX

extension SystemCallError {
    /// Whether the machine is short of something that others may give back: disk space, descriptors, processes, memory.
    var isShortage: Bool { isDiskFull || [EAGAIN, EMFILE, ENFILE, ENOMEM].contains(code) }
}
