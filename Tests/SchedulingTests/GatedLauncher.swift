import POSIX
import RunDirectory
import Scheduling

/// A launcher that launches when the test lets it.
actor GatedLauncher: Launcher {
    private let launcher = LocalLauncher(program: Fixture.worker)
    private var isOpen = false
    private var hasArrived = false

    func launch(_ directory: RunDirectory) async throws -> ChildProcess? {
        hasArrived = true
        while !isOpen { try await Task.sleep(for: .milliseconds(2)) }
        return try await launcher.launch(directory)
    }

    /// Returns when something is to be launched.
    func arrival() async throws {
        while !hasArrived { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// Lets launches happen.
    func open() { isOpen = true }
}
