internal import Datasets
internal import FineTuning
internal import JSON
public import RunDirectory
internal import Tokenizers

/// Answers a daemon's questions about data and models, one after another. A model that answered stays loaded.
public final class RequestAnswerer {
    private let threads: Int
    private let prepare: (WorkerRequest) throws -> Void
    private var answerer: (model: TextAnswerer, onlyVectors: Bool)?

    /// An answerer.
    ///
    /// - Parameters:
    ///   - threads: for predictions and checks.
    ///   - prepare: called before a request is worked on; what it throws is the answer.
    public init(threads: Int, prepare: @escaping (WorkerRequest) throws -> Void = { _ in }) {
        self.threads = threads
        self.prepare = prepare
    }

    /// The reply to a line of input; a line that is no request is answered with an error, too.
    public func reply(to line: [UInt8]) -> WorkerReply {
        do {
            let request = try WorkerRequest(JSONCursor(JSONValue(parsing: line)))
            try prepare(request)
            return .answer(try answer(request))
        } catch let error as JSONSyntaxError {
            return .error(JobError(.internalError, "the request is not JSON: \(error)"))
        } catch {
            return .error(JobError(cause: error))
        }
    }

    private func answer(_ request: WorkerRequest) throws -> JSONValue {
        switch request {
        case .check(let training, let validation, let task, let data, let modelDirectory):
            return try check(training, validation, task, data, modelDirectory).json
        case .estimate(let run):
            let result = try Estimator.estimate(run)
            return ["report": result.report.json, "estimate": result.estimate?.json ?? .null]
        case .card(let directory): return try ModelDescription(directory: directory).json
        case .predict(let directory, let inputs):
            return .array(try loaded(directory).predict(inputs).map(\.json))
        case .merge(let directory, let output): return .array(try MergedModel.write(directory, to: output).map(\.json))
        case .embed(let directory, let texts):
            return .array(try loaded(directory, onlyVectors: true).embed(texts).map(\.json))
        }
    }

    private func check(
        _ training: DataFile, _ validation: DataFile?, _ task: TaskSpecification, _ data: DataPipeline,
        _ modelDirectory: String?
    ) throws -> DataReport {
        let base = try modelDirectory.map { directory throws(JobError) in try PretrainedModel(directory: directory) }
        return try RunData.read(training, validation, task, data, seed: 0, base, threads: threads).report
    }

    private func loaded(_ directory: String, onlyVectors: Bool = false) throws -> TextAnswerer {
        if let answerer, answerer.model.directory == directory, answerer.onlyVectors == onlyVectors {
            return answerer.model
        }
        // Two models at once would double the memory of a process that the daemon keeps small.
        answerer = nil
        let new = try TextAnswerer(directory: directory, threads: threads, onlyVectors: onlyVectors)
        answerer = (new, onlyVectors)
        return new
    }
}
