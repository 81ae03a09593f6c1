internal import API
internal import FineTuning
internal import Glibc
internal import HTTP
internal import POSIX
internal import Scheduling
internal import Storage
internal import Webhooks

/// The server and all that stands behind it: where the parts are put together.
final class Daemon: Sendable {
    private let address: SocketAddress
    private let log: Log
    private let database: Database
    private let scheduler: Scheduler
    private let answerer: Answerer
    private let server: Server
    private let journal: JobLog
    /// Nil where nobody is to be told of anything.
    private let webhooks: WebhookSender?

    /// Opens the data directory and the database; nothing is served yet.
    init(_ options: ServeOptions, installation: Installation, log: Log) async throws {
        let directory = try DataDirectory(path: options.data, models: options.models)
        let database = try await Database(
            directory: directory, migrations: installation.migrations, defaultQuota: options.quota)
        if !options.address.isLoopback, try await !database.tokens.isAnyValid() {
            throw CommandError.needsToken(address: options.address, data: options.data)
        }
        answerer = Answerer(program: installation.worker, threads: options.threads)
        var scheduling = SchedulerConfiguration()
        scheduling.organization = options.organization
        scheduling.keptRuns = options.keptRuns
        scheduling.auditDays = options.auditDays
        scheduling.report = log.write
        let scheduler = Scheduler(
            database: database, slots: options.workers, launcher: LocalLauncher(program: installation.worker),
            answerer: answerer, configuration: scheduling)
        var configuration = APIConfiguration(version: Release.version)
        configuration.organization = options.organization
        configuration.hosts = options.hosts
        configuration.listensOnLoopbackOnly = options.address.isLoopback
        configuration.threads = options.threads
        let api = API(
            configuration: configuration, database: database, scheduler: scheduler, answerer: answerer,
            assets: installation.pages
        ) { message, id in
            log.write(.error, "fault", [("id", id ?? "-"), ("error", message)])
        }
        server = Server(
            configuration: ServerConfiguration(address: options.address), router: api.makeRouter(),
            accessLog: log.write)
        address = options.address
        journal = JobLog(database: database, log: log)
        webhooks = options.webhook.map {
            WebhookSender(database: database, endpoint: $0.endpoint, secret: $0.secret, report: log.write)
        }
        self.log = log
        self.database = database
        self.scheduler = scheduler
    }

    /// Takes up the jobs and begins to serve.
    ///
    /// - Returns: the address, with the port that the system chose where 0 was asked for.
    func start() async throws -> SocketAddress {
        let bound: SocketAddress
        do {
            bound = try await server.start()
        } catch let error as SystemCallError where error.call == "bind" || error.call == "socket" {
            if error.code == EADDRINUSE { throw CommandError.addressInUse(address) }
            throw CommandError.addressUnusable(address, reason: error.reason)
        }
        journal.start()
        // Before any job can end.
        if let webhooks { try await webhooks.start() } else { try await database.webhooks.end() }
        try await scheduler.start()
        log.write(
            .info, "ready",
            [
                ("address", "\(bound)"), ("data", database.directory.path), ("version", Release.version),
                ("sandbox", "\(Protection.available)"),
            ])
        return bound
    }

    /// Lets go of the jobs, whose workers train on; stops accepting, lets requests end and event streams say their last.
    func drain() async throws {
        // First: else a worker that was told to stop together with this process would be started again meanwhile.
        await scheduler.stop()
        try await server.drain()
    }

    /// Waits until the server has drained.
    func waitUntilStopped() async throws {
        try await server.waitUntilStopped()
        await answerer.shutdown()
        await webhooks?.stop()
        journal.stop()
        do {
            try await database.mergeLog()
        } catch {
            log.write(.warn, "database", [("error", "the log stays beside the database: \(error)")])
        }
    }
}
