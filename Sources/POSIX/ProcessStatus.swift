import Glibc

/// What the system tells of this process in `/proc/self/status` (proc(5)).
enum ProcessStatus {
    /// Kept open once it was read, for a process that is confined opens it no more.
    private static let file: FileDescriptor? = try? FileDescriptor.open("/proc/self/status")

    /// The number in a line, without its unit; nil where the system does not say: `/proc` need not be mounted.
    static func number(_ name: String) -> Int? {
        guard let status = try? file?.read(at: 0, upTo: 1 << 16) else { return nil }
        for line in String(decoding: status, as: UTF8.self).split(separator: "\n") where line.hasPrefix("\(name):") {
            return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        }
        return nil
    }
}
