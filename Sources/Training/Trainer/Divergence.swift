internal import FineTuning
internal import Tensors

/// Says at which step and in which layer training failed, and what would help with these settings.
struct Divergence {
    let strategy: Strategy
    let store: ParameterStore

    /// A gradient is not a finite number.
    func gradient(step: Int) -> JobError {
        JobError(
            .diverged,
            "training diverged in step \(step): a gradient of \(describe(store.firstNonFiniteGradient())) is not a "
                + "finite number; \(advice)")
    }

    /// Nothing moves any more.
    func standstill(step: Int) -> JobError {
        let blocks = store.parameters.filter(\.isUpdated).map(\.block)
        return JobError(
            .diverged,
            "training stands still in step \(step): every gradient is zero, from \(blocks.first ?? "the first") to "
                + "\(blocks.last ?? "the last block"); take more varied examples, or \(advice)")
    }

    /// A loss that is not finite comes from weights that are not, or from activations that overflowed on the way.
    func loss(_ loss: Float, step: Int) -> JobError {
        let place = store.parameters.first { !store.value($0).allSatisfy(\.isFinite) }
        let origin =
            place.map { "weights of \(describe($0)) are not finite numbers" }
            ?? "the activations overflowed before \(describe(store.parameters.last))"
        return JobError(
            .diverged,
            "training diverged in step \(step): the loss is \(loss), as \(origin); \(advice), or start from another model"
        )
    }

    /// What may help and is not done yet.
    private var advice: String {
        var options = ["lower strategy.learning_rate"]
        if strategy.headLearningRate != nil { options.append("lower strategy.head_learning_rate") }
        if strategy.warmupRatio == 0 { options.append("set strategy.warmup_ratio") }
        if strategy.maxGradNorm == nil { options.append("set strategy.max_grad_norm") }
        if let adversarial = strategy.adversarial, adversarial.type != .none {
            options.append("lower strategy.adversarial.epsilon")
        }
        return options.joined(separator: ", or ")
    }

    private func describe(_ parameter: Parameter?) -> String {
        parameter.map { "layer \($0.block) (\($0.name))" } ?? "an unknown layer"
    }
}
