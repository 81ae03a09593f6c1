/// The most memory that this process has held.
public enum PeakMemory {
    /// Bytes of the resident set at its largest; nil where the system does not say.
    ///
    /// A figure to be told, for which nothing is to fail: `/proc` need not be mounted.
    ///
    /// Read from `VmHWM` of proc(5): `getrusage` also counts what the process was before its `exec`.
    public static func bytes() -> Int? {
        guard let status = try? FileDescriptor.open("/proc/self/status").readToEnd() else { return nil }
        for line in String(decoding: status, as: UTF8.self).split(separator: "\n") where line.hasPrefix("VmHWM:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
        }
        return nil
    }
}
