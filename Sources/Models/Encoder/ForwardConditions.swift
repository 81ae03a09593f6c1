public import Tensors

/// What a forward pass is for.
public struct ForwardConditions: Sendable, Hashable {
    /// The step's random streams; nil switches dropout off.
    public var dropout: DropoutState?
    /// Whether operations are recorded, so that gradients can be taken.
    public var isRecording: Bool

    /// Conditions of a pass; the defaults are those of an evaluation.
    public init(dropout: DropoutState? = nil, isRecording: Bool = false) {
        self.dropout = dropout
        self.isRecording = isRecording
    }

    /// Neither dropout nor gradients.
    public static let evaluation = ForwardConditions()

    /// A training step.
    public static func training(_ dropout: DropoutState?) -> ForwardConditions {
        ForwardConditions(dropout: dropout, isRecording: true)
    }
}
