internal import FineTuning

extension JobError {
    /// So many requests wait for worker processes already.
    static func tooManyWaiting(_ count: Int) -> JobError {
        JobError(.busy, "\(count) requests wait for a worker process already; try again in a few seconds")
    }

    /// Nothing is answered any more.
    static let shuttingDown = JobError(.busy, "the server is shutting down")

    /// The model's files are gone.
    static let modelIsGone = JobError(.invalidModel, "the model's files are gone", param: "model")
}
