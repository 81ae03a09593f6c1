import Cryptography
import HTTP

/// Remembers which request created which job, so that a client's repeated request does not create another.
///
/// The official clients repeat a request whose answer got lost, mark it (`x-stainless-retry-count`), and send no key.
/// So a request counts as a repetition by its `Idempotency-Key`, or, marked as a retry, by its bytes within ten seconds.
actor CreationLedger {
    /// A request as far as it tells one creation from another.
    struct Creation: Sendable {
        /// Who asks: the token's id.
        let client: String
        /// `Idempotency-Key`.
        let key: String?
        /// Of the body's bytes.
        let digest: Digest
        /// Whether the client says that it repeats a request.
        let isRetry: Bool
    }

    private struct Name: Hashable {
        let client: String
        let mark: String
    }

    private struct Entry {
        let digest: Digest
        let job: Task<String, any Error>
        var since: ContinuousClock.Instant
    }

    /// How long the bytes of a body are remembered.
    static let retryWindow = Duration.seconds(10)
    /// How long a key is remembered.
    static let keyLifetime = Duration.seconds(86_400)
    private static let capacity = 10_000

    private let now: @Sendable () -> ContinuousClock.Instant
    private var byKey: [Name: Entry] = [:]
    private var byBody: [Name: Entry] = [:]

    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.now = now
    }

    /// The id of the job that this creation makes or an earlier one of the same made.
    ///
    /// - Throws: 422 where a key comes again with another body; what `create` throws, which is not remembered.
    func job(for creation: Creation, create: @escaping @Sendable () async throws -> String) async throws -> String {
        forget()
        let body = Name(client: creation.client, mark: creation.digest.hex)
        let keyed = creation.key.map { Name(client: creation.client, mark: $0) }
        if let keyed, let entry = byKey[keyed] {
            guard entry.digest == creation.digest else {
                throw APIError(
                    .unprocessableContent, code: "idempotency_key_reused",
                    "this Idempotency-Key came with another body before; take a new key for a new job")
            }
            return try await entry.job.value
        }
        if keyed == nil, creation.isRetry, let entry = byBody[body] { return try await entry.job.value }
        let entry = Entry(digest: creation.digest, job: Task { try await create() }, since: now())
        byBody[body] = entry
        if let keyed { byKey[keyed] = entry }
        do {
            let job = try await entry.job.value
            byBody[body]?.since = now()
            return job
        } catch {
            byBody[body] = nil
            if let keyed { byKey[keyed] = nil }
            throw error
        }
    }

    private func forget() {
        let now = now()
        byBody = byBody.filter { now - $0.value.since <= Self.retryWindow }
        if byKey.count >= Self.capacity { byKey = byKey.filter { now - $0.value.since <= Self.retryWindow } }
        byKey = byKey.filter { now - $0.value.since <= Self.keyLifetime }
    }
}
