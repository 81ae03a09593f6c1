public import JSON

/// A job's five parts as resolved at its creation; what a run depends on, beside its files.
public struct Recipe: Sendable, Hashable, JSONRepresentable {
    /// The pretrained model's name.
    public var model: String
    /// The start of every random sequence: new head, dropout, shuffles, validation split.
    public var seed: Int
    /// Epochs and batch size.
    public var hyperparameters: Hyperparameters
    /// The new task layer.
    public var task: TaskSpecification
    /// The unfrozen layers.
    public var layers: LayersSpecification
    /// The training strategy.
    public var strategy: Strategy
    /// The data pipeline.
    public var data: DataPipeline
    /// What it may use of the machine.
    public var resources: Resources

    /// A recipe of these parts, with every default filled in.
    ///
    /// - Parameter threads: the threads of a job that does not ask for a number.
    public init(
        model: String, seed: Int, hyperparameters: Hyperparameters = Hyperparameters(),
        task: TaskSpecification = TaskSpecification(), layers: LayersSpecification = LayersSpecification(),
        strategy: Strategy = Strategy(),
        data: DataPipeline = DataPipeline(), resources: Resources = Resources(), threads: Int = 1
    ) {
        self.model = model
        self.seed = seed
        self.hyperparameters = hyperparameters
        self.task = task
        self.layers = layers
        self.strategy = strategy
        self.data = data
        self.resources = resources
        self.strategy.learningRate = strategy.learningRate ?? defaultLearningRate
        self.strategy.earlyStopping?.metric = strategy.earlyStopping?.metric ?? task.defaultSelectionMetric
        self.resources.threads = resources.threads ?? threads
    }

    /// The learning rate where the job names none.
    public var defaultLearningRate: Double {
        DefaultLearningRate.value(task.type, layers, strategy.optimizer.type) * hyperparameters.learningRateMultiplier
    }

    /// The metric by which the best checkpoint is chosen.
    public var selectionMetric: MetricName { strategy.earlyStopping?.metric ?? task.defaultSelectionMetric }

    /// Examples of one optimizer step.
    public var effectiveBatchSize: Int { hyperparameters.batchSize * strategy.gradientAccumulation }

    /// Refuses combinations of settings that mean nothing, so that none is silently without effect.
    ///
    /// - Parameter hasValidationFile: whether there is a file of its own to evaluate on.
    /// - Throws: `JSONFault` with the path of the setting that must go, and what to do.
    public func requireSense(hasValidationFile: Bool) throws(JSONFault) {
        try RecipeRules(recipe: self, hasValidationFile: hasValidationFile).check()
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        let model = try fields.required("model").string()
        let seed = try fields.required("seed").integer()
        self.init(
            model: model, seed: seed,
            hyperparameters: try Self.part(fields.optional("hyperparameters")) ?? Hyperparameters(),
            task: try Self.part(fields.optional("task")) ?? TaskSpecification(),
            layers: try Self.part(fields.optional("layers")) ?? LayersSpecification(),
            strategy: try Self.part(fields.optional("strategy")) ?? Strategy(),
            data: try Self.part(fields.optional("data")) ?? DataPipeline(),
            resources: try Self.part(fields.optional("resources")) ?? Resources())
        try fields.finish()
    }

    /// Reads a part if it is there.
    static func part<Part: JSONRepresentable>(_ cursor: JSONCursor?) throws(JSONFault) -> Part? {
        if let cursor { try Part(cursor) } else { nil }
    }

    /// The recipe as JSON.
    public var json: JSONValue {
        [
            "model": .string(model), "seed": JSONValue(seed), "hyperparameters": hyperparameters.json,
            "task": task.json, "layers": layers.json, "strategy": strategy.json, "data": data.json,
            "resources": resources.json,
        ]
    }
}
