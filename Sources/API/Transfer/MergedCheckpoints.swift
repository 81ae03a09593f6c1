import FineTuning
import Foundation
import Scheduling
import Storage

/// Checkpoints whose adapters were merged on request, kept for a while in `tmp/`: a download that breaks off and asks
/// for the rest must find the same bytes.
actor MergedCheckpoints {
    /// A merged model.
    struct Model: Sendable {
        /// Where it lies.
        let directory: String
        let files: [CheckpointFile]
    }

    /// Merged models that are kept; the one asked for longest ago goes first.
    private static let kept = 8

    private let database: Database
    private let answerer: Answerer
    private var models: [(checkpoint: String, merging: Task<Model, any Error>)] = []

    init(database: Database, answerer: Answerer) {
        self.database = database
        self.answerer = answerer
    }

    /// The merged model of a checkpoint; who asks while it is being made waits for the same one.
    func model(of checkpoint: Checkpoint) async throws -> Model {
        if let index = models.firstIndex(where: { $0.checkpoint == checkpoint.id }) {
            let found = models.remove(at: index)
            models.append(found)
            return try await found.merging.value
        }
        let (path, directory, answerer) = (
            database.checkpoints.path(checkpoint), database.directory.temporaryPath(), answerer
        )
        let merging = Task {
            try DataDirectory.createDirectory(directory)
            return Model(
                directory: directory,
                files: try await answerer.merge(modelDirectory: path, outputDirectory: directory))
        }
        models.append((checkpoint.id, merging))
        await removeOldest()
        do {
            return try await merging.value
        } catch {
            models.removeAll { $0.checkpoint == checkpoint.id }
            try? FileManager.default.removeItem(atPath: directory)
            throw error
        }
    }

    private func removeOldest() async {
        guard models.count > Self.kept else { return }
        let oldest = models.removeFirst()
        guard let model = try? await oldest.merging.value else { return }
        try? FileManager.default.removeItem(atPath: model.directory)
    }
}
