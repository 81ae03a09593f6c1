internal import CKernels

extension Tape {
    /// The mean over rows of the cross-entropy of softmax(logits) against the labels, as `torch.nn.CrossEntropyLoss`.
    ///
    /// With smoothing ε over C classes the target is (1 - ε)·onehot(label) + ε / C.
    ///
    /// - Parameters:
    ///   - logits: (B × C).
    ///   - labels: (B), each in 0..<C.
    ///   - smoothing: ε, in 0..<1.
    /// - Returns: (1)
    public func crossEntropy(_ logits: Value, labels: [Int32], smoothing: Float) -> Value {
        let (rows, classes) = (logits.tensor.rows, logits.tensor.columns)
        precondition(labels.count == rows, "crossEntropy: logits \(logits.shape), \(labels.count) labels")
        precondition(labels.allSatisfy { (0..<Int32(classes)).contains($0) }, "crossEntropy: labels in 0..<\(classes)")
        let slope = arena.tensor(logits.shape)
        let loss = arena.tensor([1])
        loss.base[0] = Float(
            ck_cross_entropy(rows, classes, logits.tensor.base, labels, smoothing, slope.base) / Double(rows))
        let result = value(loss, needsGradient: logits.needsGradient)
        if result.needsGradient {
            record(CrossEntropyNode(logits: logits.id, slope: slope, result: result.id))
        }
        return result
    }
}

/// With g the gradient of the loss: dlogits = (softmax(logits) - target)·g / B.
private struct CrossEntropyNode: Node {
    let logits: Int
    /// softmax(logits) - target, (B × C).
    let slope: Tensor
    let result: Int

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        ck_scale(slope.count, gradient.base[0] / Float(slope.rows), slope.base)
        tape.addGradient(slope, to: logits)
    }
}
