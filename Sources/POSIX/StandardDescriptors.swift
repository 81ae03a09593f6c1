import Glibc

/// The descriptors 0, 1 and 2.
public enum StandardDescriptors {
    /// Opens `/dev/null` in the place of each that the process was started without (`program 2>&-`).
    ///
    /// Else the next file that is opened would get the number, and what is meant for people would be written into it.
    /// To be called before anything is opened.
    public static func ensureOpen() throws(SystemCallError) {
        for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(number, F_GETFD) < 0 {
            // The lowest free number is given, which is this one: all below it are open.
            try checked("open", path: "/dev/null") { open("/dev/null", O_RDWR) }
        }
    }
}
