import Foundation
import POSIX
import Testing

extension EndToEndTests {
    /// The cases of RFC 9110 and 9112 that come with the assets, where they are.
    @Suite("HTTP")
    struct ConformanceTests {
        static let runner: String? = {
            let shared = ProcessInfo.processInfo.environment["FINETUNED_SHARED"] ?? Checkout.root + "/../shared"
            let path = shared + "/http-conformance/run_http_cases.py"
            return FileManager.default.fileExists(atPath: path) ? path : nil
        }()

        @Test(
            .enabled(if: runner != nil, "the HTTP cases are not beside the source folder"),
            arguments: [[], ["--strict"]])
        func `every HTTP case passes`(options: [String]) async throws {
            let runner = try #require(Self.runner)
            try await Daemon.run { daemon in
                let token = try await Program.finetuned("token", "create", "cases", "--data", daemon.data).output
                let cases = try await Program.run(
                    "/usr/bin/env",
                    [
                        "python3", runner, "127.0.0.1", "\(await daemon.client.port)", "--token",
                        token.trimmingCharacters(in: .newlines), "--post-path", "\(Client.jobs)/ftjob-none/cancel",
                        "--prot-path", "/v1/models", "--file-path", "/samples/support-messages.jsonl", "-q",
                    ] + options, environment: ProcessInfo.processInfo.environment)
                let lines = cases.output.split(separator: "\n")
                let closing = try #require(lines.last?.wholeMatch(of: /(\d+) passed, (\d+) failed/))
                let failures = lines.filter { $0.hasPrefix("FAIL") }.joined(separator: "\n")
                #expect(closing.2 == "0", Comment(rawValue: failures))
                #expect(Int(closing.1) ?? 0 >= 340)
            }
        }
    }
}
