import Tensors

extension MeasuredOperation {
    /// The operations of a training step.
    static func all(_ bench: Workbench) -> [MeasuredOperation] { products(bench) + elementwise(bench) + losses(bench) }

    private static func products(_ bench: Workbench) -> [MeasuredOperation] {
        let (t, h, i) = (Double(bench.tokens), Double(bench.width), Double(bench.middle))
        let (tape, x) = (bench.tape, bench.tensor(bench.tokens, bench.width))
        let projected = bench.tensor(bench.tokens, 3 * bench.width)
        let input = { [tape.variable(x)] }
        let linear = Work(flops: 6 * t * h * h, bytes: 4 * (4 * t * h + 3 * h * h))
        let feedForward = Work(flops: 4 * t * h * i, bytes: 4 * (t * (2 * h + i) + 2 * h * i))
        let attention = Work(flops: 4 * t * Double(bench.length) * h, bytes: 16 * t * h)
        let layout = AttentionLayout(
            queryOffsets: bench.batch.offsets, keyOffsets: bench.batch.offsets, heads: bench.heads)
        func projections(
            _ name: String, _ adapters: [LowRankAdapter?], _ work: Work, drops: Bool = false,
            trains: @escaping (Parameter) -> Bool
        ) -> MeasuredOperation {
            MeasuredOperation(
                name: name, forward: linear, backward: work, trains: trains, drops: drops, prepare: input,
                run: { tape.linear($0[0], bench.projections(adapters: adapters)) })
        }
        let isAdapter: (Parameter) -> Bool = { $0.name.hasSuffix("up") || $0.name.hasSuffix("down") }
        let isDoRA: (Parameter) -> Bool = { isAdapter($0) || $0.name.hasSuffix("magnitude") }
        return [
            projections("linear, 3 projections", [], linear * 2) { _ in true },
            projections("linear, frozen", [], linear) { $0.name == "gamma" },
            projections(
                "linear, LoRA r 8 on 2 of 3", [bench.adapter("query"), nil, bench.adapter("value")], linear,
                trains: isAdapter),
            projections(
                "linear, LoRA with dropout",
                [bench.adapter("query", dropout: 0.1), nil, bench.adapter("value", dropout: 0.1)], linear, drops: true,
                trains: isAdapter),
            projections(
                "linear, DoRA on 1 of 3", [bench.adapter("query", dora: true), nil, nil], linear, trains: isDoRA),
            MeasuredOperation(
                name: "feed-forward, GELU", forward: feedForward, backward: feedForward * 2, prepare: input,
                run: {
                    tape.feedForward(
                        $0[0], first: bench.layer("first"), second: bench.layer("second"), activation: .gelu)
                }),
            MeasuredOperation(
                name: "feed-forward, frozen", forward: feedForward, backward: feedForward,
                trains: { $0.name == "gamma" }, prepare: input,
                run: {
                    tape.feedForward(
                        $0[0], first: bench.layer("first"), second: bench.layer("second"), activation: .gelu)
                }),
            MeasuredOperation(
                name: "attention, dropout", forward: attention, backward: attention * 2, drops: true,
                prepare: { [tape.variable(projected)] },
                run: { tape.attention(queries: $0[0], keysValues: $0[0], layout: layout, dropoutProbability: 0.1) }),
            MeasuredOperation(
                name: "attention", forward: attention, backward: attention * 2,
                prepare: { [tape.variable(projected)] },
                run: { tape.attention(queries: $0[0], keysValues: $0[0], layout: layout, dropoutProbability: 0) }),
        ]
    }

