/// Examples that a task has made ready for the model, as many as go through it at once.
public protocol TrainingBatch {
    /// Number of examples.
    var exampleCount: Int { get }
    /// Number of tokens that go through the model.
    var tokenCount: Int { get }
    /// Where each token sequence begins among the batch's tokens, and at the end their number.
    var sequenceOffsets: [Int32] { get }
    /// What the batch's mean loss divides by: examples, masked or tagged tokens, or the sum of their class weights.
    ///
    /// The gradients of an optimizer step's micro-batches are added in these proportions, so that they are those of one
    /// batch of all their examples.
    var weight: Double { get }
}
