public import Tensors

/// The loss of a batch.
public struct BatchLoss {
    /// The mean loss on the tape, (1), to walk back from.
    public var value: Value
    /// The loss of each example, in the order of the batch; empty where the task has none, as a contrastive one.
    public var perExample: [Float]
    /// What the model says to each example, as the task numbers answers; empty where it has no such answer.
    public var exampleAnswers: [Float]
    /// How many answers were right, and of how many; nil for tasks whose answers are not right or wrong.
    public var answers: (right: Int, total: Int)?

    /// A recorded loss.
    public init(
        value: Value, perExample: [Float] = [], exampleAnswers: [Float] = [], answers: (right: Int, total: Int)? = nil
    ) {
        self.value = value
        self.perExample = perExample
        self.exampleAnswers = exampleAnswers
        self.answers = answers
    }

    /// The mean loss.
    public var mean: Float { value.tensor.base[0] }
}
