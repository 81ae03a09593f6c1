/// Why a database and the migrations do not go together; nothing was changed.
public enum MigrationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A file's name is not `NNNN_what.sql`.
    case badName(String)
    /// The numbers do not rise by one from 1.
    case outOfOrder(name: String, expected: Int)
    /// A file was changed after it had been applied.
    case changed(name: String)
    /// A file that was applied is gone.
    case missing(name: String)
    /// The database has migrations that this version does not know.
    case newerDatabase(names: [String])
    /// A statement of a file failed; all was rolled back.
    case failed(name: String, SQLiteError)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .badName(let name): "the migration \(name) is not named like 0001_what.sql"
        case .outOfOrder(let name, let expected): "the migration \(name) should have the number \(expected)"
        case .changed(let name):
            "the migration \(name) was changed after it had been applied to this database; put the original back"
        case .missing(let name): "the migration \(name), which was applied to this database, is missing; put it back"
        case .newerDatabase(let names):
            "the database was written by a newer version (it has \(names.joined(separator: ", "))); install that version"
        case .failed(let name, let error): "the migration \(name) failed, and the database stays as it was: \(error)"
        }
    }
}
