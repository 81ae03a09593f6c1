public import FineTuning
public import JSON

/// One line of `journal.jsonl`: what the worker tells the daemon.
public struct JournalEntry: Sendable, Hashable, JSONRepresentable {
    /// Rises by one a line, from 1.
    public var sequence: Int
    /// When it was written; seconds since 1970, with fraction.
    public var time: Double
    /// What is told.
    public var content: Content

    /// What a line can tell.
    public enum Content: Sendable, Hashable {
        /// Training begins (or goes on from a checkpoint).
        case started(RunStart)
        /// An optimizer step was measured.
        case metrics(MetricPoint)
        /// The held-back examples were evaluated.
        case evaluation(Evaluation)
        /// A checkpoint was proven and has its name.
        case checkpoint(PublishedCheckpoint)
        /// A word for people.
        case log(Event.Level, String)
        /// Training is done; the model lies in a checkpoint.
        case finished(RunResult)
        /// Stopped as asked, after a checkpoint at this step.
        case stopped(StopReason, step: Int)
        /// Ended by an error.
        case failed(JobError)
    }

    /// A line.
    public init(sequence: Int, time: Double, content: Content) {
        self.sequence = sequence
        self.time = time
        self.content = content
    }

    private enum Kind: String, CaseIterable {
        case started, metrics, evaluation, checkpoint, log, finished, stopped, failed
    }

    /// Reads a line.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        sequence = try fields.required("seq").integer(in: 1...Int.max)
        // Up to the year 9999: whoever makes whole seconds of it needs no more care.
        time = try fields.required("time").number(in: 0...253_402_300_799)
        let kind: Kind = try fields.required("kind").choice()
        let data = try fields.required("data")
        try fields.finish()
        content = try Self.content(kind, data)
    }

    private static func content(_ kind: Kind, _ data: JSONCursor) throws(JSONFault) -> Content {
        switch kind {
        case .started: return .started(try RunStart(data))
        case .metrics: return .metrics(try MetricPoint(data))
        case .evaluation: return .evaluation(try Evaluation(data))
        case .checkpoint: return .checkpoint(try PublishedCheckpoint(data))
        case .finished: return .finished(try RunResult(data))
        case .failed: return .failed(try JobError(data))
        case .log:
            var fields = try data.fields()
            return .log(try fields.required("level").choice(), try fields.required("message").string())
        case .stopped:
            var fields = try data.fields()
            return .stopped(
                try fields.required("reason").choice(), step: try fields.required("step").integer(in: 0...Int.max))
        }
    }

    /// The line as JSON.
    public var json: JSONValue {
        let (kind, data): (Kind, JSONValue) =
            switch content {
            case .started(let start): (.started, start.json)
            case .metrics(let point): (.metrics, point.json)
            case .evaluation(let evaluation): (.evaluation, evaluation.json)
            case .checkpoint(let checkpoint): (.checkpoint, checkpoint.json)
            case .log(let level, let message):
                (.log, ["level": .string(level.rawValue), "message": .string(message)])
            case .finished(let result): (.finished, result.json)
            case .stopped(let reason, let step):
                (.stopped, ["reason": .string(reason.rawValue), "step": JSONValue(step)])
            case .failed(let error): (.failed, error.json)
            }
        return [
            "seq": JSONValue(sequence), "time": JSONValue(time), "kind": .string(kind.rawValue), "data": data,
        ]
    }
}
