import Foundation
import POSIX
import Testing

extension EndToEndTests {
    @Suite("The official Python client")
    struct PythonClientTests {
        /// A Python that has the package `openai`; `deploy/test` makes one.
        static let python = ProcessInfo.processInfo.environment["FINETUNED_PYTHON"]

        @Test(.enabled(if: python != nil, "FINETUNED_PYTHON names no Python with the package openai"))
        func `works unmodified`() async throws {
            let python = try #require(Self.python)
            try await Daemon.run { daemon in
                let token = try await Program.finetuned("token", "create", "python", "--data", daemon.data).output
                let client = await daemon.client
                let checks = try await Program.run(
                    python,
                    [
                        "\(Checkout.root)/Tests/EndToEndTests/Scripts/openai_client.py", "\(client.origin)/v1",
                        token.trimmingCharacters(in: .newlines), "--model", "tiny-bert", "--timeout", "60",
                    ], environment: ["PATH": "/usr/bin:/bin"])
                #expect(checks.exit == .exited(0), "\(checks.output)\(checks.errors)")
                #expect(checks.output.contains(/\n\d+ passed, 0 failed\n/))
            }
        }
    }
}
