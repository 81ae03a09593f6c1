/// By what a client's second try to create the same job is recognised.
public struct CreationKey: Sendable, Hashable {
    /// The request's `Idempotency-Key`.
    public var idempotencyKey: String?
    /// A hash of the request's body.
    public var requestDigest: String
    /// Whether the client says that it tries again (`x-stainless-retry-count` above 0).
    public var isRetry: Bool

    /// A key.
    public init(idempotencyKey: String?, requestDigest: String, isRetry: Bool) {
        self.idempotencyKey = idempotencyKey
        self.requestDigest = requestDigest
        self.isRetry = isRetry
    }
}
