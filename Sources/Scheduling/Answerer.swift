public import FineTuning
public import JSON
internal import POSIX
public import RunDirectory

/// Answers questions about data files and models, by worker processes that it feeds over pipes.
///
/// Checks, estimates and cards get a process each, which ends with the answer; predictions go to processes that keep
/// their model. A process that dies, says nonsense or takes too long is ended and costs its own request only.
public actor Answerer {
    private let program: String
    private let threads: Int
    private let limits: AnswererLimits
    private let turns: AsyncSemaphore
    private let residents: ResidentProcesses
    private var running: [ObjectIdentifier: WorkerProcess] = [:]

    /// An answerer.
    ///
    /// - Parameters:
    ///   - program: path of `finetune-worker`.
    ///   - threads: of each process.
    ///   - limits: processes, waiting requests, time and bytes.
    public init(program: String, threads: Int, limits: AnswererLimits = AnswererLimits()) {
        self.program = program
        self.threads = threads
        self.limits = limits
        turns = AsyncSemaphore(width: limits.questions, longestLine: limits.waiting)
        residents = ResidentProcesses(program: program, threads: threads, limits: limits)
        // A request to a process that has just died is an error, not the end of the daemon.
        Signals.ignoreBrokenPipe()
    }

    /// Checks data files line by line.
    ///
    /// - Throws: `JobError`, `CancellationError`
    public func check(
        training: DataFile, validation: DataFile?, task: TaskSpecification, data: DataPipeline, modelDirectory: String?
    ) async throws -> DataReport {
        let answer = try await ask(
            .check(training: training, validation: validation, task: task, data: data, modelDirectory: modelDirectory))
        return try Self.read { () throws(JSONFault) in try DataReport(JSONCursor(answer)) }
    }

    /// Predicts a job's time, memory and disk.
    ///
    /// - Throws: `JobError`, also where the files are not good; `CancellationError`
    public func estimate(_ run: RunRecipe) async throws -> (report: DataReport, estimate: Estimate) {
        let answer = try await ask(.estimate(run))
        let (report, estimate) = try Self.read { () throws(JSONFault) in
            var fields = try JSONCursor(answer).fields()
            let report = try DataReport(fields.required("report"))
            let estimate: Estimate? = if let value = fields.optional("estimate") { try Estimate(value) } else { nil }
            return (report, estimate)
        }
        if let faults = report.faults {
            throw JobError(.invalidTrainingFile, "the training file is not valid: \(faults)", param: "training_file")
        }
        guard let estimate else {
            throw JobError(.invalidTrainingFile, "the files hold too little to train on", param: "training_file")
        }
        return (report, estimate)
    }

    /// Describes a model.
    ///
    /// - Throws: `JobError`, `CancellationError`
    public func card(modelDirectory: String) async throws -> JSONValue {
        try await ask(.card(modelDirectory: modelDirectory))
    }

    /// Answers texts, each in the form of the model's task.
    ///
    /// - Throws: `JobError`; `CancellationError` where the task is cancelled before its turn.
    public func predict(modelDirectory: String, inputs: [PredictionInput]) async throws -> [Prediction] {
        let answer = try await residents.ask(
            .predict(modelDirectory: modelDirectory, inputs: inputs), modelDirectory: modelDirectory)
        let predictions = try Self.read { () throws(JSONFault) in
            var predictions: [Prediction] = []
            for value in try JSONCursor(answer).elements() { predictions.append(try Prediction(value)) }
            return predictions
        }
        guard predictions.count == inputs.count else {
            throw JobError(.internalError, "the worker answered \(inputs.count) texts by \(predictions.count)")
        }
        return predictions
    }

    /// Texts of one request to a worker, so that no line of an answer grows without bound.
    private static let embeddedAtOnce = 256

    /// Makes vectors of texts, in their order.
    ///
    /// - Throws: `JobError`; `CancellationError` where the task is cancelled before its turn.
    public func embed(modelDirectory: String, texts: [String]) async throws -> [EmbeddingVector] {
        var vectors: [EmbeddingVector] = []
        for start in stride(from: 0, to: texts.count, by: Self.embeddedAtOnce) {
            let part = Array(texts[start..<min(start + Self.embeddedAtOnce, texts.count)])
            let answer = try await residents.ask(
                .embed(modelDirectory: modelDirectory, texts: part), modelDirectory: modelDirectory)
            let some: [EmbeddingVector] = try Self.read { () throws(JSONFault) in try JSONCursor(answer).list() }
            guard some.count == part.count else {
                throw JobError(.internalError, "the worker answered \(part.count) texts by \(some.count) vectors")
            }
            vectors += some
        }
        return vectors
    }

    /// Writes a model whose adapters are merged into its weights.
    ///
    /// - Parameter outputDirectory: a directory that is there and empty.
    /// - Returns: the files that were written.
    /// - Throws: `JobError`, `CancellationError`
    public func merge(modelDirectory: String, outputDirectory: String) async throws -> [CheckpointFile] {
        let answer = try await ask(.merge(modelDirectory: modelDirectory, outputDirectory: outputDirectory))
        return try Self.read { () throws(JSONFault) in try JSONCursor(answer).list() }
    }

    /// Lets go of a model's files, which are about to be deleted.
    public func unload(modelDirectory: String) async {
        await residents.unload(modelDirectory: modelDirectory)
    }

    /// Ends all processes. Who waits for an answer, or asks from now on, gets an error.
    public func shutdown() async {
        turns.close()
        for process in running.values { process.kill() }
        await residents.shutdown()
    }

    /// Asks a process of its own, which ends when the answer is there or the asking task is cancelled.
    private func ask(_ request: WorkerRequest) async throws -> JSONValue {
        try await turns.enter()
        defer { turns.leave() }
        try Task.checkCancellation()
        // It may have been let in just before the shutdown, which ends only the processes that are there.
        if turns.isClosed { throw JobError.shuttingDown }
        let process = try WorkerProcess.start(program: program, threads: threads)
        running[ObjectIdentifier(process)] = process
        defer {
            running[ObjectIdentifier(process)] = nil
            process.kill()
        }
        do {
            return try await withTaskCancellationHandler {
                try await process.ask(request, timeout: limits.questionTime, replyLimit: limits.replyBytes)
            } onCancel: {
                process.kill()
            }
        } catch let death as LostProcess {
            try Task.checkCancellation()
            throw turns.isClosed ? JobError.shuttingDown : death.error
        }
    }

    /// Reads an answer; one that does not say what it should is a fault of the worker, not of who asked.
    private static func read<Value>(_ body: () throws(JSONFault) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw JobError(.internalError, "the worker's answer cannot be read: \(error)")
        }
    }
}
