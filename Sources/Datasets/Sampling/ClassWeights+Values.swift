internal import FineTuning

extension ClassWeights {
    /// The weight of each label; empty where all count 1.
    ///
    /// Balanced: n / (k · n of the label), as scikit-learn's `compute_class_weight`; labels without examples count 1.
    ///
    /// - Parameters:
    ///   - counts: examples by label.
    ///   - rows: all examples, n.
    func values(labels: [String], counts: [Int], rows: Int) -> [Double] {
        switch self {
        case .none: return []
        case .balanced:
            let present = counts.count { $0 > 0 }
            return counts.map { $0 == 0 ? 1 : Double(rows) / (Double(present) * Double($0)) }
        case .weights(let weights): return labels.map { weights[$0] ?? 1 }
        }
    }
}
