internal import FineTuning
public import RunDirectory
internal import JSON
internal import SQLite

extension JobStore {
    /// Takes lines of a worker's journal in, in one transaction with the offset up to which they go.
    ///
    /// Steps that are already there (a run that goes on from a checkpoint repeats them with the same values) are left
    /// as they are and make no event. Lines about the attempt's end change nothing here: see
    /// ``settle(_:attempt:outcome:)``.
    /// - Parameters:
    ///   - from: the offset at which the lines begin.
    ///   - to: the offset behind them.
    /// - Returns: false, with nothing changed, where the job does not run in this attempt any more, or the journal is
    ///   not taken in just up to `from`.
    @discardableResult
    public func ingest(
        _ entries: [JournalEntry], jobID: String, attempt: Int, from: Int, to: Int
    ) async throws -> Bool {
        try await database.write { transaction in
            let moved = try transaction.connection.run(
                """
                UPDATE jobs SET journal_offset = ?
                WHERE id = ? AND state = 'running' AND attempt = ? AND journal_attempt = ? AND journal_offset = ?
                """, to, jobID, attempt, attempt, from)
            guard moved == 1 else { return false }
            for entry in entries { try transaction.ingest(entry, jobID) }
            if let time = entries.last?.time { try transaction.count(secondsUntil: time, jobID) }
            if let last = entries.last(where: { if case .metrics = $0.content { true } else { false } }),
                case .metrics(let point) = last.content
            {
                try transaction.connection.run(
                    """
                    UPDATE jobs SET step = ?, total_steps = ?, epoch = ?, samples_per_second = ?, trained_tokens = ?
                    WHERE id = ?
                    """, point.step, point.totalSteps, point.epoch, point.samplesPerSecond, point.tokens, jobID)
            }
            return true
        }
    }
}

extension WriteTransaction {
    fileprivate func ingest(_ entry: JournalEntry, _ jobID: String) throws {
        let time = Int(entry.time)
        switch entry.content {
        case .started(let start): try ingest(start, jobID, time, began: entry.time)
        case .metrics(let point): try ingest(point, jobID, time)
        case .evaluation(let evaluation): try ingest(evaluation, jobID, time)
        case .checkpoint(let checkpoint): try ingest(checkpoint, jobID, time)
        case .log(let level, let message): try append(.message, job: jobID, level: level, message: message, at: time)
        case .finished, .stopped, .failed: break
        }
    }

    /// Counts the time of the present attempt up to a line of its journal.
    fileprivate func count(secondsUntil time: Double, _ jobID: String) throws {
        try connection.run(
            "UPDATE jobs SET training_seconds = seconds_before + MAX(0, ? - began_at) WHERE id = ? AND began_at NOT NULL",
            time, jobID)
    }

    private func ingest(_ start: RunStart, _ jobID: String, _ time: Int, began: Double) throws {
        let step = start.resumedFromStep
        try connection.run(
            """
            UPDATE jobs SET step = ?, total_steps = ?, epoch = COALESCE(epoch, 0), blocks_json = ?,
                seconds_before = COALESCE(training_seconds, 0), began_at = ?
            WHERE id = ?
            """, step ?? 0, start.totalSteps, JSONValue.array(start.blocks.map(\.json)).text, began, jobID)
        let way = step.map { "Training goes on from the checkpoint of step \($0)" } ?? "Training begins"
        try append(
            .message, job: jobID,
            message: "\(way): \(start.totalSteps) steps, \(start.trainingRows) training examples, "
                + "\(start.validationRows) validation examples, \(start.trainableParameters) of \(start.parameters) "
                + "parameters are trained",
            data: start.json, at: time)
    }

    private func ingest(_ point: MetricPoint, _ jobID: String, _ time: Int) throws {
        guard try !has("metrics", jobID, point.step) else { return }
        let loss = point.trainLoss.formatted(decimals: 4)
        let sequence = try append(
            .metrics, job: jobID, message: "Step \(point.step)/\(point.totalSteps): training loss=\(loss)",
            data: point.json, at: time)
        try connection.run(
            """
            INSERT INTO metrics (job_id, step, seq, total_steps, epoch, train_loss, train_accuracy, learning_rate,
                grad_norm, samples_per_second, tokens)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, jobID, point.step, sequence, point.totalSteps, point.epoch, point.trainLoss, point.trainAccuracy,
            point.learningRate, point.gradientNorm, point.samplesPerSecond, point.tokens)
    }

    private func ingest(_ evaluation: Evaluation, _ jobID: String, _ time: Int) throws {
        guard try !has("evaluations", jobID, evaluation.step) else { return }
        let loss = evaluation.validLoss.formatted(decimals: 4)
        let metric = try job(jobID).recipe.task.headlineMetric
        let figure = evaluation.metrics[metric].map { ", \(metric.rawValue)=\($0.formatted(decimals: 4))" } ?? ""
        let sequence = try append(
            .evaluation, job: jobID,
            message: "Step \(evaluation.step): validation loss=\(loss)\(figure)", data: evaluation.json,
            at: time)
        try connection.run(
            "INSERT INTO evaluations (job_id, step, seq, evaluation_json) VALUES (?, ?, ?, ?)", jobID,
            evaluation.step, sequence, evaluation.json.text)
        try takeBest(evaluation, jobID)
    }

    /// Keeps the value of the job's selection metric where it is better than the best so far.
    private func takeBest(_ evaluation: Evaluation, _ jobID: String) throws {
        let job = try job(jobID)
        let metric = job.recipe.selectionMetric
        guard let value = evaluation.value(of: metric) else { return }
        if let best = job.best, !metric.isImprovement(value, over: best.value) { return }
        try connection.run(
            "UPDATE jobs SET best_metric = ?, best_value = ?, best_step = ? WHERE id = ?", metric.rawValue, value,
            evaluation.step, jobID)
    }

    private func ingest(_ checkpoint: PublishedCheckpoint, _ jobID: String, _ time: Int) throws {
        let isNew = try !has("checkpoints", jobID, checkpoint.step)
        if checkpoint.isBest {
            try connection.run("UPDATE checkpoints SET is_best = 0 WHERE job_id = ?", jobID)
        }
        let stored = Checkpoint(
            jobID: jobID, step: checkpoint.step, createdAt: time, directory: "checkpoints/\(checkpoint.name)",
            files: checkpoint.files, trainLoss: nil, evaluation: nil, isBest: checkpoint.isBest)
        try CheckpointStore.insert(stored, connection)
        for name in checkpoint.removed {
            try connection.run(
                "DELETE FROM checkpoints WHERE job_id = ? AND directory = ?", jobID, "checkpoints/\(name)")
        }
        guard isNew else { return }
        try append(
            .checkpoint, job: jobID, message: "Checkpoint created at step \(checkpoint.step)",
            data: [
                "id": .string(stored.id), "step": JSONValue(checkpoint.step), "best": .bool(checkpoint.isBest),
                "files": .array(checkpoint.files.map(\.json)),
                "removed": .array(checkpoint.removed.map { .string($0) }),
            ], at: time)
    }

    private func has(_ table: String, _ jobID: String, _ step: Int) throws -> Bool {
        try connection.value("SELECT 1 FROM \(table) WHERE job_id = ? AND step = ?", jobID, step, as: Int.self) != nil
    }
}
