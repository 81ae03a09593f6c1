/// Which training examples look mislabelled, from the losses that training met.
public enum SuspicionRanking {
    /// An example with how suspicious it is.
    public struct Entry: Sendable, Hashable {
        /// The example's place in the training data.
        public let example: Int
        /// The mean loss over the epochs that met it.
        public let score: Double
    }

    /// The examples that were met, the most suspicious first; equal ones in the order of the data.
    ///
    /// The score is the mean loss over all epochs, the area under the loss curve.
    public static func entries(_ ledger: LossLedger) -> [Entry] {
        let met = (0..<ledger.exampleCount).compactMap { example in
            ledger.meanLoss(of: example).map { Entry(example: example, score: $0) }
        }
        return met.sorted { $0.score != $1.score ? $0.score > $1.score : $0.example < $1.example }
    }
}
