import Foundation
import POSIX

/// `wrk`, on one thread with 64 connections.
struct LoadGenerator {
    /// What it found.
    struct Figures {
        /// Answers a second.
        let requestsPerSecond: Double
        /// Milliseconds until half of the answers had come, and until 99 of 100.
        let p50, p99: Double
        /// Answers other than 2xx and 3xx, and connections that failed.
        let failures: Int
    }

    /// Its program.
    let path: String
    /// How long it sends requests.
    let seconds: Int

    /// Sends the same request again and again.
    ///
    /// - Parameters:
    ///   - script: the request in wrk's Lua, where it is more than a GET. It goes through a file that only this user may
    ///     read: command lines are seen by everyone, and it may hold a token.
    func measure(_ url: String, script: String) async throws -> Figures {
        let folder = NSTemporaryDirectory() + "http-benchmark-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try DurableFile.write(Array(script.utf8), to: "\(folder)/request.lua")
        let output = try FileDescriptor.open("\(folder)/output", O_RDWR | O_CREAT)
        let arguments = ["-t1", "-c64", "-d\(seconds)", "--latency", "-s", "\(folder)/request.lua", url]
        let child = try ChildProcess(path, arguments: arguments, environment: [:], output: output.raw)
        let exit = await child.waitForExit()
        guard exit.isSuccess else { throw BenchmarkError.loadGenerator(path: path, reason: "ended with \(exit)") }
        return try figures(String(contentsOfFile: "\(folder)/output", encoding: .utf8))
    }

    private func figures(_ text: String) throws -> Figures {
        /// The last word of the line that begins with this.
        func word(_ name: String) -> Substring? {
            text.split(separator: "\n").lazy.map { $0.split(separator: " ") }
                .first { $0.first?.hasPrefix(name) == true }?.last
        }
        guard let rate = word("Requests/sec").flatMap({ Double($0) }), let p50 = Self.milliseconds(word("50%")),
            let p99 = Self.milliseconds(word("99%"))
        else { throw BenchmarkError.loadGenerator(path: path, reason: "said what is not understood: \(text)") }
        let lost = text.matches(of: /(?:connect|read|write|timeout) (\d+)/).compactMap { Int($0.1) }.reduce(0, +)
        return Figures(
            requestsPerSecond: rate, p50: p50, p99: p99,
            failures: lost + (word("Non-2xx").flatMap { Int($0) } ?? 0))
    }

    /// wrk's times: `950.00us`, `1.23ms`, `1.50s`, `1.10m`.
    private static func milliseconds(_ text: Substring?) -> Double? {
        guard let text, let match = text.wholeMatch(of: /([0-9.]+)(us|ms|s|m)/), let value = Double(match.1) else {
            return nil
        }
        switch match.2 {
        case "us": return value / 1000
        case "ms": return value
        case "s": return value * 1000
        default: return value * 60_000
        }
    }
}
