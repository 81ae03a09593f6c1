internal import Models
public import Tensors

/// Groups of texts whose vectors are trained together.
///
/// Their sequences stand one kind after another: all anchors, all positives, then the negatives of those groups that have
/// one.
public struct EmbeddingBatch: EncoderBatch {
    /// All texts: B anchors, B positives and N negatives.
    public let packed: PackedBatch
    /// Number of groups, B.
    public let exampleCount: Int
    /// The groups that have a negative, (N), rising.
    public let withNegative: [Int]
    /// How much alike anchor and positive are, (B); empty for groups without scores.
    public let scores: [Float]

    /// Number of groups.
    public var weight: Double { Double(exampleCount) }

    /// The rows of the anchors' vectors.
    var anchors: [Int32] { Array(0..<Int32(exampleCount)) }
    /// The rows of the positives' vectors.
    var positives: [Int32] { Array(Int32(exampleCount)..<Int32(2 * exampleCount)) }
    /// The rows of the negatives' vectors.
    var negatives: [Int32] { Array(Int32(2 * exampleCount)..<Int32(packed.sequenceCount)) }
    /// The rows of positives and negatives.
    var candidates: [Int32] { Array(Int32(exampleCount)..<Int32(packed.sequenceCount)) }
}
