internal import JSON

/// What the parts of a recipe demand of one another: combinations that mean nothing are refused, so that no setting is
/// silently without effect.
struct RecipeRules {
    let recipe: Recipe
    let hasValidationFile: Bool

    /// Refuses the first combination that means nothing.
    ///
    /// - Throws: ``JSONFault`` with the path of the setting that must go, and what to do.
    func check() throws(JSONFault) {
        try checkTask()
        try checkHead()
        try checkLayers()
        try checkStrategy()
        try checkAdversarial()
        try checkStopping()
        try checkFiles()
        try checkFields()
        try checkAugmentation()
        try checkBalance()
    }

    var task: TaskSpecification { recipe.task }
    var name: String { "\"\(task.type.rawValue)\"" }

    func refuse(_ condition: Bool, _ path: String, _ message: @autoclosure () -> String) throws(JSONFault) {
        if condition { throw JSONFault(.value, path: path, message()) }
    }

    private func checkTask() throws(JSONFault) {
        let type = task.type
        try refuse(
            task.labels != nil && !type.hasLabels, "task.labels", "\(name) has no labels; leave them out")
        for (isSet, field) in [(task.multiLabel, "multi_label"), (task.ordinal, "ordinal")] {
            try refuse(
                isSet && type != .textClassification, "task.\(field)",
                "only \"text-classification\" can be \(field), not \(name); leave it out")
        }
        try refuse(
            task.ordinal && task.multiLabel, "task.ordinal",
            "a text has one rank, but multi_label gives it any number of labels; choose one of the two")
        try refuse(
            task.masking != nil && type != .maskedLanguageModeling, "task.masking",
            "only \"masked-language-modeling\" masks tokens, not \(name); leave it out, or see data.augment "
                + "\"token_masking\"")
        try refuse(
            task.embedding != nil && type != .textEmbedding, "task.embedding",
            "only \"text-embedding\" trains vectors, not \(name); leave it out")
    }

    private func checkHead() throws(JSONFault) {
        let head = task.head
        try refuse(
            head.pooling != .auto && !task.type.poolsSequences, "task.head.pooling",
            "\(name) answers for every token and pools nothing; leave it out")
        try refuse(
            !head.hiddenSizes.isEmpty && (!task.type.hasHead || task.type == .maskedLanguageModeling),
            "task.head.hidden_sizes", "\(name) has no layers of its own before the output; leave them out")
        try refuse(
            head.dropout != nil && (!task.type.hasHead || task.type == .maskedLanguageModeling),
            "task.head.dropout", "\(name) has no dropout before the output; see strategy.dropout")
        try refuse(
            task.headInit == .new && !task.type.hasHead, "task.head_init", "\(name) has no head; leave it out")
    }

    private func checkLayers() throws(JSONFault) {
        let layers = recipe.layers
        if layers.lora != nil {
            try refuse(
                layers.train != .head, "layers.train",
                "beside layers.lora only adapters and the head train; leave it out, write \"head\", or leave lora out")
            try refuse(
                layers.gradualUnfreezing != nil, "layers.gradual_unfreezing",
                "beside layers.lora the trunk stays frozen; leave one of the two out")
            return
        }
        try refuse(
            layers.train == .head && !task.type.hasHead, "layers.train",
            "\(name) has no head that could train alone; write \"all\" or {\"top\": N}, or use layers.lora")
        try refuse(
            layers.train == .head && layers.gradualUnfreezing != nil, "layers.gradual_unfreezing",
            "there is nothing to unfreeze where only the head trains; set layers.train to \"all\" or {\"top\": N}")
    }

    private func checkStrategy() throws(JSONFault) {
        let strategy = recipe.strategy
        try refuse(
            strategy.headLearningRate != nil && !task.type.hasHead, "strategy.head_learning_rate",
            "\(name) has no head; set learning_rate")
        try refuse(
            strategy.headLearningRate != nil && recipe.layers.trunkIsFrozen, "strategy.head_learning_rate",
            "only the head trains; set learning_rate")
        try refuse(
            strategy.layerDecay != 1 && recipe.layers.trunkIsFrozen, "strategy.layer_decay",
            "only the head trains, and it keeps the full rate; leave it out, or unfreeze layers")
        try refuse(
            strategy.l2SP > 0 && recipe.layers.train == .head, "strategy.l2_sp",
            "the pretrained weights are frozen and need no pull back to where they are; leave it out")
        let smooths =
            task.type == .maskedLanguageModeling || task.type == .tokenClassification
            || (task.type == .textClassification && !task.multiLabel && !task.ordinal)
        try refuse(
            strategy.labelSmoothing > 0 && !smooths, "strategy.label_smoothing",
            task.ordinal
                ? "ordinal labels have soft targets already; leave it out"
                : task.multiLabel
                    ? "labels that are decided one by one have no distribution to smooth; leave it out"
                    : "\(name) has no labels to smooth; leave it out")
    }

    private func checkAdversarial() throws(JSONFault) {
        guard recipe.strategy.adversarial != nil else { return }
        switch task.type {
        case .textClassification, .tokenClassification, .textRegression: break
        case .maskedLanguageModeling, .textEmbedding:
            throw JSONFault(
                .value, path: "strategy.adversarial", "there is no attack on \(name); leave it out")
        }
        try refuse(
            recipe.data.augmentation(.mixup) != nil
                && recipe.strategy.adversarial?.type != AdversarialTraining.Kind.none,
            "strategy.adversarial",
            "an attack is on one example's answer, and mixup trains on mixtures; leave one of the two out")
    }

    /// Early stopping looks at validations; without any it would never stop, and say nothing.
    private func checkStopping() throws(JSONFault) {
        guard let rule = recipe.strategy.earlyStopping else { return }
        try refuse(
            !hasValidationFile && recipe.data.validationSplit == 0, "strategy.early_stopping",
            "needs validations: give a validation_file, or a data.validation_split above 0")
        guard let metric = rule.metric, !task.metrics.contains(metric) else { return }
        let names = task.metrics.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw JSONFault(
            .value, path: "strategy.early_stopping.metric",
            "\(name) as set up here has no \"\(metric.rawValue)\": expected one of \(names)")
    }
}
