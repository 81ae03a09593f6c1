import SQLite
import Testing

@Suite("The migrator")
struct MigratorTests {
    let scratch: ScratchDatabase
    let connection: Connection
    let first = Migration(name: "0001_a.sql", sql: "CREATE TABLE a (x INTEGER); CREATE TABLE a2 (x)", digest: "d1")
    let second = Migration(name: "0002_b.sql", sql: "ALTER TABLE a ADD COLUMN y TEXT", digest: "d2")

    init() throws {
        scratch = try ScratchDatabase()
        connection = try Connection(path: scratch.path)
    }

    @Test("applies each step once, in order")
    func order() throws {
        #expect(try Migrator([second, first]).migrate(connection) == ["0001_a.sql", "0002_b.sql"])
        #expect(try Migrator([first, second]).migrate(connection) == [])
        try connection.run("INSERT INTO a (x, y) VALUES (1, 'z')")
    }

    @Test("refuses a file that was changed after it had been applied")
    func changed() throws {
        try Migrator([first]).migrate(connection)
        let other = Migration(name: first.name, sql: first.sql, digest: "other")
        #expect(throws: MigrationError.changed(name: "0001_a.sql")) { try Migrator([other]).migrate(connection) }
    }

    @Test("refuses a database of a newer version")
    func newer() throws {
        try Migrator([first, second]).migrate(connection)
        #expect(throws: MigrationError.newerDatabase(names: ["0002_b.sql"])) {
            try Migrator([first]).migrate(connection)
        }
    }

    @Test("refuses where an applied file was replaced by one of another name")
    func missing() throws {
        try Migrator([first, second]).migrate(connection)
        let other = Migration(name: "0002_c.sql", sql: "", digest: "d2")
        #expect(throws: MigrationError.missing(name: "0002_b.sql")) {
            try Migrator([first, other]).migrate(connection)
        }
    }

    @Test("leaves the database as it was where a later step fails in its middle")
    func failing() throws {
        try Migrator([first]).migrate(connection)
        try connection.run("INSERT INTO a (x) VALUES (7)")
        let third = Migration(name: "0003_c.sql", sql: "CREATE TABLE b (x); CREATE TABLE b (x)", digest: "d3")
        let error = try #require(throws: MigrationError.self) {
            try Migrator([first, second, third]).migrate(connection)
        }
        #expect(error.description.contains("0003_c.sql"))
        let tables = try connection.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
            row -> String in try row[0]
        }
        #expect(tables.filter { $0.count <= 2 } == ["a", "a2"])
        // The program that knows the first step alone can go on; the one with the mended step finds all to be done.
        #expect(try Migrator([first]).migrate(connection) == [])
        #expect(try Migrator([first, second]).migrate(connection) == ["0002_b.sql"])
        #expect(try connection.value("SELECT x FROM a WHERE y IS NULL", as: Int.self) == 7)
    }

    @Test("tells what is to be done without doing it")
    func pending() throws {
        #expect(try Migrator([first, second]).pending(connection).map(\.name) == ["0001_a.sql", "0002_b.sql"])
        try Migrator([first]).migrate(connection)
        let reader = try Connection(path: scratch.path, access: .readOnly)
        #expect(try Migrator([first, second]).pending(reader).map(\.name) == ["0002_b.sql"])
        #expect(try Migrator([first]).pending(reader) == [])
    }

    @Test("refuses bad names and gaps", arguments: ["1_a.sql", "0001a.sql", "0001_.sql", "0002_a.sql", "0001_a.txt"])
    func names(name: String) {
        #expect(throws: MigrationError.self) { try Migrator([Migration(name: name, sql: "", digest: "")]) }
    }
}
