import Dispatch
import HTTP
import POSIX
import Synchronization
import Testing

struct HandlerExecutorTests {
    /// Where handlers stand still, thread and all, until it is opened.
    private final class Gate: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        let entered = Atomic<Int>(0)

        func pass() {
            entered.add(1, ordering: .relaxed)
            semaphore.wait()
            semaphore.signal()
        }

        func open() { semaphore.signal() }
    }

    private static func router(_ gate: Gate) -> Router {
        var router = Router()
        router.add(.get, "/blocked") { _ in
            gate.pass()
            return .text("at last")
        }
        router.add(.get, "/") { _ in .text("at once") }
        router.add(.get, "/prompt", isPrompt: true) { _ in .text("promptly") }
        router.add(.get, "/prompt/then/slow", isPrompt: true) { request in
            _ = try await request.body.collect(upTo: 10)
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            PlatformThread.detach(name: "later") { continuation.finish() }
            for await _ in stream {}
            return .text("later")
        }
        return router
    }

    private static let blocked = "GET /blocked HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    @Test func `handlers that block do not keep others from being answered`() async throws {
        let gate = Gate()
        let sample = try await SampleServer(router: Self.router(gate))
        let stuck = try (0..<20).map { _ in try Client(sample.address) }
        for client in stuck { try await client.send(Self.blocked) }
        for _ in 0..<3 { #expect(try await Client(sample.address).get("/").text == "at once") }
        gate.open()
        for client in stuck { #expect(try await client.answer().text == "at last") }
        #expect(gate.entered.load(ordering: .relaxed) == 20)
        try await sample.stop()
    }

    @Test func `a prompt route is answered even where no thread is left`() async throws {
        let gate = Gate()
        let sample = try await SampleServer(router: Self.router(gate)) { $0.maximumHandlerThreads = 1 }
        let stuck = try (0..<80).map { _ in try Client(sample.address) }
        for client in stuck { try await client.send(Self.blocked) }
        let client = try Client(sample.address)
        for _ in 0..<3 { #expect(try await client.get("/prompt").text == "promptly") }
        gate.open()
        for client in stuck { #expect(try await client.answer().text == "at last") }
        try await sample.stop()
    }

    @Test func `a prompt handler may wait, and pipelined requests keep their order around it`() async throws {
        let gate = Gate()
        let sample = try await SampleServer(router: Self.router(gate))
        let client = try Client(sample.address)
        let targets = ["/prompt", "/prompt/then/slow", "/", "/prompt", "/prompt", "/nothing", "/prompt/then/slow"]
        for target in targets { try await client.send("GET \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") }
        for text in ["promptly", "later", "at once", "promptly", "promptly"] {
            #expect(try await client.answer().text == text)
        }
        #expect(try await client.answer().status == 404)
        #expect(try await client.answer().text == "later")
        try await sample.stop()
    }
}
