internal import Foundation

/// Reads the small files that a tokenizer is made of.
enum SourceFile {
    /// The largest file that is read, in bytes.
    static let sizeLimit = 64 << 20

    /// All bytes of a file.
    ///
    /// - Throws: ``TokenizerError/unreadable(path:reason:)``, ``TokenizerError/tooLarge(path:limit:)``.
    static func bytes(of path: String) throws(TokenizerError) -> [UInt8] {
        let contents: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            contents = try handle.read(upToCount: sizeLimit + 1) ?? Data()
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        guard contents.count <= sizeLimit else { throw .tooLarge(path: path, limit: sizeLimit) }
        return [UInt8](contents)
    }

    /// Whether there is a file.
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
