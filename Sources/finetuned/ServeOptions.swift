internal import Arguments
internal import Foundation
internal import POSIX
internal import Storage

/// What `finetuned serve` was told.
struct ServeOptions {
    /// The data directory.
    let data: String
    /// The directory of pretrained models; nil is the one inside the data directory.
    let models: String?
    /// Where to listen.
    let address: SocketAddress
    /// How many jobs run at once.
    let workers: Int
    /// Training threads of a job that asks for no number.
    let threads: Int
    /// The folder that holds `migrations/` and `public/`.
    let assets: String?
    /// Names by which clients may call the server.
    let hosts: Set<String>
    /// The owner's name in the names of fine-tuned models.
    let organization: String
    /// The limits of tokens that have none of their own, and of clients that need no token.
    let quota: Quota
    /// How many days an entry of the audit log is kept.
    let auditDays: Int
    /// A file to write the server's address to when it is ready.
    let readyFile: String?
    /// The file that the log goes to; nil is standard error.
    let logFile: String?
    /// How many finished jobs keep all of their checkpoints; nil for all.
    let keptRuns: Int?
    /// Where the ends of jobs are told; nil for nowhere.
    let webhook: WebhookOptions?

    static let declared =
        [
            Option(
                "data", "DIR", "where jobs, files and checkpoints are kept; created where it is missing",
                isRequired: true),
            Option("models", "DIR", "where the pretrained models lie (DATA/models)"),
            Option(
                "listen", "ADDRESS:PORT",
                "where to listen (127.0.0.1:8080), also [::1]:8080; port 0 takes a free one.\n"
                    + "On an address that other machines reach, a token must exist"),
            Option("workers", "N", "jobs that run at once (1)"),
            Option("threads", "N", "training threads of a job that asks for no number (cores divided by workers)"),
            Option("assets", "DIR", "the folder that holds migrations/ and public/"),
            Option(
                "allow-host", "NAME", "a name by which clients may call the server, as behind a proxy; may be repeated",
                repeats: true),
            Option("organization", "NAME", "the owner's name in the names of fine-tuned models (local)"),
            Option("keep-audit", "DAYS", "how long the log of who did what is kept (365); a million entries at most"),
            Option(
                "webhook-url", "URL",
                "where a signed POST tells how each job ended: https, a host of the public internet"),
            Option(
                "webhook-secret-file", "FILE", "the secret of these signatures: whsec_ and 24 to 64 bytes in base64"),
            Option.toggle("webhook-allow-private", "let that host be one of this machine or its network, by http too"),
            Option("ready-file", "PATH", "a file to write the server's address to when it is ready"),
            Option("log-file", "PATH", "where the log goes (standard error); opened anew at SIGHUP"),
            Option(
                "keep-runs", "N",
                "how many of the jobs that finished last keep all checkpoints (all jobs);\n"
                    + "of older ones the models and results stay. Trials of a sweep count each"),
        ] + QuotaOptions.declared(default: "any number, where a token says none")

    /// Reads the options.
    ///
    /// - Parameter cores: of this machine.
    init(_ arguments: ParsedArguments, cores: Int) throws(UsageError) {
        data = try arguments.required("data")
        models = arguments["models"]
        address = try Self.address(arguments["listen"])
        workers = try arguments.integer("workers", in: 1...256) ?? 1
        threads = try arguments.integer("threads", in: 1...1024) ?? max(1, cores / workers)
        assets = arguments["assets"]
        var hosts: Set<String> = []
        for name in arguments.all("allow-host") { hosts.insert(try Self.host(name)) }
        self.hosts = hosts
        organization = try Self.organization(arguments["organization"])
        quota = try QuotaOptions.quota(arguments)
        auditDays = try arguments.integer("keep-audit", in: 1...36_500) ?? 365
        readyFile = arguments["ready-file"]
        logFile = arguments["log-file"]
        keptRuns = try arguments.integer("keep-runs", in: 0...1_000_000)
        webhook = try WebhookOptions(arguments)
    }

    private static func address(_ text: String?) throws(UsageError) -> SocketAddress {
        guard let text else { return .loopback(port: 8080) }
        do {
            return try SocketAddress(parsing: text)
        } catch {
            throw .invalid("listen", value: text, expected: "an address with a port: 127.0.0.1:8080 or [::1]:8080")
        }
    }

    private static func host(_ text: String) throws(UsageError) -> String {
        let name = text.lowercased()
        let isName = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
        guard isName, !name.isEmpty, name.utf8.count <= 253 else {
            throw .invalid(
                "allow-host", value: text, expected: "a host's name without scheme and port: tuning.example.org")
        }
        return name
    }

    private static func organization(_ text: String?) throws(UsageError) -> String {
        guard let text else { return "local" }
        let isName = text.utf8.allSatisfy { byte in
            (byte < 0x80 && Character(UnicodeScalar(byte)).isLetter)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
        }
        guard isName, (1...64).contains(text.utf8.count) else {
            throw .invalid(
                "organization", value: text, expected: "1 to 64 letters, digits, \"-\", \"_\" or \".\"")
        }
        return text
    }
}
