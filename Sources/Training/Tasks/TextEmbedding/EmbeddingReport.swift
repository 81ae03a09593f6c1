internal import FineTuning
internal import Tensors

/// What the vectors of the validation groups say about a sentence encoder.
struct EmbeddingReport {
    /// Groups whose positives are looked for among all others at most: the work grows with their square.
    static let mostQueries = 5000

    /// Length 1 each: (N × width), row by row.
    var anchors: [Float] = []
    /// (N × width)
    var positives: [Float] = []
    /// Of the groups that have one: (M × width).
    var negatives: [Float] = []
    /// The groups that have a negative, (M), rising.
    var withNegative: [Int] = []
    let width: Int

    init(width: Int) { self.width = width }

    /// The cosine of each group's anchor and positive, (N).
    var cosines: [Float] {
        (0..<(anchors.count / width)).map { dot(anchors, $0, positives, $0) }
    }

    /// The cosine of anchor and negative of the groups that have one, (M).
    var negativeCosines: [Float] {
        withNegative.enumerated().map { dot(anchors, $1, negatives, $0) }
    }

    private func dot(_ a: [Float], _ i: Int, _ b: [Float], _ j: Int) -> Float {
        var sum: Float = 0
        for column in 0..<width { sum += a[i * width + column] * b[j * width + column] }
        return sum
    }

    /// How high each anchor's positive stands among all positives and negatives.
    ///
    /// - Parameters:
    ///   - sameText: a number a positive, equal where texts are: another one with the right text is not a wrong answer.
    ///   - tape: whose memory and threads are used; is not recorded on.
    func retrieval(sameText: [Int], on tape: Tape) -> RetrievalScores {
        let queries = min(anchors.count / width, Self.mostQueries)
        let documents = Array(positives.prefix(queries * width)) + negatives.prefix(Self.mostQueries * width)
        let all = constant(documents, on: tape)
        var scores = RetrievalScores()
        for start in stride(from: 0, to: queries, by: 128) {
            let end = min(start + 128, queries)
            let some = constant(Array(anchors[(start * width)..<(end * width)]), on: tape)
            let table = tape.similarities(some, all, scale: 1).tensor.elements
            let columns = table.count / (end - start)
            for query in start..<end {
                let row = table[((query - start) * columns)..<((query - start + 1) * columns)]
                scores.add(scores: row, right: query) {
                    $0 >= queries || sameText[$0] != sameText[query]
                }
            }
        }
        return scores
    }

    private func constant(_ values: [Float], on tape: Tape) -> Value {
        let tensor = tape.arena.tensor([values.count / width, width])
        tensor.base.update(from: values, count: values.count)
        return tape.constant(tensor)
    }
}
