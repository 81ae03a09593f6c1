public import FineTuning
internal import JSON
internal import SQLite

/// Training curves and evaluations.
public struct MetricStore: Sendable {
    let database: Database

    /// A job's training curve.
    ///
    /// - Parameters:
    ///   - after: only points whose events are behind this sequence number.
    ///   - limit: thinned out to at most so many points, keeping minima and maxima of the loss; nil gives all.
    public func history(jobID: String, after: Int = 0, limit: Int? = nil) async throws -> MetricHistory {
        let (points, last) = try await database.read { connection in
            let last = try connection.value("SELECT MAX(seq) FROM events WHERE job_id = ?", jobID, as: Int?.self)
            return (try Self.points(jobID, after: after, connection), (last ?? nil) ?? after)
        }
        var history = MetricHistory()
        history.total = points.count
        history.lastSequence = max(after, last)
        let kept = limit.map { MetricThinning.positions(points.map(\.trainLoss), limit: $0) }
        for position in kept ?? Array(points.indices) { history.append(points[position]) }
        return history
    }

    /// All points of a job in the order of their steps.
    public func points(jobID: String) async throws -> [MetricPoint] {
        try await database.read { try Self.points(jobID, after: 0, $0) }
    }

    private static func points(_ jobID: String, after: Int, _ connection: Connection) throws -> [MetricPoint] {
        try connection.query("SELECT * FROM metrics WHERE job_id = ? AND seq > ? ORDER BY step", jobID, after) {
            try MetricPoint(row: $0)
        }
    }

    /// All evaluations of a job in the order of their steps.
    public func evaluations(jobID: String) async throws -> [Evaluation] {
        try await database.read { connection in
            try connection.query(
                "SELECT evaluation_json FROM evaluations WHERE job_id = ? ORDER BY step", jobID
            ) { try $0.json("evaluation_json", Evaluation.init) }
        }
    }
}

extension MetricPoint {
    /// Reads a row of `metrics`.
    init(row: borrowing Row) throws {
        self.init(
            step: try row["step"], totalSteps: try row["total_steps"], epoch: try row["epoch"],
            trainLoss: try row["train_loss"], trainAccuracy: try row["train_accuracy"],
            learningRate: try row["learning_rate"], gradientNorm: try row["grad_norm"],
            samplesPerSecond: try row["samples_per_second"], tokens: try row["tokens"])
    }
}

extension MetricHistory {
    fileprivate mutating func append(_ point: MetricPoint) {
        step.append(point.step)
        epoch.append(point.epoch)
        trainLoss.append(point.trainLoss)
        trainAccuracy.append(point.trainAccuracy)
        learningRate.append(point.learningRate)
        gradientNorm.append(point.gradientNorm)
        samplesPerSecond.append(point.samplesPerSecond)
        tokens.append(point.tokens)
    }
}
