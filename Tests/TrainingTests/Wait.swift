/// Waiting for what other processes do.
enum Wait {
    /// What was waited for, or looked for, and did not come.
    struct InVain: Error, CustomStringConvertible {
        let description: String
    }

    /// Waits, without blocking a thread, until a condition holds.
    static func until(_ what: String, _ condition: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try !condition() {
            guard ContinuousClock.now < deadline else { throw InVain(description: "waited in vain until \(what)") }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}
