import JSON
import SeededNumbers
import Testing

@testable import Tokenizers

/// Whole tokenizer.json files with parts of them replaced by what does not belong there.
@Suite struct TokenizerFuzzTests {
    static let patterns = [
        "(a*)*b", "(a|aa)+$", ".*.*.*.*=.*", "(?:(?:(?:a{255}){255}){255}", "(?:(?:(?:){255}){255}){255}", "[", "[z-a]",
        "\\",
        "", "a{1000000000}", "(?P<x>a)", "\\p{Greek}", "(?<!a)b", "(?=(?=a))", String(repeating: "(", count: 5000),
        String(repeating: "(?:a?)", count: 500),
    ]
    static let stages = [
        "Sequence", "Replace", "Split", "Prepend", "Precompiled", "ByteLevel", "Metaspace", "NFKC", "Strip", "BPE",
        "Unigram",
        "WordPiece", "TemplateProcessing", "RobertaProcessing", "ByteFallback", "Fuse", "",
    ]
    static let texts = ["my order é 日本 [SEP]<mask>", "", " \t", "e\u{301}\u{302E}\u{1F468}\u{200D}", "12 a'll"]

    @Test(
        arguments: [
            "uncased", "added", "Kinds/roberta", "Kinds/llama3", "Kinds/unigram-precompiled", "Kinds/sentencepiece-bpe",
            "Kinds/splits",
        ], 0..<2)
    func `a file with foreign parts is refused by its name, or its tokens are sound`(_ name: String, _ seed: Int) throws
    {
        let original = try JSONValue(parsing: Fixture.bytes(Fixture.path(name + ".json")))
        var generator = SplitMix(seed: UInt64(seed) &* 977 &+ 13)
        var loaded = 0
        let time = ContinuousClock().measure {
            for _ in 0..<60 {
                var document = original
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    document = mutated(document, whole: original, &generator)
                }
                do {
                    check(try Tokenizer(tokenizerJSON: document.bytes, name: "mutated.json"))
                    loaded += 1
                } catch let error as TokenizerError {
                    #expect(error.description.contains("mutated.json"))
                } catch {
                    Issue.record("not a TokenizerError: \(error)")
                }
            }
        }
        #expect(loaded > 0)
        #expect(loaded < 60)
        #expect(time < .seconds(120))
    }

    private func check(_ tokenizer: Tokenizer) {
        for text in Self.texts + [String(repeating: "a refund, 9 ", count: 60)] {
            let encodings = [
                tokenizer.encode(text), tokenizer.encode(text, pair: "parcel", maxLength: 70),
                tokenizer.encode(words: text.split(separator: " ").map(String.init), maxLength: 70),
            ]
            for encoding in encodings + tokenizer.encodePieces(text, maxLength: 80) {
                let count = encoding.count
                #expect(encoding.offsets.count == count && encoding.wordIDs.count == count)
                #expect(encoding.typeIDs.count == count && encoding.specialTokensMask.count == count)
                #expect(encoding.ids.allSatisfy { $0 >= 0 && $0 <= tokenizer.largestID })
                #expect(encoding.offsets.allSatisfy { $0.upperBound <= max(text.unicodeScalars.count, 6) })
            }
            #expect(encodings[1].count <= 70 && encodings[2].count <= 70)
            _ = tokenizer.decode(encodings[0].ids)
        }
    }

    /// The document with one of its parts replaced, at any depth.
    private func mutated(_ value: JSONValue, whole: JSONValue, _ generator: inout SplitMix) -> JSONValue {
        switch value {
        case .object(var object) where object.count > 0 && Int.random(in: 0..<6, using: &generator) > 0:
            let member = object.members.randomElement(using: &generator)!
            if Int.random(in: 0..<10, using: &generator) == 0 {
                object[member.name] = nil
            } else {
                object[member.name] = mutated(member.value, whole: whole, &generator)
            }
            return .object(object)
        case .array(var array) where !array.isEmpty && Int.random(in: 0..<6, using: &generator) > 0:
            let place = array.indices.randomElement(using: &generator)!
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: array.remove(at: place)
            case 1: array.insert(contentsOf: repeatElement(array[place], count: 40), at: place)
            default: array[place] = mutated(array[place], whole: whole, &generator)
            }
            return .array(array)
        case .string(let text) where Int.random(in: 0..<2, using: &generator) == 0:
            var bytes = Array(text.utf8)
            if !bytes.isEmpty {
                bytes[bytes.indices.randomElement(using: &generator)!] = .random(in: 0x20...0x7E, using: &generator)
            }
            return .string(String(decoding: bytes, as: UTF8.self))
        default: return foreign(whole: whole, &generator)
        }
    }

    private func foreign(whole: JSONValue, _ generator: inout SplitMix) -> JSONValue {
        switch Int.random(in: 0..<14, using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .integer([-1, 0, 1, 255, 3_999_999, 4_000_000, .max, .min].randomElement(using: &generator)!)
        case 3: .number([0.5, -1e308, 1e-300].randomElement(using: &generator)!)
        case 4: .string("")
        case 5: .string(String(repeating: "a", count: 70_000))
        case 6: .string(Self.stages.randomElement(using: &generator)!)
        case 7, 8: ["Regex": .string(Self.patterns.randomElement(using: &generator)!)]
        case 9: .array([])
        case 10: [:]
        case 11: (0..<40).reduce(JSONValue.integer(1)) { value, _ in .array([value]) }
        // A file within itself, as if it went on for ever.
        case 12: whole["normalizer"] ?? whole["decoder"] ?? .null
        default: .array([JSONValue](repeating: ["type": "Sequence", "normalizers": [], "decoders": []], count: 100))
        }
    }

    @Test func `empty vocabularies give no tokens`() throws {
        for model: JSONValue in [
            ["type": "BPE", "vocab": [:], "merges": []], ["type": "BPE", "vocab": ["": 0], "merges": []],
        ] {
            let tokenizer = try Tokenizer(tokenizerJSON: JSONValue.object(["model": model]).bytes)
            #expect(tokenizer.encode("a b").count == 0)
            #expect(tokenizer.encodePieces("a b", maxLength: 4).map(\.count) == [0])
        }
        for model: JSONValue in [
            ["type": "Unigram", "vocab": [], "unk_id": 0], ["type": "WordPiece", "vocab": [:]],
            ["type": "WordLevel", "vocab": [:]],
        ] {
            #expect(throws: TokenizerError.self) {
                try Tokenizer(tokenizerJSON: JSONValue.object(["model": model]).bytes)
            }
        }
    }

    @Test func `the largest number counts what the post-processor adds`() throws {
        let json: JSONValue = [
            "model": ["type": "WordPiece", "vocab": ["[UNK]": 0]],
            "post_processor": ["type": "BertProcessing", "cls": ["[CLS]", 77], "sep": ["[SEP]", 5]],
        ]
        #expect(try Tokenizer(tokenizerJSON: json.bytes).largestID == 77)
    }
}
