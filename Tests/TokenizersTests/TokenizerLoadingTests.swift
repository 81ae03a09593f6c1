import Foundation
import JSON
import Testing

@testable import Tokenizers

@Suite struct TokenizerLoadingTests {
    /// A small whole tokenizer with one part replaced.
    func json(_ changes: [String: JSONValue]) -> [UInt8] {
        var object: JSONObject = [
            "added_tokens": [["id": 0, "content": "[CLS]", "special": true, "normalized": false]],
            "normalizer": ["type": "BertNormalizer"], "pre_tokenizer": ["type": "BertPreTokenizer"],
            "post_processor": ["type": "BertProcessing", "cls": ["[CLS]", 0], "sep": ["[SEP]", 1]],
            "model": [
                "type": "WordPiece", "unk_token": "[UNK]", "vocab": ["[CLS]": 0, "[SEP]": 1, "[UNK]": 2, "a": 3],
            ],
        ]
        for (name, value) in changes { object[name] = value }
        return JSONValue.object(object).bytes
    }

    @Test func `the smallest tokenizer works`() throws {
        let tokenizer = try Tokenizer(tokenizerJSON: json([:]))
        #expect(tokenizer.encode("A b").ids == [0, 3, 2, 1])
        #expect(tokenizer.vocabularySize == 4)
        #expect(tokenizer.largestID == 3)
        #expect(tokenizer.id(of: "a") == 3)
        #expect(tokenizer.id(of: "b") == nil)
        #expect(tokenizer.token(of: 1) == "[SEP]")
        #expect(tokenizer.addedTokenCount(isPair: true) == 3)
    }

