import JSON
import Models
import Safetensors
import Tensors
import Testing

struct EncoderLoadingTests {
    @Test func `a written model is read back bit by bit, labels included`() throws {
        let directory = try ModelDirectory()
        let model = try TinyEncoder.model(shape: HeadShape(pooling: .mean, hiddenSizes: [5, 6]))
        try directory.write(model, labels: ["a", "b", "c"])
        let loaded = try directory.load()
        #expect(loaded.report.initialised.isEmpty && loaded.report.unexpected.isEmpty)
        #expect(loaded.configuration.labels == ["a", "b", "c"])
        #expect(loaded.head == model.head)
        #expect(Array(loaded.store.values.elements) == Array(model.store.values.elements))
    }

    @Test func `names without the prefix, as an encoder's own file has them`() throws {
        let directory = try ModelDirectory()
        let model = try TinyEncoder.model()
        try directory.write(model) { name in
            name.hasPrefix("classifier") || name.contains("pooler") ? nil : String(name.dropFirst("bert.".count))
        }
        let loaded = try directory.load(newHead: 2)
        #expect(
            loaded.report.initialised == [
                "pooler.dense.weight", "pooler.dense.bias", "classifier.weight", "classifier.bias",
            ])
        #expect(loaded.report.unexpected.isEmpty)
        for parameter in loaded.store.parameters where parameter.block.hasPrefix("encoder") {
            let original = try #require(model.store[parameter.name])
            #expect(Array(loaded.store.value(parameter)) == Array(model.store.value(original)))
        }
        let classifier = loaded.store.value(try #require(loaded.store["classifier.weight"]))
        #expect(classifier.allSatisfy { $0 != 0 && abs($0) < 0.2 * 6 })
        #expect(loaded.store.value(try #require(loaded.store["classifier.bias"])).allSatisfy { $0 == 0 })
    }

    @Test func `old names of normalisation, and a new head in place of the file's`() throws {
        let directory = try ModelDirectory()
        let model = try TinyEncoder.model()
        try directory.write(model) { name in
            guard name.contains("LayerNorm") else { return name }
            return name.hasSuffix(".weight") ? name.dropLast(6) + "gamma" : name.dropLast(4) + "beta"
        }
        let loaded = try directory.load(newHead: 4)
        #expect(loaded.report.initialised == ["classifier.weight", "classifier.bias"])
        #expect(loaded.report.unexpected == ["classifier.bias", "classifier.weight"])
        let same = try directory.load(newHead: 4)
        #expect(Array(same.store.values.elements) == Array(loaded.store.values.elements))
    }

    @Test func `a missing tensor, a wrong shape and a missing head are named`() throws {
        let model = try TinyEncoder.model()
        func failure(newHead: Int?, config: String? = nil, _ rename: (String) -> String?) throws -> String {
            let directory = try ModelDirectory()
            try directory.write(model, rename: rename)
            if let config { try directory.write(config: config) }
            return "\(try #require(#expect(throws: ModelError.self) { _ = try directory.load(newHead: newHead) }))"
        }
        let missing = try failure(newHead: 2) { $0.contains("layer.1.intermediate.dense.bias") ? nil : $0 }
        #expect(missing.contains("\"encoder.layer.1.intermediate.dense.bias\" is missing"))
        #expect(try failure(newHead: nil) { $0.hasPrefix("classifier") ? nil : $0 }.contains("classifier.weight"))
        var narrower = TinyEncoder.configuration()
        narrower.intermediateSize = 41
        let shape = try failure(newHead: 2, config: narrower.json(head: .sequence(outputs: 3)).text) { $0 }
        #expect(shape.contains("[40, 24]") && shape.contains("[41, 24]"))
        let labels = try failure(
            newHead: nil,
            config: TinyEncoder.configuration().json(head: .sequence(outputs: 3), labels: ["x", "y"]).text
        ) { $0 }
        #expect(labels.contains("2 classes") && labels.contains("has 3"))
    }

    @Test func `every parameter has Transformers' name`() throws {
        let file = try SafetensorsFile(path: EncoderFixture("bert-sequence").directory + "/model.safetensors")
        let model = try EncoderFixture("bert-sequence").model()
        #expect(model.exportedTensors.map(\.name).sorted() == file.tensors.map(\.name).sorted())
        #expect(
            Set(model.store.parameters.map(\.block)) == [
                "embeddings", "encoder.layer.0", "encoder.layer.1", "pooler", "classifier",
            ])
        for parameter in model.store.parameters {
            #expect(parameter.decays == !(parameter.name.hasSuffix("bias") || parameter.name.contains("LayerNorm")))
        }
    }
}
