/// A published checkpoint: a Hugging Face directory that was read back and proven before it got its name.
public struct Checkpoint: Sendable, Hashable {
    /// `ftckpt_…`
    public var id: String
    /// The job it belongs to.
    public var jobID: String
    /// The optimizer step.
    public var step: Int
    /// Seconds since 1970.
    public var createdAt: Int
    /// Its directory, relative to the job's directory: `checkpoints/step-000100`.
    public var directory: String
    /// Its files.
    public var files: [CheckpointFile]
    /// Training loss of the step.
    public var trainLoss: Double?
    /// The evaluation at this step, where there was one.
    public var evaluation: Evaluation?
    /// Whether it is the best of its job so far.
    public var isBest: Bool

    /// A checkpoint.
    public init(
        id: String = Identifier.make(prefix: "ftckpt_"), jobID: String, step: Int, createdAt: Int, directory: String,
        files: [CheckpointFile], trainLoss: Double?, evaluation: Evaluation?, isBest: Bool
    ) {
        self.id = id
        self.jobID = jobID
        self.step = step
        self.createdAt = createdAt
        self.directory = directory
        self.files = files
        self.trainLoss = trainLoss
        self.evaluation = evaluation
        self.isBest = isBest
    }
}