    @Test(arguments: [
        ("normalizer", "Transliterate"), ("pre_tokenizer", "UnicodeScripts"), ("post_processor", "Reverse"),
        ("model", "Characters"), ("decoder", "CTC"),
    ])
    func `an unknown stage is named`(_ component: String, _ type: String) {
        #expect {
            try Tokenizer(tokenizerJSON: json([component: ["type": .string(type)]]))
        } throws: { error in
            guard case .unsupported(_, component, type, let supported)? = error as? TokenizerError else { return false }
            return !supported.isEmpty && "\(error)".contains(type) && "\(error)".contains(component)
        }
    }

    @Test func `an unknown token that is not in the vocabulary is named`() {
        let model: JSONValue = ["type": "WordPiece", "unk_token": "<unk>", "vocab": ["a": 0]]
        #expect(throws: TokenizerError.missingToken(path: "tokenizer.json", token: "<unk>")) {
            try Tokenizer(tokenizerJSON: json(["model": model]))
        }
    }

    /// A template of texts, `A` and `B`, and of tokens with so many numbers.
    static func template(single: [String], pair: [String], ids: Int = 1) -> JSONValue {
        let parts = { (names: [String]) -> JSONValue in
            .array(names.map { [$0 == "x" ? "SpecialToken" : "Sequence": ["id": .string($0), "type_id": 0]] })
        }
        return [
            "type": "TemplateProcessing", "single": parts(single), "pair": parts(pair),
            "special_tokens": ["x": ["ids": .array([JSONValue](repeating: 1, count: ids))]],
        ]
    }

    static func prepending(_ stages: Int) -> JSONValue {
        let stage: JSONValue = ["type": "Prepend", "prepend": .string(String(repeating: "a", count: 200))]
        return ["type": "Sequence", "normalizers": .array([JSONValue](repeating: stage, count: stages))]
    }

    static let hostile: [(String, [String: JSONValue])] = [
        ("a vocabulary that is an array", ["model": ["vocab": ["a", "b"]]]),
        ("a negative number", ["model": ["vocab": ["[UNK]": -1]]]),
        ("a number that would claim gigabytes", ["model": ["vocab": ["[UNK]": 2_000_000_000]]]),
        ("a number with a fraction", ["model": ["vocab": ["[UNK]": 0.5]]]),
        ("words without bound", ["model": ["vocab": ["[UNK]": 0], "max_input_chars_per_word": 1_000_000]]),
        ("an added token without number", ["added_tokens": [["content": "x"]]]),
        (
            "an added token of a megabyte",
            [
                "added_tokens": [["id": 9, "content": .string(String(repeating: "a", count: 1 << 20))]]
            ]
        ),
        (
            "a template with an unknown token",
            [
                "post_processor": [
                    "type": "TemplateProcessing", "single": [["SpecialToken": ["id": "[X]", "type_id": 0]]], "pair": [],
                    "special_tokens": [:],
                ]
            ]
        ),
        (
            "a template with a third text",
            [
                "post_processor": [
                    "type": "TemplateProcessing", "single": [["Sequence": ["id": "C", "type_id": 0]]], "pair": [],
                ]
            ]
        ),
        (
            "a template that adds a thousand tokens",
            [
                "post_processor": [
                    "type": "TemplateProcessing", "single": [["SpecialToken": ["id": "x", "type_id": 0]]], "pair": [],
                    "special_tokens": ["x": ["ids": .array([JSONValue](repeating: 1, count: 1000))]],
                ]
            ]
        ),
        ("a template with a text twice", ["post_processor": template(single: ["A", "A"], pair: ["A", "B"])]),
        ("a template without its text", ["post_processor": template(single: [], pair: ["A", "B"])]),
        ("a pair without its second text", ["post_processor": template(single: ["A"], pair: ["A"])]),
        (
            "a template of a million tokens",
            ["post_processor": template(single: [String](repeating: "x", count: 1000), pair: [], ids: 1000)]
        ),
        ("prepended texts that grow", ["normalizer": prepending(8)]),
        ("a model that is a string", ["model": "WordPiece"]),
        ("no model", ["model": nil]),
        ("normalizer options of the wrong type", ["normalizer": ["type": "BertNormalizer", "lowercase": "yes"]]),
    ]

    @Test(arguments: hostile.map(\.0)) func `a hostile tokenizer.json is refused`(_ name: String) throws {
        let changes = try #require(Self.hostile.first { $0.0 == name }).1
        #expect {
            try Tokenizer(tokenizerJSON: json(changes))
        } throws: {
            guard case .malformed? = $0 as? TokenizerError else { return false }
            return true
        }
    }

    @Test func `bytes that are not JSON are refused`() {
        for text in ["", "[]", "{", String(repeating: "[", count: 100_000), "{\"model\":{},\"model\":{}}"] {
            #expect(throws: TokenizerError.self) { try Tokenizer(tokenizerJSON: Array(text.utf8)) }
        }
    }

    @Test func `a directory without tokenizer says which files it wants`() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: TokenizerError.noTokenizer(directory: directory.path)) {
            try Tokenizer(directory: directory.path)
        }
    }

    @Test func `a vocab.txt without the special tokens, or not UTF-8, is refused`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("vocab.txt", "a\nb\n".utf8)
        #expect(throws: TokenizerError.missingToken(path: directory.path + "/vocab.txt", token: "[UNK]")) {
            try Tokenizer(directory: directory.path)
        }
        try directory.write("vocab.txt", [0xFF, 0x0A])
        #expect(throws: TokenizerError.malformed(path: directory.path + "/vocab.txt", fault: "it is not UTF-8")) {
            try Tokenizer(directory: directory.path)
        }
    }

    @Test func `a vocab.txt with Windows line ends gives the same tokens`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("vocab.txt", "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\na\r\n##b\r\n".utf8)
        #expect(try Tokenizer(directory: directory.path).encode("ab c").ids == [2, 4, 5, 1, 3])
    }

    @Test func `tokens that differ only in their composition are different tokens`() throws {
        let model: JSONValue = ["unk_token": "[UNK]", "vocab": ["[UNK]": 0, "\u{E9}": 1, "e\u{301}": 2]]
        let plain: JSONValue = ["type": "BertNormalizer", "strip_accents": false]
        let tokenizer = try Tokenizer(
            tokenizerJSON: json(["model": model, "normalizer": plain, "added_tokens": [], "post_processor": nil]))
        #expect(tokenizer.encode("\u{E9} e\u{301}").ids == [1, 2])
    }

    @Test func `added tokens of white space that take white space along stay linear`() throws {
        let token: JSONValue = ["id": 4, "content": " ", "lstrip": true, "normalized": false]
        let tokenizer = try Tokenizer(tokenizerJSON: json(["added_tokens": [token]]))
        let text = String(repeating: " ", count: 300_000)
        var count = 0
        let time = ContinuousClock().measure { count = tokenizer.encode(text, addsSpecialTokens: false).count }
        #expect(count == 300_000)
        #expect(time < .seconds(20))
    }

    @Test func `long hostile texts take linear time`() throws {
        let tokenizer = try Fixture.tokenizer("added")
        let clock = ContinuousClock()
        for text in ["a", "[", "é", "e\u{301}", "\u{301}", "\u{302E}", "日", "<cut", " ", "'", "refund-id"] {
            let long = String(repeating: text, count: 200_000 / text.utf8.count)
            var count = 0
            let time = clock.measure { count = tokenizer.encode(long, maxLength: 128).count }
            #expect(count <= 128)
            #expect(time < .seconds(20), "\(text)")
        }
    }
}
