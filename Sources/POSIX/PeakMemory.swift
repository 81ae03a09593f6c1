/// The most memory that this process has held.
public enum PeakMemory {
    /// Bytes of the resident set at its largest; nil where the system does not say: a figure to be told, for which
    /// nothing is to fail.
    ///
    /// Read from `VmHWM` of proc(5): `getrusage` also counts what the process was before its `exec`.
    public static func bytes() -> Int? { ProcessStatus.number("VmHWM").map { $0 << 10 } }
}
