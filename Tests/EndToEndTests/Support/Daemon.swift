import Foundation
import POSIX

/// `finetuned serve` as a process of its own, with a data directory of its own and the tiny model.
actor Daemon {
    /// Why there is no daemon.
    struct NotStarted: Error, CustomStringConvertible {
        let description: String
    }

    /// All that it writes; `data` and `models` are inside.
    nonisolated let directory: TemporaryDirectory
    /// The data directory.
    nonisolated var data: String { "\(directory.path)/data" }
    /// The directory of models.
    nonisolated var models: String { "\(directory.path)/models" }
    private let options: [String]
    private let environment: [String: String]
    private var process: ChildProcess
    /// Where it listens; after a restart elsewhere.
    private(set) var client: Client

    /// Lends a daemon to a test; afterwards it and its workers are gone, whatever happened.
    static func run(
        _ options: String..., environment: [String: String] = [:], test: (Daemon) async throws -> Void
    ) async throws {
        let daemon = try await Daemon(options, environment)
        do {
            try await test(daemon)
        } catch {
            try await daemon.clear()
            throw error
        }
        try await daemon.clear()
    }

    private init(_ options: [String], _ environment: [String: String]) async throws {
        directory = try TemporaryDirectory()
        self.options = options
        self.environment = environment
        try FileManager.default.createDirectory(
            atPath: "\(directory.path)/models", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Checkout.tinyBert, toPath: "\(directory.path)/models/tiny-bert")
        (process, client) = try await Self.start(directory.path, options, environment)
    }

    private static func start(
        _ path: String, _ options: [String], _ environment: [String: String]
    ) async throws -> (ChildProcess, Client) {
        let log = try FileDescriptor.open("\(path)/log", O_WRONLY | O_CREAT | O_APPEND)
        let pipe = Pipe()
        let arguments = ["serve", "--data", "\(path)/data", "--models", "\(path)/models", "--listen", "127.0.0.1:0"]
        let process = try ChildProcess(
            Checkout.program("finetuned"), arguments: arguments + options, environment: environment,
            output: pipe.fileHandleForWriting.fileDescriptor, error: log.raw)
        try pipe.fileHandleForWriting.close()
        let reader = pipe.fileHandleForReading
        // It says one line when it is ready and nothing more.
        let line = await withCheckedContinuation { continuation in
            PlatformThread.detach(name: "ready") {
                continuation.resume(returning: String(decoding: reader.availableData, as: UTF8.self))
            }
        }
        guard let match = line.firstMatch(of: /finetuned listens on (http:\S+)\n/) else {
            throw NotStarted(description: "\(await process.waitForExit()): \(Self.log(path))")
        }
        return (process, Client(origin: String(match.1)))
    }

    private static func log(_ path: String) -> String {
        (try? String(contentsOfFile: "\(path)/log", encoding: .utf8)) ?? ""
    }

    /// What it wrote to standard error, all starts together.
    nonisolated var log: String { Self.log(directory.path) }

    /// Kills it as a power cut would, and it alone.
    func kill() async throws {
        try process.send(.kill)
        _ = await process.waitForExit()
    }

    /// Tells it that its log was renamed.
    func hangUp() throws { try process.send(.hangUp) }

    /// Asks it to stop and waits for it.
    ///
    /// - Parameter body: what happens once it was asked.
    func terminate(meanwhile body: () async throws -> Void = {}) async throws -> ChildProcess.Exit {
        try process.send(.terminate)
        try await body()
        return await process.waitForExit()
    }

    /// Starts it again on the same data.
    ///
    /// - Returns: how long it took until it was ready.
    @discardableResult
    func restart() async throws -> Duration {
        let start = ContinuousClock.now
        (process, client) = try await Self.start(directory.path, options, environment)
        return .now - start
    }

    /// The process identifiers of the workers that train its jobs.
    nonisolated func workers() throws -> [Int32] { try runs().map(\.worker) }

    /// The same with the jobs that they train.
    nonisolated func runs() throws -> [(worker: Int32, job: String)] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
            guard let identifier = Int32(name),
                let line = try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8)
            else { return nil }
            let words = line.split(separator: "\0")
            guard words.dropFirst().first == "train", let run = words.last, run.hasPrefix("\(data)/runs/") else {
                return nil
            }
            return (identifier, String(run.dropFirst("\(data)/runs/".count).prefix { $0 != "/" }))
        }
    }

    private func clear() async throws {
        try process.send(.kill)
        _ = await process.waitForExit()
        for worker in try workers() { try Signals.send(.kill, to: worker) }
    }
}
