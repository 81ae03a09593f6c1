import Cryptography
import HTTP
import Synchronization
import Testing

@testable import API

struct CreationLedgerTests {
    /// A clock that goes only when it is told to.
    private final class Clock: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock { $0 } }
        func advance(_ duration: Duration) { instant.withLock { $0 += duration } }
    }

    private let clock = Clock()

    private func creation(
        _ body: String, client: String = "c", key: String? = nil, isRetry: Bool = false
    ) -> CreationLedger.Creation {
        CreationLedger.Creation(client: client, key: key, digest: SHA256.hash(body), isRetry: isRetry)
    }

    private func ledger() -> CreationLedger {
        let clock = clock
        return CreationLedger(now: { clock.now })
    }

    @Test func `A marked retry with the same bytes within ten seconds gives the same job`() async throws {
        let ledger = ledger()
        let first = try await ledger.job(for: creation("a")) { "one" }
        clock.advance(.seconds(9))
        let second = try await ledger.job(for: creation("a", isRetry: true)) { "two" }
        #expect(first == "one")
        #expect(second == "one")
    }

    @Test func `Later, unmarked, of another client or with other bytes it is a new job`() async throws {
        let ledger = ledger()
        _ = try await ledger.job(for: creation("a")) { "one" }
        #expect(
            try await ledger.job(for: creation("a", client: "d", isRetry: true)) { "other client" } == "other client")
        #expect(try await ledger.job(for: creation("b", isRetry: true)) { "other bytes" } == "other bytes")
        #expect(try await ledger.job(for: creation("a")) { "unmarked" } == "unmarked")
        clock.advance(.seconds(11))
        #expect(try await ledger.job(for: creation("a", isRetry: true)) { "late" } == "late")
    }

    @Test func `A key gives the same job for a day, and 422 with another body`() async throws {
        let ledger = ledger()
        _ = try await ledger.job(for: creation("a", key: "k")) { "one" }
        clock.advance(.seconds(80_000))
        #expect(try await ledger.job(for: creation("a", key: "k")) { "two" } == "one")
        let error = await #expect(throws: APIError.self) {
            try await ledger.job(for: creation("b", key: "k")) { "two" }
        }
        #expect(error?.status.code == 422)
        clock.advance(.seconds(86_401))
        #expect(try await ledger.job(for: creation("b", key: "k")) { "two" } == "two")
    }

    @Test func `A creation that failed is not remembered`() async throws {
        let ledger = ledger()
        await #expect(throws: APIError.self) {
            try await ledger.job(for: creation("a", key: "k")) { throw APIError.invalid(nil, "no") }
        }
        #expect(try await ledger.job(for: creation("a", key: "k")) { "one" } == "one")
    }

    @Test func `A retry that comes while the first is still at work waits for it`() async throws {
        let ledger = ledger()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let (entered, entrance) = AsyncStream<Void>.makeStream()
        async let first = ledger.job(for: creation("a")) {
            entrance.finish()
            for await _ in gate {}
            return "one"
        }
        for await _ in entered {}
        async let second = ledger.job(for: creation("a", isRetry: true)) { "two" }
        opener.finish()
        #expect(try await first == "one")
        #expect(try await second == "one")
    }
}
