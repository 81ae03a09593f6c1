public import FineTuning
internal import Foundation
internal import Models
internal import POSIX
internal import RunDirectory

/// The names of a checkpoint's files.
public enum CheckpointFiles {
    /// The weights.
    public static let weights = "model.safetensors"
    /// The architecture.
    public static let configuration = "config.json"
    /// The model card.
    public static let readme = "README.md"
    /// Where the run stands.
    public static let state = "trainer_state.json"
    /// The optimizer's moments.
    public static let optimizer = "optimizer.safetensors"
    /// The losses of the training examples so far.
    public static let ledger = "ledger.safetensors"

    /// Files of a tokenizer, as the families of transformers name them; what the pretrained model has is copied.
    public static let tokenizer = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt",
        "vocab.json", "merges.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model",
    ]

    /// Files that only a resuming run reads; they are not part of the model.
    static let resumeState: Set<String> = [state, optimizer, ledger, ChecksumList.fileName]

    /// The files that are the model, to be told of and downloaded: without the resume state, and beside adapters
    /// without the merged weights, from which the server itself answers.
    public static func published(_ files: [CheckpointFile]) -> [CheckpointFile] {
        let hasAdapters = files.contains { $0.name == AdapterConfiguration.weightsName }
        return files.filter { !resumeState.contains($0.name) && !(hasAdapters && $0.name == weights) }
    }

    /// The tokenizer's files that a model's directory has, to be copied.
    ///
    /// - Parameter isPassing: whether the directory will go while they are still needed; then they are read now.
    /// - Throws: `SystemCallError` where one cannot be read.
    public static func tokenizerFiles(of directory: String, isPassing: Bool = false) throws -> [ModelFile] {
        try tokenizer.compactMap { name in
            let path = "\(directory)/\(name)"
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            return ModelFile(name, isPassing ? .bytes(try FileDescriptor.open(path).readToEnd()) : .copy(path))
        }
    }
}
