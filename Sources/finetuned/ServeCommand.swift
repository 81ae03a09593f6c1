internal import Arguments
internal import Foundation
internal import POSIX

/// `finetuned serve`
struct ServeCommand {
    private let options: ServeOptions

    static let declaration = Command(
        "serve", "Serves the API and the dashboard, and runs the jobs.",
        details: """
            Prints its address on standard output when it is ready, then a line an event on standard error, or in the file
            of --log-file: rename that and send SIGHUP, and it goes on in a new one. SIGTERM and
            SIGINT let the requests that are being served end (10 seconds at most); a second one stops it at once. Jobs
            train on while the server is away, and are found again when it returns.

            \(ExitStatus.help)
            """, options: ServeOptions.declared)

    init(_ arguments: ParsedArguments) throws(UsageError) {
        options = try ServeOptions(arguments, cores: ProcessInfo.processInfo.activeProcessorCount)
    }

    func run() async throws -> ExitStatus {
        Heap.shareArenas()
        let log = try Log(path: options.logFile)
        defer { log.flush() }
        try log.reopenOnHangUp()
        let stop = StopSignals(log: log)
        try stop.watch()
        let daemon = try await Daemon(options, installation: Installation(assets: options.assets), log: log)
        // One that was killed has left it; now that the data directory is ours, so is the file.
        try options.readyFile.map(Self.remove)
        let address = try await daemon.start()
        stop.drain(daemon)
        let url = "http://\(address)"
        if let path = options.readyFile { try DurableFile.write(Array("\(url)\n".utf8), to: path, mode: 0o644) }
        Console.print("finetuned listens on \(url)\n")
        try await daemon.waitUntilStopped()
        try options.readyFile.map(Self.remove)
        log.write(.info, "stopped")
        return .success
    }

    private static func remove(_ path: String) throws {
        do { try FileManager.default.removeItem(atPath: path) } catch CocoaError.fileNoSuchFile {}
    }
}
