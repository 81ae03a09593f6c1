import Testing

@testable import Tokenizers

@Suite struct TruncationTests {
    @Test(arguments: [
        ([], 3, [0..<0]), ([0, 1, 2], 3, [0..<3]), ([0, 1, 2, 3], 3, [0..<3, 3..<4]),
        ([0, 1, 1, 1, 2], 3, [0..<1, 1..<4, 4..<5]), ([0, 0, 0, 0, 0, 1], 2, [0..<2, 2..<4, 4..<6]),
        ([0, 0, 0, 1, 1], 2, [0..<2, 2..<3, 3..<5]), ([0, 1], 1, [0..<1, 1..<2]),
    ])
    func `pieces end between words, but where a word is longer`(words: [Int32], limit: Int, expected: [Range<Int>]) {
        #expect(Truncation.pieces(of: words, limit: limit) == expected)
    }

    @Test(
        arguments: ["uncased", "Kinds/llama3", "Kinds/unigram-precompiled", "Kinds/sentencepiece-bpe"],
        [4, 7, 16, 1000])
    func `pieces hold every token of the text, in order, between added ones`(_ name: String, _ length: Int) throws {
        let tokenizer = try Fixture.tokenizer(name)
        let text = "my order has not arrived, where is my parcel? naïve café 日本 refunding"
        let whole = tokenizer.encode(text)
        let pieces = tokenizer.encodePieces(text, maxLength: length)
        let isText = { (encoding: Encoding) in encoding.ids.indices.filter { !encoding.specialTokensMask[$0] } }
        #expect(pieces.flatMap { piece in isText(piece).map { piece.ids[$0] } } == isText(whole).map { whole.ids[$0] })
        #expect(
            pieces.flatMap { piece in isText(piece).map { piece.wordIDs[$0] } }
                == isText(whole).map { whole.wordIDs[$0] })
        let added = tokenizer.addedTokenCount(isPair: false)
        for piece in pieces {
            #expect(piece.count <= length)
            #expect(piece.count - isText(piece).count == added)
            #expect(piece.overflow == 0)
        }
        if length == 1000 { #expect(pieces == [whole]) }
    }

    @Test func `overflow counts the tokens that were cut off`() throws {
        let tokenizer = try Fixture.tokenizer("uncased")
        let whole = tokenizer.encode("my order has not arrived")
        let cut = tokenizer.encode("my order has not arrived", maxLength: 4)
        #expect(whole.overflow == 0)
        #expect(cut.count == 4)
        #expect(cut.overflow == whole.count - 4)
        #expect(cut.ids == [whole.ids[0], whole.ids[1], whole.ids[2], whole.ids.last!])
    }

    @Test func `a pair never exceeds its limit and never loses more than it must`() {
        for first in 0..<12 {
            for second in 0..<12 {
                for limit in 0..<24 {
                    let cut = Truncation.lengths(first, second, limit: limit)
                    #expect(cut.first + cut.second == min(first + second, limit))
                    #expect(cut.first <= first && cut.second <= second)
                }
            }
        }
    }

    @Test func `a limit below the special tokens leaves only these`() throws {
        let tokenizer = try Fixture.tokenizer("uncased")
        for limit in [Int.min / 2, -1, 0, 1, 2] {
            let encoding = tokenizer.encode("my order", pair: nil, maxLength: limit)
            #expect(encoding.ids == [2, 3])
            #expect(encoding.overflow == 2)
        }
    }
}
