import FineTuning
import Foundation
import HTTP
import Storage

/// Checkpoints: list, one, as a tar archive, single files.
extension API {
    var checkpointEndpoints: [Endpoint] {
        let one = "/v1/fine_tuning/jobs/{job_id}/checkpoints/{checkpoint_id}"
        return [
            Endpoint(.get, "/v1/fine_tuning/jobs/{job_id}/checkpoints", .read, listCheckpoints),
            Endpoint(.get, one, .read, getCheckpoint),
            Endpoint(.get, "\(one)/content", .read, audit: .checkpointDownload, checkpointContent),
            Endpoint(.get, "\(one)/files/{name...}", .read, audit: .checkpointDownload, checkpointFile),
        ]
    }

    private func object(_ checkpoint: Checkpoint, of job: Job) -> CheckpointObject {
        CheckpointObject(checkpoint: checkpoint, modelName: job.modelName(organization: configuration.organization))
    }

    private func listCheckpoints(_ request: Request) async throws -> Response {
        let job = try await job(of: request)
        let asked = try PageRequest(request.query, limit: 10, most: 1000)
        let page = try await asked.checked {
            try await database.checkpoints.page(jobID: job.id, after: asked.after, limit: asked.limit)
        }
        return .json(ListObject(page) { object($0, of: job).json }.json)
    }

    /// The job and the checkpoint that the path names.
    private func checkpoint(of request: Request) async throws -> (Job, Checkpoint) {
        let job = try await job(of: request)
        let id = request.parameters["checkpoint_id"] ?? ""
        do {
            return (job, try await database.checkpoints.checkpoint(id, jobID: job.id))
        } catch StorageError.notFound {
            throw APIError.missing(
                "checkpoint", id, param: "checkpoint_id",
                hint:
                    " of the job \(job.id); older ones are removed as strategy.keep_checkpoints and serve --keep-runs say"
            )
        }
    }

    private func getCheckpoint(_ request: Request) async throws -> Response {
        let (job, checkpoint) = try await checkpoint(of: request)
        return .json(object(checkpoint, of: job).json)
    }

    private func checkpointContent(_ request: Request) async throws -> Response {
        let (job, checkpoint) = try await checkpoint(of: request)
        // Without adapters a checkpoint is the merged model.
        let merges = try request.query.flag("merged") ?? false && job.recipe.layers.lora.map { !$0.merge } ?? false
        let name = "\(Self.directoryName(job))-step-\(checkpoint.step)\(merges ? "-merged" : "")"
        let model = merges ? try await mergedModel(checkpoint) : nil
        let entries = try (model?.files ?? checkpoint.files).map { file in
            TarArchive.Entry(
                name: file.name, path: try model?.path(of: file) ?? path(of: file, in: checkpoint), bytes: file.bytes,
                sha256: file.sha256)
        }
        let archive = try TarArchive(directory: name, entries: entries, modified: checkpoint.createdAt)
        return .file(
            FileBody(
                segments: archive.segments, contentType: "application/x-tar", entityTag: archive.entityTag,
                filename: "\(name).tar", owner: model?.directory))
    }

    private func mergedModel(_ checkpoint: Checkpoint) async throws -> MergedCheckpoints.Model {
        try requireFreeDisk(checkpoint.files.reduce(0) { $0 + $1.bytes })
        return try await merged.model(of: checkpoint)
    }

    private func checkpointFile(_ request: Request) async throws -> Response {
        let (_, checkpoint) = try await checkpoint(of: request)
        let name = request.parameters["name"] ?? ""
        guard let file = checkpoint.files.first(where: { $0.name == name }) else {
            let names = checkpoint.files.map(\.name).joined(separator: ", ")
            throw APIError.missing("file", name, param: "name", hint: " in this checkpoint; it has \(names)")
        }
        let whole = FileBody.Segment.file(path: try path(of: file, in: checkpoint), offset: 0, length: file.bytes)
        return .file(
            FileBody(
                segments: [whole], contentType: "application/octet-stream", entityTag: file.sha256, filename: file.name)
        )
    }

    /// Where a file of a checkpoint lies.
    ///
    /// - Throws: 404 where it is gone or no longer as long as it was: half an answer would look like a whole one.
    private func path(of file: CheckpointFile, in checkpoint: Checkpoint) throws -> String {
        let path = "\(database.checkpoints.path(checkpoint))/\(file.name)"
        let size: Int?
        do {
            size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        } catch CocoaError.fileReadNoSuchFile {
            size = nil
        }
        guard size == file.bytes else {
            throw APIError.missing("file", file.name, param: "name", hint: " on the disk any more")
        }
        return path
    }

    /// A name for an archive's directory, good on every file system: the model's with `ft:` left out, or the job's.
    static func directoryName(_ job: Job) -> String {
        let parts = [job.recipe.model.split(separator: "/").last.map(String.init) ?? "model", job.suffix ?? ""]
        let name = (parts.filter { !$0.isEmpty } + [String(job.id.suffix(8))]).joined(separator: "-")
        let allowed = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }
        return String(String(allowed).drop { $0 == "." || $0 == "-" }.suffix(72))
    }
}
