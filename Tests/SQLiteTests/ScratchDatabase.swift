import Foundation

/// A directory for the database of one test, removed with it.
final class ScratchDatabase: Sendable {
    let directory: String
    var path: String { "\(directory)/test.sqlite" }

    init() throws {
        directory = NSTemporaryDirectory() + "sqlite-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }
}
