/// What activations take for batches of different sizes, from what they took for two: a part that grows with the tokens, and
/// one that does not, such as adapters' merged weights and the scratch memory of threads.
public struct ActivationMemory {
    private var smaller = (tokens: 0, bytes: 0)
    private var larger = (tokens: 0, bytes: 0)

    /// Before the first measurement.
    public init() {}

    /// Takes in a measurement; of no fewer tokens than those before.
    ///
    /// - Parameter bytes: the peak so far.
    public mutating func add(tokens: Int, bytes: Int) {
        if tokens > larger.tokens { smaller = larger }
        larger = (tokens, bytes)
    }

    /// Bytes for a batch; in proportion to its tokens where only one size was measured.
    public func bytes(tokens: Int) -> Int {
        guard larger.tokens > smaller.tokens else { return larger.bytes }
        let slope = Double(larger.bytes - smaller.bytes) / Double(larger.tokens - smaller.tokens)
        return max(0, larger.bytes + Int(slope * Double(tokens - larger.tokens)))
    }
}
