internal import CKernels

extension Tape {
    /// The binary cross-entropy of logistic(logits) against targets, as `torch.nn.BCEWithLogitsLoss`: of a row the mean
    /// over its columns.
    ///
    /// - Parameters:
    ///   - logits: (B × C).
    ///   - targets: (B × C), row by row, each from 0 to 1.
    ///   - positiveWeights: (C), the weight of a positive target in each column (`pos_weight`); nil for 1 each.
    ///   - rowWeights: (B); nil for 1 each.
    ///   - items: as in ``crossEntropy(_:labels:smoothing:rowWeights:items:overwritesLogits:)``.
    public func binaryCrossEntropy(
        _ logits: Value, targets: [Float], positiveWeights: [Float]? = nil, rowWeights: [Float]? = nil,
        items: Float? = nil
    ) -> Loss {
        let (rows, columns) = (logits.tensor.rows, logits.tensor.columns)
        precondition(
            targets.count == rows * columns, "binaryCrossEntropy: logits \(logits.shape), \(targets.count) targets")
        precondition(
            positiveWeights.map { $0.count == columns } ?? true, "binaryCrossEntropy: one positive weight a column")
        let (slope, losses) = (arena.tensor(logits.shape), arena.tensor(Shape(rows)))
        ck_binary_cross_entropy(
            rows, columns, logits.tensor.base, targets, positiveWeights, losses.base, slope.base)
        return reduce(logits, slope: slope, rows: losses, weights: rowWeights, items: items)
    }
}
