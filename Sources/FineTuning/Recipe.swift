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
    public var layers: LayerSelection
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
        task: TaskSpecification = TaskSpecification(), layers: LayerSelection = .all, strategy: Strategy = Strategy(),
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
        self.resources.threads = resources.threads ?? threads
    }

    /// The learning rate where the job names none: a new head alone bears a far higher one than a pretrained trunk.
    public var defaultLearningRate: Double {
        (layers == .head ? 1e-3 : 5e-5) * hyperparameters.learningRateMultiplier
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
            layers: try Self.part(fields.optional("layers")) ?? .all,
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
