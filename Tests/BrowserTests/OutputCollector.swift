import Foundation
import Synchronization

/// The first kilobytes that a program put out.
final class OutputCollector: Sendable {
    private static let capacity = 65536
    private let bytes = Mutex(Data())

    /// Adds what was read; returns everything kept so far.
    func append(_ data: Data) -> String {
        bytes.withLock { bytes in
            bytes.append(data.prefix(max(0, Self.capacity - bytes.count)))
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Everything kept so far.
    var text: String {
        bytes.withLock { String(decoding: $0, as: UTF8.self) }
    }
}
