internal import Foundation
internal import Storage

extension DataDirectory {
    /// The data directory of a server that ran before, to be read: a mistyped one must not seem sound.
    ///
    /// - Throws: ``CommandError/noDatabase(data:)``
    convenience init(servedAs path: String) throws(CommandError) {
        guard FileManager.default.fileExists(atPath: "\(path)/finetuned.sqlite") else { throw .noDatabase(data: path) }
        self.init(existing: path)
    }
}
