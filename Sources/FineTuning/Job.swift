/// A fine-tuning job.
public struct Job: Sendable, Hashable {
    /// `ftjob-…`
    public var id: String
    /// Seconds since 1970.
    public var createdAt: Int
    /// When its first attempt began; seconds since 1970.
    public var startedAt: Int?
    /// When it reached a terminal state; seconds since 1970.
    public var finishedAt: Int?
    /// The state.
    public var state: JobState
    /// How often it was started; the fencing token of its run directory.
    public var attempt: Int
    /// How many attempts ended by a fault of the machine.
    public var faults: Int
    /// What a user asked of it and is not yet done.
    public var intent: JobIntent?
    /// The five parts.
    public var recipe: Recipe
    /// What it searches over; it then trains nothing itself.
    public var sweep: Sweep?
    /// The sweep that it is a trial of.
    public var parentID: String?
    /// The training file's id.
    public var trainingFile: String
    /// The validation file's id.
    public var validationFile: String?
    /// Bytes of memory that its worker needs, where they are many; known once its files are checked.
    public var memoryBytes: Int?
    /// A part of the fine-tuned model's name.
    public var suffix: String?
    /// The client's own notes.
    public var metadata: [String: String]
    /// Why it failed, or why it was paused by the server.
    public var error: JobError?
    /// The name of the model that came out.
    public var fineTunedModel: String?
    /// Tokens trained on, over all epochs.
    public var trainedTokens: Int?
    /// Ids of the files with metrics and evaluation.
    public var resultFiles: [String]
    /// What was predicted of it, and what it took.
    public var quote = Quote()
    /// The network's parameters by block, from the embeddings to the head; nil before its first attempt began.
    public var blocks: [BlockParameters]?
    /// Whether there is a ledger of the training lines' losses.
    public var hasLedger = false
    /// How far it is; nil before the first step.
    public var progress: Progress?
    /// The best validation result so far.
    public var best: BestResult?

    /// A new job, its files yet to be checked.
    public init(
        id: String = Identifier.make(prefix: "ftjob-"), createdAt: Int, recipe: Recipe, trainingFile: String,
        validationFile: String? = nil, suffix: String? = nil, metadata: [String: String] = [:], sweep: Sweep? = nil,
        parentID: String? = nil
    ) {
        self.id = id
        self.createdAt = createdAt
        self.recipe = recipe
        self.trainingFile = trainingFile
        self.validationFile = validationFile
        self.suffix = suffix
        self.metadata = metadata
        self.sweep = sweep
        self.parentID = parentID
        state = .validatingFiles
        attempt = 0
        faults = 0
        resultFiles = []
    }

    /// Whether it is paused or about to be.
    public var isPausing: Bool { state == .paused || intent == .pause }

    /// Jobs of higher priority start first.
    public var priority: Int { recipe.resources.priority }

    /// The name of the model that comes out: `ft:<base>:<organization>:<suffix>:<job's last 8 characters>`.
    public func modelName(organization: String) -> String {
        let base =
            recipe.model.hasPrefix("ft:")
            ? recipe.model.split(separator: ":", omittingEmptySubsequences: false).dropFirst().first.map(String.init)
                ?? recipe.model
            : recipe.model
        return "ft:\(base):\(organization):\(suffix ?? ""):\(id.suffix(8))"
    }
}
