/// What the micro-batches of an optimizer step come to.
struct StepSum {
    /// The mean loss of all their examples.
    private(set) var loss = 0.0
    /// The loss of each micro-batch.
    private(set) var parts: [BatchLoss] = []
    private var right = 0
    private var total = 0

    /// Adds a micro-batch.
    ///
    /// - Parameter share: of the step's weight.
    mutating func add(_ batch: BatchLoss, share: Double) {
        parts.append(batch)
        loss += share * Double(batch.mean)
        right += batch.answers?.right ?? 0
        total += batch.answers?.total ?? 0
    }

    /// The share of right answers; nil where answers are not right or wrong.
    var accuracy: Double? { total == 0 ? nil : Double(right) / Double(total) }
}
