/// Results of queries, and the state of the database that they belong to.
struct ResultMemory {
    private static let capacity = 64
    private var state: WriteAheadIndex.State?
    private var results: [String: any Sendable] = [:]

    /// The result of that name, if it belongs to that state.
    func result(_ name: String, at state: WriteAheadIndex.State) -> (any Sendable)? {
        state == self.state ? results[name] : nil
    }

    /// Keeps a result; those of another state go.
    mutating func keep(_ result: any Sendable, as name: String, at state: WriteAheadIndex.State) {
        if state != self.state || results.count >= Self.capacity { (self.state, results) = (state, [:]) }
        results[name] = result
    }
}
