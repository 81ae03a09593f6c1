public import RunDirectory

/// How a run that did not fail ended.
public enum TrainingEnding: Sendable, Hashable {
    /// All is done; the model is a checkpoint.
    case finished(RunResult)
    /// Stopped as asked.
    case stopped(StopReason, step: Int)
}
