public import FineTuning
public import Models
public import Safetensors
public import Tensors

/// What a model is to learn from its examples: how a batch is made, what its loss is, and how answers are measured.
///
/// The trainer knows neither model families nor kinds of task: it moves the parameters of ``tape``'s store along the
/// gradients of the losses that a task records there. One class a kind of task; it owns its model and its examples.
public protocol TrainingTask: AnyObject {
    /// A micro-batch.
    associatedtype Batch: TrainingBatch

    /// Where losses are recorded, with the parameters and the threads.
    var tape: Tape { get }
    /// Examples to train on.
    var trainingCount: Int { get }
    /// Examples to evaluate on; 0 without any.
    var validationCount: Int { get }
    /// The length of a training example, in tokens.
    func trainingLength(of example: Int) -> Int
    /// The length of a validation example, in tokens.
    func validationLength(of example: Int) -> Int
    /// What the output's places are called; empty where it has no labels.
    var labels: [String] { get }

    /// The class of each training example, where rare classes are to be shown more often; else nil.
    var oversampledClasses: [Int32]? { get }

    /// Training examples as a micro-batch: augmented, masked, with their targets.
    ///
    /// A pure function of the examples and the moment, so that a run that goes on sees what it would have seen.
    ///
    /// - Parameters:
    ///   - examples: places in 0..<``trainingCount``; at least one.
    ///   - moment: when, for random choices.
    func prepare(_ examples: [Int], at moment: TrainingMoment) throws -> Batch

    /// Validation examples as a batch, as they are.
    func prepareValidation(_ examples: [Int]) throws -> Batch

    /// Forgets what the tape holds, runs the model forward and records the batch's mean loss on the tape.
    ///
    /// - Returns: the loss with its value on the tape; the mean over what ``TrainingBatch/weight`` counts.
    func loss(_ batch: Batch, _ conditions: ForwardConditions) throws -> BatchLoss

    /// A change of zero of the embeddings of a batch's sequences, for adversarial training.
    func perturbation(of batch: Batch) -> EmbeddingPerturbation

    /// Measures the model on all validation examples.
    ///
    /// - Parameters:
    ///   - step: the optimizer step, for the record.
    ///   - epoch: epochs done, for the record.
    /// - Throws: `JobError` of code `diverged` where an answer is not finite.
    func evaluate(step: Int, epoch: Double) throws -> Evaluation

    /// The tensors of a pretrained model's directory that parameters begin as, by the names of the parameters.
    func pretrainedTensors(in directory: SafetensorsDirectory) -> [String: String]
    /// Whether training through adapters changes a parameter.
    func trainsBesideAdapters(_ parameter: Parameter) -> Bool
    /// Whether a run that goes on begins with the pretrained model, as the files of a checkpoint do not hold each
    /// trainable parameter by itself; the resume state then does.
    var resumesFromPretrained: Bool { get }
    /// The adapters beside frozen weights, by the names of the weights.
    var adapters: [String: LowRankAdapter] { get }

    /// A training example as people know it, for the ledger.
    ///
    /// - Parameter answer: what the model said to it last, as ``BatchLoss/exampleAnswers`` numbers answers; nil where that
    ///   is not known.
    func describe(_ example: Int, answer: Float?) -> ExampleDescription
    /// Whether an example's loss is the negative logarithm of the probability of the label that the file gives it.
    var lossesAreLogProbabilities: Bool { get }

    /// Memory of what is computed once an example and kept, as the trunk below it does not change, in bytes; 0 where
    /// nothing is.
    var keptFeatureBytes: Int { get }

    /// What the check of the data files found.
    var dataReport: DataReport { get }
    /// What a user should be told before training begins.
    var remarks: [TaskRemark] { get }
    /// What a model card says of the task.
    var card: TaskCard { get }

    /// The model's files as Hugging Face tools load them: weights, configuration, tokenizer. The values are those of
    /// the store at the moment of writing.
    func modelFiles() throws -> [ModelFile]

    /// Loads the model files in a directory, runs them forward on a probe, and compares with the model in memory.
    ///
    /// - Throws: `JobError` of code `internal_error` where they differ.
    func prove(_ directory: String) throws
}

extension TrainingTask {
    /// Shows every example once an epoch.
    public var oversampledClasses: [Int32]? { nil }
    /// Most tasks keep nothing.
    public var keptFeatureBytes: Int { 0 }
    /// Of most tasks it is not.
    public var lossesAreLogProbabilities: Bool { false }
    /// All parameters.
    public var store: ParameterStore { tape.store }
    /// The threads to use.
    public var pool: ThreadPool { tape.pool }

    /// All validation examples in order, in pieces that go through the model at once without gradients.
    public var validationPieces: [Range<Int>] {
        Pieces.ranges(of: (0..<validationCount).map(validationLength), tokenBudget: Pieces.evaluationTokens)
    }
}
