import Foundation
import HTTP
import POSIX

/// A server with one route of each kind, on a loopback port, stopped with the test.
struct SampleServer {
    let server: Server
    let address: SocketAddress

    init(
        router: Router? = nil, configure: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws {
        var configuration = ServerConfiguration(address: .loopback())
        // On a busy machine a test may stand still for long between two steps: only what is asked for runs out.
        configuration.headerTimeout = .seconds(600)
        configuration.bodyIdleTimeout = .seconds(600)
        configuration.minimumBodyRate = 1
        configuration.writeTimeout = .seconds(600)
        configuration.keepAliveTimeout = .seconds(600)
        configuration.lingerTimeout = .seconds(600)
        configuration.maximumRequestsPerConnection = .max
        configure(&configuration)
        server = Server(configuration: configuration, router: router ?? Self.sampleRouter())
        address = try await server.start()
    }

    func stop() async throws { try await server.drain(timeout: .milliseconds(300)) }

    /// Routes: text at `/`, a body that is read and echoed at `/echo`, path parameters, a stream.
    static func sampleRouter() -> Router {
        var router = Router()
        router.use { request, next in
            // As a server that guards against DNS rebinding does: only names of this machine.
            let host = request.authority.map { $0.split(separator: ":")[0] } ?? "127.0.0.1"
            guard host == "127.0.0.1" else { throw HTTPError(.misdirectedRequest, "not the host of this server") }
            return try await next(request)
        }
        router.add(.get, "/") { _ in .text("hello\n") }
        router.add(.post, "/echo") { request in
            let body = try await request.body.collect(upTo: 1 << 20)
            return Response(contentType: "application/octet-stream", body)
        }
        router.add(.get, "/hello/{name}/{rest...}") { request in
            .text("\(request.parameters["name"] ?? "")|\(request.tail.joined(separator: "|"))")
        }
        router.add(.get, "/stream") { _ in
            .stream(contentType: "text/plain") { writer in
                for line in 0..<3 { try await writer.write("line \(line)\n") }
            }
        }
        return router
    }
}
