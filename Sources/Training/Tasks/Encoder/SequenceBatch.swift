internal import Models
public import Tensors

/// Texts with what a head for whole sequences is to put out for each.
public struct SequenceBatch: EncoderBatch {
    /// The texts.
    public let packed: PackedBatch
    /// Their places in the data.
    let examples: [Int]
    /// Whether they are of the training data.
    let isTraining: Bool
    /// The class of each text, (B); empty where it has none or several.
    let classes: [Int32]
    /// Probabilities, decisions or numbers, (B × outputs), row by row; empty where the classes say it all.
    let targets: [Float]
    /// How much each text counts, (B); nil for all the same.
    let weights: [Float]?
    /// Which texts are mixed with which; nil where none are.
    var mixture: Mixture?

    /// Number of texts.
    public var exampleCount: Int { packed.sequenceCount }
    /// Number of texts, or the sum of their weights.
    public var weight: Double { weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(exampleCount) }
}
