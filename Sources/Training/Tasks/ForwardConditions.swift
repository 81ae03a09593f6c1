public import Tensors

/// How a forward pass is done.
public struct ForwardConditions: Sendable {
    /// The random streams of dropout; nil switches it off.
    public var dropout: DropoutState?
    /// Whether the tape records for a backward pass.
    public var isRecording: Bool

    /// Conditions of a forward pass; the defaults are those of an evaluation.
    public init(dropout: DropoutState? = nil, isRecording: Bool = false) {
        self.dropout = dropout
        self.isRecording = isRecording
    }
}
