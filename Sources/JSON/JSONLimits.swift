/// How much a JSON text may ask of its reader.
public struct JSONLimits: Sendable {
    /// How deeply arrays and objects may be nested.
    public var depth: Int
    /// How many bytes the text may have.
    public var bytes: Int

    /// Limits; by default 64 levels and no bound on the size beyond what the caller already holds.
    public init(depth: Int = 64, bytes: Int = .max) {
        self.depth = depth
        self.bytes = bytes
    }
}
