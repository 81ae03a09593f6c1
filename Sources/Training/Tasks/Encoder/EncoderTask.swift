internal import Datasets
public import FineTuning
public import Models
public import Safetensors
public import Tensors

/// A task of a text encoder: all that such tasks do alike.
public protocol EncoderTask: TrainingTask where Batch: EncoderBatch {
    /// The model, its examples, and how it is written.
    var assembly: EncoderAssembly { get }
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
    var training: Examples { assembly.data.training }
    var validation: Examples { assembly.data.validation }
    var changes: TextChanges { assembly.changes }
    var export: EncoderExport { assembly.export }

    /// The model that is trained.
    public var model: EncoderModel { assembly.model }
    /// What the output's places are called.
    public var labels: [String] { assembly.data.labels }
    /// Examples to train on.
    public var trainingCount: Int { training.count }
    /// Examples to evaluate on.
    public var validationCount: Int { validation.count }
    /// The length of a training example, in tokens of all its texts.
    public func trainingLength(of example: Int) -> Int { training.length(of: example) }
    /// The length of a validation example, in tokens of all its texts.
    public func validationLength(of example: Int) -> Int { validation.length(of: example) }
    /// The class of each training example, where rare classes are to be shown more often; else nil.
    public var oversampledClasses: [Int32]? { assembly.data.oversampledClasses }
    /// What the check of the data files found.
    public var dataReport: DataReport { assembly.data.report }
    /// What a user should be told before training begins.
    public var remarks: [TaskRemark] { assembly.remarks }
    /// The weights, `config.json`, the tokenizer, and what else the head needs to be loaded.
    public func modelFiles() -> [ModelFile] { export.files() }
    /// Compares the output of what was written with that of the model in memory.
    public func prove(_ directory: String) throws { try export.prove(directory) }

    /// The validation examples with the greatest losses.
    ///
    /// - Parameters:
    ///   - losses: (validation examples).
    ///   - describe: what is true of an example, and what the model says to it.
    func worstExamples(_ losses: [Float], _ describe: (_ place: Int) -> (truth: String, answer: String))
        -> [WorstExample]
    {
        GreatestValues.places(losses, limit: 20).map { place in
            let (truth, answer) = describe(place)
            return WorstExample(
                line: validation.line(of: place), text: validation.snippet(of: place), truth: truth, answer: answer,
                loss: Double(losses[place]))
        }
    }

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
