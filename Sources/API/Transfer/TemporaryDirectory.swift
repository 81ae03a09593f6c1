import Foundation
import Storage

/// A directory in `tmp/` that is removed with the last who holds it.
final class TemporaryDirectory: Sendable {
    /// Where it lies.
    let path: String
    private let report: @Sendable (String) -> Void

    /// A new, empty directory.
    ///
    /// - Parameter report: told where it cannot be removed.
    init(in data: DataDirectory, report: @escaping @Sendable (String) -> Void) throws {
        path = data.temporaryPath()
        self.report = report
        try DataDirectory.createDirectory(path)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            report("\(path) cannot be removed before the next start: \(error)")
        }
    }
}
