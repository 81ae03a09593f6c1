import Foundation
import JSON
import POSIX
import Testing

extension EndToEndTests {
    @Suite("The log")
    struct LogTests {
        /// The paths of the requests that a log tells of, each of its lines being one whole event.
        private static func requests(_ log: String) throws -> [String] {
            let head = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn|error) ([a-z-]+)/
            let fields = /( [a-z_]+=("([^"\\]|\\.)*"|[^ "=]+))*/
            return try log.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap { line in
                let match = try #require(line.prefixMatch(of: head), "\(line)")
                #expect(line[match.range.upperBound...].wholeMatch(of: fields) != nil, "\(line)")
                return match.2 == "request" ? line.firstMatch(of: /\spath=(\S+)/).map { String($0.1) } : nil
            }
        }

        @Test func `tells of no fault where a client goes away in the middle of its upload`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                for _ in 0..<10 {
                    let socket = try Socket.connected(to: .loopback(port: UInt16(client.port)))
                    let request = """
                        POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1:\(client.port)\r\nExpect: 100-continue\r
                        Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: 100000\r\n\r

                        """
                    try socket.descriptor.write(all: Array(request.utf8))
                    // The rest of "100 Continue" is never read, for which the system resets the connection.
                    #expect(try socket.descriptor.read(upTo: 4) == Array("HTTP".utf8))
                }
                #expect(try await client.get("/v1/files").status == 200)
                #expect(try await daemon.terminate() == .exited(0))
                #expect(!daemon.log.contains(" error "), "\(daemon.log)")
                let line = /info request id=\S+ method=POST path=\/v1\/files ended=early ms=\d+ from=127\.0\.0\.1:\d+\n/
                #expect(daemon.log.matches(of: line).count == 10)
            }
        }

        @Test func `goes on in a new file after a rename and SIGHUP, and loses no line`() async throws {
            let folder = try TemporaryDirectory()
            let (path, old) = ("\(folder.path)/daemon.log", "\(folder.path)/daemon.log.1")
            try await Daemon.run("--log-file", path) { daemon in
                let client = await daemon.client
                let ask = { @Sendable (name: String) async throws in
                    #expect(try await client.get("/v1/models/\(name)").status == 404)
                }
                try await ask("before")
                try FileManager.default.moveItem(atPath: path, toPath: old)
                // Until the signal comes, the renamed file goes on.
                try await ask("between")
                // An answer is logged once it is sent.
                while try !String(contentsOfFile: old, encoding: .utf8).contains("/between") {
                    try await Task.sleep(for: .milliseconds(5))
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<50 { group.addTask { try await ask("meanwhile-\(number)") } }
                    try await daemon.hangUp()
                    try await group.waitForAll()
                }
                while !FileManager.default.fileExists(atPath: path) { try await Task.sleep(for: .milliseconds(5)) }
                try await ask("after")
                #expect(try await daemon.terminate() == .exited(0))

                let (first, second) = (
                    try String(contentsOfFile: old, encoding: .utf8), try String(contentsOfFile: path, encoding: .utf8)
                )
                #expect(second.contains(" info log-reopened\n") && second.contains(" info stopped"))
                let (left, right) = (try Self.requests(first), try Self.requests(second))
                #expect(left.first == "/v1/models/before" && left.contains("/v1/models/between"))
                #expect(right.last == "/v1/models/after")
                let expected = ["before", "between", "after"] + (0..<50).map { "meanwhile-\($0)" }
                #expect((left + right).sorted() == expected.map { "/v1/models/\($0)" }.sorted())
                #expect(daemon.log == "")
            }
        }

        @Test func `stays in its old file where the new one cannot be opened`() async throws {
            let folder = try TemporaryDirectory()
            let (place, aside) = ("\(folder.path)/logs", "\(folder.path)/aside")
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
            try await Daemon.run("--log-file", "\(place)/log") { daemon in
                try FileManager.default.moveItem(atPath: place, toPath: aside)
                try await daemon.hangUp()
                let log = { try String(contentsOfFile: "\(aside)/log", encoding: .utf8) }
                while try !log().contains(" error log-reopen error=") { try await Task.sleep(for: .milliseconds(5)) }
                #expect(try await daemon.client.get("/v1/models/later").status == 404)
                #expect(try await daemon.terminate() == .exited(0))
                #expect(try Self.requests(log()) == ["/v1/models/later"])
            }
        }

        @Test func `goes to standard error without a file, and SIGHUP ends nothing`() async throws {
            try await Daemon.run { daemon in
                try await daemon.hangUp()
                #expect(try await daemon.client.get("/v1/models/x").status == 404)
                #expect(try await daemon.terminate() == .exited(0))
                #expect(try Self.requests(daemon.log) == ["/v1/models/x"])
            }
        }

        @Test func `takes no service with it on a full disk, and tells afterwards how many lines are lost`()
            async throws
        {
            let folder = try TemporaryDirectory()
            let path = "\(folder.path)/log"
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
            try await Daemon.run("--log-file", path) { daemon in
                let client = await daemon.client
                for _ in 0..<3 { #expect(try await client.get("/healthz").status == 200) }
                try FileManager.default.removeItem(atPath: path)
                try await daemon.hangUp()
                while !FileManager.default.fileExists(atPath: path) { try await Task.sleep(for: .milliseconds(5)) }
                #expect(try await client.get("/v1/models/x").status == 404)
                #expect(try await daemon.terminate() == .exited(0))
                let log = try String(contentsOfFile: path, encoding: .utf8)
                #expect(try Self.requests(log).last == "/v1/models/x")
                // The line that it was ready, and the three requests.
                let told = try #require(log.firstMatch(of: /\swarn log dropped_lines=(\d+)\n/)).1
                #expect(try #require(Int(told)) >= 4)
            }
        }

        @Test func `must have a place that can be written`() async throws {
            let folder = try TemporaryDirectory()
            let program = try await Program.finetuned(
                "serve", "--data", "\(folder.path)/data", "--log-file", "\(folder.path)/none/log")
            #expect(program.exit == .exited(1))
            #expect(program.errors.contains("\(folder.path)/none/log: No such file or directory"), "\(program.errors)")
        }
    }
}
