internal import Arguments
internal import Storage

/// The options by which `token create` sets a token's quota and `serve` the default one.
enum QuotaOptions {
    /// The options.
    ///
    /// - Parameter default: what holds where one is not given, for the help.
    static func declared(default standard: String) -> [Option] {
        [
            Option("max-queued", "N", "jobs that may wait at once, each trial of a sweep counted (\(standard))"),
            Option("max-running", "N", "jobs that may train at once; others stay in the queue (\(standard))"),
            Option("max-bytes", "SIZE", "bytes of files, results of jobs among them, such as 20GB (\(standard))"),
        ]
    }

    /// The quota that the options say.
    static func quota(_ arguments: ParsedArguments) throws(UsageError) -> Quota {
        var quota = Quota(
            queuedJobs: try arguments.integer("max-queued", in: 0...1_000_000),
            runningJobs: try arguments.integer("max-running", in: 1...256))
        if let text = arguments["max-bytes"] {
            guard let bytes = ByteCount.parse(text) else {
                throw .invalid("max-bytes", value: text, expected: "a number of bytes such as 500MB, 20GB or 8GiB")
            }
            quota.storedBytes = bytes
        }
        return quota
    }

    /// What a list of tokens says of a quota.
    static func description(_ quota: Quota) -> String {
        let parts = [
            quota.queuedJobs.map { "\($0) queued" }, quota.runningJobs.map { "\($0) running" },
            quota.storedBytes.map(ByteCount.format),
        ].compactMap { $0 }
        return parts.isEmpty ? "no quota" : "at most " + parts.joined(separator: ", ")
    }
}
