import Foundation
import SQLite
import Storage
import Testing

@Suite("Tokens")
struct TokenStoreTests {
    let fixture: Fixture
    let database: Database
    var tokens: TokenStore { database.tokens }

    init() async throws {
        fixture = try Fixture()
        database = try await fixture.open()
    }

    @Test("are known by their secret alone, of which the database holds no trace")
    func secrets() async throws {
        #expect(try await tokens.isAnyValid() == false)
        let new = try await tokens.create(name: "ci", scopes: [.submit])
        #expect(new.secret.hasPrefix("ft-"))
        #expect(new.secret.count == 3 + 48)
        #expect(try await tokens.isAnyValid())
        #expect(try await tokens.verify(new.secret)?.id == new.token.id)
        for wrong in ["", "ft-", new.secret + "0", String(new.secret.dropLast()), new.token.id, "'; DROP TABLE tokens"]
        {
            #expect(try await tokens.verify(wrong) == nil)
        }
        for name in ["finetuned.sqlite", "finetuned.sqlite-wal"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(fixture.path)/\(name)"))
            #expect(bytes.range(of: Data(new.secret.dropFirst(3).utf8)) == nil)
        }
    }

    @Test("are all different")
    func different() async throws {
        var secrets: Set<String> = []
        for number in 0..<50 { secrets.insert(try await tokens.create(name: "\(number)", scopes: [.read]).secret) }
        #expect(secrets.count == 50)
    }

    @Test("are worth nothing once revoked, and stay in the list")
    func revoked() async throws {
        let first = try await tokens.create(name: "same", scopes: [.read])
        let second = try await tokens.create(name: "same", scopes: [.read])
        let both = StorageError.ambiguousToken(name: "same", ids: [first.token.id, second.token.id])
        await #expect(throws: both) { try await tokens.revoke("same") }
        await #expect(throws: StorageError.notFound(.token, id: "other")) { try await tokens.revoke("other") }
        try await tokens.revoke(first.token.id)
        #expect(try await tokens.verify(first.secret) == nil)
        #expect(try await tokens.verify(second.secret) != nil)
        try await tokens.revoke("same")
        #expect(try await tokens.isAnyValid() == false)
        #expect(try await tokens.all().map(\.id) == [first.token.id, second.token.id])
    }

    @Test("note their last use to the minute")
    func lastUse() async throws {
        let secret = try await tokens.create(name: "x", scopes: [.read]).secret
        let start = fixture.now
        _ = try await tokens.verify(secret)
        #expect(try await tokens.all()[0].lastUsedAt == start)
        fixture.advance(seconds: 30)
        _ = try await tokens.verify(secret)
        #expect(try await tokens.all()[0].lastUsedAt == start)
        fixture.advance(seconds: 30)
        _ = try await tokens.verify(secret)
        #expect(try await tokens.all()[0].lastUsedAt == start + 60)
    }

    @Test("are accepted, too, where their last use cannot be noted")
    func unnoted() async throws {
        let new = try await tokens.create(name: "x", scopes: [.read])
        let other = try Connection(path: database.directory.databasePath)
        try other.execute("BEGIN IMMEDIATE")
        #expect(try await tokens.verify(new.secret)?.id == new.token.id)
        try other.execute("ROLLBACK")
        #expect(try await tokens.all()[0].lastUsedAt == nil)
        #expect(try await tokens.verify(new.secret)?.lastUsedAt == nil)
        #expect(try await tokens.all()[0].lastUsedAt == fixture.now)
    }

    @Test(
        "allow what their scope covers and no more",
        arguments: [
            (Token.Scope.read, [Token.Scope.read]), (.submit, [.read, .submit]), (.admin, [.read, .submit, .admin]),
        ])
    func scopes(granted: Token.Scope, allowed: [Token.Scope]) async throws {
        let token = try await tokens.create(name: "x", scopes: [granted]).token
        #expect(Token.Scope.allCases.filter(token.allows) == allowed)
    }
}
