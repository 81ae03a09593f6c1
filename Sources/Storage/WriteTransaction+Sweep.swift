internal import FineTuning
internal import JSON
internal import SQLite

/// What a sweep does when one of its trials changes: all in the transaction of that change, so that no end of the
/// daemon can come between them.
extension WriteTransaction {
    /// Starts the first rung: the parent, whose files are good, runs as long as its trials do.
    func beginSweep(_ parent: Job, _ sweep: Sweep) throws {
        try apply(
            JobTransition(
                from: .queued, to: .running, attempt: parent.attempt, message: "Sweep started",
                assignments: [("attempt = ?", parent.attempt + 1), ("started_at = ?", now)]), to: parent.id)
        let points = try connection.value(
            "SELECT COUNT(*) FROM sweep_points WHERE parent_id = ?", parent.id, as: Int.self)
        try addRung(0, of: parent, sweep, numbers: Array(0..<(points ?? 0)))
    }

    /// Takes a trial's end, or its pause, into its sweep.
    func followTrial(_ id: String, in state: JobState) throws {
        guard state.isTerminal || state == .paused,
            let parentID = try connection.value("SELECT parent_id FROM jobs WHERE id = ?", id, as: String?.self) ?? nil
        else { return }
        if state.isTerminal { try record(id, of: try job(parentID)) }
        try advanceSweep(parentID)
    }

    /// Moves a sweep on where all its trials are at rest: to the next rung, to a pause, or to its end.
    func advanceSweep(_ id: String) throws {
        let parent = try job(id)
        guard let sweep = parent.sweep, parent.state == .running else { return }
        let trials = try SweepTrials.read(id, connection)
        let rung = trials.map(\.rung).max() ?? 0
        let unfinished = trials.filter { !$0.state.isTerminal }
        guard unfinished.isEmpty else {
            if parent.intent == .pause, unfinished.allSatisfy({ $0.state == .paused }) { try pause(parent) }
            return
        }
        if parent.intent == .cancel { return try end(parent, .cancelled, "Sweep cancelled") }
        let ranked = sweep.metric.map { trials.filter { $0.rung == rung }.ranked(by: $0) } ?? []
        let rungs = self.rungs(parent, sweep, trials.count { $0.rung == 0 })
        guard rung + 1 < rungs.count, !ranked.isEmpty else { return try finish(parent, sweep, trials) }
        if parent.intent == .pause { return try pause(parent) }
        let survivors = ranked.prefix(rungs[rung + 1].trials).map(\.number)
        try addRung(rung + 1, of: parent, sweep, numbers: survivors)
    }

    private func pause(_ parent: Job) throws {
        try apply(
            JobTransition(from: .running, to: .paused, attempt: parent.attempt, message: "Sweep paused"), to: parent.id)
    }

    private func rungs(_ parent: Job, _ sweep: Sweep, _ points: Int) -> [(trials: Int, epochs: Int?)] {
        let epochs = parent.recipe.hyperparameters.epochs
        guard let halving = sweep.halving else { return [(points, nil)] }
        return halving.rungs(points: points, epochs: epochs).map { ($0.trials, $0.epochs) }
    }

    private func addRung(_ rung: Int, of parent: Job, _ sweep: Sweep, numbers: [Int]) throws {
        let points = try connection.query(
            "SELECT number, recipe_json FROM sweep_points WHERE parent_id = ? ORDER BY number", parent.id
        ) { row in
            (number: try row["number"] as Int, recipe: try row.json("recipe_json", Recipe.init))
        }
        let epochs = rungs(parent, sweep, points.count)[rung].epochs
        let creator = try creator(of: parent.id)
        for point in points where numbers.contains(point.number) {
            var recipe = point.recipe
            if let epochs { recipe.hyperparameters.epochs = epochs }
            let child = Job(
                createdAt: now, recipe: recipe, trainingFile: parent.trainingFile,
                validationFile: parent.validationFile, suffix: parent.suffix, metadata: parent.metadata,
                parentID: parent.id)
            try JobStore.insert(child, creator: creator, nil, connection)
            try JobStore.announce(child, self)
            try connection.run(
                "INSERT INTO sweep_trials (parent_id, rung, number, job_id) VALUES (?, ?, ?, ?)", parent.id, rung,
                point.number, child.id)
        }
        let way = epochs.map { ", \($0) epochs each" } ?? ""
        try append(
            .message, job: parent.id, message: "Rung \(rung + 1): \(numbers.count) trials\(way)",
            data: ["rung": JSONValue(rung), "trials": JSONValue(numbers.count)])
    }

