/// A body that is made while it is sent.
public struct StreamBody: Sendable {
    /// What is written where nothing else was for a while, so that both ends notice a dead connection.
    public struct Heartbeat: Sendable {
        /// How long nothing may have been written.
        public var interval: Duration
        /// What is written then.
        public var bytes: [UInt8]

        /// A heartbeat.
        public init(interval: Duration, bytes: [UInt8]) {
            self.interval = interval
            self.bytes = bytes
        }
    }

    /// Writes the body and returns at its end. It is cancelled when the client is gone or the server drains.
    public var produce: @Sendable (BodyWriter) async throws -> Void
    /// Written while nothing else is; nil for ordinary bodies.
    public var heartbeat: Heartbeat?
    /// For bodies without a natural end: the last bytes when the server drains. Nil lets the body run to its end.
    public var farewell: [UInt8]?

    /// A body that `produce` writes.
    public init(
        heartbeat: Heartbeat? = nil, farewell: [UInt8]? = nil,
        produce: @escaping @Sendable (BodyWriter) async throws -> Void
    ) {
        self.produce = produce
        self.heartbeat = heartbeat
        self.farewell = farewell
    }
}
