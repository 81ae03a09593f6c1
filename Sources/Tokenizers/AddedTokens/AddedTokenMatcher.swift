/// Finds added tokens in a text: from the left, the longest that begins at a place, without overlap.
///
/// Source: `AddedVocabulary::find_matches` of the Python package `tokenizers`.
struct AddedTokenMatcher: Sendable {
    private var trie = TokenTrie()
    private let tokens: [AddedToken]
    private var startsToken = [Bool](repeating: false, count: 256)

    /// A stretch of text: an added token, or what lies between two.
    struct Stretch {
        let token: AddedToken?
        let range: Range<Int>
    }

    /// A matcher of these tokens, each under its key.
    init(_ tokens: [(key: [UInt8], token: AddedToken)]) {
        self.tokens = tokens.map(\.token)
        for (index, entry) in tokens.enumerated() {
            guard let first = entry.key.first else { continue }
            startsToken[Int(first)] = true
            trie.insert(entry.key, id: Int32(index))
        }
    }

    /// Whether there is nothing to find.
    var isEmpty: Bool { tokens.isEmpty }

    /// Gives the stretches of a text in order; empty ones are left out.
    ///
    /// - Parameter bytes: valid UTF-8.
    func forEachStretch(of bytes: UnsafeBufferPointer<UInt8>, _ body: (Stretch) -> Void) {
        var covered = 0
        var position = 0
        while position < bytes.count {
            guard startsToken[Int(bytes[position])], let (token, end) = match(bytes, at: position) else {
                position += 1
                continue
            }
            let range = position..<end
            position = end
            guard !token.singleWord || Self.standsAlone(range, in: bytes) else { continue }
            let from = token.stripsLeft ? Self.spaceStart(in: bytes, covered..<range.lowerBound) : range.lowerBound
            let to = token.stripsRight ? Self.spaceEnd(in: bytes, from: end) : end
            if covered < from { body(Stretch(token: nil, range: covered..<from)) }
            body(Stretch(token: token, range: from..<to))
            covered = to
            position = to
        }
        if covered < bytes.count { body(Stretch(token: nil, range: covered..<bytes.count)) }
    }

    private func match(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (AddedToken, end: Int)? {
        var node = TokenTrie.root
        var found: (AddedToken, end: Int)?
        var position = start
        while position < bytes.count, let next = trie.child(of: node, bytes[position]) {
            node = next
            position += 1
            if let index = trie.identifier(at: node) { found = (tokens[Int(index)], position) }
        }
        return found
    }

    private static func standsAlone(_ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let before = UTF8Reader.scalar(in: bytes, before: range.lowerBound).map { $0.scalar.isWordCharacter } ?? false
        let behind =
            range.upperBound < bytes.count
            ? UTF8Reader.scalar(in: bytes, at: range.upperBound).scalar.isWordCharacter : false
        return !before && !behind
    }

    /// Where the white space at the end of a stretch begins.
    private static func spaceStart(in bytes: UnsafeBufferPointer<UInt8>, _ stretch: Range<Int>) -> Int {
        var position = stretch.upperBound
        while position > stretch.lowerBound, let (scalar, size) = UTF8Reader.scalar(in: bytes, before: position),
            scalar.properties.isWhitespace
        {
            position -= size
        }
        return position
    }

    private static func spaceEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < bytes.count {
            let (scalar, size) = UTF8Reader.scalar(in: bytes, at: position)
            guard scalar.properties.isWhitespace else { break }
            position += size
        }
        return position
    }
}
