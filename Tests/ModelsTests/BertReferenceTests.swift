import Models
import Safetensors
import Tensors
import Testing

struct BertReferenceTests {
    @Test(arguments: BertFixture.names)
    func `logits and loss are those of Transformers`(name: String) throws {
        let fixture = try BertFixture(name)
        let model = try fixture.model()
        let batch = fixture.batches[0]
        #expect(model.report.initialised.isEmpty && model.report.unexpected.isEmpty)
        #expect(relativeError(try model.evaluate(batch), fixture.matrix("logits")) < 1e-5)
        #expect(relativeError([try model.loss(batch)], [fixture.number("loss")]) < 1e-5)
        let smoothed = try model.loss(batch, smoothing: fixture.number("smoothing"))
        #expect(relativeError([smoothed], [fixture.number("smoothed_loss")]) < 1e-5)
    }

    @Test(arguments: BertFixture.names)
    func `every gradient is that of PyTorch`(name: String) throws {
        let fixture = try BertFixture(name)
        let model = try fixture.model()
        let gradients = try SafetensorsFile(path: fixture.directory + "/gradients.safetensors")
        try model.addGradients(fixture.batches[0], smoothing: fixture.number("smoothing"))
        #expect(gradients.tensors.count == model.store.parameters.count)
        for (parameter, exported) in zip(model.store.parameters, model.exportedTensors) {
            let found = Array(try #require(model.store.gradient(parameter)))
            let expected = try gradients.floats(exported.name)
            if parameter.name.hasSuffix("key.bias") {
                // Adding to all keys alike changes no attention: the true gradient is 0 and both sides have rounding only.
                #expect(found.allSatisfy { abs($0) < 1e-6 }, "\(parameter.name)")
            } else {
                #expect(relativeError(found, expected) < 2e-5, "\(parameter.name)")
            }
        }
    }

    @Test(arguments: BertFixture.names)
    func `ten steps of AdamW with schedule and clipping follow PyTorch`(name: String) throws {
        let fixture = try BertFixture(name)
        let model = try fixture.model()
        let batches = fixture.batches
        let optimizer = AdamW(model.store, configuration: .init(weightDecay: fixture.number("weight_decay")))
        for (number, step) in fixture.steps.enumerated() {
            model.store.zeroGradients(on: model.pool)
            let loss = try model.addGradients(batches[number % batches.count], smoothing: fixture.number("smoothing"))
            let norm = Float(model.store.gradientNorm(on: model.pool))
            #expect(relativeError([loss, norm], [step.loss, step.norm]) < 1e-4, "step \(number)")
            optimizer.update(
                learningRate: step.rate, gradientScale: min(1, fixture.number("clip") / (norm + 1e-6)), on: model.pool)
        }
        #expect(fixture.steps.count == 10)
        #expect(relativeError(try model.evaluate(batches[0]), fixture.matrix("trained_logits")) < 1e-4)
    }
}
