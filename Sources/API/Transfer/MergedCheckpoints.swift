import FineTuning
import Scheduling
import Storage

/// Checkpoints whose adapters were merged on request, kept for a while in `tmp/`: a download that breaks off and asks
/// for the rest must find the same bytes.
actor MergedCheckpoints {
    /// A merged model.
    struct Model: Sendable {
        /// Where it lies, as long as somebody holds it: one that others have pushed out may still wait to be sent.
        let directory: TemporaryDirectory
        let files: [CheckpointFile]

        /// Where a file of it lies.
        func path(of file: CheckpointFile) -> String { "\(directory.path)/\(file.name)" }
    }

    private let database: Database
    private let answerer: Answerer
    private let kept: Int
    private let report: @Sendable (String) -> Void
    private var models: [(checkpoint: String, merging: Task<Model, any Error>)] = []

    /// None yet.
    ///
    /// - Parameters:
    ///   - kept: merged models that are kept; the one asked for longest ago goes first.
    ///   - report: told what cannot be removed.
    init(database: Database, answerer: Answerer, kept: Int = 8, report: @escaping @Sendable (String) -> Void) {
        self.database = database
        self.answerer = answerer
        self.kept = kept
        self.report = report
    }

    /// The merged model of a checkpoint; who asks while it is being made waits for the same one.
    func model(of checkpoint: Checkpoint) async throws -> Model {
        if let index = models.firstIndex(where: { $0.checkpoint == checkpoint.id }) {
            let found = models.remove(at: index)
            models.append(found)
            return try await found.merging.value
        }
        let merging = Task { [database, answerer, report] in
            let directory = try TemporaryDirectory(in: database.directory, report: report)
            return Model(
                directory: directory,
                files: try await answerer.merge(
                    modelDirectory: database.checkpoints.path(checkpoint), outputDirectory: directory.path))
        }
        models.append((checkpoint.id, merging))
        if models.count > kept { models.removeFirst() }
        do {
            return try await merging.value
        } catch {
            models.removeAll { $0.merging == merging }
            throw error
        }
    }
}
