internal import SQLite

/// How much a token's bearer may use; nil is without a limit of its own.
public struct Quota: Sendable, Hashable {
    /// Jobs that wait: those whose files are checked, in the queue, or paused. A sweep counts as its trials.
    public var queuedJobs: Int?
    /// Jobs that train at once; those beyond stay in the queue.
    public var runningJobs: Int?
    /// Bytes of files, results of jobs among them.
    public var storedBytes: Int?

    /// Limits.
    public init(queuedJobs: Int? = nil, runningJobs: Int? = nil, storedBytes: Int? = nil) {
        self.queuedJobs = queuedJobs
        self.runningJobs = runningJobs
        self.storedBytes = storedBytes
    }

    /// A quota that is used up.
    public struct Excess: Sendable, Hashable, CustomStringConvertible {
        /// What there are quotas of. How many jobs run is no reason to refuse anything.
        public enum Resource: Sendable, Hashable {
            /// Jobs that wait.
            case queuedJobs
            /// Bytes of files.
            case storedBytes
        }

        /// Of what.
        public let resource: Resource
        /// How much may be used.
        public let limit: Int
        /// How much is used.
        public let used: Int
        /// How much was asked for.
        public let asked: Int

        /// An excess.
        public init(resource: Resource, limit: Int, used: Int, asked: Int) {
            self.resource = resource
            self.limit = limit
            self.used = used
            self.asked = asked
        }

        /// The limit, what is used, and what to do.
        public var description: String {
            switch resource {
            case .queuedJobs:
                "this would be \(asked) more waiting jobs beside \(used), and your quota is \(limit): wait until one has "
                    + "started, or cancel one"
            case .storedBytes:
                "this needs at least \(asked) bytes, your files have \(used) bytes, and your quota is \(limit) bytes: "
                    + "delete files with DELETE /v1/files/{id}"
            }
        }
    }
}

extension Quota {
    /// Reads the quota of a row of `tokens`.
    init(row: borrowing Row) throws {
        self.init(
            queuedJobs: try row["max_queued"], runningJobs: try row["max_running"], storedBytes: try row["max_bytes"])
    }

    /// The limits of a creator: his token's where it has its own, else the defaults.
    init(of creator: String, default standard: Quota, _ connection: Connection) throws {
        let own = try connection.first("SELECT * FROM tokens WHERE id = ?", creator) { try Quota(row: $0) }
        self.init(
            queuedJobs: own?.queuedJobs ?? standard.queuedJobs, runningJobs: own?.runningJobs ?? standard.runningJobs,
            storedBytes: own?.storedBytes ?? standard.storedBytes)
    }
}
