import Glibc

/// How many descriptors this process may have open at once (getrlimit(2)).
public enum OpenFileLimit {
    /// Raises the limit as far as an unprivileged process may.
    ///
    /// Child processes inherit it; they are not harmed, for nothing here uses select(2), which needs small numbers.
    ///
    /// - Returns: the limit from now on.
    @discardableResult
    public static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
