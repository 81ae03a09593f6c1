import Foundation
import JSON
import Testing

@testable import Tokenizers

/// Real tokenizers and test vectors beside the checkout, or where FINETUNED_SHARED says.
enum SharedTokenizers {
    static let folder: String = {
        let beside = URL(filePath: #filePath).appending(path: "../../../../shared").standardizedFileURL.path
        return (ProcessInfo.processInfo.environment["FINETUNED_SHARED"] ?? beside) + "/assets/tokenizers"
    }()
    static let vectors = folder + "/test_vectors_swift-transformers"
}

/// Vectors that `transformers` and `transformers.js` made with real tokenizers, where they are at hand.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: SharedTokenizers.vectors + "/tokenizer_tests.json")))
struct SharedVectorTests {
    func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: Fixture.bytes("\(SharedTokenizers.vectors)/\(name)"))
    }

    @Test(arguments: [
        ("bert-base-uncased", "bert-base-uncased"), ("google-bert/bert-base-uncased", "bert-base-uncased"),
        ("distilgpt2", "gpt2"),
    ])
    func `texts of all sorts give the published tokens and come back`(_ name: String, _ directory: String) throws {
        let tokenizer = try Tokenizer(directory: "\(SharedTokenizers.folder)/\(directory)")
        let cases = try #require(try json("tokenizer_tests.json")[name]?.array)
        #expect(cases.count == 18)
        for given in cases {
            let text = given["input"]!.string!
            let encoding = tokenizer.encode(text)
            #expect(encoding.ids == integers(given["encoded"]!["input_ids"]!), "\(text)")
            if let types = given["encoded"]!["token_type_ids"] {
                #expect(encoding.typeIDs == integers(types), "\(text)")
            }
            for (decoded, skips) in [("decoded_with_special", false), ("decoded_without_special", true)] {
                let ours = tokenizer.decode(encoding.ids, skipsSpecialTokens: skips)
                #expect(cleanedUp(ours) == given[decoded]!.string!, "\(text)")
            }
        }
    }

    @Test func `the words of 10,570 questions give the published tokens`() throws {
        let tokenizer = try Tokenizer(directory: SharedTokenizers.folder + "/bert-base-uncased")
        let questions = try #require(try json("basic_tokenized_questions.json").array)
        let expected = try #require(try json("tokenized_questions.json").array)
        #expect(questions.count == 10_570)
        #expect(expected.count == questions.count)
        for (question, tokens) in zip(questions, expected) {
            let words = question.array!.map { $0.string! }
            let ids = tokenizer.encode(words: words, addsSpecialTokens: false).ids
            if ids != integers(tokens) { Issue.record("\(words) gave \(ids), not \(integers(tokens))") }
        }
    }

    /// What `transformers` does to a text that `tokenizers` decoded (`clean_up_tokenization`).
    private func cleanedUp(_ text: String) -> String {
        [
            (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
            (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
        ].reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    private func integers(_ value: JSONValue) -> [Int32] { value.array!.map { Int32($0.integer!) } }
}
