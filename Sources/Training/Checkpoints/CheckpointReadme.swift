internal import FineTuning
internal import JSON

/// `README.md` of a checkpoint: a small model card with the metadata that the hub understands.
struct CheckpointReadme {
    let recipe: Recipe
    let card: TaskCard
    let state: TrainingState
    /// The evaluation of this very step, where there was one.
    let evaluation: Evaluation?

    var text: String {
        """
        ---
        pipeline_tag: \(card.pipelineTag)
        library_name: \(card.library)
        base_model: \(JSONValue.string(recipe.model).text)
        ---

        # \(card.title), fine-tuned from \(TaskCard.plain(recipe.model))

        \(card.usage)

        \(card.lines.map { "- \($0)\n" }.joined())- Optimizer steps: \(state.step), on \(state.tokens) tokens
        \(metrics)
        ## Recipe

        ```json
        \(recipe.json.prettyText)```

        """
    }

    private var metrics: String {
        var lines: [String] = []
        if let loss = state.trainLoss { lines.append("- Training loss of the last step: \(rounded(loss))") }
        if let evaluation {
            lines.append("- Validation loss: \(rounded(evaluation.validLoss))")
            lines += evaluation.metrics.entries.map { "- \($0.name.rawValue): \(rounded($0.value))" }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Four decimal places.
    private func rounded(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
}
