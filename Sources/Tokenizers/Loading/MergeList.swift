/// The merges of byte-pair encoding, the earliest first.
struct MergeList {
    /// The bytes of the continuing prefix, which a merged token has only once.
    let prefixLength: Int

    /// The two tokens of a line `a b`, or nil.
    static func pair(of line: some StringProtocol) -> (String, String)? {
        let parts = line.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
    }

    /// The merges so far.
    private(set) var table: MergeTable
    private var rank: Int32 = 0

    init(prefixLength: Int, count: Int) {
        self.prefixLength = prefixLength
        table = MergeTable(capacity: count)
    }

    /// Adds the next merge; false if one of the three tokens is not in the vocabulary.
    mutating func append(_ left: String, _ right: String, _ vocabulary: Vocabulary) -> Bool {
        let merged = Array(left.utf8) + right.utf8.dropFirst(prefixLength)
        guard let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right),
            let id = vocabulary.trie.identifier(of: merged)
        else { return false }
        table.insert(leftID, rightID, MergeTable.Merge(rank: rank, id: id))
        rank += 1
        return true
    }
}
