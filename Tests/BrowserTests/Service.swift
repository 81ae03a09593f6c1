import Foundation
import POSIX

/// A program that listens on a port of loopback and says so in a line of its output.
final class Service: Sendable {
    /// The port that it said.
    let port: UInt16
    private let process: ChildProcess

    /// Starts a program and reads what it puts out until a line names its port.
    ///
    /// - Parameter pattern: a regular expression whose first group is the port.
    /// - Throws: ``WebDriverError/notStarted(_:)`` with the output, where it ends without that line.
    init(_ program: String, arguments: [String], port pattern: String) async throws {
        let pipe = Pipe()
        let writer = pipe.fileHandleForWriting
        process = try ChildProcess(
            program, arguments: arguments, environment: ProcessInfo.processInfo.environment,
            output: writer.fileDescriptor, error: writer.fileDescriptor)
        try writer.close()
        let expression = try NSRegularExpression(pattern: pattern)
        let (ports, found) = AsyncStream.makeStream(of: UInt16.self)
        let output = OutputCollector()
        let source = pipe.fileHandleForReading
        // A thread of its own, as reading blocks; it reads on to the end, so that the program never waits for a full pipe.
        PlatformThread.detach(name: "output") {
            while case let data = source.availableData, !data.isEmpty {
                let text = output.append(data)
                let range = NSRange(text.startIndex..., in: text)
                if let match = expression.firstMatch(in: text, range: range),
                    let group = Range(match.range(at: 1), in: text), let port = UInt16(text[group])
                {
                    found.yield(port)
                    found.finish()
                }
            }
            found.finish()
        }
        guard let port = await ports.first(where: { _ in true }) else {
            throw WebDriverError.notStarted("\(program) named no port; it said: \(output.text)")
        }
        self.port = port
    }

    /// Kills it, and only it, with SIGKILL.
    func kill() async throws {
        try process.send(.kill)
        _ = await process.waitForExit()
    }

    /// Asks it to end and waits until it and what it started have ended.
    func stop() async {
        _ = try? process.sendToGroup(.terminate)
        _ = await process.waitForExit()
    }
}
