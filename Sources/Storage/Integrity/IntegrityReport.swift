/// What a look over a data directory found.
public struct IntegrityReport: Sendable {
    /// How many stored files were compared with their hashes.
    public internal(set) var files = 0
    /// How many checkpoints were compared with their hashes.
    public internal(set) var checkpoints = 0
    /// Bytes that were read for it, without the database.
    public internal(set) var bytes = 0
    /// What is not as it should be.
    public internal(set) var findings: [IntegrityFinding] = []

    /// Whether nothing is damaged or missing; what is merely left over does no harm.
    public var isSound: Bool { findings.allSatisfy { $0.kind == .stray } }
}
