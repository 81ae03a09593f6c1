internal import FineTuning
internal import Foundation
internal import JSON
public import Models
internal import POSIX
internal import RunDirectory
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
    /// The pretrained model's directory, whose tokenizer is copied.
    public let modelDirectory: String
    /// `config.json` of every checkpoint.
    let configuration: JSONValue

    /// A writer of checkpoints of one run.
    ///
    /// - Parameters:
    ///   - store: where they go.
    ///   - modelDirectory: the pretrained model's directory.
    ///   - configuration: of the pretrained model with this run's head.
    ///   - labels: in the order of the output.
    public init(
        store: CheckpointStore, modelDirectory: String, configuration: BertConfiguration, labels: [String]
    ) {
        self.store = store
        self.modelDirectory = modelDirectory
        self.configuration = configuration.json(labels: labels)
    }

    /// Room that a checkpoint of a model takes, in bytes, with some reserve for the small files.
    public static func byteCount(parameters: Int, trainable: Int) -> Int {
        4 * (parameters + 2 * trainable) + (4 << 20)
    }

    /// Writes, proves and publishes a checkpoint of where a trainer stands.
    ///
    /// - Parameter readme: the model card.
    /// - Returns: the checksums of its files.
    /// - Throws: `JobError` of code `disk_full`; of code `internal_error` where what was read back differs.
    public func write(_ trainer: Trainer, readme: String) throws -> (name: String, checksums: ChecksumList) {
        let model = trainer.model
        try DiskSpace.require(
            Self.byteCount(parameters: model.store.count, trainable: model.store.trainableCount), at: store.path)
        let name = PublishedCheckpoint.name(step: trainer.state.step)
        let temporary = try store.makeTemporary(for: name)
        do {
            let files = try writeFiles(trainer, readme: readme, to: temporary)
            let checksums = try ChecksumList(of: files, in: temporary)
            try write(Array(checksums.json.prettyText.utf8), to: "\(temporary)/\(ChecksumList.fileName)")
            try prove(model, in: temporary)
            try store.publish(temporary, as: name)
            return (name, checksums)
        } catch {
            // What went wrong matters more than a directory that the next start removes.
            try? store.removeIfPresent(temporary)
            throw JobError(cause: error)
        }
    }

    private func writeFiles(_ trainer: Trainer, readme: String, to directory: String) throws -> [String] {
        let model = trainer.model
        try SafetensorsWriter(model.exportedTensors).write(toNewFile: "\(directory)/\(CheckpointFiles.weights)")
        try SafetensorsWriter(ResumeMoments.entries(trainer.optimizer, model.store), metadata: [:])
            .write(toNewFile: "\(directory)/\(CheckpointFiles.optimizer)")
        var files = [CheckpointFiles.weights, CheckpointFiles.optimizer]
        let texts = [
            (CheckpointFiles.configuration, configuration.prettyText), (CheckpointFiles.readme, readme),
            (CheckpointFiles.state, trainer.state.json.prettyText),
        ]
        for (file, text) in texts {
            try write(Array(text.utf8), to: "\(directory)/\(file)")
            files.append(file)
        }
        for file in CheckpointFiles.tokenizer {
            guard FileManager.default.fileExists(atPath: "\(modelDirectory)/\(file)") else { continue }
            let bytes = try FileDescriptor.open("\(modelDirectory)/\(file)").readToEnd()
            try write(bytes, to: "\(directory)/\(file)")
            files.append(file)
        }
        return files.sorted()
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
        try file.write(all: bytes)
        try file.synchronize()
        try file.close()
    }

    /// Reads the weights back and compares every bit, then runs what was read and compares its answers.
    private func prove(_ model: BertClassifier, in directory: String) throws {
        let file = try SafetensorsDirectory(path: directory)
        for tensor in model.exportedTensors {
            let written = UnsafeRawBufferPointer(tensor.values)
            let isSame = try file.files[0].withBytes(of: tensor.name) { bytes in
                guard let left = bytes.baseAddress, let right = written.baseAddress else { return false }
                return bytes.count == written.count && memcmp(left, right, bytes.count) == 0
            }
            guard isSame else {
                throw JobError(.internalError, "the checkpoint's tensor \(tensor.name) was not read back as written")
            }
        }
        let copy = try BertClassifier(
            weights: file, configuration: BertConfiguration(directory: directory), newHead: nil, seed: 0,
            pool: model.pool)
        let probe = Self.probe(model.configuration)
        let (expected, found) = (try model.logits(probe), try copy.logits(probe))
        guard zip(expected, found).allSatisfy({ abs($0 - $1) <= 1e-6 * max(1, abs($0)) }) else {
            throw JobError(
                .internalError, "the checkpoint answers \(found) where the model in memory answers \(expected)")
        }
    }

    /// Two short sequences of token numbers from all over the vocabulary.
    private static func probe(_ configuration: BertConfiguration) -> PackedBatch {
        let longest = min(12, configuration.maximumPositions)
        let sequences = [longest, max(1, longest / 2)].map { count in
            (0..<count).map { Int32(($0 * 7919 + 101) % configuration.vocabularySize) }
        }
        return PackedBatch(sequences: sequences)
    }
}
