/// Brings a database to the present schema, one transaction a step, and refuses one that it does not recognise.
public struct Migrator: Sendable {
    private let migrations: [Migration]

    /// - Parameter migrations: in any order.
    /// - Throws: ``MigrationError`` where names or numbers are wrong.
    public init(_ migrations: [Migration]) throws(MigrationError) {
        self.migrations = migrations.sorted { $0.name < $1.name }
        for (index, migration) in self.migrations.enumerated() {
            guard let number = migration.number else { throw .badName(migration.name) }
            guard number == index + 1 else { throw .outOfOrder(name: migration.name, expected: index + 1) }
        }
    }

    /// Applies what is not yet applied.
    ///
    /// - Returns: the names of those that were applied now.
    /// - Throws: ``MigrationError``; those applied before the one that failed stay.
    @discardableResult
    public func migrate(_ connection: Connection) throws -> [String] {
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS migrations (
                name TEXT PRIMARY KEY NOT NULL, digest TEXT NOT NULL, applied_at INTEGER NOT NULL
            ) STRICT
            """)
        let applied = try connection.query("SELECT name, digest FROM migrations ORDER BY name") {
            row -> (name: String, digest: String) in (try row["name"], try row["digest"])
        }
        try check(applied)
        let pending = migrations.dropFirst(applied.count)
        for migration in pending { try apply(migration, connection) }
        return pending.map(\.name)
    }

    private func check(_ applied: [(name: String, digest: String)]) throws(MigrationError) {
        let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.name, $0) })
        let last = migrations.last?.name ?? ""
        let newer = applied.map(\.name).filter { known[$0] == nil && $0.prefix(4) > last.prefix(4) }
        guard newer.isEmpty else { throw .newerDatabase(names: newer) }
        for (name, digest) in applied {
            guard let migration = known[name] else { throw .missing(name: name) }
            guard migration.digest == digest else { throw .changed(name: name) }
        }
    }

    private func apply(_ migration: Migration, _ connection: Connection) throws {
        do {
            try connection.transaction(.immediate) {
                try connection.execute(migration.sql)
                try connection.run(
                    "INSERT INTO migrations (name, digest, applied_at) VALUES (?, ?, unixepoch())", migration.name,
                    migration.digest)
            }
        } catch let error as SQLiteError {
            throw MigrationError.failed(name: migration.name, error)
        }
    }
}
