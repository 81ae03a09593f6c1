public import FineTuning
public import JSON
public import RunDirectory

/// Answers questions about data files and models, by worker processes that it feeds over pipes.
public actor Answerer {
    private let program: String
    private let threads: Int

    /// An answerer.
    ///
    /// - Parameters:
    ///   - program: path of `finetune-worker`.
    ///   - threads: of each process.
    public init(program: String, threads: Int) {
        self.program = program
        self.threads = threads
    }

    /// Checks data files line by line.
    ///
    /// - Throws: `JobError`
    public func check(
        training: DataFile, validation: DataFile?, task: TaskSpecification, data: DataPipeline, modelDirectory: String?
    ) async throws -> DataReport {
        let request = WorkerRequest.check(
            training: training, validation: validation, task: task, data: data, modelDirectory: modelDirectory)
        return try DataReport(JSONCursor(try await answer(to: request)))
    }

    /// Predicts a job's time, memory and disk.
    ///
    /// - Throws: `JobError`, also where the files are not good.
    public func estimate(_ run: RunRecipe) async throws -> (report: DataReport, estimate: Estimate) {
        var fields = try JSONCursor(try await answer(to: .estimate(run))).fields()
        let report = try DataReport(fields.required("report"))
        guard let estimate = fields.optional("estimate") else {
            throw JobError(.invalidTrainingFile, "the files hold too little to train on", param: "training_file")
        }
        return (report, try Estimate(estimate))
    }

    /// Describes a model.
    ///
    /// - Throws: `JobError`
    public func card(modelDirectory: String) async throws -> JSONValue {
        try await answer(to: .card(modelDirectory: modelDirectory))
    }

    /// Classifies texts.
    ///
    /// - Throws: `JobError`
    public func predict(modelDirectory: String, inputs: [PredictionInput]) async throws -> [Prediction] {
        let answer = try await answer(to: .predict(modelDirectory: modelDirectory, inputs: inputs))
        return try JSONCursor(answer).elements().map { try Prediction($0) }
    }

    private func answer(to request: WorkerRequest) async throws -> JSONValue {
        throw JobError(.workerDied, "the worker \(program) cannot be asked")
    }
}
