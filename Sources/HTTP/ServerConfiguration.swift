public import POSIX

/// Where a server listens and what it puts up with.
public struct ServerConfiguration: Sendable, Hashable {
    /// A value that makes no sense.
    public struct InvalidValueError: Error, Hashable, Sendable, CustomStringConvertible {
        /// The name of the setting.
        public let name: String
        /// What it was.
        public let value: String

        /// What is wrong and what would be right.
        public var description: String { "server setting \(name) is \(value): it must be greater than zero" }
    }

    /// Where to listen; port 0 lets the system choose.
    public var address: SocketAddress
    /// Threads that serve connections.
    public var eventLoops = 1
    /// Threads on which handlers run at once, at most; so many only where they block.
    public var maximumHandlerThreads = 64
    /// Connections at once; more wait in the backlog.
    public var maximumConnections = 12_000
    /// Connections that may wait to be accepted.
    public var backlog = 1024
    /// Bytes of a request's head in all.
    public var maximumHeaderBytes = 32 * 1024
    /// Bytes of the request line, or of one field line.
    public var maximumLineBytes = 8 * 1024
    /// Field lines of a request.
    public var maximumHeaderCount = 100
    /// Bytes of chunk extensions in one body.
    public var maximumChunkExtensionBytes = 4 * 1024
    /// Bytes of trailer fields.
    public var maximumTrailerBytes = 8 * 1024
    /// From the first byte of a head (of a connection, for its first) to the last.
    public var headerTimeout = Duration.seconds(10)
    /// The longest silence inside a body.
    public var bodyIdleTimeout = Duration.seconds(30)
    /// The least bytes a second of a body, over each `bodyRateWindow` in which any come.
    public var minimumBodyRate = 1024
    /// How long the rate of a body is measured before it is judged.
    public var bodyRateWindow = Duration.seconds(10)
    /// The longest time in which a client takes nothing of a response that waits for it.
    public var writeTimeout = Duration.seconds(30)
    /// How long a connection may wait for its next request.
    public var keepAliveTimeout = Duration.seconds(60)
    /// How long an answer may take that a client waits for after it has finished writing. It may have left: what works
    /// for it is cancelled then.
    public var halfClosedTimeout = Duration.seconds(10)
    /// Requests after which a connection is closed.
    public var maximumRequestsPerConnection = 1000
    /// The longest silence of a refused client that goes on sending before it is cut off; in all it has six times as
    /// long, so that it comes to read the answer.
    public var lingerTimeout = Duration.seconds(5)

    /// How many connections there may be where the process may open `openFiles` descriptors: enough of them are left for
    /// the files, databases and child processes that handlers need.
    func connections(openFiles: Int) -> Int {
        min(maximumConnections, max(openFiles - 512, openFiles / 2, 1))
    }

    /// The defaults, on an address.
    public init(address: SocketAddress = .loopback(port: 8080)) {
        self.address = address
    }

    /// Checks that every limit is greater than zero.
    public func validate() throws(InvalidValueError) {
        let numbers = [
            ("eventLoops", eventLoops), ("maximumHandlerThreads", maximumHandlerThreads),
            ("maximumConnections", maximumConnections), ("backlog", backlog),
            ("maximumHeaderBytes", maximumHeaderBytes), ("maximumLineBytes", maximumLineBytes),
            ("maximumHeaderCount", maximumHeaderCount), ("maximumChunkExtensionBytes", maximumChunkExtensionBytes),
            ("maximumTrailerBytes", maximumTrailerBytes), ("minimumBodyRate", minimumBodyRate),
            ("maximumRequestsPerConnection", maximumRequestsPerConnection),
        ]
        for (name, value) in numbers where value <= 0 { throw InvalidValueError(name: name, value: String(value)) }
        let durations = [
            ("headerTimeout", headerTimeout), ("bodyIdleTimeout", bodyIdleTimeout),
            ("bodyRateWindow", bodyRateWindow), ("writeTimeout", writeTimeout),
            ("keepAliveTimeout", keepAliveTimeout), ("halfClosedTimeout", halfClosedTimeout),
            ("lingerTimeout", lingerTimeout),
        ]
        for (name, value) in durations where value <= .zero { throw InvalidValueError(name: name, value: "\(value)") }
    }
}
