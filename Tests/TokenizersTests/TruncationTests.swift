import Testing

@testable import Tokenizers

@Suite struct TruncationTests {
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
