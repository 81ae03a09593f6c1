internal import Datasets
internal import FineTuning
public import RunDirectory
public import Tensors

/// What a task is made from.
public struct TaskSetup {
    /// The run: its recipe and its files.
    public let run: RunRecipe
    /// The directory of the checkpoint to go on from; nil begins with the pretrained model.
    public let checkpoint: String?
    /// The threads to use.
    public let pool: ThreadPool
    /// Where the file of tokenized examples lies, which may be larger than memory; nil takes the system's directory for
    /// temporary files.
    public let examplesDirectory: String?

    /// A setup of a run that begins, or goes on from a checkpoint.
    public init(run: RunRecipe, checkpoint: String? = nil, pool: ThreadPool, examplesDirectory: String? = nil) {
        self.run = run
        self.checkpoint = checkpoint
        self.pool = pool
        self.examplesDirectory = examplesDirectory
    }

    /// Where the weights are read: the checkpoint, else the pretrained model. With adapters always the latter: the
    /// trainer then restores what trains.
    public var directory: String {
        run.recipe.layers.lora == nil ? checkpoint ?? run.modelDirectory : run.modelDirectory
    }
    /// Whether the weights are those of a checkpoint of the run itself.
    public var readsCheckpoint: Bool { directory == checkpoint }
    /// The start of every random sequence.
    public var seed: UInt64 { UInt64(bitPattern: Int64(run.recipe.seed)) }
    /// The number of threads.
    public var threads: Int { pool.threadCount }

    /// The task of the recipe's type, with its model and its examples loaded, and the trainable parameters chosen.
    ///
    /// - Throws: `JobError` for a model that cannot be read, data with faults, or a recipe that does not fit them.
    public func task() throws -> any TrainingTask {
        let base = try PretrainedModel(directory: directory)
        return try task(base, RunData.valid(self, base))
    }

    /// The task over a model directory and data that are open.
    func task(_ base: PretrainedModel, _ data: TaskData) throws -> any TrainingTask {
        let recipe = run.recipe
        let assembly = try EncoderAssembly(self, base, data)
        let task: any TrainingTask =
            switch recipe.task.type {
            case .textClassification: TextClassificationTask(assembly, recipe)
            case .textRegression: TextRegressionTask(assembly)
            case .tokenClassification: TokenClassificationTask(assembly, recipe)
            case .textEmbedding: TextEmbeddingTask(assembly, recipe)
            case .maskedLanguageModeling: try MaskedLanguageModelingTask(assembly, self, base)
            }
        if recipe.layers.lora != nil {
            task.store.setTrainable(task.trainsBesideAdapters)
            return task
        }
        let names = try recipe.layers.train.trainableNames(of: task.store.parameters.map(\.specification))
        task.store.setTrainable { names.contains($0.name) }
        return task
    }
}
