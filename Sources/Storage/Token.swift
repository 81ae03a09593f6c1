/// Who may use the API, and for what.
public struct Token: Sendable, Hashable {
    /// What a token allows; each scope includes those before it.
    public enum Scope: String, Sendable, Hashable, CaseIterable {
        /// See everything.
        case read
        /// Upload files, create and stop jobs.
        case submit
        /// Everything.
        case admin
    }

    /// `fttok-…`
    public let id: String
    /// The name that its owner gave it.
    public let name: String
    /// What it allows.
    public let scopes: Set<Scope>
    /// How much its bearer may use, where it says so.
    public let quota: Quota
    /// Seconds since 1970.
    public let createdAt: Int
    /// When it was last used, to the minute; seconds since 1970.
    public let lastUsedAt: Int?
    /// When it was revoked; seconds since 1970.
    public let revokedAt: Int?

    /// Whether it allows what `scope` covers.
    public func allows(_ scope: Scope) -> Bool {
        switch scope {
        case .read: !scopes.isEmpty
        case .submit: scopes.contains(.submit) || scopes.contains(.admin)
        case .admin: scopes.contains(.admin)
        }
    }
}

/// A token that was just made, with the secret that is shown once and never stored.
public struct NewToken: Sendable {
    /// What is stored.
    public let token: Token
    /// What the client sends: `ft-` and 48 hexadecimal digits (192 bits).
    public let secret: String
}
