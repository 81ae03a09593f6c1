/// The tokens and their numbers, both ways.
struct Vocabulary: Sendable {
    /// The largest number of a token; larger ones would only claim memory.
    static let idLimit = 4_000_000

    private(set) var trie = TokenTrie()
    private var tokens: [Int32: String] = [:]
    private(set) var largestID: Int32 = -1

    /// The number of tokens.
    var count: Int { tokens.count }

    /// Adds a token, or gives it another number.
    ///
    /// - Parameter id: from 0 to ``idLimit``.
    mutating func insert(_ token: String, id: Int32) {
        if let old = trie.insert(token.utf8, id: id), old != id { tokens[old] = nil }
        tokens[id] = token
        largestID = max(largestID, id)
    }

    /// The token's number, or nil.
    func id(of token: String) -> Int32? { trie.identifier(of: token.utf8) }

    /// The token of this number, or nil.
    func token(of id: Int32) -> String? { tokens[id] }

    /// The spaces at the ends of those tokens that have some.
    var spaces: [Int32: OffsetTrimming.Spaces] {
        tokens.mapValues(OffsetTrimming.Spaces.init).filter { $0.value.leading > 0 || $0.value.trailing > 0 }
    }
}
