public import FineTuning

/// Something that a user should be told before training begins.
public struct TaskRemark: Sendable, Hashable {
    /// How grave it is.
    public var level: Event.Level
    /// What there is to say.
    public var text: String

    /// A remark.
    public init(_ level: Event.Level, _ text: String) {
        self.level = level
        self.text = text
    }
}
