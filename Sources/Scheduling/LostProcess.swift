internal import FineTuning

/// A worker process that had to be given up.
struct LostProcess: Error {
    /// Why, for those who asked.
    let error: JobError
    /// Whether it may have begun to work on the request; if not, another process may be asked the same.
    let tookRequest: Bool
}
