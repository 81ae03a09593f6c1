import Foundation
import JSON
import POSIX
import Testing

extension EndToEndTests {
    @Suite("The command line")
    struct CommandLineTests {
        @Test(
            arguments: [
                ([], 2, "which command? one of: serve, token create"),
                (["serv"], 2, "did you mean serve?"),
                (["serve"], 2, "--data DIR is missing"),
                (["serve", "--data", "x", "--listen", "8080"], 2, "127.0.0.1:8080 or [::1]:8080"),
                (["serve", "--data", "x", "--listen", "example.org:80"], 2, "127.0.0.1:8080 or [::1]:8080"),
                (["serve", "--data", "x", "--workers", "0"], 2, "a whole number from 1 to 256"),
                (["serve", "--data", "x", "--allow-host", "http://a"], 2, "without scheme and port"),
                (["serve", "--data", "x", "--organization", "a/b"], 2, "letters, digits"),
                (["serve", "--data", "/proc/none"], 1, "the directory /proc/none cannot be used"),
                (["serve", "--data", "x", "--assets", "/etc"], 1, "/etc has no migrations/"),
                (["serve", "--data", "x", "--keep-runs", "7d"], 2, "a whole number from 0 to 1000000"),
                (["backup", "--data", "x"], 2, "DEST is missing"),
                (["backup", "y", "--data", "x"], 1, "x is no data directory"),
                (["check", "--data", "x"], 1, "x is no data directory"),
                (["token"], 2, "one of: token create, token list, token revoke"),
                (["token", "create", "--data", "x"], 2, "NAME is missing"),
                (["token", "create", "a", "--data", "x", "--max-bytes", "many"], 2, "such as 500MB, 20GB or 8GiB"),
                (["token", "create", "a", "--data", "x", "--max-running", "0"], 2, "a whole number from 1 to 256"),
                (["serve", "--data", "x", "--keep-audit", "0"], 2, "a whole number from 1 to 36500"),
                (["audit", "--data", "x"], 1, "x is no data directory"),
                (["token", "list", "--data", "x"], 1, "x is no data directory"),
                (["token", "revoke", "NAME", "--data", "x"], 1, "x is no data directory"),
                (["serve", "--data", ""], 2, "--data needs a value: --data DIR"),
                (["pull", "nowhere", "--models", "x"], 1, "it is no directory, and does not begin with hf:"),
                (["pull", "hf:a", "--models", "x"], 1, "behind hf: stands ORG/NAME"),
            ] as [([String], Int32, String)])
        func `that is wrong says what would be right`(arguments: [String], status: Int32, message: String) async throws
        {
            let folder = try TemporaryDirectory()
            let program = try await Program.run(
                Checkout.program("finetuned"), arguments, directory: folder.path)
            #expect(program.exit == .exited(status))
            #expect(program.output == "")
            #expect(program.errors.contains(message), "\(program.errors)")
        }

        @Test(arguments: [
            "serve", "token create", "token list", "token revoke", "audit", "pull", "doctor", "check", "backup",
        ])
        func `explains every command`(command: String) async throws {
            let help = try await Program.run(
                Checkout.program("finetuned"), command.split(separator: " ").map(String.init) + ["--help"])
            #expect(help.exit == .exited(0))
            #expect(help.output.hasPrefix("usage: finetuned \(command)"))
        }

        @Test func `refuses other machines while there is no token`() async throws {
            let folder = try TemporaryDirectory()
            let program = try await Program.finetuned("serve", "--data", "\(folder.path)/data", "--listen", "0.0.0.0:0")
            #expect(program.exit == .exited(2))
            #expect(program.errors.contains("finetuned token create NAME --data \(folder.path)/data"))
        }

