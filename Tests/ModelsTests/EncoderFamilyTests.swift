import Foundation
import JSON
import Models
import Safetensors
import Tensors
import Testing

struct EncoderFamilyTests {
    private func read(_ text: String) throws -> EncoderConfiguration {
        try EncoderConfiguration(json: JSONValue(parsing: text))
    }

    @Test func `each family has its own fields and defaults`() throws {
        let distilBert = try read(
            """
            {"model_type": "distilbert", "dim": 96, "n_layers": 2, "n_heads": 6, "hidden_dim": 100, "activation": "relu",
            "dropout": 0.3, "attention_dropout": 0.2, "hidden_size": 1, "num_hidden_layers": 1}
            """)
        #expect(distilBert.family == .distilBert && distilBert.hiddenSize == 96 && distilBert.layerCount == 2)
        #expect(distilBert.headCount == 6 && distilBert.intermediateSize == 100 && distilBert.activation == .relu)
        #expect(distilBert.hiddenDropout == 0.3 && distilBert.attentionDropout == 0.2)
        #expect(distilBert.outputDropout(of: .sequence(outputs: 2)) == 0.2)
        #expect(distilBert.outputDropout(of: .token(outputs: 2)) == 0.3)
        let roberta = try read(#"{"model_type": "roberta", "max_position_embeddings": 514, "classifier_dropout": 0.4}"#)
        #expect(roberta.vocabularySize == 50_265 && roberta.paddingToken == 1 && roberta.longestSequence == 512)
        #expect(roberta.outputDropout(of: .token(outputs: 2)) == 0.4)
        #expect(try read("{}").longestSequence == 512)
        #expect(try read(#"{"model_type": "distilbert"}"#).layerCount == 6)
    }

    @Test(arguments: EncoderFamily.all)
    func `what a family writes, it reads again`(family: EncoderFamily) throws {
        var configuration = EncoderConfiguration(family)
        configuration.hiddenSize = 24
        configuration.headCount = 3
        configuration.layerCount = 1
        configuration.hiddenDropout = 0.25
        configuration.outputDropout = 0.5
        let heads: [(HeadConfiguration, String)] = [
            (.sequence(outputs: 2, shape: HeadShape(pooling: .max, hiddenSizes: [7])), "ForSequenceClassification"),
            (.token(outputs: 2, hiddenSizes: [5]), "ForTokenClassification"), (.maskedLanguageModel, "ForMaskedLM"),
            (.embedding(pooling: .mean, normalizes: true), "Model"),
        ]
        for (head, architecture) in heads {
            let written = configuration.json(head: head, labels: ["a", "b"], problem: .multiLabel)
            #expect(written["architectures"]?.array?.first?.string?.hasSuffix(architecture) == true)
            let again = try EncoderConfiguration(json: written)
            #expect(again.family == family && again.hiddenSize == 24 && again.layerCount == 1)
            #expect(again.hiddenDropout == 0.25 && again.classifierDropout == 0.5 && again.labels == ["a", "b"])
            #expect(again.problem == .multiLabel && again.paddingToken == configuration.paddingToken)
            if case .sequence(_, let shape) = head { #expect(again.headShape == shape) }
        }
    }

    @Test(arguments: EncoderFamily.all)
    func `blocks, depths and roles are the same in all families`(family: EncoderFamily) throws {
        let model = try TinyEncoder.model(family, head: .sequence(outputs: 3))
        var blocks: [String] = []
        for parameter in model.store.parameters where blocks.last != parameter.block { blocks.append(parameter.block) }
        let layers = (0..<3).map { "encoder.layer.\($0)" }
        #expect(blocks == ["embeddings"] + layers + (family == .bert ? ["pooler"] : []) + ["classifier"])
        for parameter in model.store.parameters {
            #expect(parameter.role == (parameter.block == "classifier" ? .head : .trunk))
            let depth = ["embeddings": 0, "pooler": 3, "classifier": 4][parameter.block]
            #expect(parameter.depth == depth ?? (layers.firstIndex(of: parameter.block) ?? -2) + 1)
        }
        let languageModel = try TinyEncoder.model(family, head: .maskedLanguageModel)
        let head = languageModel.store.parameters.filter { $0.role == .head }
        #expect(head.count == 5 && head.allSatisfy { $0.block == "lm_head" && $0.depth == 4 })
    }

    @Test(arguments: EncoderFamily.all)
    func `the loss of a batch falls under training, whatever the head pools and widens`(family: EncoderFamily) throws {
        for (pooling, sizes) in [(SentencePooling.cls, [10]), (.mean, []), (.max, [10, 6])] {
            let model = try TinyEncoder.model(
                family, head: .sequence(outputs: 3, shape: HeadShape(pooling: pooling, hiddenSizes: sizes)))
            let optimizer = AdamW(model.store)
            let start = try model.loss(TinyEncoder.batch(0))
            for step in 0..<40 {
                model.store.zeroGradients(on: model.pool)
                try model.addGradients(TinyEncoder.batch(0), dropout: DropoutState(seed: 1, step: UInt64(step)))
                optimizer.update(learningRate: 3e-3, gradientScale: 1, on: model.pool)
            }
            #expect(try model.loss(TinyEncoder.batch(0)) < start * 0.7, "\(pooling) \(sizes)")
        }
    }

    @Test func `token types mean nothing where a family tells none apart, and positions end before the padding's`()
        throws
    {
        let model = try TinyEncoder.model(.distilBert, head: .sequence(outputs: 3))
        let tokens: [[Int32]] = [[5, 6, 7, 8]]
        let plain = try model.evaluate(PackedBatch(sequences: tokens))
        #expect(try model.evaluate(PackedBatch(sequences: tokens, tokenTypes: [[0, 9, 1, 1]])) == plain)
        let roberta = try TinyEncoder.model(.roberta, head: .sequence(outputs: 3))
        _ = try roberta.evaluate(PackedBatch(sequences: [[Int32](repeating: 3, count: 30)]))
        #expect(throws: ModelError.self) {
            _ = try roberta.evaluate(PackedBatch(sequences: [[Int32](repeating: 3, count: 31)]))
        }
    }

    @Test func `a decoder of its own is refused where it matters only`() throws {
        var configuration = TinyEncoder.configuration()
        let written = configuration.json(head: .maskedLanguageModel)
        var object = try #require(written.object)
        object["tie_word_embeddings"] = false
        configuration = try EncoderConfiguration(json: .object(object))
        let pool = ThreadPool(threadCount: 1)
        _ = try EncoderModel(configuration: configuration, head: .token(outputs: 2), seed: 1, pool: pool)
        let error = #expect(throws: ModelError.self) {
            _ = try EncoderModel(configuration: configuration, head: .maskedLanguageModel, seed: 1, pool: pool)
        }
        #expect("\(try #require(error))".contains("tie_word_embeddings"))
    }

