/// The environment of worker processes.
public enum WorkerEnvironment {
    /// The whole of it; nothing secret may be in it.
    ///
    /// OpenBLAS would start threads when it is loaded, which a worker has no use for and cannot confine.
    public static let variables = ["LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"]
}
