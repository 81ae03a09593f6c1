internal import Foundation
internal import POSIX
internal import Synchronization

/// Turns SIGTERM and SIGINT into a stop: an orderly one at the first, an immediate one at the second.
final class StopSignals: Sendable {
    private enum State {
        /// Nothing is served yet, so nothing need be waited for.
        case starting
        case serving(Daemon)
        case stopping
    }

    private let state = Mutex(State.starting)
    private let log: Log

    init(log: Log) { self.log = log }

    /// Begins to take the signals.
    func watch() throws(SystemCallError) {
        let signals = try Signals.stream([.terminate, .interrupt])
        Task { for await signal in signals { receive(signal) } }
    }

    /// From now on a signal drains this daemon.
    func drain(_ daemon: Daemon) { state.withLock { $0 = .serving(daemon) } }

    private func receive(_ signal: Signal) {
        let previous = state.withLock { state in
            defer { state = .stopping }
            return state
        }
        switch previous {
        case .starting:
            leave(.success, signal)
        case .serving(let daemon):
            log.write(.info, "stopping", [("signal", "\(signal)")])
            Task { [log] in
                do {
                    try await daemon.drain()
                } catch {
                    log.write(.error, "drain", [("error", "\(error)")])
                }
            }
        case .stopping:
            leave(.interrupted, signal)
        }
    }

    private func leave(_ status: ExitStatus, _ signal: Signal) {
        log.write(.info, "stopped", [("signal", "\(signal)")])
        log.flush()
        exit(status.rawValue)
    }
}
