import Glibc

/// A limit of what this process may take (setrlimit(2)).
enum ResourceLimit {
    case coreDump
    case openFiles
    /// Memory for data: the heap and private writable mappings (Linux 4.7).
    case data

    private var number: __rlimit_resource_t {
        let resource =
            switch self {
            case .coreDump: RLIMIT_CORE
            case .openFiles: RLIMIT_NOFILE
            case .data: RLIMIT_DATA
            }
        return __rlimit_resource_t(resource.rawValue)
    }

    /// Lowers the limit for ever; one that is lower already stays.
    func lower(to value: Int) throws(SystemCallError) {
        var limit = rlimit()
        try checked("getrlimit") { getrlimit(number, &limit) }
        limit.rlim_max = min(limit.rlim_max, rlim_t(value))
        limit.rlim_cur = min(limit.rlim_cur, limit.rlim_max)
        try checked("setrlimit") { setrlimit(number, &limit) }
    }
}
