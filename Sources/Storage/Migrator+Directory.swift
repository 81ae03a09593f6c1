internal import Cryptography
internal import Foundation
internal import POSIX
public import SQLite

extension Migrator {
    /// The migrations in a folder: its `NNNN_what.sql` files.
    ///
    /// - Throws: `MigrationError` where names or numbers are wrong; an error of the system where one cannot be read.
    public init(directory: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".sql") }
        try self.init(
            names.map { name in
                let bytes = try FileDescriptor.open("\(directory)/\(name)").readToEnd()
                return Migration(
                    name: name, sql: String(decoding: bytes, as: UTF8.self), digest: SHA256.hash(bytes).hex)
            })
    }
}
