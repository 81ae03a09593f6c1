import SQLite
import Testing

@Suite("A pool of connections")
struct ConnectionPoolTests {
    @Test("lets no increment of many tasks be lost")
    func increments() async throws {
        let scratch = try ScratchDatabase()
        let pool = try ConnectionPool(path: scratch.path)
        try await pool.write { try $0.execute("CREATE TABLE n (v INTEGER); INSERT INTO n VALUES (0)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await pool.write { connection in
                        try connection.transaction {
                            let value = try connection.value("SELECT v FROM n", as: Int.self) ?? -1
                            try connection.run("UPDATE n SET v = ?", value + 1)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await pool.read { try $0.value("SELECT v FROM n") } == 200)
    }

    @Test("gives a reader one state for all of its queries while a writer goes on")
    func snapshot() async throws {
        let scratch = try ScratchDatabase()
        let pool = try ConnectionPool(path: scratch.path)
        let writer = try Connection(path: scratch.path)
        try writer.execute("CREATE TABLE n (v INTEGER); INSERT INTO n VALUES (1)")
        let path = scratch.path
        let seen = try await pool.read { connection in
            let before = try connection.value("SELECT v FROM n", as: Int.self)
            try Connection(path: path).run("UPDATE n SET v = 2")
            return [before, try connection.value("SELECT v FROM n", as: Int.self)]
        }
        #expect(seen == [1, 1])
        #expect(try await pool.read { try $0.value("SELECT v FROM n") } == 2)
    }
}
