/// How an example lies in a store's file, in the machine's own byte order, on a boundary of 4 bytes:
///
/// the number of sequences S, of target numbers K and of bytes of the snippet, and the length of each sequence, 32 bits
/// each · the tokens of all sequences, 32 bits each · the K target numbers (labels, or a tag a word), 32 bits each · a
/// byte a token: bit 0 the segment, bit 1 whether a word begins, bit 2 whether it was added around the text · the snippet.
enum ExampleRecord {
    private static let segmentBit: UInt8 = 1
    private static let wordBit: UInt8 = 2
    private static let addedBit: UInt8 = 4

    /// Appends an example.
    static func append(
        _ sequences: [TokenSequence], targets: [Int32], snippet: some Collection<UInt8>, to bytes: inout [UInt8]
    ) {
        append(UInt32(sequences.count), to: &bytes)
        append(UInt32(targets.count), to: &bytes)
        append(UInt32(snippet.count), to: &bytes)
        for sequence in sequences { append(UInt32(sequence.count), to: &bytes) }
        for sequence in sequences { append(sequence.ids, to: &bytes) }
        append(targets, to: &bytes)
        for sequence in sequences {
            var last: Int32 = -1
            for token in 0..<sequence.count {
                let word = sequence.words[token]
                let flags = sequence.types[token] == 0 ? 0 : segmentBit
                bytes.append(flags | (word < 0 ? addedBit : word == last ? 0 : wordBit))
                last = word
            }
        }
        bytes.append(contentsOf: snippet)
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
    }

    private static func append(_ numbers: [Int32], to bytes: inout [UInt8]) {
        numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// An example that lies in memory; the pointer is good for as long as the store is.
    struct Reader {
        private let start: UnsafeRawPointer
        private let sequenceCount: Int
        private let targetCount: Int
        private let snippetCount: Int

        init(_ start: UnsafeRawPointer) {
            self.start = start
            sequenceCount = Int(start.load(as: UInt32.self))
            targetCount = Int(start.load(fromByteOffset: 4, as: UInt32.self))
            snippetCount = Int(start.load(fromByteOffset: 8, as: UInt32.self))
        }

        private func length(_ sequence: Int) -> Int {
            Int(start.load(fromByteOffset: 12 + 4 * sequence, as: UInt32.self))
        }

        private var tokens: UnsafeRawPointer { start + 12 + 4 * sequenceCount }
        private var tokenCount: Int { (0..<sequenceCount).reduce(0) { $0 + length($1) } }

        /// The labels, or a tag a word.
        var targets: [Int32] {
            let first = tokens + 4 * tokenCount
            return (0..<targetCount).map { first.load(fromByteOffset: 4 * $0, as: Int32.self) }
        }

        /// The beginning of the text.
        var snippet: String {
            let first = tokens + 4 * tokenCount + 4 * targetCount + tokenCount
            return String(decoding: UnsafeRawBufferPointer(start: first, count: snippetCount), as: UTF8.self)
        }

        /// The sequences; `isTagged` gives the tokens the tags of their words.
        func sequences(isTagged: Bool) -> [TokenSequence] {
            let flags = tokens + 4 * tokenCount + 4 * targetCount
            var first = 0
            return (0..<sequenceCount).map { index in
                defer { first += length(index) }
                return sequence(first..<(first + length(index)), flags: flags, tags: isTagged ? targets : nil)
            }
        }

        private func sequence(_ range: Range<Int>, flags: UnsafeRawPointer, tags: [Int32]?) -> TokenSequence {
            let ids = range.map { tokens.load(fromByteOffset: 4 * $0, as: Int32.self) }
            var types: [Int32] = []
            var words: [Int32] = []
            var tokenTags: [Int32] = []
            types.reserveCapacity(ids.count)
            words.reserveCapacity(ids.count)
            var word: Int32 = -1
            for token in range {
                let flag = flags.load(fromByteOffset: token, as: UInt8.self)
                let begins = flag & wordBit != 0
                if begins { word += 1 }
                types.append(flag & segmentBit == 0 ? 0 : 1)
                words.append(flag & addedBit == 0 ? word : -1)
                if let tags { tokenTags.append(begins ? tags[Int(word)] : TokenSequence.ignored) }
            }
            return TokenSequence(ids: ids, types: types, words: words, tags: tokenTags)
        }
    }
}
