internal import FineTuning
public import JSON

/// How training ended well.
public struct RunResult: Sendable, Hashable, JSONRepresentable {
    /// Optimizer steps done.
    public var step: Int
    /// Whether it ended before its last epoch because nothing improved.
    public var stoppedEarly: Bool
    /// Tokens trained on.
    public var trainedTokens: Int
    /// Name of the checkpoint that is the model.
    public var checkpoint: String
    /// The labels in the order of the output.
    public var labels: [String]
    /// The most memory that the worker has held, in bytes.
    public var peakMemoryBytes: Int?

    /// A result.
    public init(
        step: Int, stoppedEarly: Bool, trainedTokens: Int, checkpoint: String, labels: [String],
        peakMemoryBytes: Int? = nil
    ) {
        self.step = step
        self.stoppedEarly = stoppedEarly
        self.trainedTokens = trainedTokens
        self.checkpoint = checkpoint
        self.labels = labels
        self.peakMemoryBytes = peakMemoryBytes
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        step = try fields.required("step").integer(in: 0...Int.max)
        stoppedEarly = try fields.required("stopped_early").bool()
        trainedTokens = try fields.required("trained_tokens").integer(in: 0...Int.max)
        checkpoint = try PublishedCheckpoint.checkpointName(fields.required("checkpoint"))
        labels = try fields.required("labels").strings()
        peakMemoryBytes = try fields.optional("peak_memory_bytes")?.integer(in: 0...Int.max)
        try fields.finish()
    }

    /// The result as JSON.
    public var json: JSONValue {
        [
            "step": JSONValue(step), "stopped_early": .bool(stoppedEarly), "trained_tokens": JSONValue(trainedTokens),
            "checkpoint": .string(checkpoint), "labels": .array(labels.map { .string($0) }),
            "peak_memory_bytes": JSONValue(peakMemoryBytes) { JSONValue($0) },
        ]
    }
}
