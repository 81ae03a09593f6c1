import Foundation
import JSON
import SeededNumbers
import Testing

@testable import Tokenizers

@Suite struct PipelineTests {
    @Test func `words that were given are numbered and counted from their own beginnings`() throws {
        let tokenizer = try Fixture.tokenizer("uncased")
        let encoding = tokenizer.encode(words: ["my", "", "orders", "[SEP]"])
        #expect(encoding.wordIDs == [-1, 0, 2, 2, 3, -1])
        #expect(encoding.offsets == [0..<0, 0..<2, 0..<5, 5..<6, 0..<5, 0..<0])
        #expect(encoding.sequenceIDs == [-1, 0, 0, 0, 0, -1])
    }

    @Test(arguments: [("uncased", "WordPiece"), ("Kinds/unigram-precompiled", "Unigram"), ("Kinds/llama3", "BPE")])
    func `a tokenizer says which model cuts its words`(_ name: String, _ type: String) throws {
        #expect(try Fixture.tokenizer(name).modelType == type)
    }

    @Test func `a pair counts its words from 0 twice`() throws {
        let encoding = try Fixture.tokenizer("uncased").encode("my orders", pair: "my card")
        #expect(encoding.wordIDs == [-1, 0, 1, 1, -1, 0, 1, -1])
        #expect(encoding.sequenceIDs == [-1, 0, 0, 0, -1, 1, 1, -1])
    }

    @Test(arguments: [
        (#"\w+(?!\S)"#, "ab cd!", ["ab"]), (#" ?\p{L}+|\p{N}{1,3}"#, "a b12345", ["a", " b", "123", "45"]),
        (#"(?i:'s|'re)"#, "it'S we'Re it'\u{17F}", ["'S", "'Re", "'\u{17F}"]), ("a*?b", "aabab", ["aab", "ab"]),
        (#"[^\s\p{L}]+"#, "a--b ..c", ["--", ".."]), ("^a|b$", "aab", ["a", "b"]), ("x{0,2}y", "xxxy", ["xxy"]),
    ]) func `a pattern finds what it should`(_ pattern: String, _ text: String, _ expected: [String]) throws {
        let bytes = Array(text.utf8)
        let found = TextPattern.expression(try RegularExpression(pattern)).matches(in: bytes)
        #expect(found.map { String(decoding: bytes[$0], as: UTF8.self) } == expected)
    }

    @Test(arguments: [
        "(", ")", "[a", "a**", "(?<=a)b", #"(a)\1"#, #"\p{Han}"#, "a{9999}", "(?>a)", "[[:alpha:]]", "a++",
    ])
    func `a pattern that is not understood is refused`(_ pattern: String) {
        #expect(throws: PatternFault.self) { try RegularExpression(pattern) }
    }

    @Test func `repetitions of nothing are nothing, however many`() throws {
        var pattern = ""
        for _ in 0..<20 { pattern = "(?:\(pattern)){255}" }
        let time = try ContinuousClock().measure {
            let bytes = Array("ab".utf8)
            let found = TextPattern.expression(try RegularExpression(pattern + "b")).matches(in: bytes)
            #expect(found == [1..<2])
        }
        #expect(time < .seconds(20))
    }

    @Test func `a pattern that explodes elsewhere takes linear time`() throws {
        let text = Array(String(repeating: "a", count: 20_000).utf8)
        let clock = ContinuousClock()
        for pattern in ["(a*)*b", "(a|a)*b", "(a+)+b", "a*b|a"] {
            let expression = TextPattern.expression(try RegularExpression(pattern))
            let time = clock.measure { _ = expression.matches(in: text) }
            #expect(time < .seconds(20), "\(pattern)")
        }
    }

    @Test func `the costliest patterns that are accepted take bounded time, and those beyond are refused`() throws {
        /// A tokenizer with one pattern in each of so many stages.
        func tokenizer(_ pattern: String, stages: Int) throws -> Tokenizer {
            let stage: JSONValue = ["type": "Replace", "pattern": ["Regex": .string(pattern)], "content": "a"]
            let json: JSONValue = [
                "normalizer": [
                    "type": "Sequence", "normalizers": .array([JSONValue](repeating: stage, count: stages)),
                ],
                "model": ["type": "WordLevel", "vocab": ["[UNK]": 0, "a": 1], "unk_token": "[UNK]"],
            ]
            return try Tokenizer(tokenizerJSON: json.bytes)
        }
        let costly = "(?:a?){250}(?:a?){255}b"
        let text = String(repeating: "a", count: 5_000)
        let worst = try tokenizer(costly, stages: 1)
        let time = ContinuousClock().measure { _ = worst.encode(text) }
        // At most a thousand steps a byte.
        #expect(time < .seconds(60))
        #expect(throws: TokenizerError.self) { try tokenizer(costly, stages: 2) }
        _ = try tokenizer("(?:a?){10}b", stages: 40)
    }

    @Test(arguments: ["uncased", "Kinds/unigram-precompiled", "Kinds/splits", "Kinds/llama3"])
    func `mutated files never crash the reader`(_ name: String) throws {
        let original = try Fixture.bytes(Fixture.path(name + ".json"))
        var generator = SplitMix(seed: 7)
        for _ in 0..<60 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0x20...0x7E, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &generator), at: place)
                }
            }
            do {
                let tokenizer = try Tokenizer(tokenizerJSON: bytes, name: "mutated.json")
                _ = tokenizer.decode(tokenizer.encode("my order é 日本", maxLength: 16).ids)
            } catch {
                #expect(error.description.contains("mutated.json"))
            }
        }
    }
}
