import POSIX
import RunDirectory
import Scheduling

/// A launcher that launches when the test lets it.
actor GatedLauncher: Launcher {
    private let launcher = LocalLauncher(program: Fixture.worker)
    private var isOpen = false
    private var hasArrived = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func launch(_ directory: RunDirectory) async throws -> ChildProcess? {
        hasArrived = true
        wakeAll()
        while !isOpen { await wait() }
        return try await launcher.launch(directory)
    }

    /// Returns when something is to be launched.
    func arrival() async {
        while !hasArrived { await wait() }
    }

    /// Lets launches happen.
    func open() {
        isOpen = true
        wakeAll()
    }

    private func wait() async { await withCheckedContinuation { waiters.append($0) } }

    private func wakeAll() {
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}
