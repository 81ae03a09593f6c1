public import JSON

/// Something that happened to a job.
public struct Event: Sendable, Hashable {
    /// What kind of thing; the `event:` of server-sent events.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The job's state changed.
        case status
        /// An optimizer step was measured.
        case metrics
        /// The held-back examples were evaluated.
        case evaluation
        /// A checkpoint was published.
        case checkpoint
        /// Anything else worth saying.
        case message
    }

    /// How serious it is.
    public enum Level: String, Sendable, Hashable, CaseIterable {
        /// As expected.
        case info
        /// Worth a look.
        case warn
        /// Something failed.
        case error
    }

    /// Its position in the order of all events, from 1; 0 before it is stored.
    public var sequence: Int
    /// `ftevent-…`
    public var id: String
    /// The job it belongs to.
    public var jobID: String
    /// Seconds since 1970.
    public var createdAt: Int
    /// The kind.
    public var kind: Kind
    /// The level.
    public var level: Level
    /// For people.
    public var message: String
    /// For programs; an object.
    public var data: JSONValue

    /// An event.
    public init(
        sequence: Int = 0, id: String = Identifier.make(prefix: "ftevent-"), jobID: String, createdAt: Int, kind: Kind,
        level: Level = .info, message: String, data: JSONValue = [:]
    ) {
        self.sequence = sequence
        self.id = id
        self.jobID = jobID
        self.createdAt = createdAt
        self.kind = kind
        self.level = level
        self.message = message
        self.data = data
    }
}
