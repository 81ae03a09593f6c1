extension Encoding {
    /// Appends the tokens of the texts as a template places them.
    ///
    /// - Parameter count: of all tokens, added ones included.
    mutating func append(
        _ parts: [PostProcessor.Part], _ first: [Tokenizer.Token], _ second: [Tokenizer.Token], count: Int
    ) {
        ids.reserveCapacity(count)
        typeIDs.reserveCapacity(count)
        offsets.reserveCapacity(count)
        wordIDs.reserveCapacity(count)
        sequenceIDs.reserveCapacity(count)
        specialTokensMask.reserveCapacity(count)
        for part in parts {
            switch part {
            case .special(let ids, let typeID):
                for id in ids {
                    append(Tokenizer.Token(id: id, offsets: 0..<0, word: -1), typeID: typeID, sequence: -1)
                }
            case .first(let typeID): for token in first { append(token, typeID: typeID, sequence: 0) }
            case .second(let typeID): for token in second { append(token, typeID: typeID, sequence: 1) }
            }
        }
    }

    private mutating func append(_ token: Tokenizer.Token, typeID: Int32, sequence: Int32) {
        ids.append(token.id)
        typeIDs.append(typeID)
        offsets.append(token.offsets)
        wordIDs.append(token.word)
        sequenceIDs.append(sequence)
        specialTokensMask.append(sequence < 0)
    }
}
