internal import FineTuning
internal import Models
internal import RunDirectory
internal import Safetensors
internal import Tensors

/// The model of a run over a text encoder, and how it is written.
struct EncoderSetup {
    /// The model with the head of the task, and adapters where the recipe has any.
    let model: EncoderModel
    /// How checkpoints are written.
    let export: EncoderExport
    /// Whether what enters the head is the same in every epoch, as long as the texts are not changed.
    let keepsFeatures: Bool
    /// What a user should be told before training begins.
    let remarks: [TaskRemark]

    /// Copies the weights into a model with the task's head.
    ///
    /// - Parameters:
    ///   - base: the model's directory, opened.
    ///   - labels: names of the outputs; empty for tasks without any.
    /// - Throws: `JobError`
    init(_ setup: TaskSetup, _ base: PretrainedModel, labels: [String]) throws {
        let recipe = setup.run.recipe
        let head = try base.head(for: recipe, labels: labels, isResumed: setup.readsCheckpoint)
        let configuration = base.trainingConfiguration(for: recipe, head: head.configuration)
        model = try base.model(
            configuration: configuration, head: head, lora: recipe.layers.lora.map { LoRAConfiguration($0) },
            seed: setup.seed, pool: setup.pool)
        keepsFeatures =
            recipe.layers.trunkIsFrozen && configuration.hiddenDropout == 0 && configuration.attentionDropout == 0
        export = EncoderExport(
            model: model, configuration: base.exportedConfiguration(for: recipe.task),
            labels: recipe.task.type == .textRegression ? [PretrainedModel.scoreLabel] : labels,
            problem: recipe.task.problem, tokenizerDirectory: base.directory,
            adapterBase: recipe.layers.lora.flatMap { $0.merge ? nil : recipe.model })
        var remarks: [TaskRemark] = []
        if setup.checkpoint == nil, case .kept(let own) = head, own.outputs != nil {
            remarks.append(TaskRemark(.info, "the model's own head is kept: it has the same labels"))
        }
        if recipe.data.maxLength > base.longestText {
            remarks.append(
                TaskRemark(
                    .warn,
                    "data.max_length is \(recipe.data.maxLength), but the model takes \(base.longestText) tokens at "
                        + "most: longer texts are cut there"))
        }
        self.remarks = remarks
    }
}
