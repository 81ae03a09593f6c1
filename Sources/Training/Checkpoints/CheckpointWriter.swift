internal import FineTuning
internal import Foundation
internal import JSON
internal import POSIX
public import RunDirectory
internal import Safetensors
internal import Tensors

/// Writes checkpoints: Hugging Face directories, proven before they get their name, with the resume state apart.
///
/// Temporary directory → write and synchronize → read the weights back and compare bit for bit → a forward pass of what
/// was read, compared with the model in memory → rename → synchronize the directory. A reader thus finds a whole
/// checkpoint or none. Journal and removal of older checkpoints are the caller's (``TrainingLoop``).
public struct CheckpointWriter: Sendable {
    /// Where checkpoints go.
    public let store: CheckpointStore

    /// A writer of checkpoints of one run.
    public init(store: CheckpointStore) { self.store = store }

    /// Room that a checkpoint of a trainer takes, in bytes, with some reserve for the small files.
    public static func byteCount(_ trainer: Trainer<some TrainingTask>) -> Int {
        let resume =
            trainer.resumeTensors.reduce(0) { $0 + $1.elements.count }
            + trainer.ledger.entries.reduce(0) { $0 + $1.values.count }
        return 4 * (trainer.task.store.count + resume) + reserve
    }

    private static let reserve = 4 << 20

    /// Writes, proves and publishes a checkpoint of where a trainer stands.
    ///
    /// - Parameter readme: the model card.
    /// - Returns: the checksums of its files.
    /// - Throws: `JobError` of code `disk_full`; of code `internal_error` where what was read back differs.
    public func write(
        _ trainer: Trainer<some TrainingTask>, readme: String
    ) throws -> (name: String, checksums: ChecksumList) {
        try DiskSpace.require(Self.byteCount(trainer), at: store.path)
        let name = PublishedCheckpoint.name(step: trainer.state.step)
        let temporary = try store.makeTemporary(for: name)
        do {
            let checksums = try trainer.withExportedWeights { try fill(temporary, trainer, readme) }
            try store.publish(temporary, as: name)
            return (name, checksums)
        } catch {
            // What went wrong matters more than a directory that the next start removes.
            try? store.removeIfPresent(temporary)
            throw JobError(cause: error)
        }
    }

    /// Writes and proves all files of a checkpoint.
    private func fill(
        _ directory: String, _ trainer: Trainer<some TrainingTask>, _ readme: String
    ) throws -> ChecksumList {
        let files = try trainer.task.modelFiles()
        let resume = [
            ModelFile(CheckpointFiles.optimizer, .tensors(ResumeState.entries(trainer.resumeTensors))),
            ModelFile(CheckpointFiles.ledger, .tensors(trainer.ledger.entries)),
            ModelFile(CheckpointFiles.readme, .text(readme)),
            ModelFile(CheckpointFiles.state, .text(trainer.state.json.prettyText)),
        ]
        // Copies come last: the weights are what most likely finds no room.
        let copied = files.filter(\.isCopy)
        for file in files.filter({ !$0.isCopy }) + resume + copied { try write(file, to: directory) }
        let checksums = try ChecksumList(of: (files + resume).map(\.name).sorted(), in: directory)
        try write(ModelFile(ChecksumList.fileName, .text(checksums.json.prettyText)), to: directory)
        for file in files { try prove(file, in: directory) }
        try trainer.task.prove(directory)
        return checksums
    }

    private func write(_ file: ModelFile, to directory: String) throws {
        let path = "\(directory)/\(file.name)"
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let new = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
        switch file.content {
        case .tensors(let entries): try SafetensorsWriter(entries).write(to: new.raw, path: path)
        case .text(let text): try new.write(all: Array(text.utf8))
        case .copy(let source): try new.write(all: FileDescriptor.open(source).readToEnd())
        case .bytes(let bytes): try new.write(all: bytes)
        }
        try new.synchronize()
        try new.close()
        // The name in a folder inside is no more durable than that of any other file.
        if folder != directory { try DurableFile.synchronizeDirectory(folder) }
    }

    /// Reads tensors back and compares every bit.
    private func prove(_ written: ModelFile, in directory: String) throws {
        guard case .tensors(let entries) = written.content else { return }
        let file = try SafetensorsFile(path: "\(directory)/\(written.name)")
        for tensor in entries {
            let written = UnsafeRawBufferPointer(tensor.values)
            let isSame = try file.withBytes(of: tensor.name) { bytes in
                guard let left = bytes.baseAddress, let right = written.baseAddress else { return false }
                return bytes.count == written.count && memcmp(left, right, bytes.count) == 0
            }
            guard isSame else {
                throw JobError(.internalError, "the checkpoint's tensor \(tensor.name) was not read back as written")
            }
        }
    }
}
