import JSON
import Models
import Safetensors
import Tensors
import Testing

struct LoRATests {
    private func model(_ lora: LoRAConfiguration, _ family: EncoderFamily = .bert) throws -> EncoderModel {
        try TinyEncoder.model(family, head: .sequence(outputs: 3), lora: lora)
    }

    private func adapted(_ model: EncoderModel) -> [String] {
        model.store.parameters.map(\.name).filter { $0.hasSuffix(".lora_A.weight") }.map { String($0.dropLast(14)) }
    }

    @Test(arguments: [true, false])
    func `new adapters change no answer, and are drawn as linear layers are`(dora: Bool) throws {
        let plain = try TinyEncoder.model(.bert, head: .sequence(outputs: 3))
        let adapted = try model(LoRAConfiguration(rank: 4, hasMagnitude: dora))
        for parameter in plain.store.parameters {
            let same = try #require(adapted.store[parameter.name])
            _ = adapted.store.value(same).update(fromContentsOf: plain.store.value(parameter))
        }
        let directory = try ModelDirectory()
        try directory.write(plain)
        let loaded = try EncoderModel(
            weights: SafetensorsDirectory(path: directory.path), configuration: plain.configuration, head: plain.head,
            keepsHead: true, lora: adapted.lora, seed: 8, pool: plain.pool)
        let expected = try plain.evaluate(TinyEncoder.batch(0))
        #expect(relativeError(try loaded.evaluate(TinyEncoder.batch(0)), expected) < 1e-6)
        let down = loaded.store.parameters.filter { $0.name.hasSuffix("lora_A.weight") }
        #expect(down.count == 6)
        let values = down.flatMap { Array(loaded.store.value($0)) }
        let bound = 1 / Float(24).squareRoot()
        #expect(values.allSatisfy { abs($0) <= bound } && values.contains { abs($0) > bound * 0.9 })
        #expect(abs(values.reduce(0, +) / Float(values.count)) < bound / 5)
    }

    @Test func `targets are the ends of names, or patterns with and without the family's prefix`() throws {
        func names(_ targets: LoRATargets, _ family: EncoderFamily = .bert) throws -> [String] {
            adapted(try model(LoRAConfiguration(rank: 2, targets: targets), family))
        }
        #expect(try names(.auto).count == 6)
        #expect(try names(.auto, .distilBert).contains("transformer.layer.2.attention.v_lin"))
        #expect(try names(.patterns(["intermediate.dense"])).count == 3)
        #expect(try names(.patterns(["encoder.layer.1.*"])).count == 6)
        #expect(try names(.patterns(["bert.encoder.layer.1.output.dense"])) == ["encoder.layer.1.output.dense"])
        // Three kinds in each layer, and the pooler; not the classifier.
        #expect(try names(.patterns(["dense"])).count == 3 * 3 + 1)
        let error = #expect(throws: ModelError.self) { _ = try names(.patterns(["query", "q_lin"])) }
        let text = "\(try #require(error))"
        #expect(text.contains("\"q_lin\"") && text.contains("attention.self.query"))
    }

    @Test func `only adapters and head train, and belong to their layer's block`() throws {
        let model = try model(LoRAConfiguration(rank: 2))
        model.store.setTrainable(model.trainsBesideAdapters)
        #expect(model.store.trainableCount == 3 * 2 * (2 * 24 + 24 * 2) + 3 * 24 + 3)
        for parameter in model.store.parameters where parameter.role == .adapter {
            #expect(parameter.name.hasPrefix(parameter.block + ".") && parameter.isTrainable)
        }
        let before = try model.loss(TinyEncoder.batch(0))
        let optimizer = AdamW(model.store)
        for step in 0..<30 {
            model.store.zeroGradients(on: model.pool)
            try model.addGradients(TinyEncoder.batch(0), dropout: DropoutState(seed: 2, step: UInt64(step)))
            optimizer.update(learningRate: 1e-2, gradientScale: 1, on: model.pool)
        }
        #expect(try model.loss(TinyEncoder.batch(0)) < before / 2)
    }

