public import Models
public import Safetensors
public import Tensors

/// A task of a text encoder: all that such tasks do alike.
public protocol EncoderTask: TrainingTask where Batch: EncoderBatch {
    /// The model that is trained.
    var model: EncoderModel { get }
}

/// A micro-batch of texts.
public protocol EncoderBatch: TrainingBatch {
    /// All its token sequences.
    var packed: PackedBatch { get }
}

extension EncoderBatch {
    /// Number of tokens.
    public var tokenCount: Int { packed.tokenCount }
    /// Where each sequence begins.
    public var sequenceOffsets: [Int32] { packed.offsets }
}

extension EncoderTask {
    /// Where losses are recorded.
    public var tape: Tape { model.tape }

    /// A change of zero of the word embeddings.
    public func perturbation(of batch: Batch) -> EmbeddingPerturbation {
        EmbeddingPerturbation(tape, tokenCount: batch.packed.tokenCount, width: model.configuration.hiddenSize)
    }

    /// The tensors that the trunk's parameters begin as.
    public func pretrainedTensors(in directory: SafetensorsDirectory) -> [String: String] {
        model.sources(in: directory)
    }

    /// The adapters of the model.
    public var adapters: [String: LowRankAdapter] { model.adapters }

    /// Whether the model has adapters.
    public var resumesFromPretrained: Bool { model.lora != nil }

    /// Whether a parameter is an adapter's or the head's.
    public func trainsBesideAdapters(_ parameter: Parameter) -> Bool { model.trainsBesideAdapters(parameter) }
}
