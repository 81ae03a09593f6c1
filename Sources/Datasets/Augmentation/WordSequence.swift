/// A text as words that can be moved, between the tokens that were added around it.
struct WordSequence {
    /// Tokens that stay together: those of a word, or one that was added.
    private struct Unit {
        var ids: ArraySlice<Int32>
        var tags: ArraySlice<Int32>
        let type: Int32
        let isAdded: Bool
        /// Where its first token stood, once the others' positions are to be kept.
        var position: Int32 = 0
    }

    private var units: [Unit] = []
    private let isTagged: Bool
    private var keepsPositions = false

    init(_ sequence: TokenSequence) {
        isTagged = !sequence.tags.isEmpty
        var start = 0
        while start < sequence.count {
            var end = start + 1
            let isAdded = sequence.isAdded(start)
            while !isAdded, end < sequence.count, sequence.words[end] == sequence.words[start] { end += 1 }
            units.append(
                Unit(
                    ids: sequence.ids[start..<end], tags: isTagged ? sequence.tags[start..<end] : [],
                    type: sequence.types[start], isAdded: isAdded))
            start = end
        }
    }

    /// The places of the words among the units.
    private var words: [Int] { units.indices.filter { !units[$0].isAdded } }

    var wordCount: Int { units.count { !$0.isAdded } }

    /// The text as it is now.
    var sequence: TokenSequence {
        var sequence = TokenSequence(ids: [], positions: keepsPositions ? [] : nil)
        var word: Int32 = -1
        for unit in units {
            if !unit.isAdded { word += 1 }
            sequence.ids += unit.ids
            sequence.tags += unit.tags
            for place in 0..<Int32(unit.ids.count) {
                sequence.types.append(unit.type)
                sequence.words.append(unit.isAdded ? -1 : word)
                sequence.positions?.append(unit.position + place)
            }
        }
        return sequence
    }

    /// The words of each text: those between added tokens, as not all models number the texts of a pair by segments.
    private var texts: [[Int]] {
        units.indices.split { units[$0].isAdded }.map { Array($0) }
    }

    /// Removes words; of each text one at least stays.
    private mutating func remove(_ isRemoved: (Int) -> Bool, _ random: inout PhiloxGenerator) {
        var removed: Set<Int> = []
        for text in texts {
            var gone = text.filter(isRemoved)
            if gone.count == text.count { gone.remove(at: Int(random.number(below: UInt64(gone.count)))) }
            removed.formUnion(gone)
        }
        units = units.indices.filter { !removed.contains($0) }.map { units[$0] }
    }

    /// Leaves each word out by chance.
    mutating func delete(_ probability: Double, _ random: inout PhiloxGenerator) {
        let removed = Set(words.filter { _ in random.unit() < probability })
        remove(removed.contains, &random)
    }

    /// The number of words that a change is for: the share of all, rounded to the nearest, at least one.
    private func amount(_ probability: Double) -> Int { max(1, Int((Double(wordCount) * probability).rounded())) }

    /// Exchanges two words of one text, for so many times as the share says.
    mutating func swap(_ probability: Double, _ random: inout PhiloxGenerator) {
        let texts = texts
        for _ in 0..<amount(probability) {
            let text = texts[Int(random.number(below: UInt64(texts.count)))]
            guard text.count > 1 else { continue }
            let first = Int(random.number(below: UInt64(text.count)))
            let second = (first + 1 + Int(random.number(below: UInt64(text.count - 1)))) % text.count
            units.swapAt(text[first], text[second])
        }
    }

    /// Puts copies of words before other words of the same text, as long as there is room.
    mutating func insert(_ probability: Double, limit: Int, _ random: inout PhiloxGenerator) {
        for _ in 0..<amount(probability) {
            let texts = texts
            let text = texts[Int(random.number(below: UInt64(texts.count)))]
            let copy = units[text[Int(random.number(below: UInt64(text.count)))]]
            let place = text[Int(random.number(below: UInt64(text.count)))]
            guard units.reduce(copy.ids.count, { $0 + $1.ids.count }) <= limit else { continue }
            units.insert(copy, at: place)
        }
    }

    /// Puts masks in the place of the tokens of words, each word by chance; of each text one word at least stays.
    mutating func mask(_ probability: Double, with mask: Int32, _ random: inout PhiloxGenerator) {
        for text in texts {
            var chosen = text.filter { _ in random.unit() < probability }
            if chosen.count == text.count { chosen.remove(at: Int(random.number(below: UInt64(chosen.count)))) }
            for place in chosen { units[place].ids = ArraySlice(units[place].ids.map { _ in mask }) }
        }
    }

    /// Drops, by the chance of the text, a span of words (Shen et al.'s span cutoff) or single words (their token
    /// cutoff), either as likely; the others keep their positions.
    mutating func cutOff(_ probability: Double, ratio: Double, _ random: inout PhiloxGenerator) {
        guard random.unit() < probability else { return }
        if !keepsPositions {
            var position: Int32 = 0
            for place in units.indices {
                units[place].position = position
                position += Int32(units[place].ids.count)
            }
            keepsPositions = true
        }
        var words = words
        let count = min(words.count, amount(ratio))
        if random.number(below: 2) == 0 {
            let start = Int(random.number(below: UInt64(words.count - count + 1)))
            words = Array(words[start..<(start + count)])
        } else {
            random.shuffle(&words)
            words = Array(words.prefix(count))
        }
        remove(Set(words).contains, &random)
    }
}
