import FineTuning
import Models
import Tensors
import Testing

@testable import Training

@Suite struct `The selection of layers` {
    private func names(_ selection: LayerSelection) throws -> Set<String> {
        try selection.trainableNames(of: Fixture.model(labels: 3).store.parameters.map(\.specification))
    }

    @Test func `takes all parameters, or the head alone`() throws {
        #expect(try names(.all).count == 41)
        #expect(try names(.head) == ["classifier.weight", "classifier.bias"])
    }

    @Test func `takes the topmost layers with pooler and head`() throws {
        let top = try names(.top(1))
        #expect(top.count == 16 + 2 + 2)
        #expect(top.isSuperset(of: ["pooler.dense.bias", "encoder.layer.1.output.LayerNorm.weight"]))
        #expect(!top.contains { $0.hasPrefix("encoder.layer.0") || $0.hasPrefix("embeddings") })
        #expect(try names(.top(0)) == names(.head))
    }

    @Test func `says how many layers there are when more are asked for`() throws {
        let error = #expect(throws: JobError.self) { try names(.top(3)) }
        #expect(error?.message.contains("the model has 2 layers") == true)
        #expect(error?.code == .invalidRecipe)
    }

    @Test(arguments: ["encoder.layer.1.*", "bert.encoder.layer.1.*", "encoder.layer.?.attention.self.*"])
    func `matches patterns with and without the family's prefix`(pattern: String) throws {
        let chosen = try names(.patterns(include: [pattern], exclude: ["*.bias"]))
        #expect(chosen.contains("encoder.layer.1.attention.self.query.weight"))
        #expect(!chosen.contains("encoder.layer.1.attention.self.query.bias"))
        #expect(chosen.isSuperset(of: ["classifier.weight", "classifier.bias"]), "the head always trains")
    }

    @Test func `names what is near a pattern that matches nothing`() throws {
        let error = #expect(throws: JobError.self) {
            try names(.patterns(include: ["encoder.layer.1.atention.self.query.weight"], exclude: []))
        }
        #expect(error?.message.contains("\"encoder.layer.1.attention.self.query.weight\"") == true)
        #expect(error?.param == "layers.train.include")
    }

    @Test(arguments: [
        ("*", "", true), ("a*c", "abbc", true), ("a*c", "abcd", false), ("?", "", false), ("a?c", "abc", true),
        ("*.bias", "x.bias.bias", true), ("**a**", "bab", true), ("", "a", false), ("a*b*c", "aXbXbYc", true),
    ])
    func `knows when a pattern fits`(pattern: String, name: String, fits: Bool) {
        #expect(NamePattern(pattern).matches(name) == fits)
    }

    @Test func `is quick on patterns made to be slow`() {
        let pattern = NamePattern(String(repeating: "a*", count: 50) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2000)))
    }
}