        @Test func `makes and revokes tokens beside the server, which counts them from the next request on`()
            async throws
        {
            try await Daemon.run { daemon in
                let client = await daemon.client
                for number in 0..<3 {
                    #expect(try await client.get("/v1/files").status == 200)
                    let made = try await Program.finetuned("token", "create", "t\(number)", "--data", daemon.data)
                    #expect(made.exit == .exited(0), "\(made.errors)")
                    #expect(try await client.get("/v1/files").status == 401)
                    let gone = try await Program.finetuned("token", "revoke", "t\(number)", "--data", daemon.data)
                    #expect(gone.exit == .exited(0), "\(gone.errors)")
                }
                #expect(try await client.get("/v1/files").status == 200)
            }
        }

        @Test func `pulls a model from a directory, which the server then offers`() async throws {
            try await Daemon.run { daemon in
                let pull = try await Program.finetuned(
                    "pull", Checkout.tinyBert, "--name", "second", "--models", daemon.models)
                #expect(pull.exit == .exited(0), "\(pull.errors)")
                let models = try await daemon.client.value("/v1/models")["data"]?.array ?? []
                let names = models.compactMap { $0["id"]?.string }
                #expect(names == ["second", "tiny-bert"])
            }
        }

        @Test(arguments: ["before rename", "after rename"])
        func `leaves a whole model in its place wherever a pull that replaces it is killed`(point: String) async throws
        {
            let folder = try TemporaryDirectory()
            let (source, models) = ("\(folder.path)/source", "\(folder.path)/models")
            try FileManager.default.copyItem(atPath: Checkout.tinyBert, toPath: source)
            let card = { try String(contentsOfFile: "\(models)/source/README.md", encoding: .utf8) }
            let pull = { (text: String, environment: [String: String]) in
                try Data(text.utf8).write(to: URL(filePath: "\(source)/README.md"))
                return try await Program.finetuned("pull", source, "--models", models, environment: environment).exit
            }
            #expect(try await pull("first", [:]) == .exited(0))
            var deaths = 0
            while try await pull("second", ["FINETUNED_FAULT": "\(point):\(deaths + 1)"]) != .exited(0) {
                deaths += 1
                #expect(try ["first", "second"].contains(card()))
            }
            #expect(deaths >= 2)
            #expect(try card() == "second")
            #expect(try await pull("third", [:]) == .exited(0))
            #expect(try card() == "third")
            let left = try FileManager.default.contentsOfDirectory(atPath: models).filter { !$0.hasSuffix(".lock") }
            #expect(left == ["source"])
        }

        @Test func `does not put a model in place that the worker cannot open`() async throws {
            let folder = try TemporaryDirectory()
            let source = "\(folder.path)/source"
            try FileManager.default.copyItem(atPath: Checkout.tinyBert, toPath: source)
            try Data("{}".utf8).write(to: URL(filePath: "\(source)/config.json"))
            let pull = try await Program.finetuned("pull", source, "--models", "\(folder.path)/models")
            #expect(pull.exit == .exited(1))
            #expect(pull.errors.contains("cannot be used: "), "\(pull.errors)")
            #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/models/source"))
        }

        @Test func `says where the hub cannot be reached`() async throws {
            let folder = try TemporaryDirectory()
            let pull = try await Program.finetuned(
                "pull", "hf:org/name", "--models", folder.path, environment: ["HF_ENDPOINT": "http://127.0.0.1:1"])
            #expect(pull.exit == .exited(1))
            #expect(pull.errors.contains("cannot reach http://127.0.0.1:1"))
        }

        @Test func `looks over the machine`() async throws {
            try await Daemon.run { daemon in
                let doctor = try await Program.finetuned("doctor", "--data", daemon.data)
                #expect(doctor.exit == .exited(0), "\(doctor.output)")
                for finding in ["SQLite 3.", "OpenSSL", "zlib 1.", "OpenBLAS", "GFLOP/s", "in use by a server"] {
                    #expect(doctor.output.contains(finding), "\(doctor.output)")
                }
            }
        }
    }
}
