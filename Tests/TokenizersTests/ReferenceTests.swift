import Foundation
import JSON
import Testing

@testable import Tokenizers

/// Comparisons with what the Python package `tokenizers` gives for the same text.
@Suite struct ReferenceTests {
    @Test(arguments: ["uncased", "cased", "accents", "stripped-cased", "raw", "plain", "added"])
    func `ids, offsets, segments and mask are the reference's`(_ name: String) throws {
        let tokenizer = try Fixture.tokenizer(name)
        let cases = try Fixture.lines(Fixture.path(name + ".jsonl")).dropFirst()
        #expect(cases.count > 150)
        for given in cases { try compare(tokenizer, given) }
    }

    @Test func `vocab.txt gives what tokenizer.json gives`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("vocab.txt", Fixture.bytes(Fixture.path("vocab.txt")))
        for (name, settings) in [
            ("uncased", nil), ("cased", #"{"do_lower_case": false}"#),
            ("stripped-cased", #"{"do_lower_case": false, "strip_accents": true, "cls_token": {"content": "[CLS]"}}"#),
        ] {
            if let settings { try directory.write("tokenizer_config.json", settings.utf8) }
            let tokenizer = try Tokenizer(directory: directory.path)
            for given in try Fixture.lines(Fixture.path(name + ".jsonl")).dropFirst() { try compare(tokenizer, given) }
        }
    }

    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["FINETUNED_TOKENIZER_REFERENCE"] != nil))
    func `a large reference, made with a real model's tokenizer, is met in full`() throws {
        let path = try #require(ProcessInfo.processInfo.environment["FINETUNED_TOKENIZER_REFERENCE"])
        let lines = try Fixture.lines(path)
        let tokenizer = try Tokenizer(directory: try #require(lines.first?["directory"]?.string))
        for given in lines.dropFirst() { try compare(tokenizer, given) }
        print("compared \(lines.count - 1) texts")
    }

    @Test func `tokenizers of every kind give the reference's tokens, offsets, words and texts`() throws {
        try compareAll(in: Fixture.path("Kinds"))
    }

    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["FINETUNED_TOKENIZER_CASES"] != nil))
    func `tokenizers of every kind meet a large reference in full`() throws {
        try compareAll(in: try #require(ProcessInfo.processInfo.environment["FINETUNED_TOKENIZER_CASES"]))
    }

    @Test func `vocab.json with merges.txt gives what tokenizer.json gives`() throws {
        let whole = try JSONValue(parsing: Fixture.bytes(Fixture.path("Kinds/roberta.json")))
        let model = try #require(whole["model"])
        var vocabulary = try #require(model["vocab"]?.object)
        vocabulary["<mask>"] = .integer(Int64(vocabulary.count))
        let merges = try #require(model["merges"]?.array).map { pair in
            pair.array!.map { $0.string! }.joined(separator: " ")
        }
        let directory = try TemporaryDirectory()
        try directory.write("vocab.json", JSONValue.object(vocabulary).bytes)
        try directory.write("merges.txt", (["#version: 0.2"] + merges + [""]).joined(separator: "\n").utf8)
        let tokenizer = try Tokenizer(directory: directory.path)
        for given in try Fixture.lines(Fixture.path("Kinds/roberta.jsonl")) {
            try compareInFull(tokenizer, given, "merges.txt")
        }
    }

    private func compareAll(in folder: String) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jsonl") }
        #expect(files.count >= 11)
        for file in files {
            let path = "\(folder)/\(file.dropLast())"
            let tokenizer = try Tokenizer(tokenizerJSON: Fixture.bytes(path), name: path)
            for given in try Fixture.lines("\(folder)/\(file)") { try compareInFull(tokenizer, given, file) }
        }
    }

    private func compareInFull(_ tokenizer: Tokenizer, _ given: JSONValue, _ name: String) throws {
        let length = given["max_length"]?.integer
        let encoding =
            given["words"]?.array.map { tokenizer.encode(words: $0.map { $0.string! }, maxLength: length) }
            ?? tokenizer.encode(given["text"]!.string!, pair: given["pair"]?.string, maxLength: length)
        let place: Comment = "\(name) \(given["text"]!.text) \(given["words"]?.text ?? "")"
        #expect(encoding.ids.map(Int.init) == integers(given["ids"]!), place)
        #expect(encoding.offsets.flatMap { [$0.lowerBound, $0.upperBound] } == integers(given["offsets"]!), place)
        #expect(encoding.typeIDs.map(Int.init) == integers(given["type_ids"]!), place)
        #expect(encoding.wordIDs.map(Int.init) == integers(given["word_ids"]!), place)
        #expect(tokenizer.decode(encoding.ids) == given["decoded"]!.string!, place)
        #expect(tokenizer.decode(encoding.ids, skipsSpecialTokens: false) == given["raw"]!.string!, place)
    }

    /// What the stages make of each scalar, as one hash for 4096 of them.
    @Test func `every Unicode scalar is normalized and split as the reference does`() throws {
        let expected = try JSONValue(parsing: Fixture.bytes(Fixture.path("scalars.json"))).array!.map { $0.string! }
        let whole = BertNormalizer()
        let letters = BertNormalizer(
            cleanText: false, handleChineseCharacters: false, stripAccents: false, lowercase: true)
        let hashes = (0..<UInt32(0x110)).map { block in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for value in block * 4096..<(block + 1) * 4096 {
                guard let scalar = Unicode.Scalar(value) else { continue }
                var words = 0
                var text = "a\(scalar)b"
                text.withUTF8 { BertPreTokenizer().forEachWord(of: $0) { _ in words += 1 } }
                let line = [normalized(scalar, whole), normalized(scalar, letters), Array(String(words).utf8)]
                for byte in line.joined(separator: [0x0A]) + [0x0A] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            }
            let text = String(hash, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        for (block, (ours, reference)) in zip(hashes, expected).enumerated() {
            #expect(ours == reference, "block U+\(String(block * 4096, radix: 16))")
        }
        #expect(hashes.count == expected.count)
    }

    private func normalized(_ scalar: Unicode.Scalar, _ normalizer: BertNormalizer) -> [UInt8] {
        var output = NormalizedText()
        var text = String(scalar)
        text.withUTF8 { normalizer.normalize($0, origin: 0, into: &output) }
        return output.bytes
    }

    private func compare(_ tokenizer: Tokenizer, _ given: JSONValue) throws {
        let text = given["text"]!.string!
        let ids = integers(given["ids"]!)
        let edges = integers(given["offsets"]!)
        let encoding = tokenizer.encode(
            text, pair: given["pair"]?.string, addsSpecialTokens: given["special"]?.bool ?? true,
            maxLength: given["max_length"]?.integer)
        let offsets = stride(from: 0, to: edges.count, by: 2).map { edges[$0]..<edges[$0 + 1] }
        let zeros = [Int](repeating: 0, count: ids.count)
        let scalars = text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
        #expect(encoding.ids.map(Int.init) == ids, "\(scalars)")
        #expect(encoding.offsets == offsets, "\(scalars)")
        #expect(encoding.typeIDs.map(Int.init) == given["type_ids"].map(integers) ?? zeros, "\(scalars)")
        #expect(encoding.specialTokensMask.map { $0 ? 1 : 0 } == given["mask"].map(integers) ?? zeros, "\(scalars)")
    }

    private func integers(_ value: JSONValue) -> [Int] { value.array!.map { $0.integer! } }
}
