internal import Foundation

/// A JSON file that describes a model or its adapters.
enum ConfigurationFile {
    /// Bytes beyond which a file is no description; labels by the hundred thousand fit in.
    private static let longest = 16 << 20

    /// Reads a file whose length may be anything.
    ///
    /// - Throws: ``ModelError/unreadable(file:reason:)``, ``ModelError/invalidConfiguration(file:reason:)`` where it is
    ///   too long.
    static func read(_ file: String) throws(ModelError) -> [UInt8] {
        let bytes: [UInt8]
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            defer { try? handle.close() }
            bytes = Array(try handle.read(upToCount: longest + 1) ?? Data())
        } catch {
            throw .unreadable(file: file, reason: error.localizedDescription)
        }
        guard bytes.count <= longest else {
            throw .invalidConfiguration(
                file: file, reason: "it is longer than \(longest >> 20) MiB, which no description of a model is")
        }
        return bytes
    }
}