    @Test func `dropout is the adapter's own and stops with the training`() throws {
        let model = try model(LoRAConfiguration(rank: 2, dropout: 0.5))
        for parameter in model.store.parameters where parameter.name.hasSuffix("lora_B.weight") {
            model.store.value(parameter).update(repeating: 0.3)
        }
        var still = model.configuration
        (still.hiddenDropout, still.attentionDropout) = (0, 0)
        let directory = try ModelDirectory()
        try directory.write(model)
        let quiet = try EncoderModel(
            weights: SafetensorsDirectory(path: directory.path), configuration: still, head: model.head,
            keepsHead: true, lora: model.lora, seed: 1, pool: model.pool)
        for parameter in quiet.store.parameters where parameter.name.hasSuffix("lora_B.weight") {
            quiet.store.value(parameter).update(repeating: 0.3)
        }
        let batch = TinyEncoder.batch(0)
        let dropped = try quiet.loss(batch, dropout: DropoutState(seed: 1, step: 0))
        #expect(try quiet.loss(batch, dropout: DropoutState(seed: 1, step: 0)) == dropped)
        #expect(try quiet.loss(batch, dropout: DropoutState(seed: 1, step: 1)) != dropped)
        #expect(try quiet.loss(batch) != dropped)
    }

    @Test func `an adapter's file that lacks a tensor or is of another rank is refused by name`() throws {
        let directory = try ModelDirectory()
        let model = try model(LoRAConfiguration(rank: 2))
        let path = directory.path + "/" + AdapterConfiguration.weightsName
        try SafetensorsWriter(model.adapterTensors.filter { !$0.name.contains("layer.1.attention.self.value.lora_B") })
            .write(toNewFile: path)
        let file = try SafetensorsFile(path: path)
        let missing = #expect(throws: ModelError.self) { try model.load(adapter: file) }
        #expect(
            "\(try #require(missing))".contains("base_model.model.bert.encoder.layer.1.attention.self.value.lora_B"))
        let wider = try self.model(LoRAConfiguration(rank: 3))
        let shape = #expect(throws: ModelError.self) { try wider.load(adapter: file) }
        #expect("\(try #require(shape))".contains("[2, 24]"))
    }

    @Test(arguments: [
        (#"{"peft_type": "IA3", "target_modules": ["query"]}"#, "peft_type"),
        (#"{"bias": "all", "target_modules": ["query"]}"#, "bias"), ("{}", "target_modules"),
        (#"{"target_modules": "all-linear"}"#, "target_modules"),
        (#"{"target_modules": ["query"], "rank_pattern": {"value": 4}}"#, "rank_pattern"),
        (#"{"target_modules": ["query"], "layers_to_transform": [1]}"#, "layers_to_transform"),
        (#"{"target_modules": ["query"], "fan_in_fan_out": true}"#, "fan_in_fan_out"),
        (#"{"target_modules": ["query"], "r": 0}"#, "r"),
        (#"{"target_modules": ["query"], "lora_dropout": 1}"#, "lora_dropout"),
    ])
    func `settings of adapters without support are refused by name`(text: String, field: String) throws {
        let error = #expect(throws: (any Error).self) {
            _ = try AdapterConfiguration(json: JSONValue(parsing: text))
        }
        #expect("\(try #require(error))".contains(field))
        let directory = try ModelDirectory()
        #expect(throws: ModelError.self) { _ = try AdapterConfiguration(directory: directory.path) }
    }

    @Test func `a masked-language-model head that the base lacks is not a matter of adapters alone`() throws {
        let directory = try ModelDirectory()
        try directory.write(TinyEncoder.model(.bert, head: .embedding(pooling: .mean, normalizes: false)))
        let (weights, configuration) = (
            try SafetensorsDirectory(path: directory.path), try EncoderConfiguration(directory: directory.path)
        )
        let model = try EncoderModel(
            weights: weights, configuration: configuration, head: .maskedLanguageModel, keepsHead: true,
            lora: LoRAConfiguration(rank: 2), seed: 1, pool: ThreadPool(threadCount: 1))
        #expect(!model.isAdapterOfBase)
        #expect(model.store.parameters.filter(model.trainsBesideAdapters).count { $0.role == .head } == 5)
        #expect(try self.model(LoRAConfiguration()).isAdapterOfBase)
    }
}
