import Foundation
import HTTP
import POSIX
import Testing

/// The cases of RFC 9110 and 9112 that come with the assets, where they are.
struct ConformanceTests {
    static let runner: String? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shared = ProcessInfo.processInfo.environment["FINETUNED_SHARED"] ?? root.path + "/../shared"
        let path = shared + "/http-conformance/run_http_cases.py"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    @Test(.enabled(if: runner != nil), arguments: [[], ["--strict"]])
    func `every HTTP case passes`(options: [String]) async throws {
        let runner = try #require(Self.runner)
        let file = NSTemporaryDirectory() + "http-cases-\(UUID().uuidString).txt"
        try Data(repeating: 0x61, count: 5000).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let sample = try await SampleServer(router: SampleServer.sampleRouter(file: file, needsToken: true))
        let output = try await Self.run(
            [
                runner, "127.0.0.1", "\(sample.address.port)", "--token", SampleServer.token, "--post-path", "/echo",
                "--prot-path", "/", "--file-path", "/file", "--echo", "-q",
            ] + options)
        try await sample.stop()
        let lines = output.split(separator: "\n")
        let closing = try #require(lines.last?.wholeMatch(of: /(\d+) passed, (\d+) failed/))
        let failures = lines.filter { $0.hasPrefix("FAIL") }.joined(separator: "\n")
        #expect(closing.2 == "0", Comment(rawValue: failures))
        #expect(Int(closing.1) ?? 0 >= 340)
    }

    private static func run(_ arguments: [String]) async throws -> String {
        let path = NSTemporaryDirectory() + "http-cases-\(UUID().uuidString).out"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_EXCL)
        let child = try ChildProcess(
            "/usr/bin/env", arguments: ["python3"] + arguments, environment: ProcessInfo.processInfo.environment,
            output: output.raw, error: output.raw)
        _ = await child.waitForExit()
        return try String(contentsOfFile: path, encoding: .utf8)
    }
}
