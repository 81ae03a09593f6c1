public import HTTP
public import Scheduling
public import Storage
import Foundation

/// The HTTP API over the stores and the scheduler: the OpenAI fine-tuning API, its extensions, and the dashboard.
public struct API: Sendable {
    let configuration: APIConfiguration
    let database: Database
    let scheduler: Scheduler
    let answerer: Answerer
    /// The directory of the dashboard's files and of `openapi.json`.
    let assets: String
    /// What goes wrong inside, for the log; clients are only told that something did.
    let report: @Sendable (_ message: String, _ requestID: String?) -> Void
    let counters = RequestCounters()
    let merged: MergedCheckpoints
    let started = ContinuousClock.now

    /// The API.
    ///
    /// - Parameters:
    ///   - assets: the directory `public/`: the dashboard's files and `openapi.json`.
    ///   - report: is told of faults of the server, with the request's id.
    public init(
        configuration: APIConfiguration, database: Database, scheduler: Scheduler, answerer: Answerer, assets: String,
        report: @escaping @Sendable (_ message: String, _ requestID: String?) -> Void = { _, _ in }
    ) {
        self.configuration = configuration
        self.database = database
        self.scheduler = scheduler
        self.answerer = answerer
        self.assets = assets
        self.report = report
        merged = MergedCheckpoints(database: database, answerer: answerer) { report($0, nil) }
    }

    /// Every operation.
    var endpoints: [Endpoint] {
        fileEndpoints + jobEndpoints + eventEndpoints + checkpointEndpoints + modelEndpoints + auditEndpoints
            + systemEndpoints
    }

    /// The routes with all that stands before them, for a `Server`.
    public func makeRouter() -> Router {
        var router = Router()
        let endpoints = endpoints
        let errorResponse = errorResponse
        let counters = counters
        router.errorResponse = errorResponse
        let trail = AuditTrail(audit: database.audit, report: report)
        let hosts = HostCheck(names: configuration.hosts, allowsAddresses: !configuration.listensOnLoopbackOnly)
        let authentication = Authentication(
            tokens: database.tokens, isOpenWithoutTokens: configuration.listensOnLoopbackOnly,
            endpoints: Dictionary(uniqueKeysWithValues: endpoints.map { ("\($0.method) \($0.pattern)", $0) }),
            trail: trail)
        router.use { try await counters.count($0, $1, errorResponse: errorResponse) }
        router.use(SecurityHeaders.add)
        router.use(hosts.callAsFunction)
        router.use(OriginCheck.check)
        router.use(authentication.callAsFunction)
        for endpoint in endpoints {
            router.add(endpoint.method, endpoint.pattern, isPrompt: endpoint.isPrompt, trail.handler(of: endpoint))
        }
        for method in [HTTP.Method.get, .post, .put, .patch, .delete] {
            // Before the dashboard's files, which would answer GET of any path and refuse other methods with 405.
            router.add(method, "/v1/{path...}") { throw APIError.unknownPath($0.method, $0.path) }
        }
        router.add(.get, "/{path...}", isPrompt: true, StaticFiles(directory: assets).handler)
        return router
    }

    private var errorResponse: ErrorResponse {
        let report = report
        return { error, request in
            let refusal = APIError(error)
            // Nobody is there to be answered any more, which is no fault of the server.
            let isAbandoned = error is CancellationError || error is ConnectionClosedError
            if refusal.isFault, !isAbandoned { report("\(error)", request?.id) }
            return SecurityHeaders.added(to: refusal.response)
        }
    }

    /// Seconds since 1970.
    func now() -> Int { Int(Date().timeIntervalSince1970) }

    /// Refuses what needs `bytes` on the disk where so much is not free, the reserve aside.
    func requireFreeDisk(_ bytes: Int) throws {
        let free = try database.directory.freeBytes()
        let needed = bytes + configuration.reservedDiskBytes
        if free < needed { throw APIError.diskFull(needed: needed, free: free) }
    }
}
