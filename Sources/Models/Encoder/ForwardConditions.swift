public import Tensors

/// What a forward pass is for.
public struct ForwardConditions {
    /// The step's random streams; nil switches dropout off.
    public var dropout: DropoutState?
    /// Whether operations are recorded, so that gradients can be taken.
    public var isRecording: Bool
    /// A change of the word embeddings, which gets its gradient in the backward pass; of as many tokens as the batch.
    public var perturbation: EmbeddingPerturbation?
    /// Mixes what enters the head, pooled vector with pooled vector.
    public var mixing: FeatureMixing?

    /// Conditions of a pass; the defaults are those of an evaluation.
    public init(
        dropout: DropoutState? = nil, isRecording: Bool = false, perturbation: EmbeddingPerturbation? = nil,
        mixing: FeatureMixing? = nil
    ) {
        self.dropout = dropout
        self.isRecording = isRecording
        self.perturbation = perturbation
        self.mixing = mixing
    }

    /// Neither dropout nor gradients.
    public static var evaluation: ForwardConditions { ForwardConditions() }

    /// A training step.
    public static func training(_ dropout: DropoutState?) -> ForwardConditions {
        ForwardConditions(dropout: dropout, isRecording: true)
    }
}
