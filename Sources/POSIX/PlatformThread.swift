import CLinux
import Glibc

/// A thread of the system, for work that blocks and so may not use the concurrency pool.
public enum PlatformThread {
    /// Starts a thread that runs `body` and ends with it.
    ///
    /// - Parameters:
    ///   - name: shown by system tools; cut after 15 bytes.
    ///   - stackSize: bytes.
    public static func detach(
        name: String, stackSize: Int = 512 * 1024, _ body: @escaping @Sendable () -> Void
    ) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let box = Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { pointer in
                guard let pointer else { return nil }
                let start = Unmanaged<Start>.fromOpaque(pointer).takeRetainedValue()
                pthread_setname_np(pthread_self(), String(start.name.prefix(15)))
                start.body()
                return nil
            }, box.toOpaque())
        // Only a machine out of memory or processes gets here: the caller could not go on either.
        precondition(code == 0, "cannot start a thread: errno \(code)")
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
