/// Brings a database to the present schema, in one transaction, and refuses one that it does not recognise.
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

    /// Applies what is not yet applied, all of it in one transaction: where a step fails, the database stays as the
    /// program that wrote it left it, and that program can go on with it.
    ///
    /// - Returns: the names of those that were applied now.
    /// - Throws: ``MigrationError``; then nothing has changed.
    @discardableResult
    public func migrate(_ connection: Connection) throws -> [String] {
        guard try !pending(connection).isEmpty else { return [] }
        return try connection.transaction(.immediate) {
            // Looked at again, now that nobody else writes: another program may have been first.
            let pending = try pending(connection)
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS migrations (
                    name TEXT PRIMARY KEY NOT NULL, digest TEXT NOT NULL, applied_at INTEGER NOT NULL
                ) STRICT
                """)
            for migration in pending { try apply(migration, connection) }
            return pending.map(\.name)
        }
    }

    /// What is not yet applied to a database, which is only read.
    ///
    /// - Throws: ``MigrationError`` where it is of a newer version, or what was applied is not what is at hand.
    public func pending(_ connection: Connection) throws -> [Migration] {
        let isEmpty = try connection.query("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'") { _ in () }.isEmpty
        if isEmpty { return migrations }
        let applied = try connection.query("SELECT name, digest FROM migrations ORDER BY name") {
            row -> (name: String, digest: String) in (try row["name"], try row["digest"])
        }
        try check(applied)
        return Array(migrations.dropFirst(applied.count))
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

    private func apply(_ migration: Migration, _ connection: Connection) throws(MigrationError) {
        do throws(SQLiteError) {
            try connection.execute(migration.sql)
            try connection.run(
                "INSERT INTO migrations (name, digest, applied_at) VALUES (?, ?, unixepoch())", migration.name,
                migration.digest)
        } catch {
            throw .failed(name: migration.name, error)
        }
    }
}
