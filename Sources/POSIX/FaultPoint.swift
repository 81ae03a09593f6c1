import Glibc
import Synchronization

/// Places where a test lets the process die, to see what is found after a crash just there.
///
/// They stand before and after every write, fsync, rename and commit, and before a confinement. In a debug build
/// `FINETUNED_FAULT=after fsync:3` kills the process (SIGKILL) at the third `after fsync` that it reaches, and
/// `FINETUNED_FAULT_LOG=PATH` appends a line to that file for each place that is reached. Other builds have none of it.
public enum FaultPoint {
    /// Says that a place is reached; does not return where the process is to die there.
    ///
    /// - Parameters:
    ///   - point: the name, such as `before rename`.
    ///   - path: the file concerned; nil where it is none, but a pipe or a socket.
    @inlinable
    public static func reach(_ point: String, _ path: @autoclosure () -> String?) {
        #if DEBUG
            if isWanted, let path = path() { pass(point, path) }
        #endif
    }

    /// The file that a descriptor is of; nil where it is of none.
    static func path(of descriptor: Int32) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path.hasPrefix("/") ? path : nil
    }

    #if DEBUG
        private static let deadly = getenv("FINETUNED_FAULT").map { parse(String(cString: $0)) }
        /// Opened at the first place of all, as a confined process cannot open it any more.
        private static let log = getenv("FINETUNED_FAULT_LOG").map {
            open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        }
        private static let counts = Mutex<[String: Int]>([:])

        @usableFromInline static let isWanted = deadly != nil || log != nil

        /// Reads `POINT` or `POINT:N`.
        private static func parse(_ text: String) -> (point: String, number: Int) {
            let parts = text.split(separator: ":", maxSplits: 1)
            return (String(parts.first ?? ""), parts.count == 2 ? Int(parts[1]) ?? 1 : 1)
        }

        @usableFromInline
        static func pass(_ point: String, _ path: String) {
            counts.withLock { counts in
                counts[point, default: 0] += 1
                if let log {
                    let line = "\(point)\t\(path)\n"
                    _ = write(log, line, line.utf8.count)
                }
                guard let deadly, deadly.point == point, deadly.number == counts[point] else { return }
                kill(getpid(), SIGKILL)
                // The signal may take a moment, in which nothing more may happen.
                while true { pause() }
            }
        }
    #endif
}
