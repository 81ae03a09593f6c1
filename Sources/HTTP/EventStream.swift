/// The writing side of a server-sent event stream.
///
/// A comment is sent by the server where nothing else was for 15 seconds; a client that does not read is
/// disconnected by the write time-out.
public struct EventStream: Sendable {
    private let writer: BodyWriter

    init(_ writer: BodyWriter) {
        self.writer = writer
    }

    /// Sends an event.
    ///
    /// - Throws: `ConnectionClosedError` where the client is gone or the server drains.
    public func send(id: String? = nil, event: String? = nil, data: String) async throws {
        try await send(ServerSentEvent(id: id, event: event, data: data))
    }

    /// Sends an event.
    public func send(_ event: ServerSentEvent) async throws {
        try await writer.write(event.encoded)
    }

    /// Sends several events in one piece.
    public func send(_ events: [ServerSentEvent]) async throws {
        try await writer.write(events.flatMap(\.encoded))
    }

    /// Sends a comment, which clients ignore.
    public func comment(_ text: String) async throws {
        var bytes: [UInt8] = []
        ServerSentEvent.appendField(": ", text, to: &bytes)
        try await writer.write(bytes + [0x0A])
    }

    /// Tells the client how long to wait before it reconnects.
    public func retry(milliseconds: Int) async throws {
        try await writer.write("retry: \(milliseconds)\n\n")
    }
}

extension Response {
    /// A stream of server-sent events, for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - heartbeat: after how long without an event a comment is sent.
    ///   - farewell: the last event when the server drains; nil ends without one.
    public static func eventStream(
        heartbeat: Duration = .seconds(15), farewell: ServerSentEvent? = nil,
        _ body: @escaping @Sendable (EventStream) async throws -> Void
    ) -> Response {
        let stream = StreamBody(
            heartbeat: .init(interval: heartbeat, bytes: Array(":\n\n".utf8)), farewell: farewell?.encoded ?? []
        ) { writer in
            try await body(EventStream(writer))
        }
        let headers: Headers = [
            "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
        ]
        return Response(headers: headers, body: .stream(stream))
    }
}
