/// The Unigram model: of all ways to cut a word, the one whose tokens are the most probable together.
///
/// Source: `Unigram` of the Python package `tokenizers`; Kudo 2018.
struct Unigram: Sendable {
    private let trie: TokenTrie
    /// The logarithm of each token's probability, by its number.
    private let scores: [Double]
    private let unknownID: Int32
    private let unknownScore: Double
    private let byteIDs: [Int32?]?

    /// What an unknown character costs beyond the least probable token.
    private static let unknownPenalty = 10.0

    init(trie: TokenTrie, scores: [Double], unknownID: Int32, fallsBackToBytes: Bool) {
        self.trie = trie
        self.scores = scores
        self.unknownID = unknownID
        unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
        byteIDs = fallsBackToBytes ? ByteToken.identifiers(in: trie) : nil
    }

    /// The best way to a place in a word.
    private struct Node {
        var score = 0.0
        var start = -1
        var id: Int32 = 0
    }

    /// Appends the pieces of a word; unknown characters in a row are one piece.
    ///
    /// - Complexity: O(n · m) in the word's bytes and the longest token's.
    func tokenize(_ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, into pieces: inout [TokenModel.Piece]) {
        let nodes = bestPaths(bytes, word)
        var found: [TokenModel.Piece] = []
        var end = word.count
        while end > 0 {
            let node = nodes[end]
            let range = word.lowerBound + node.start..<word.lowerBound + end
            if node.id == unknownID, let last = found.last, last.id == unknownID {
                found[found.count - 1] = TokenModel.Piece(
                    id: unknownID, range: range.lowerBound..<last.range.upperBound)
            } else {
                found.append(TokenModel.Piece(id: node.id, range: range))
            }
            end = node.start
        }
        for piece in found.reversed() { append(piece, bytes, to: &pieces) }
    }

    private func append(
        _ piece: TokenModel.Piece, _ bytes: UnsafeBufferPointer<UInt8>, to pieces: inout [TokenModel.Piece]
    ) {
        guard piece.id == unknownID else { return pieces.append(piece) }
        let text = UnsafeBufferPointer(rebasing: bytes[piece.range])
        if let id = trie.identifier(of: text) {
            pieces.append(TokenModel.Piece(id: id, range: piece.range))
        } else if let byteIDs, let ids = ByteToken.identifiers(of: text, among: byteIDs) {
            for id in ids { pieces.append(TokenModel.Piece(id: id, range: piece.range)) }
        } else {
            pieces.append(piece)
        }
    }

    /// For each place in the word, the last token of the best way there (Viterbi).
    private func bestPaths(_ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> [Node] {
        var nodes = [Node](repeating: Node(), count: word.count + 1)
        var start = 0
        while start < word.count {
            let scoreHere = nodes[start].score
            let size = UTF8Reader.scalar(in: bytes, at: word.lowerBound + start).size
            var hasSingle = false
            var node = TokenTrie.root
            var end = start
            while end < word.count, let next = trie.child(of: node, bytes[word.lowerBound + end]) {
                node = next
                end += 1
                guard let id = trie.identifier(at: node) else { continue }
                Self.improve(&nodes[end], Node(score: scores[Int(id)] + scoreHere, start: start, id: id))
                if end - start == size { hasSingle = true }
            }
            if !hasSingle {
                Self.improve(&nodes[start + size], Node(score: unknownScore + scoreHere, start: start, id: unknownID))
            }
            start += size
        }
        return nodes
    }

    @inline(__always)
    private static func improve(_ node: inout Node, _ candidate: Node) {
        if node.start < 0 || candidate.score > node.score { node = candidate }
    }
}
