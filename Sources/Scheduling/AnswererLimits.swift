/// How much an ``Answerer`` may take: processes, waiting requests, time and bytes.
public struct AnswererLimits: Sendable {
    /// Processes at once that check, estimate or describe, each for one question.
    public var questions = 2
    /// Models at once that stay loaded for predictions, each in a process of its own.
    public var models = 2
    /// Requests that may wait for a process, predictions and other questions each.
    public var waiting = 64
    /// For how long a model stays loaded that nobody asks.
    public var idle: Duration = .seconds(300)
    /// How long a process may take for a check, an estimate or a model's card.
    public var questionTime: Duration = .seconds(600)
    /// How long a process may take for a prediction, loading of the model included.
    public var predictionTime: Duration = .seconds(60)
    /// The longest line that a process may answer with, in bytes.
    public var replyBytes = 64 << 20

    /// The usual limits.
    public init() {}
}