    private static func elementwise(_ bench: Workbench) -> [MeasuredOperation] {
        let size = Double(bench.tokens * bench.width) * 4
        let (tape, x) = (bench.tape, bench.tensor(bench.tokens, bench.width))
        let wide = bench.tensor(bench.tokens, bench.middle)
        func residualNorm(_ name: String, drops: Bool) -> MeasuredOperation {
            MeasuredOperation(
                name: name, forward: Work(bytes: 4 * size), backward: Work(bytes: 4 * size), drops: drops,
                prepare: { [tape.variable(bench.tensor(bench.tokens, bench.width)), tape.variable(x)] },
                run: {
                    tape.residualNorm(
                        $0[0], bias: bench.parameter("second.bias"), residual: $0[1], norm: bench.norm,
                        dropoutProbability: 0.1)
                })
        }
        func pooling(_ name: String, _ kind: SequencePooling) -> MeasuredOperation {
            MeasuredOperation(
                name: name, forward: Work(bytes: size), backward: Work(bytes: size), prepare: { [tape.variable(x)] },
                run: { tape.pool($0[0], offsets: bench.batch.offsets, by: kind) })
        }
        return [
            residualNorm("residual and norm, dropout", drops: true),
            residualNorm("residual and norm", drops: false),
            MeasuredOperation(
                name: "layer norm", forward: Work(bytes: 2 * size), backward: Work(bytes: 3 * size),
                prepare: { [tape.variable(x)] }, run: { tape.layerNorm($0[0], bench.norm) }),
            MeasuredOperation(
                name: "bias and GELU", forward: Work(bytes: 12 * size), backward: Work(bytes: 16 * size),
                prepare: { [tape.variable(wide)] },
                run: { tape.biasActivation($0[0], bias: bench.parameter("first.bias"), activation: .gelu) }),
            MeasuredOperation(
                name: "embedding", forward: Work(bytes: 5 * size), backward: Work(bytes: 9 * size), drops: true,
                prepare: { [] },
                run: { _ in tape.embedding(bench.batch, bench.embeddings, dropoutProbability: 0.1) }),
            pooling("mean of tokens", .mean), pooling("maximum of tokens", .max),
            MeasuredOperation(
                name: "dropout", forward: Work(bytes: 2 * size), backward: Work(bytes: 2 * size), drops: true,
                prepare: { [tape.variable(x)] }, run: { tape.drop($0[0], probability: 0.1) }),
        ]
    }

    private static func losses(_ bench: Workbench) -> [MeasuredOperation] {
        let (tape, masked) = (bench.tape, 614)
        let logits = bench.tensor(masked, bench.vocabulary)
        let hidden = bench.tensor(masked, bench.width)
        let size = Double(masked * bench.vocabulary) * 4
        let work = Work(
            flops: 2 * Double(masked * bench.vocabulary * bench.width),
            bytes: size + 4 * Double(bench.vocabulary * bench.width))
        let labels = (0..<masked).map { Int32(($0 * 104_729) % bench.vocabulary) }
        return [
            MeasuredOperation(
                name: "decoder, 614 rows", forward: work, backward: work * 2, prepare: { [tape.variable(hidden)] },
                run: {
                    tape.linear(
                        $0[0],
                        LinearParameters(weight: bench.parameter("tokens"), bias: bench.parameter("decoder.bias")))
                }),
            MeasuredOperation(
                name: "cross-entropy, vocabulary", forward: Work(bytes: 2 * size), backward: Work(bytes: 2 * size),
                prepare: { [tape.variable(logits)] }, run: { tape.crossEntropy($0[0], labels: labels).value }),
        ]
    }

    /// What follows the passes of a step: clipping and updates.
    static func updates(_ bench: Workbench) -> [MeasuredOperation] {
        let (store, tape) = (bench.store, bench.tape)
        let size = Double(store.count) * 4
        let nothing = { [Value]() }
        let one = tape.constant(tape.arena.zeros([1]))
        func update(
            _ name: String, _ passes: Double, _ make: @escaping (ParameterStore) -> any Optimizer
        ) -> MeasuredOperation {
            let made = Once { make(store) }
            return MeasuredOperation(
                name: name, forward: Work(bytes: passes * size), prepare: nothing,
                run: { _ in
                    made.value.update(learningRate: 1e-5, gradientScale: 1, on: tape.pool)
                    return one
                })
        }
        return [
            MeasuredOperation(
                name: "zero gradients", forward: Work(bytes: size), prepare: nothing,
                run: { _ in
                    store.zeroGradients(on: tape.pool)
                    return one
                }),
            MeasuredOperation(
                name: "gradient norm", forward: Work(bytes: size), prepare: nothing,
                run: { _ in
                    _ = store.gradientNorm(on: tape.pool)
                    return one
                }),
            update("AdamW", 7) { AdamW($0) }, update("SGD, momentum", 5) { SGD($0) }, update("Lion", 5) { Lion($0) },
            update("Adafactor", 5) { Adafactor($0) },
        ]
    }
}

extension MeasuredOperation.Work {
    static func * (work: Self, factor: Double) -> Self { Self(flops: work.flops * factor, bytes: work.bytes * factor) }
}

/// A value that is made when it is first asked for.
private final class Once<Value> {
    private let make: () -> Value
    lazy var value = make()

    init(_ make: @escaping () -> Value) { self.make = make }
}
