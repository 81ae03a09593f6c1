internal import CKernels

extension Tape {
    /// (x - target)², as `torch.nn.MSELoss`: of a row the mean over its columns.
    ///
    /// - Parameters:
    ///   - x: (B × C).
    ///   - targets: (B × C), row by row.
    ///   - rowWeights: (B); nil for 1 each.
    ///   - items: as in ``crossEntropy(_:labels:smoothing:rowWeights:items:overwritesLogits:)``.
    public func meanSquaredError(
        _ x: Value, targets: [Float], rowWeights: [Float]? = nil, items: Float? = nil
    ) -> Loss {
        let (rows, columns) = (x.tensor.rows, x.tensor.columns)
        precondition(targets.count == rows * columns, "meanSquaredError: x \(x.shape), \(targets.count) targets")
        let (slope, losses) = (arena.tensor(x.shape), arena.tensor(Shape(rows)))
        ck_squared_error(rows, columns, x.tensor.base, targets, losses.base, slope.base)
        return reduce(x, slope: slope, rows: losses, weights: rowWeights, items: items)
    }
}
