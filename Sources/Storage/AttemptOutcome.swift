public import FineTuning
public import RunDirectory

/// How an attempt ended.
public enum AttemptOutcome: Sendable {
    /// What an attempt that ended well puts out. The content of the result files is already in `files/`, durably.
    public struct Success: Sendable {
        /// The model.
        public var model: FineTunedModel
        /// The files with metrics and evaluation.
        public var resultFiles: [StoredFile]
        /// Tokens trained on.
        public var trainedTokens: Int
        /// The most memory that the worker has held, in bytes, where it told.
        public var peakMemoryBytes: Int?
        /// Whether the attempt left a ledger of the training lines' losses.
        public var hasLedger: Bool

        /// A success.
        public init(
            model: FineTunedModel, resultFiles: [StoredFile], trainedTokens: Int, peakMemoryBytes: Int? = nil,
            hasLedger: Bool = false
        ) {
            self.model = model
            self.resultFiles = resultFiles
            self.trainedTokens = trainedTokens
            self.peakMemoryBytes = peakMemoryBytes
            self.hasLedger = hasLedger
        }
    }

    /// With a model.
    case succeeded(Success)
    /// By an error that the worker reported.
    case failed(JobError)
    /// As the worker was asked to.
    case stopped(StopReason, step: Int)
    /// Without a word from the worker.
    case died(JobError)
}
