import Foundation
import SQLite
import Testing

@Suite("A connection")
struct ConnectionTests {
    let scratch: ScratchDatabase
    let connection: Connection

    init() throws {
        scratch = try ScratchDatabase()
        connection = try Connection(path: scratch.path)
        try connection.execute(
            "CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, CHECK (i <> 13)) STRICT")
    }

    @Test("gives back every kind of value as it was bound")
    func values() throws {
        let bytes: [UInt8] = [0, 255, 7]
        try connection.run("INSERT INTO t VALUES (?, ?, ?, ?)", Int.min, 0.1, "a\0ü😀", bytes)
        let row = try connection.first("SELECT * FROM t") { row in
            (try row["i"] as Int, try row["r"] as Double, try row["s"] as String, try row["b"] as [UInt8])
        }
        #expect(row?.0 == Int.min)
        #expect(row?.1 == 0.1)
        #expect(row?.2 == "a\0ü😀")
        #expect(row?.3 == bytes)
    }

    @Test("tells NULL from empty")
    func nullAndEmpty() throws {
        try connection.run(
            "INSERT INTO t VALUES (?, ?, ?, ?)", nil as Int?, nil as Double?, "", [UInt8]())
        let row = try connection.first("SELECT * FROM t") { row in
            (try row["i"] as Int?, try row["r"] as Double?, try row["s"] as String?, try row["b"] as [UInt8]?)
        }
        #expect(row?.0 == .some(nil))
        #expect(row?.1 == .some(nil))
        #expect(row?.2 == "")
        #expect(row?.3 == [])
    }

    @Test("refuses to read NULL as a number, a text as a number, and a column that is not there")
    func mismatches() throws {
        try connection.run("INSERT INTO t VALUES (NULL, NULL, ?, NULL)", "x")
        for column in ["i", "s", "nowhere"] {
            #expect(throws: SQLiteError.self) {
                try connection.first("SELECT * FROM t") { row in try row[column] as Int }
            }
        }
    }

    @Test("reports a violated constraint with the statement and without its arguments")
    func constraint() throws {
        let error = try #require(throws: SQLiteError.self) {
            try connection.run("INSERT INTO t (i, s) VALUES (?, ?)", 13, "secret")
        }
        #expect(error.isConstraintViolation)
        #expect(error.description.contains("INSERT INTO t"))
        #expect(!error.description.contains("secret"))
    }

    @Test("refuses too few and too many arguments, and two statements in one")
    func arguments() throws {
        #expect(throws: SQLiteError.self) { try connection.run("INSERT INTO t (i) VALUES (?)") }
        #expect(throws: SQLiteError.self) { try connection.run("INSERT INTO t (i) VALUES (1)", 2) }
        #expect(throws: SQLiteError.self) { try connection.run("DELETE FROM t; DROP TABLE t") }
        #expect(try connection.value("SELECT COUNT(*) FROM t") == 0)
    }

    @Test("can run one statement inside another of the same text")
    func nested() throws {
        for number in 1...3 { try connection.run("INSERT INTO t (i) VALUES (?)", number) }
        let sql = "SELECT i FROM t ORDER BY i"
        let pairs = try connection.query(sql) { outer in
            let first: Int = try outer[0]
            return try connection.query(sql) { inner in first * 10 + (try inner[0] as Int) }
        }
        #expect(pairs == [[11, 12, 13], [21, 22, 23], [31, 32, 33]])
    }

    @Test("undoes all of a transaction that throws")
    func rollback() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.run("INSERT INTO t (i) VALUES (1)")
                throw Stop()
            }
        }
        #expect(!connection.isInTransaction)
        #expect(try connection.value("SELECT COUNT(*) FROM t") == 0)
    }

    @Test("writes ahead and waits for the disk at each commit")
    func pragmas() throws {
        #expect(try connection.value("PRAGMA journal_mode") == "wal")
        #expect(try connection.value("PRAGMA synchronous") == 2)
        #expect(try connection.value("PRAGMA foreign_keys") == 1)
        #expect(try connection.value("PRAGMA busy_timeout") == 5000)
    }

    @Test("refuses to write where it may only read, and to read what is not there")
    func readOnly() throws {
        let reader = try Connection(path: scratch.path, access: .readOnly)
        #expect(throws: SQLiteError.self) { try reader.run("INSERT INTO t (i) VALUES (1)") }
        #expect(throws: SQLiteError.self) {
            try Connection(path: scratch.directory + "/missing", access: .readOnly)
        }
    }

    @Test("finds damage in a file whose bytes were changed", arguments: [4096, 8192])
    func damage(offset: Int) throws {
        let (path, copy) = (scratch.path, scratch.directory + "/copy.sqlite")
        try connection.transaction {
            for number in 0..<2000 { try connection.run("INSERT INTO t (i, s) VALUES (?, ?)", number + 20, "text") }
        }
        try connection.execute("CREATE INDEX t_i ON t (i); VACUUM INTO '\(copy)'")
        #expect(try Connection(path: copy).faults() == [])
        var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
        for position in offset..<(offset + 64) { bytes[position] ^= 0x5A }
        let damaged = path + ".damaged"
        try bytes.write(to: URL(fileURLWithPath: damaged))
        let faults = try? Connection(path: damaged).faults()
        #expect(faults != [])
    }
}
