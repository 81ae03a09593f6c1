import POSIX
import RunDirectory
import Scheduling

/// A launcher that launches when the test lets it.
final class GatedLauncher: Launcher {
    private let launcher = LocalLauncher(program: Fixture.worker)
    private let gate = AsyncStream<Never>.makeStream()
    private let arrivals = AsyncStream<Never>.makeStream()

    func launch(_ directory: RunDirectory) async throws -> ChildProcess? {
        arrivals.continuation.finish()
        for await _ in gate.stream {}
        try Task.checkCancellation()
        return try await launcher.launch(directory)
    }

    /// Returns when something is to be launched.
    func arrival() async { for await _ in arrivals.stream {} }

    /// Lets launches happen.
    func open() { gate.continuation.finish() }
}
