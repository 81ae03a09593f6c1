internal import FineTuning
internal import Cryptography
internal import SQLite

/// Tokens of the API; only their SHA-256 hashes are stored.
public struct TokenStore: Sendable {
    let database: Database

    /// How old, in seconds, the note of the last use may be before it is written anew.
    private static let useResolution = 60

    /// Makes a token.
    ///
    /// - Parameters:
    ///   - quota: how much its bearer may use; what it leaves open is as the server's default.
    ///   - principal: who makes it, for the audit log.
    public func create(
        name: String, scopes: Set<Token.Scope>, quota: Quota = Quota(), by principal: Principal? = nil
    ) async throws -> NewToken {
        let secret = TokenSecret.make()
        let id = Identifier.make(prefix: "fttok-")
        let hash = SHA256.hash(secret).bytes
        let words = Token.Scope.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: " ")
        let token = try await database.write { transaction in
            try transaction.connection.run(
                """
                INSERT INTO tokens (id, name, sha256, scopes, created_at, max_queued, max_running, max_bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, id, name, hash, words, transaction.now, quota.queuedJobs, quota.runningJobs, quota.storedBytes)
            try transaction.audit(.tokenCreate, id, by: principal)
            return try transaction.connection.first("SELECT * FROM tokens WHERE id = ?", id) { try Token(row: $0) }
        }
        guard let token else { throw StorageError.notFound(.token, id: id) }
        return NewToken(token: token, secret: secret)
    }

    /// The valid token of a secret; nil where there is none, or it was revoked.
    ///
    /// Every stored hash is compared, in constant time, so that the answer's time tells nothing of a secret.
    public func verify(_ secret: String) async throws -> Token? {
        let hash = SHA256.hash(secret).bytes
        var found: Token?
        for entry in try await valid() where constantTimeEquals(entry.hash, hash) { found = entry.token }
        guard let found else { return nil }
        let now = database.now()
        if now - (found.lastUsedAt ?? 0) >= Self.useResolution {
            do {
                try await database.write { transaction in
                    _ = try transaction.connection.run(
                        "UPDATE tokens SET last_used_at = ? WHERE id = ?", now, found.id)
                }
            } catch  where DatabaseTrouble(error) != nil {
                // A full disk takes nobody's access away: the next use is noted again.
            }
        }
        return found
    }

    /// All tokens, oldest first, the revoked ones among them.
    public func all() async throws -> [Token] {
        try await database.read { connection in
            try connection.query("SELECT * FROM tokens ORDER BY number") { try Token(row: $0) }
        }
    }

    /// Whether there is a token that has not been revoked.
    public func isAnyValid() async throws -> Bool {
        try await !valid().isEmpty
    }

    /// The tokens that have not been revoked, with their hashes. Every request asks for them.
    private func valid() async throws -> [(token: Token, hash: [UInt8])] {
        try await database.pool.read(remembering: "valid tokens") { connection in
            try connection.query("SELECT * FROM tokens WHERE revoked_at IS NULL") { row in
                (token: try Token(row: row), hash: try row["sha256"] as [UInt8])
            }
        }
    }

    /// Revokes a token by its identifier or, where only one valid token has it, its name.
    ///
    /// - Parameter principal: who revokes it, for the audit log.
    /// - Throws: ``StorageError/notFound(_:id:)``, and ``StorageError/ambiguousToken(name:ids:)`` where several have the
    ///   name.
    public func revoke(_ idOrName: String, by principal: Principal? = nil) async throws {
        try await database.write { transaction in
            let ids = try transaction.connection.query(
                "SELECT id FROM tokens WHERE revoked_at IS NULL AND (id = ? OR name = ?) ORDER BY number", idOrName,
                idOrName
            ) { row -> String in try row["id"] }
            guard let id = ids.first else { throw StorageError.notFound(.token, id: idOrName) }
            guard ids.count == 1 else { throw StorageError.ambiguousToken(name: idOrName, ids: ids) }
            try transaction.connection.run(
                "UPDATE tokens SET revoked_at = ? WHERE id = ?", transaction.now, id)
            try transaction.audit(.tokenRevoke, id, by: principal)
        }
    }
}

extension Token {
    /// Reads a row of `tokens`.
    init(row: borrowing Row) throws {
        let words: String = try row["scopes"]
        self.init(
            id: try row["id"], name: try row["name"],
            scopes: Set(words.split(separator: " ").compactMap { Scope(rawValue: String($0)) }),
            quota: try Quota(row: row), createdAt: try row["created_at"], lastUsedAt: try row["last_used_at"],
            revokedAt: try row["revoked_at"])
    }
}
