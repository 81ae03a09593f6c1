/// A model that a job put out.
public struct FineTunedModel: Sendable, Hashable {
    /// `ft:<base>:<organization>:<suffix>:<job short id>`
    public var name: String
    /// The job that made it.
    public var jobID: String
    /// The model it was made from.
    public var parent: String
    /// Seconds since 1970.
    public var createdAt: Int
    /// Its directory, relative to the data directory: `runs/<job id>/checkpoints/step-000100`.
    public var directory: String
    /// The task it answers.
    public var task: TaskKind
    /// The labels in the order of the output.
    public var labels: [String]

    /// A model.
    public init(
        name: String, jobID: String, parent: String, createdAt: Int, directory: String, task: TaskKind,
        labels: [String]
    ) {
        self.name = name
        self.jobID = jobID
        self.parent = parent
        self.createdAt = createdAt
        self.directory = directory
        self.task = task
        self.labels = labels
    }
}
