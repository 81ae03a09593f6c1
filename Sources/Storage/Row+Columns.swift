internal import JSON
internal import SQLite

/// Columns that hold more than SQLite's own types. What makes no sense there is a fault of the database, whoever asks.
extension Row {
    /// The case of an enum whose raw value a column holds.
    func choice<Choice: RawRepresentable<String>>(_ name: String) throws -> Choice {
        guard let choice: Choice = try optionalChoice(name) else { throw Self.isNull(name) }
        return choice
    }

    /// The case of an enum whose raw value a column holds, or nil for `NULL`.
    func optionalChoice<Choice: RawRepresentable<String>>(_ name: String) throws -> Choice? {
        guard let text: String = try self[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw Self.mismatch("column \(name) holds \"\(text)\", expected \(Choice.self)")
        }
        return choice
    }

    /// What `read` makes of the JSON that a column holds.
    func json<Value>(_ name: String, _ read: (JSONCursor) throws -> Value) throws -> Value {
        guard let value = try optionalJSON(name, read) else { throw Self.isNull(name) }
        return value
    }

    /// What `read` makes of the JSON that a column holds, or nil for `NULL`.
    func optionalJSON<Value>(_ name: String, _ read: (JSONCursor) throws -> Value) throws -> Value? {
        guard let text: String = try self[name] else { return nil }
        do {
            return try read(JSONCursor(JSONValue(parsing: text)))
        } catch {
            throw Self.mismatch("column \(name) makes no sense: \(error)")
        }
    }

    private static func isNull(_ name: String) -> SQLiteError { mismatch("column \(name) holds NULL") }

    /// `SQLITE_MISMATCH`
    private static func mismatch(_ message: String) -> SQLiteError { SQLiteError(code: 20, message: message) }
}
