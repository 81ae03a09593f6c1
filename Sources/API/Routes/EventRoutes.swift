import FineTuning
import HTTP
import Storage

/// Events: pages and live streams.
extension API {
    var eventEndpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/fine_tuning/jobs/{job_id}/events", .read, jobEvents),
            Endpoint(.get, "/v1/events", .read, allEvents),
        ]
    }

    private func jobEvents(_ request: Request) async throws -> Response {
        let job = try await job(of: request)
        let accepts = request.headers.values("Accept").joined(separator: ",").contains("text/event-stream")
        let asked = try PageRequest(request.query, limit: 20, most: 1000)
        if try request.query.flag("stream") ?? accepts { return try await stream(job, request, after: asked.after) }
        let withMetrics = try request.query.flag("metrics") ?? true
        let page = try await asked.checked {
            try await database.events.page(
                jobID: job.id, after: asked.after, limit: asked.limit, withMetrics: withMetrics)
        }
        return .json(ListObject(page) { EventObject(event: $0).json }.json)
    }

    /// The sequence number that a client's `Last-Event-ID` names; nil where there is none.
    private func lastEventID(_ request: Request) throws -> Int? {
        let name = "Last-Event-ID"
        guard let last = request.headers[name], !last.isEmpty else { return nil }
        return try Self.sequence(last, name)
    }

    /// The sequence number of an event, which is named by the number itself or by its identifier.
    private static func sequence(_ text: String, _ param: String) throws -> Int {
        guard let sequence = Int(text) ?? EventStore.sequence(of: text), sequence >= 0 else {
            throw APIError.invalid(param, "expected the id or the number of an event, got \"\(text.prefix(40))\"")
        }
        return sequence
    }

    /// The events of one job up to the one that ends it.
    ///
    /// A browser that comes back after the end is answered 204, on which it stops reconnecting.
    private func stream(_ job: Job, _ request: Request, after: String?) async throws -> Response {
        let start = try lastEventID(request) ?? after.map { try Self.sequence($0, "after") } ?? 0
        let store = database.events
        guard job.state.isTerminal else {
            let events = database.feed.subscribe(jobID: job.id, after: start)
            return Self.stream { stream in
                for try await batch in events {
                    try await stream.send(batch.map { EventObject(event: $0).serverSentEvent })
                    if batch.contains(where: { $0.state?.isTerminal == true }) { return }
                }
            }
        }
        let first = try await store.following(start, jobID: job.id, limit: Self.batch)
        if first.isEmpty, request.headers.contains("Last-Event-ID") { return Response(.noContent) }
        return Self.stream { stream in
            var batch = first
            while let last = batch.last {
                try await stream.send(batch.map { EventObject(event: $0).serverSentEvent })
                batch = try await store.following(last.sequence, jobID: job.id, limit: Self.batch)
            }
        }
    }

    private func allEvents(_ request: Request) async throws -> Response {
        let after = try lastEventID(request) ?? request.query.integer("after", in: 0...Int.max)
        let events = database.feed.subscribe(after: after ?? database.feed.lastSequence)
        return Self.stream { stream in
            for try await batch in events {
                try await stream.send(batch.map { EventObject(event: $0).serverSentEvent })
            }
        }
    }

    /// How many events are read at once.
    private static let batch = 500

    /// A stream whose client reconnects after a second, and which says so when the server goes down. That last event
    /// has no id, so that the client resumes where it was.
    private static func stream(_ body: @escaping @Sendable (EventStream) async throws -> Void) -> Response {
        let farewell = ServerSentEvent(
            event: "shutdown", data: #"{"message":"the server is going down; reconnect to go on"}"#)
        return .eventStream(farewell: farewell) { stream in
            try await stream.retry(milliseconds: 1000)
            try await body(stream)
        }
    }
}
