import Foundation

/// Directories below the system's temporary one, each with a name of its own.
enum TemporaryDirectory {
    static func make() throws -> URL {
        let url = URL(filePath: NSTemporaryDirectory()).appending(path: "api-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }
}
