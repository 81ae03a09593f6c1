import Glibc
import POSIX

/// Reads what a child writes on a thread of its own: tests share the few threads of the pool, and a child may take its
/// time.
func read(_ raw: Int32, upTo count: Int) async -> [UInt8] {
    await withCheckedContinuation { continuation in
        PlatformThread.detach(name: "pipe reader") {
            continuation.resume(
                returning: [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                    filled = max(0, Glibc.read(raw, buffer.baseAddress, count))
                })
        }
    }
}
