/// How high the right documents stand in the answers to queries.
public struct RetrievalScores: Sendable, Hashable {
    /// The place of the right document of each query, from 1.
    public private(set) var ranks: [Int] = []

    /// No query yet.
    public init() {}

    /// Takes a query in whose right document is one of those that were scored.
    ///
    /// Of documents with the same score the right one stands last: a model that scores everything alike knows nothing.
    ///
    /// - Parameters:
    ///   - scores: of each document, higher for better ones; (documents).
    ///   - isCounted: whether a document other than the right one takes part; another right one does not.
    public mutating func add(scores: some Collection<Float>, right: Int, isCounted: (Int) -> Bool = { _ in true }) {
        let target = scores[scores.index(scores.startIndex, offsetBy: right)]
        var rank = 1
        for (document, score) in scores.enumerated() where document != right && score >= target && isCounted(document) {
            rank += 1
        }
        ranks.append(rank)
    }

    /// The share of queries whose right document is among the first `k`; 0 without queries.
    public func recall(at k: Int) -> Double {
        ranks.isEmpty ? 0 : Double(ranks.count { $0 <= k }) / Double(ranks.count)
    }

    /// The mean over the queries of 1 / place of the right document; 0 without queries.
    public var meanReciprocalRank: Double {
        ranks.isEmpty ? 0 : ranks.reduce(0) { $0 + 1 / Double($1) } / Double(ranks.count)
    }
}