    /// Keeps what a trial came to, and tells it.
    private func record(_ id: String, of parent: Job) throws {
        guard let sweep = parent.sweep, let metric = sweep.metric else { return }
        let child = try job(id)
        if child.state == .succeeded, let result = try result(of: child, metric) {
            try connection.run(
                "UPDATE sweep_trials SET value = ?, step = ? WHERE job_id = ?", result.value, result.step, id)
            if parent.best.map({ metric.isImprovement(result.value, over: $0.value) }) ?? true {
                try connection.run(
                    "UPDATE jobs SET best_metric = ?, best_value = ?, best_step = ? WHERE id = ?", metric.rawValue,
                    result.value, result.step, parent.id)
            }
        }
        guard let trial = try SweepTrials.read(parent.id, connection).first(where: { $0.jobID == id }) else { return }
        let figure = trial.value.map { ", \(metric.rawValue)=\($0.formatted(decimals: 4))" } ?? ""
        try append(
            .message, job: parent.id, level: child.state == .failed ? .warn : .info,
            message: "Trial \(trial.number + 1) \(child.state.rawValue)\(figure)", data: ["trial": trial.json])
    }

    /// The metric of the model that came out: that of the last evaluation up to its checkpoint.
    private func result(of child: Job, _ metric: MetricName) throws -> (value: Double, step: Int)? {
        let directory = try connection.value("SELECT directory FROM models WHERE job_id = ?", child.id, as: String.self)
        guard let step = directory.flatMap({ Int($0.split(separator: "-").last ?? "") }) else { return nil }
        let evaluation = try connection.first(
            "SELECT evaluation_json FROM evaluations WHERE job_id = ? AND step <= ? ORDER BY step DESC LIMIT 1",
            child.id, step
        ) { try $0.json("evaluation_json", Evaluation.init) }
        return evaluation?.value(of: metric).map { ($0, step) }
    }

    private func finish(_ parent: Job, _ sweep: Sweep, _ trials: [Trial]) throws {
        guard let metric = sweep.metric, let best = trials.best(by: metric), let value = best.value,
            let step = best.step
        else { return try fail(parent, trials) }
        let child = try job(best.jobID)
        let children = try trials.map { try job($0.jobID) }
        let tokens = children.reduce(0) { $0 + ($1.trainedTokens ?? 0) }
        let seconds = children.reduce(0) { $0 + ($1.quote.seconds ?? 0) }
        try end(
            parent, .succeeded,
            "Sweep completed: trial \(best.number + 1) is the best, \(metric.rawValue)=\(value.formatted(decimals: 4))",
            assignments: [
                ("fine_tuned_model = ?", child.fineTunedModel), ("trained_tokens = ?", tokens),
                ("result_files_json = ?", JSONValue.array(child.resultFiles.map { .string($0) }).text),
                ("best_metric = ?", metric.rawValue), ("best_value = ?", value), ("best_step = ?", step),
                ("training_seconds = ?", seconds),
                ("peak_memory_bytes = ?", children.compactMap(\.quote.peakMemoryBytes).max()),
            ], data: [("fine_tuned_model", JSONValue(child.fineTunedModel) { .string($0) })])
    }

    private func fail(_ parent: Job, _ trials: [Trial]) throws {
        if trials.allSatisfy({ $0.state == .cancelled }) {
            return try end(parent, .cancelled, "Sweep cancelled: all of its trials were")
        }
        let first = try trials.first { $0.state == .failed }.flatMap { try job($0.jobID).error }
        let reason = first.map { "; the first: \($0.message)" } ?? ": none was evaluated"
        let error = JobError(
            first?.code ?? .invalidRecipe, "none of the \(trials.count) trials came to a result\(reason)",
            param: first?.param)
        try end(parent, .failed, error.message, error: error)
    }

    private func end(
        _ parent: Job, _ state: JobState, _ message: String, error: JobError? = nil,
        assignments: [(sql: String, value: any SQLConvertible)] = [], data: [(String, JSONValue)] = []
    ) throws {
        try apply(
            JobTransition(
                from: .running, to: state, attempt: parent.attempt, message: message,
                level: error == nil ? .info : .error, assignments: assignments, error: error, data: data),
            to: parent.id)
    }
}
