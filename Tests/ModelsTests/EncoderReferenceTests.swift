import Models
import Safetensors
import Tensors
import Testing

struct EncoderReferenceTests {
    @Test(arguments: EncoderFixture.names)
    func `outputs and loss are those of Transformers`(name: String) throws {
        let fixture = try EncoderFixture(name)
        let model = try fixture.model()
        let batch = fixture.batches[0]
        #expect(model.report.initialised.isEmpty)
        #expect(model.report.unexpected.isEmpty)
        #expect(relativeError(try model.evaluate(batch.packed, rows: batch.rows), fixture.matrix("outputs")) < 1e-5)
        #expect(relativeError([try loss(model, batch, smoothing: 0)], [fixture.number("loss")]) < 1e-5)
        let smoothed = try loss(model, batch, smoothing: fixture.number("smoothing"))
        #expect(relativeError([smoothed], [fixture.number("smoothed_loss")]) < 1e-5)
    }

    @Test(arguments: EncoderFixture.names.filter { $0.hasSuffix("token") || $0.hasSuffix("mlm") })
    func `chosen rows have the outputs that they have among all`(name: String) throws {
        let fixture = try EncoderFixture(name)
        let model = try fixture.model()
        let batch = fixture.batches[1]
        let rows = try #require(batch.rows)
        let all = try model.evaluate(batch.packed)
        let width = all.count / batch.packed.tokenCount
        let expected = rows.flatMap { row in all[(Int(row) * width)..<((Int(row) + 1) * width)] }
        #expect(relativeError(try model.evaluate(batch.packed, rows: rows), expected) < 1e-5)
    }

    @Test(arguments: EncoderFixture.names)
    func `every gradient is that of PyTorch`(name: String) throws {
        let fixture = try EncoderFixture(name)
        let model = try fixture.model()
        let gradients = try SafetensorsFile(path: fixture.directory + "/gradients.safetensors")
        _ = try loss(model, fixture.batches[0], smoothing: fixture.number("smoothing"), addsGradients: true)
        #expect(gradients.tensors.count == model.store.parameters.count)
        for (parameter, exported) in zip(model.store.parameters, model.exportedTensors) {
            let found = Array(try #require(model.store.gradient(parameter)))
            let expected = try gradients.floats(exported.name)
            if parameter.name.hasSuffix("key.bias") || parameter.name.hasSuffix("k_lin.bias") {
                // Adding to all keys alike changes no attention: the true gradient is 0 and both sides have rounding only.
                #expect(found.allSatisfy { abs($0) < 1e-6 }, "\(parameter.name)")
            } else {
                #expect(relativeError(found, expected) < 2e-5, "\(parameter.name)")
            }
        }
    }

    @Test(arguments: EncoderFixture.names)
    func `ten steps of AdamW with schedule and clipping follow PyTorch`(name: String) throws {
        let fixture = try EncoderFixture(name)
        let model = try fixture.model()
        let batches = fixture.batches
        let optimizer = AdamW(model.store, configuration: .init(weightDecay: fixture.number("weight_decay")))
        for (number, step) in fixture.steps.enumerated() {
            model.store.zeroGradients(on: model.pool)
            let loss = try loss(
                model, batches[number % batches.count], smoothing: fixture.number("smoothing"), addsGradients: true)
            let norm = Float(model.store.gradientNorm(on: model.pool))
            #expect(relativeError([loss], [step.loss]) < 1e-4 && relativeError([norm], [step.norm]) < 1e-4, "\(number)")
            optimizer.update(
                learningRate: step.rate, gradientScale: min(1, fixture.number("clip") / (norm + 1e-6)), on: model.pool)
        }
        #expect(fixture.steps.count == 10)
        let trained = try model.evaluate(batches[0].packed, rows: batches[0].rows)
        #expect(relativeError(trained, fixture.matrix("trained_outputs")) < 1e-4)
    }

    private func loss(
        _ model: EncoderModel, _ batch: EncoderFixture.Batch, smoothing: Float, addsGradients: Bool = false
    ) throws -> Float {
        model.begin(.training(nil))
        let output = try model.output(batch.packed, rows: batch.rows)
        let loss = model.tape.crossEntropy(output, labels: batch.labels, smoothing: smoothing).value
        let value = loss.tensor.base[0]
        if addsGradients { model.tape.backward(from: loss) }
        return value
    }
}
