internal import Datasets
internal import FineTuning
internal import Models
internal import RunDirectory
internal import Safetensors
internal import Tensors

/// What every task over a text encoder is made of: the model, its examples, and how it is written.
public struct EncoderAssembly {
    /// The model with the head of the task, and adapters where the recipe has any.
    let model: EncoderModel
    /// The examples, and what the check of their files found.
    let data: TaskData
    /// What the recipe changes in the texts.
    let changes: TextChanges
    /// How checkpoints are written.
    let export: EncoderExport
    /// Whether what enters the head is the same in every epoch.
    let keepsFeatures: Bool
    /// What a user should be told before training begins.
    let remarks: [TaskRemark]

    /// Copies the weights into a model with the task's head.
    ///
    /// - Parameters:
    ///   - base: the model's directory, opened.
    ///   - data: of the run, without faults.
    /// - Throws: `JobError`
    init(_ setup: TaskSetup, _ base: PretrainedModel, _ data: TaskData) throws {
        let recipe = setup.run.recipe
        let labels = data.labels
        self.data = data
        changes = TextChanges(setup, base)
        let head = try base.head(for: recipe, labels: labels, isResumed: setup.readsCheckpoint)
        let configuration = base.trainingConfiguration(for: recipe, head: head.configuration)
        model = try base.model(
            configuration: configuration, head: head, lora: recipe.layers.lora.map { LoRAConfiguration($0) },
            seed: setup.seed, pool: setup.pool)
        keepsFeatures =
            recipe.layers.trunkIsFrozen && configuration.hiddenDropout == 0 && configuration.attentionDropout == 0
            && !changes.changesTexts
        // The checkpoint that a run goes on from is removed when there are newer ones, which need the files too.
        let tokenizerFiles = try CheckpointFiles.tokenizerFiles(
            of: base.directory, isPassing: setup.readsCheckpoint)
        export = EncoderExport(
            model: model, configuration: base.exportedConfiguration(for: recipe.task),
            labels: recipe.task.type == .textRegression ? [PretrainedModel.scoreLabel] : labels,
            problem: recipe.task.problem, tokenizerFiles: tokenizerFiles,
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

    /// A classifier and examples that are in memory, one label a text.
    ///
    /// - Parameter modelDirectory: of the pretrained model, whose tokenizer is copied.
    /// - Throws: `SystemCallError` where a file of the tokenizer cannot be read.
    init(model: EncoderModel, data: TaskData, modelDirectory: String) throws {
        self.model = model
        self.data = data
        changes = .none
        keepsFeatures = false
        remarks = []
        export = EncoderExport(
            model: model, configuration: model.configuration, labels: data.labels, problem: .singleLabel,
            tokenizerFiles: try CheckpointFiles.tokenizerFiles(of: modelDirectory))
    }
}
