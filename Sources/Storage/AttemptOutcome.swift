public import FineTuning
public import RunDirectory

/// How an attempt ended.
public enum AttemptOutcome: Sendable {
    /// With a model. The content of the result files is already in `files/`, durably.
    case succeeded(model: FineTunedModel, resultFiles: [StoredFile], trainedTokens: Int)
    /// By an error that the worker reported.
    case failed(JobError)
    /// As the worker was asked to.
    case stopped(StopReason, step: Int)
    /// Without a word from the worker.
    case died(JobError)
}
