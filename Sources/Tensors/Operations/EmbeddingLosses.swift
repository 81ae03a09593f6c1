extension Tape {
    /// The in-batch negatives loss over vectors (Henderson et al. 2017; `MultipleNegativesRankingLoss` of
    /// sentence-transformers): the cross-entropy of softmax(a·cᵀ / temperature), each anchor's class being the candidate
    /// of its own row. All other candidates are its negatives, so that the loss depends on what shares the batch, and
    /// several micro-batches do not make up a larger one.
    ///
    /// - Parameters:
    ///   - anchors: (B × H), normalised for cosine similarity.
    ///   - candidates: (at least B × H), normalised alike: the positives in the order of the anchors, then any further
    ///     negatives.
    ///   - temperature: what the scores are divided by.
    ///   - items: what the sum over the anchors is divided by; nil for B.
    public func inBatchNegatives(
        anchors: Value, candidates: Value, temperature: Float, items: Float? = nil
    ) -> Loss {
        let rows = anchors.tensor.rows
        precondition(candidates.tensor.rows >= rows, "inBatchNegatives: a candidate for each of \(rows) anchors")
        let scores = similarities(anchors, candidates, scale: 1 / temperature)
        return crossEntropy(scores, labels: Array(0..<Int32(rows)), items: items)
    }

    /// The triplet loss (Schroff et al. 2015; `TripletLoss` of sentence-transformers):
    /// max(0, distance(anchor, positive) - distance(anchor, negative) + margin).
    ///
    /// - Parameters:
    ///   - anchors: (B × H).
    ///   - positives: (B × H).
    ///   - negatives: (B × H).
    ///   - distance: Euclidean; or 1 - cosine, for vectors that are normalised.
    ///   - margin: how much farther negatives are to be than positives.
    ///   - items: what the sum over the rows is divided by; nil for B.
    public func triplet(
        anchors: Value, positives: Value, negatives: Value, distance: VectorDistance, margin: Float,
        items: Float? = nil
    ) -> Loss {
        switch distance {
        case .euclidean:
            marginLoss(
                larger: rowDistances(anchors, negatives), smaller: rowDistances(anchors, positives), margin: margin,
                items: items)
        case .cosine:
            marginLoss(
                larger: rowDots(anchors, positives), smaller: rowDots(anchors, negatives), margin: margin,
                items: items)
        }
    }

    /// The squared error of cosines against scores (`CosineSimilarityLoss` of sentence-transformers).
    ///
    /// - Parameters:
    ///   - a: (B × H), normalised.
    ///   - b: (B × H), normalised.
    ///   - scores: (B), from -1 to 1.
    ///   - items: what the sum over the rows is divided by; nil for B.
    public func cosineScores(_ a: Value, _ b: Value, scores: [Float], items: Float? = nil) -> Loss {
        meanSquaredError(rowDots(a, b), targets: scores, items: items)
    }

    /// max(0, smaller - larger + margin) row by row.
    private func marginLoss(larger: Value, smaller: Value, margin: Float, items: Float?) -> Loss {
        let rows = larger.tensor.rows
        let losses = arena.tensor(Shape(rows))
        let divisor = items ?? Float(rows)
        var total = 0.0
        for row in 0..<rows {
            let excess = smaller.tensor.base[row] - larger.tensor.base[row] + margin
            losses.base[row] = excess <= 0 ? 0 : excess
            total += Double(losses.base[row])
        }
        let loss = arena.tensor(Shape(1))
        loss.base[0] = divisor == 0 ? 0 : Float(total / Double(divisor))
        let result = value(loss, needsGradient: larger.needsGradient || smaller.needsGradient)
        if result.needsGradient {
            record(
                MarginLossNode(
                    larger: larger, smaller: smaller, losses: losses, factor: divisor == 0 ? 0 : 1 / divisor,
                    result: result.id))
        }
        return Loss(value: result, rows: losses)
    }
}

/// How far apart two vectors are.
public enum VectorDistance: Sendable, Hashable {
    /// ‖a - b‖
    case euclidean
    /// 1 - a·b of normalised vectors.
    case cosine
}

/// With g the gradient of the loss, in the rows of positive loss: dsmaller = g / items, dlarger = -g / items.
private struct MarginLossNode: Node {
    let larger: Value
    let smaller: Value
    let losses: Tensor
    let factor: Float
    let result: Int

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        for (target, sign) in [(smaller, factor), (larger, -factor)] where target.needsGradient {
            let sum = tape.zeroedGradientTarget(target.id, target.shape)
            // "Not a number" must go on downwards.
            for row in 0..<losses.count where !(losses.base[row] <= 0) { sum.base[row] += sign * gradient.base[0] }
        }
    }
}
