public import JSON

/// What a job will ask of the machine.
public struct Estimate: Sendable, Hashable, JSONRepresentable {
    /// Optimizer steps.
    public var totalSteps: Int
    /// Tokens trained on, over all epochs.
    public var tokens: Int
    /// Wall time of the training, in seconds.
    public var seconds: Double
    /// Peak memory of the worker, in bytes.
    public var peakMemoryBytes: Int
    /// Disk space of the job's checkpoints, in bytes.
    public var diskBytes: Int

    /// An estimate.
    public init(totalSteps: Int, tokens: Int, seconds: Double, peakMemoryBytes: Int, diskBytes: Int) {
        self.totalSteps = totalSteps
        self.tokens = tokens
        self.seconds = seconds
        self.peakMemoryBytes = peakMemoryBytes
        self.diskBytes = diskBytes
    }

    /// What all runs of a sweep will ask for one after another.
    ///
    /// - Parameters:
    ///   - share: epochs of all runs together, in units of those of the run that this is the estimate of.
    ///   - runs: how many.
    public func repeated(share: Double, runs: Int) -> Estimate {
        let scaled = { (count: Int) in Int((Double(count) * share).rounded()) }
        return Estimate(
            totalSteps: scaled(totalSteps), tokens: scaled(tokens), seconds: seconds * share,
            peakMemoryBytes: peakMemoryBytes, diskBytes: diskBytes * runs)
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        totalSteps = try fields.required("total_steps").integer(in: 0...Int.max)
        tokens = try fields.required("tokens").integer(in: 0...Int.max)
        seconds = try fields.required("seconds").number()
        peakMemoryBytes = try fields.required("peak_memory_bytes").integer(in: 0...Int.max)
        diskBytes = try fields.required("disk_bytes").integer(in: 0...Int.max)
        try fields.finish()
    }

    /// The estimate as JSON.
    public var json: JSONValue {
        [
            "total_steps": JSONValue(totalSteps), "tokens": JSONValue(tokens), "seconds": JSONValue(seconds),
            "peak_memory_bytes": JSONValue(peakMemoryBytes), "disk_bytes": JSONValue(diskBytes),
        ]
    }
}
