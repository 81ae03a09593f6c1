/// The pieces of words that were cut before: most words of a text are few.
struct WordCache: Sendable {
    private struct Entry {
        let hash: UInt64
        let keyStart: Int
        let keyCount: Int
        let pieces: Range<Int>
    }

    /// Places in `entries`, plus 1 so that 0 marks a free slot.
    private var slots = [UInt32](repeating: 0, count: 2 * Self.capacity)
    private var entries: [Entry] = []
    private var keys: [UInt8] = []
    private var pieces: [TokenModel.Piece] = []

    /// The most words that are kept; later ones are cut each time.
    private static let capacity = 1 << 14
    /// The longest word that is kept, in bytes.
    private static let wordLimit = 64

    /// Appends the pieces of a word, from memory or from a closure that cuts it.
    ///
    /// - Parameter cut: appends pieces of the word.
    @inline(__always)
    mutating func tokenize(
        _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, into result: inout [TokenModel.Piece],
        _ cut: (inout [TokenModel.Piece]) -> Void
    ) {
        guard word.count <= Self.wordLimit else { return cut(&result) }
        let hash = Self.hash(bytes, word)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash >> 20) & mask
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if entry.hash == hash, entry.keyCount == word.count, isKey(entry, bytes, word) {
                for piece in pieces[entry.pieces] {
                    let range = piece.range.lowerBound + word.lowerBound..<piece.range.upperBound + word.lowerBound
                    result.append(TokenModel.Piece(id: piece.id, range: range))
                }
                return
            }
            slot = (slot + 1) & mask
        }
        let before = result.count
        cut(&result)
        if entries.count < Self.capacity { keep(bytes, word, hash, slot, result[before...]) }
    }

    private mutating func keep(
        _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, _ hash: UInt64, _ slot: Int,
        _ found: ArraySlice<TokenModel.Piece>
    ) {
        let start = pieces.count
        for piece in found {
            let range = piece.range.lowerBound - word.lowerBound..<piece.range.upperBound - word.lowerBound
            pieces.append(TokenModel.Piece(id: piece.id, range: range))
        }
        entries.append(
            Entry(hash: hash, keyStart: keys.count, keyCount: word.count, pieces: start..<pieces.count))
        keys.append(contentsOf: bytes[word])
        slots[slot] = UInt32(entries.count)
    }

    @inline(__always)
    private func isKey(_ entry: Entry, _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> Bool {
        for index in 0..<word.count where keys[entry.keyStart + index] != bytes[word.lowerBound + index] {
            return false
        }
        return true
    }

    /// Fowler, Noll and Vo's hash, variant 1a.
    @inline(__always)
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in word { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return hash
    }
}
