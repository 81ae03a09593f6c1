import CLinux
import Glibc

/// A process that is no child of this one, held fast (pidfd_open(2)): its number may go to another process when it ends,
/// this reference never does.
public struct ProcessReference: ~Copyable {
    private let descriptor: FileDescriptor

    /// The process that has the number now; nil where none has it.
    public init?(_ identifier: Int32) throws(SystemCallError) {
        let raw = Int32(system_call(openCall, Int(identifier), 0, 0, 0))
        if raw < 0 {
            // EINVAL: by now it is the number of a thread.
            if errno == ESRCH || errno == EINVAL { return nil }
            throw .last("pidfd_open", path: String(identifier))
        }
        // The kernel sets its close-on-exec flag.
        descriptor = FileDescriptor(owning: raw)
    }

    /// Sends the process a signal.
    ///
    /// - Returns: false where it has ended.
    @discardableResult
    public func send(_ signal: Signal) throws(SystemCallError) -> Bool {
        if system_call(sendCall, Int(descriptor.raw), Int(signal.rawValue), 0, 0) == 0 { return true }
        if errno == ESRCH { return false }
        throw .last("pidfd_send_signal")
    }
}

/// `SYS_pidfd_open`, the same on every architecture.
private let openCall = 434
/// `SYS_pidfd_send_signal`, the same on every architecture.
private let sendCall = 424
