public import Safetensors
internal import Tensors

/// The loss of each training example in each epoch, as the training steps met it, and the last answer to it.
///
/// Costs no pass of its own: the losses are those of the forward passes that train. Examples whose label is wrong keep a
/// high loss for long, as nothing else in the data speaks for it (Arpit et al. 2017; Pleiss et al. 2020).
public final class LossLedger {
    /// Floats that the losses may take; of a longer run only the last epochs are kept.
    static let budget = 64 << 20

    /// Training examples, N.
    public let exampleCount: Int
    /// Epochs of the run.
    public let epochs: Int
    /// The first epoch that is kept, from 0.
    public let firstEpoch: Int
    /// NaN where an example was not met: (epochs kept, N).
    private let losses: Slab
    /// What the model answered when it last met each example, as the task's number; NaN where it was not told: (N).
    private let answers: Slab

    /// A ledger without entries.
    public init(exampleCount: Int, epochs: Int) {
        self.exampleCount = exampleCount
        self.epochs = epochs
        let kept = min(epochs, max(1, Self.budget / max(1, exampleCount)))
        firstEpoch = epochs - kept
        losses = Slab(count: kept * exampleCount)
        answers = Slab(count: exampleCount)
        losses.elements.update(repeating: .nan)
        answers.elements.update(repeating: .nan)
    }

    /// Memory of a ledger, in bytes.
    public static func byteCount(exampleCount: Int, epochs: Int) -> Int {
        4 * exampleCount * (1 + min(epochs, max(1, budget / max(1, exampleCount))))
    }

    /// Takes a batch in; where an example is shown several times in an epoch, its last loss stays.
    ///
    /// - Parameters:
    ///   - losses: one an example of the batch, without smoothing and weights; empty is nothing.
    ///   - answers: what the model says to each, as the task numbers answers; empty where it has no such answer.
    ///   - examples: places of the examples.
    ///   - epoch: from 0.
    public func record(_ losses: [Float], answers: [Float] = [], of examples: [Int], epoch: Int) {
        precondition(losses.isEmpty || losses.count == examples.count, "one loss an example")
        precondition(answers.isEmpty || answers.count == examples.count, "one answer an example")
        if epoch >= firstEpoch {
            let start = (epoch - firstEpoch) * exampleCount
            for (example, loss) in zip(examples, losses) { self.losses.base[start + example] = loss }
        }
        for (example, answer) in zip(examples, answers) { self.answers.base[example] = answer }
    }

    /// The loss of an example in each epoch of the run; nil where it was not met or the epoch is not kept.
    public func losses(of example: Int) -> [Float?] {
        (0..<epochs).map { epoch in
            guard epoch >= firstEpoch else { return nil }
            let loss = losses.base[(epoch - firstEpoch) * exampleCount + example]
            return loss.isNaN ? nil : loss
        }
    }

    /// The mean of an example's losses over the epochs that met it; nil where none did.
    public func meanLoss(of example: Int) -> Double? {
        let known = losses(of: example).compactMap { $0.map(Double.init) }
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }

    /// What the model answered when it last met an example, as the task numbers answers; nil where it was not told.
    public func answer(of example: Int) -> Float? {
        let answer = answers.base[example]
        return answer.isNaN ? nil : answer
    }

    /// The ledger as tensors of a checkpoint.
    public var entries: [SafetensorsEntry] {
        [
            SafetensorsEntry(
                name: "losses", shape: [epochs - firstEpoch, exampleCount],
                values: UnsafeBufferPointer(losses.elements)),
            SafetensorsEntry(name: "answers", shape: [exampleCount], values: UnsafeBufferPointer(answers.elements)),
        ]
    }

    /// Goes on where a checkpoint stood.
    ///
    /// - Parameter path: a file with the ``entries`` of a ledger of the same run.
    /// - Throws: `SafetensorsError` where a tensor is missing or of another size.
    public func restore(from path: String) throws {
        let file = try SafetensorsFile(path: path)
        try file.read("losses", into: losses.elements)
        try file.read("answers", into: answers.elements)
    }
}
