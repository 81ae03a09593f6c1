public import RunDirectory
internal import Synchronization

/// Learns whether a run is to stop: a signal says so, and the `stop` file beside the recipe says why.
///
/// The file is read at the start and after a signal only, as the contract of ``RunDirectory`` has it.
public final class StopWatch: Sendable {
    private let directory: RunDirectory
    private let isDue = Atomic<Bool>(true)
    private let isSignalled = Atomic<Bool>(false)

    /// A watch over a run directory.
    public init(_ directory: RunDirectory) { self.directory = directory }

    /// Notes that a signal came; may be called from any thread.
    public func signal() {
        isSignalled.store(true, ordering: .relaxed)
        isDue.store(true, ordering: .releasing)
    }

    /// Why the run is to stop now; nil where it goes on. A signal without a file means that the machine goes down.
    ///
    /// - Throws: `RunDirectoryError` where the file holds no reason.
    public func reason() throws(RunDirectoryError) -> StopReason? {
        guard isDue.load(ordering: .acquiring) else { return nil }
        isDue.store(isSignalled.load(ordering: .relaxed), ordering: .relaxed)
        return try directory.requestedStop() ?? (isSignalled.load(ordering: .relaxed) ? .shutdown : nil)
    }
}
