/// By what a client's second try to create the same job is recognised.
public struct CreationKey: Sendable, Hashable {
    /// The id of the token that was used; empty where none is needed.
    public var creator: String
    /// The request's `Idempotency-Key`.
    public var idempotencyKey: String?
    /// A hash of the request's body.
    public var requestDigest: String
    /// Whether the client says that it tries again (`x-stainless-retry-count` above 0).
    public var isRetry: Bool

    /// A key.
    public init(creator: String, idempotencyKey: String?, requestDigest: String, isRetry: Bool) {
        self.creator = creator
        self.idempotencyKey = idempotencyKey
        self.requestDigest = requestDigest
        self.isRetry = isRetry
    }
}
