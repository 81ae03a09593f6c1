import Foundation
import POSIX

/// What the machine has and how much of it is free.
enum Machine {
    /// Cores that this process may run on.
    static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// Memory in bytes, as the kernel tells it: all, and what could be had without swapping.
    static func memory() throws -> (total: Int, available: Int) {
        let text = String(decoding: try FileDescriptor.open("/proc/meminfo").readToEnd(), as: UTF8.self)
        func field(_ name: String) -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
            let number = line?.drop { !$0.isNumber }.prefix { $0.isNumber }
            return (number.flatMap { Int($0) } ?? 0) * 1024
        }
        return (field("MemTotal:"), field("MemAvailable:"))
    }
}
