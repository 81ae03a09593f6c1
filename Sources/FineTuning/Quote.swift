/// What was predicted of a job before it began, and what it took.
public struct Quote: Sendable, Hashable {
    /// The prediction; nil where none could be made.
    public var predicted: Estimate?
    /// Seconds that training has taken over all attempts; nil before it began.
    public var seconds: Double?
    /// The most memory that a worker has held, in bytes; nil before it has ended.
    public var peakMemoryBytes: Int?

    /// A quote.
    public init(predicted: Estimate? = nil, seconds: Double? = nil, peakMemoryBytes: Int? = nil) {
        self.predicted = predicted
        self.seconds = seconds
        self.peakMemoryBytes = peakMemoryBytes
    }
}