    @Test func `rows that are wanted may be none, and must rise within the batch`() throws {
        let model = try TinyEncoder.model(.bert, head: .maskedLanguageModel)
        let batch = TinyEncoder.batch(0)
        #expect(try model.evaluate(batch, rows: []).isEmpty)
        #expect(try model.evaluate(batch, rows: [0, 3]).count == 2 * 50)
        for rows: [Int32] in [[3, 3], [4, 2], [-1], [Int32(batch.tokenCount)]] {
            #expect(throws: ModelError.self) { _ = try model.evaluate(batch, rows: rows) }
        }
    }

    @Test func `features and their output are the whole, and mixing is of what enters the head`() throws {
        let model = try TinyEncoder.model(.roberta, head: .sequence(outputs: 3))
        let batch = TinyEncoder.batch(2)
        let whole = try model.evaluate(batch)
        model.begin(.evaluation)
        let features = try model.features(batch)
        #expect(model.output(features: features).tensor.elements == whole)
        let count = batch.sequenceCount
        let partners = (0..<count).map { Int32(($0 + 1) % count) }
        func mixed(_ share: Float) throws -> [Float] {
            model.begin(
                ForwardConditions(
                    mixing: FeatureMixing(partners: partners, shares: Array(repeating: share, count: count))))
            return try model.output(batch).tensor.elements
        }
        #expect(try mixed(1) == whole)
        // A row of a product may be summed in another order where it lies elsewhere, by the kernel of some processors.
        let moved = partners.flatMap { whole[(Int($0) * 3)..<(Int($0) * 3 + 3)] }
        #expect(zip(try mixed(0), moved).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test(arguments: EncoderFamily.all)
    func `the linear layers of a head make its output of what enters it`(family: EncoderFamily) throws {
        for shape in [HeadShape(), HeadShape(hiddenSizes: [7]), HeadShape(pooling: .mean, hiddenSizes: [5, 6])] {
            let model = try TinyEncoder.model(family, head: .sequence(outputs: 3, shape: shape))
            model.begin(.evaluation)
            let features = try model.features(TinyEncoder.batch(0))
            let expected = model.output(features: features).tensor.elements
            var rows = (0..<7).map { row in Array(features.tensor.elements[(row * 24)..<((row + 1) * 24)]) }
            // The pooler comes before what enters the head.
            for layer in model.outputLayers where !layer.weight.name.hasPrefix("pooler.") {
                rows = rows.map { x in
                    layer.bias.values.enumerated().map { output, bias in
                        let y = x.indices.reduce(bias) { $0 + x[$1] * layer.weight.values[output * x.count + $1] }
                        return layer.activation == .tanh ? tanh(y) : layer.activation == .relu ? max(y, 0) : y
                    }
                }
            }
            #expect(relativeError(rows.flatMap { $0 }, expected) < 1e-5, "\(shape)")
        }
    }

    @Test func `a perturbation moves the answer and gets its gradient below a frozen trunk`() throws {
        let model = try TinyEncoder.model(.distilBert, head: .sequence(outputs: 3))
        model.store.setTrainable { $0.role == .head }
        let batch = TinyEncoder.batch(1)
        let plain = try model.loss(batch)
        let perturbation = EmbeddingPerturbation(model.tape, tokenCount: batch.tokenCount, width: 24)
        func loss() throws -> Float {
            model.begin(ForwardConditions(isRecording: true, perturbation: perturbation))
            let loss = model.tape.crossEntropy(try model.output(batch), labels: batch.labels ?? [])
            let total = loss.total
            model.tape.backward(from: loss.value)
            return total
        }
        #expect(try loss() == plain)
        perturbation.ascend(step: 0.5, radius: 0.5, offsets: batch.offsets)
        #expect(try loss() > plain)
    }
}
