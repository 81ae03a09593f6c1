internal import Cryptography
public import FineTuning
public import JSON

/// `checksums.json`: sizes and SHA-256 of all other files of a checkpoint, so that a torn or changed one is noticed.
public struct ChecksumList: Sendable, Hashable, JSONRepresentable {
    /// Its own file's name.
    public static let fileName = "checksums.json"

    /// The files.
    public var files: [CheckpointFile]

    /// The checksums of files as they are on the disk now.
    ///
    /// - Throws: `HashFileError` where one cannot be read.
    public init(of names: [String], in directory: String) throws {
        files = try names.map { name in
            let (digest, bytes) = try SHA256.hash(fileAt: "\(directory)/\(name)")
            return CheckpointFile(name: name, bytes: bytes, sha256: digest.hex)
        }
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        files = []
        for file in try fields.required("files").elements() { files.append(try CheckpointFile(file)) }
        try fields.finish()
    }

    /// The list as JSON.
    public var json: JSONValue { ["files": .array(files.map(\.json))] }

    /// What is wrong with the files of a directory; nil where all are as they were.
    ///
    /// - Complexity: O(size of the files).
    public func firstFault(in directory: String) -> String? {
        for file in files { if let fault = file.fault(in: directory) { return fault } }
        return nil
    }
}

extension CheckpointFile {
    /// What is wrong with the file below a directory; nil where it has the size and the hash that are recorded.
    ///
    /// - Complexity: O(size of the file).
    public func fault(in directory: String) -> String? {
        do throws(HashFileError) {
            let (digest, found) = try SHA256.hash(fileAt: "\(directory)/\(name)")
            if found != bytes { return "\(name) has \(found) bytes instead of \(bytes)" }
            return digest.hex == sha256 ? nil : "the content of \(name) has changed"
        } catch {
            return error.description
        }
    }
}
