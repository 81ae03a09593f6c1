extension Connection {
    /// What `body` makes of the database, made anew only where somebody has changed the file since.
    ///
    /// For connections that only read: their own changes they would not notice
    /// (sqlite.org/pragma.html#pragma_data_version).
    ///
    /// - Parameters:
    ///   - name: tells results apart; the same name always goes with the same `body`.
    ///   - body: is run in a transaction.
    public func remembering<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
        let version = try value("PRAGMA data_version", as: Int.self)
        if version != memory.version || memory.results.count >= Memory.capacity { memory = Memory(version: version) }
        // In two steps: cast at once, no result at all would be taken for one that is nil.
        if let known = memory.results[name], let result = known as? Result { return result }
        // What another makes of the file meanwhile may be in the result already; then it is made once more for nothing.
        let result = try transaction(.deferred, body)
        memory.results[name] = result
        return result
    }

    /// Results, and the state of the file that they belong to.
    struct Memory {
        static let capacity = 64
        var version: Int?
        var results: [String: Any] = [:]
    }
}
