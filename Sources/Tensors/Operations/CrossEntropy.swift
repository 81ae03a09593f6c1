internal import CKernels

extension Tape {
    /// The cross-entropy of softmax(logits) against labels, as `torch.nn.CrossEntropyLoss`.
    ///
    /// With smoothing ε over C classes the target is (1 - ε)·onehot(label) + ε / C. For token classification and masked
    /// language models pass only the rows that have a label: gather them before the head, so that the others cost nothing.
    ///
    /// - Parameters:
    ///   - logits: (B × C).
    ///   - labels: (B), each in 0..<C.
    ///   - smoothing: ε, in 0..<1.
    ///   - rowWeights: (B), such as the weight of each row's class; nil for 1 each.
    ///   - items: what the sum over the rows is divided by: with gradient accumulation, the weights of all rows of the
    ///     effective batch together, so that the sum over micro-batches is the larger batch's mean. nil takes those of
    ///     this batch.
    ///   - overwritesLogits: lets the loss take the memory of the logits, which then must not be read any more.
    public func crossEntropy(
        _ logits: Value, labels: [Int32], smoothing: Float = 0, rowWeights: [Float]? = nil, items: Float? = nil,
        overwritesLogits: Bool = false
    ) -> Loss {
        let (rows, classes) = (logits.tensor.rows, logits.tensor.columns)
        precondition(labels.count == rows, "crossEntropy: logits \(logits.shape), \(labels.count) labels")
        precondition(labels.allSatisfy { (0..<Int32(classes)).contains($0) }, "crossEntropy: labels in 0..<\(classes)")
        let slope = overwritesLogits ? logits.tensor : arena.tensor(logits.shape)
        let losses = arena.tensor(Shape(rows))
        let kernel = classes > Self.narrowClasses ? ck_cross_entropy_wide : ck_cross_entropy
        labels.withUnsafeBufferPointer { labels in
            forBlocks(of: rows, size: 16) { row, count, _ in
                let start = row * classes
                kernel(
                    count, classes, logits.tensor.base + start, labels.baseAddress! + row, smoothing,
                    losses.base + row, slope.base + start)
            }
        }
        return reduce(logits, slope: slope, rows: losses, weights: rowWeights, items: items)
    }

    /// The cross-entropy of softmax(logits) against distributions: class labels that were smoothed, mixed or spread
    /// over neighbouring ranks.
    ///
    /// - Parameters:
    ///   - logits: (B × C).
    ///   - targets: (B × C), row by row, each row summing to 1.
    ///   - rowWeights: (B); nil for 1 each.
    ///   - items: as in ``crossEntropy(_:labels:smoothing:rowWeights:items:overwritesLogits:)``.
    public func crossEntropy(
        _ logits: Value, targets: [Float], rowWeights: [Float]? = nil, items: Float? = nil
    ) -> Loss {
        let (rows, classes) = (logits.tensor.rows, logits.tensor.columns)
        precondition(targets.count == rows * classes, "crossEntropy: logits \(logits.shape), \(targets.count) targets")
        let (slope, losses) = (arena.tensor(logits.shape), arena.tensor(Shape(rows)))
        ck_soft_cross_entropy(rows, classes, logits.tensor.base, targets, losses.base, slope.base)
        return reduce(logits, slope: slope, rows: losses, weights: rowWeights, items: items)
    }

    /// Up to so many classes the loss is computed in double precision.
    private static let narrowClasses = 512
}
