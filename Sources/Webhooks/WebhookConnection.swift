internal import POSIX

/// One connection to the receiver, all of whose steps come before one deadline. Blocks its thread.
final class WebhookConnection {
    private let socket: Socket
    private let deadline: ContinuousClock.Instant
    private var tls: TLSSession?

    /// Connects to the receiver.
    ///
    /// Its name is looked up once, every address that it has is checked, and the connection goes to one of these and to no
    /// other: a name that leads elsewhere a moment later changes nothing.
    ///
    /// - Throws: ``WebhookError``
    init(_ endpoint: WebhookEndpoint, before deadline: ContinuousClock.Instant) throws {
        self.deadline = deadline
        let addresses = try SocketAddress.lookUp(host: endpoint.host, port: endpoint.port)
        if !endpoint.allowsPrivate, let address = addresses.first(where: { !$0.isPublic }) {
            throw WebhookError.forbiddenAddress(host: endpoint.host, address: address.host)
        }
        socket = try Self.connect(addresses, before: deadline)
        guard endpoint.isSecure else { return }
        tls = try TLSSession(socket.descriptor.raw, host: endpoint.host) { [socket = socket.descriptor.raw] readiness in
            try Socket.wait(on: socket, for: readiness, before: deadline)
        }
    }

    private static func connect(
        _ addresses: [SocketAddress], before deadline: ContinuousClock.Instant
    ) throws -> Socket {
        var failure: SystemCallError?
        for address in addresses {
            do throws(SystemCallError) {
                return try Socket.connected(to: address, before: deadline)
            } catch {
                failure = error
            }
        }
        throw WebhookError.unreachable(reason: failure.map { "\($0)" } ?? "it has no address")
    }

    /// Sends all bytes.
    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            if let tls {
                rest = rest.dropFirst(try tls.write(rest))
            } else {
                let count = try rest.withUnsafeBytes { try socket.descriptor.write(available: $0) }
                if count == 0 { try socket.wait(for: .writing, before: deadline) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// The next bytes; none at the end.
    func receive(upTo count: Int) throws -> [UInt8] {
        if let tls { return try tls.read(upTo: count) }
        while true {
            if let bytes = try socket.descriptor.read(availableUpTo: count) { return bytes }
            try socket.wait(for: .reading, before: deadline)
        }
    }
}
