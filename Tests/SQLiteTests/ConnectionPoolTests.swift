import SQLite
import Synchronization
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

    @Test("makes a remembered result anew where anybody has changed the file, and only then")
    func remembering() async throws {
        let scratch = try ScratchDatabase()
        let pool = try ConnectionPool(path: scratch.path, readers: 1)
        try await pool.write { try $0.execute("CREATE TABLE n (v INTEGER); INSERT INTO n VALUES (1)") }
        let counter = Mutex(0)
        func ask(_ name: String = "v", plus more: Int = 0) async throws -> Int? {
            try await pool.read(remembering: name) { connection in
                counter.withLock { $0 += 1 }
                return try connection.value("SELECT v FROM n", as: Int.self).map { $0 + more }
            }
        }
        #expect(try await [ask(), ask(), ask()] == [1, 1, 1])
        #expect(counter.withLock { $0 } == 1)
        #expect(try await ask("v + 10", plus: 10) == 11)
        try await pool.write { _ = try $0.run("UPDATE n SET v = 2") }
        #expect(try await [ask(), ask("v + 10", plus: 10), ask()] == [2, 12, 2])
        let other = try Connection(path: scratch.path)
        try other.run("UPDATE n SET v = 3")
        #expect(try await ask() == 3)
        let before = counter.withLock { $0 }
        // However many names there are, the results that are kept are few.
        for number in 0..<200 { #expect(try await ask("\(number)", plus: number) == 3 + number) }
        #expect(try await ask() == 3)
        #expect(counter.withLock { $0 } == before + 201)
    }

    @Test("remembers no failure")
    func failures() async throws {
        let scratch = try ScratchDatabase()
        let pool = try ConnectionPool(path: scratch.path, readers: 1)
        try await pool.write { try $0.execute("CREATE TABLE n (v INTEGER)") }
        let counter = Mutex(0)
        func ask() async throws -> Int {
            try await pool.read(remembering: "v") { _ in
                let count = counter.withLock { count in
                    count += 1
                    return count
                }
                if count == 1 { throw CancellationError() }
                return count
            }
        }
        await #expect(throws: CancellationError.self) { try await ask() }
        #expect(try await ask() == 2)
        #expect(try await ask() == 2)
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
