import Models
import Tensors
import Testing

struct EncoderTrainingTests {
    @Test func `training, stopping and going on gives the same bits as training through`() throws {
        let whole = try TinyEncoder.model()
        let wholeOptimizer = AdamW(whole.store)
        let losses = try TinyEncoder.train(whole, wholeOptimizer, steps: 0..<8)

        let first = try TinyEncoder.model()
        let firstOptimizer = AdamW(first.store)
        let before = try TinyEncoder.train(first, firstOptimizer, steps: 0..<4)
        let second = try TinyEncoder.model(seed: 77)
        let secondOptimizer = AdamW(second.store)
        _ = second.store.values.elements.update(fromContentsOf: first.store.values.elements)
        _ = secondOptimizer.firstMoments.elements.update(fromContentsOf: firstOptimizer.firstMoments.elements)
        _ = secondOptimizer.secondMoments.elements.update(fromContentsOf: firstOptimizer.secondMoments.elements)
        secondOptimizer.updateCount = firstOptimizer.updateCount
        let after = try TinyEncoder.train(second, secondOptimizer, steps: 4..<8)

        #expect((before + after).map(\.bitPattern) == losses.map(\.bitPattern))
        #expect(
            second.store.values.elements.map(\.bitPattern) == whole.store.values.elements.map(\.bitPattern))
    }

    @Test func `the number of threads changes rounding at most, not what is dropped`() throws {
        let runs = try [1, 2, 5].map { threads in
            let model = try TinyEncoder.model(threads: threads)
            return try TinyEncoder.train(model, AdamW(model.store), steps: 0..<4)
        }
        #expect(relativeError(runs[1], runs[0]) < 1e-5)
        #expect(relativeError(runs[2], runs[0]) < 1e-5)
    }

    @Test(arguments: [
        ["classifier"], ["classifier", "pooler"], ["classifier", "pooler", "encoder.layer.2"], ["encoder.layer.1"],
        ["embeddings"],
    ])
    func `what trains alone has the gradients it has in full training`(blocks: [String]) throws {
        let dropout = DropoutState(seed: 5, step: 2)
        let full = try TinyEncoder.model()
        try full.addGradients(TinyEncoder.batch(1), dropout: dropout)
        let part = try TinyEncoder.model()
        part.store.setTrainable { blocks.contains($0.block) }
        try part.addGradients(TinyEncoder.batch(1), dropout: dropout)
        let trained = part.store.parameters.filter(\.isTrainable)
        #expect(part.store.trainableCount == trained.reduce(0) { $0 + $1.count } && !trained.isEmpty)
        for parameter in part.store.parameters {
            guard let gradient = part.store.gradient(parameter) else {
                #expect(!blocks.contains(parameter.block))
                continue
            }
            let expected = try #require(full.store.gradient(full.store.parameters[parameter.index]))
            #expect(zip(gradient, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(parameter.name)")
        }
    }

    @Test func `single parameters by pattern, across a fused projection`() throws {
        let full = try TinyEncoder.model()
        try full.addGradients(TinyEncoder.batch(1))
        let part = try TinyEncoder.model()
        part.store.setTrainable { $0.name.contains("query.weight") || $0.name.contains("value.bias") }
        try part.addGradients(TinyEncoder.batch(1))
        #expect(part.store.parameters.count(where: \.isTrainable) == 6)
        for parameter in part.store.parameters where parameter.isTrainable {
            let found = Array(try #require(part.store.gradient(parameter)))
            let expected = Array(try #require(full.store.gradient(full.store.parameters[parameter.index])))
            #expect(relativeError(found, expected) < 1e-5, "\(parameter.name)")
        }
    }

    @Test func `neighbours in a batch do not change a sequence's logits`() throws {
        let model = try TinyEncoder.model()
        let batch = TinyEncoder.batch(3)
        let together = try model.evaluate(batch)
        for sequence in 0..<batch.sequenceCount {
            let range = Int(batch.offsets[sequence])..<Int(batch.offsets[sequence + 1])
            let alone = try model.evaluate(PackedBatch(sequences: [Array(batch.tokens[range])]))
            #expect(relativeError(alone, Array(together[(sequence * 3)..<(sequence * 3 + 3)])) < 1e-5)
        }
    }

    @Test func `the gradient of a scaled loss is the scaled gradient`() throws {
        let model = try TinyEncoder.model()
        try model.addGradients(TinyEncoder.batch(1))
        let whole = Array(model.store.gradients.elements)
        model.store.zeroGradients(on: model.pool)
        for _ in 0..<2 {
            try model.addGradients(TinyEncoder.batch(1), scale: 0.5)
        }
        #expect(relativeError(Array(model.store.gradients.elements), whole) < 1e-5)
    }

    @Test func `evaluation between loss and loss changes nothing`() throws {
        let model = try TinyEncoder.model()
        let dropout = DropoutState(seed: 1, step: 1)
        let loss = try model.loss(TinyEncoder.batch(0), dropout: dropout)
        _ = try model.evaluate(TinyEncoder.batch(1))
        #expect(try model.loss(TinyEncoder.batch(0), dropout: dropout) == loss)
        #expect(try model.loss(TinyEncoder.batch(0), dropout: DropoutState(seed: 1, step: 2)) != loss)
        #expect(try model.loss(TinyEncoder.batch(0)) != loss)
    }

    @Test func `a batch that does not fit the model is refused`() throws {
        let model = try TinyEncoder.model()
        let cases: [(PackedBatch, String)] = [
            (PackedBatch(sequences: [[1, 50]], labels: [0]), "token id 50"),
            (PackedBatch(sequences: [[1, -1]], labels: [0]), "token id -1"),
            (PackedBatch(sequences: [[1, 2]], tokenTypes: [[0, 2]], labels: [0]), "token type 2"),
            (PackedBatch(sequences: [[Int32](repeating: 1, count: 33)], labels: [0]), "position 32"),
            (PackedBatch(sequences: [], labels: []), "no sequences"),
        ]
        for (batch, message) in cases {
            let error = #expect(throws: ModelError.self) { _ = try model.loss(batch) }
            #expect("\(try #require(error))".contains(message))
        }
    }
}
