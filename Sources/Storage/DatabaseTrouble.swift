internal import SQLite

/// What keeps the database from its work without being a fault of the program: later it may go well.
public enum DatabaseTrouble: Sendable, Hashable {
    /// The disk is full.
    case diskFull
    /// Another process held the database for longer than is waited for.
    case busy

    /// The trouble that an error tells of; nil where it tells of none.
    public init?(_ error: any Error) {
        guard let error = error as? SQLiteError else { return nil }
        if error.isDiskFull {
            self = .diskFull
        } else if error.isBusy {
            self = .busy
        } else {
            return nil
        }
    }
}
