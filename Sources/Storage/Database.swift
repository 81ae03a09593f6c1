internal import Foundation
internal import Glibc
internal import POSIX
internal import SQLite

/// The daemon's memory: jobs, files, events, metrics, checkpoints, models, tokens.
///
/// It is the only writer of `finetuned.sqlite`. When a call that changes something returns, the change is on the disk.
public final class Database: Sendable {
    /// Where it lies.
    public let directory: DataDirectory
    /// Events as they are committed.
    public let feed: EventFeed
    /// The limits of tokens that have none of their own, and of clients that need no token.
    let defaultQuota: Quota
    let pool: ConnectionPool
    let now: @Sendable () -> Int

    /// Opens the database, looks it over for damage, brings it to the present schema and clears leftovers away.
    ///
    /// - Parameters:
    ///   - migrations: the directory of the `NNNN_what.sql` files.
    ///   - defaultQuota: the limits of tokens that have none of their own, and of clients that need no token.
    ///   - now: seconds since 1970; nil asks the system's clock.
    /// - Throws: `MigrationError`, `SQLiteError`, ``StorageError/damaged(path:faults:)``.
    public init(
        directory: DataDirectory, migrations: String, defaultQuota: Quota = Quota(),
        now: (@Sendable () -> Int)? = nil
    ) async throws {
        self.directory = directory
        self.defaultQuota = defaultQuota
        self.now = now ?? { Int(Date().timeIntervalSince1970) }
        let path = directory.databasePath
        let migrator = try Migrator(directory: migrations)
        // Created here for its mode, which the files beside it take over.
        _ = try FileDescriptor.open(path, O_RDWR | O_CREAT, mode: 0o600)
        // SQLite would drop what lies behind a damage of the log, for good, when it opens the database.
        if directory.isExclusive, let fault = try WriteAheadLog(database: path).fault(), fault.isDamage {
            throw StorageError.damaged(path: path, faults: ["\(fault)"])
        }
        let pool = try ConnectionPool(path: path)
        let last = try await pool.write { connection in
            let faults = try connection.faults()
            guard faults.isEmpty else { throw StorageError.damaged(path: path, faults: faults) }
            try migrator.migrate(connection)
            return try connection.value("SELECT MAX(seq) FROM events", as: Int?.self) ?? nil
        }
        self.pool = pool
        feed = EventFeed(pool: pool, lastSequence: last ?? 0)
        if directory.isExclusive {
            let files = try await pool.read { connection in
                try connection.query("SELECT id FROM files") { row -> String in try row["id"] }
            }
            try directory.removeLeftovers(knownFiles: Set(files))
        }
    }

    /// Jobs and their states.
    public var jobs: JobStore { JobStore(database: self) }
    /// Uploaded files and results.
    public var files: FileStore { FileStore(database: self) }
    /// What happened.
    public var events: EventStore { EventStore(database: self) }
    /// Training curves and evaluations.
    public var metrics: MetricStore { MetricStore(database: self) }
    /// Published checkpoints.
    public var checkpoints: CheckpointStore { CheckpointStore(database: self) }
    /// Models.
    public var models: ModelStore { ModelStore(database: self) }
    /// Tokens of the API.
    public var tokens: TokenStore { TokenStore(database: self) }
    /// Who did what.
    public var audit: AuditStore { AuditStore(database: self) }
    /// Deliveries to the receiver of webhooks.
    public var webhooks: WebhookStore { WebhookStore(database: self) }

    /// Brings what stands in the write-ahead log into the database file, which alone is whole after that; for the end.
    ///
    /// A damaged log looks like one that a power loss cut off: what was in it is not missed. A damaged file is noticed.
    /// - Throws: `SQLiteError`; nothing is lost by that.
    public func mergeLog() async throws {
        try await pool.write { try $0.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    /// Runs `body` in one transaction and publishes its events after the commit, in the order of commits.
    func write<Result: Sendable>(
        _ body: @Sendable (WriteTransaction) throws -> Result
    ) async throws -> Result {
        let (feed, time, defaultQuota) = (feed, now(), defaultQuota)
        return try await pool.write { connection in
            let transaction = WriteTransaction(connection, now: time, defaultQuota: defaultQuota)
            let result = try connection.transaction(.immediate) {
                let result = try body(transaction)
                FaultPoint.reach("before commit", connection.path)
                return result
            }
            FaultPoint.reach("after commit", connection.path)
            // Still on the writer's thread, so that no later commit can be published before this one.
            feed.publish(transaction.events)
            return result
        }
    }

    /// Runs `body` with a consistent view of the database.
    func read<Result: Sendable>(
        _ body: @Sendable (Connection) throws -> Result
    ) async throws -> Result {
        try await pool.read(body)
    }
}
