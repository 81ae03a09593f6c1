import Foundation
import POSIX
import Testing

extension EndToEndTests {
    /// The cases of RFC 9110 and 9112 that come with the assets, where they are.
    @Suite("HTTP")
    struct ConformanceTests {
        static let cases: String? = {
            let shared = ProcessInfo.processInfo.environment["FINETUNED_SHARED"] ?? Checkout.root + "/../shared"
            let path = shared + "/http-conformance"
            return FileManager.default.fileExists(atPath: path + "/http_cases.json") ? path : nil
        }()

        /// How often each case is sent in pieces; the long form of the fuzz tests asks for more.
        static let rounds = ProcessInfo.processInfo.environment["FINETUNED_SPLIT_ROUNDS"] ?? "2"

        @Test(
            .enabled(if: cases != nil, "the HTTP cases are not beside the source folder"),
            arguments: [[], ["--strict"]])
        func `every HTTP case passes`(options: [String]) async throws {
            let runner = try #require(Self.cases) + "/run_http_cases.py"
            let passed = try await run(runner, ["127.0.0.1"], ["-q"] + options)
            #expect(passed >= 340)
        }

        @Test(.enabled(if: cases != nil, "the HTTP cases are not beside the source folder"))
        func `every HTTP case cut at random has the verdict of the whole`() async throws {
            let cases = try #require(Self.cases) + "/http_cases.json"
            let passed = try await run(
                Checkout.root + "/Tests/EndToEndTests/Scripts/split_http_cases.py", [cases], ["--rounds", Self.rounds])
            #expect(passed >= 340)
        }

        /// Runs a script against a daemon with a token.
        ///
        /// - Returns: how many of its cases passed, where none failed.
        private func run(_ script: String, _ target: [String], _ options: [String]) async throws -> Int {
            var passed = 0
            try await Daemon.run { daemon in
                let token = try await Program.finetuned("token", "create", "cases", "--data", daemon.data).output
                let cases = try await Program.run(
                    "/usr/bin/env",
                    ["python3", script] + target + [
                        "\(await daemon.client.port)", "--token", token.trimmingCharacters(in: .newlines),
                        "--post-path",
                        "\(Client.jobs)/ftjob-none/cancel", "--prot-path", "/v1/models", "--file-path",
                        "/samples/support-messages.jsonl",
                    ] + options, environment: ProcessInfo.processInfo.environment)
                let lines = cases.output.split(separator: "\n")
                let closing = try #require(lines.last?.wholeMatch(of: /(\d+) passed, (\d+) failed/))
                #expect(closing.2 == "0", Comment(rawValue: lines.suffix(40).joined(separator: "\n")))
                passed = Int(closing.1) ?? 0
            }
            return passed
        }
    }
}
