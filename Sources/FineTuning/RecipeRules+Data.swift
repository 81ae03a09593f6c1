internal import JSON

/// What task and data demand of one another.
extension RecipeRules {
    private var data: DataPipeline { recipe.data }

    func checkFiles() throws(JSONFault) {
        try refuse(
            data.format == .conll && task.type != .tokenClassification, "data.format",
            "a CoNLL file holds words and tags, which only \"token-classification\" learns, not \(name)")
        try refuse(
            data.format == .text && task.type != .maskedLanguageModeling, "data.format",
            "plain text has no answers to learn, so it suits only \"masked-language-modeling\", not \(name)")
        try refuse(
            data.header != .auto && !data.format.mayHaveHeader, "data.header",
            "only CSV and TSV files have a header, not \"\(data.format.rawValue)\"; leave it out")
    }

    /// Names of columns that the task does not read.
    func checkFields() throws(JSONFault) {
        let read = fieldsRead
        let standard = FieldNames()
        for (field, path) in FieldNames.paths where data.fields[keyPath: path] != standard[keyPath: path] {
            try refuse(!read.contains(field), "data.fields.\(field)", unread(field, read))
        }
        try refuse(
            data.fields.textPair != nil && !read.contains("text_pair"), "data.fields.text_pair",
            unread("text_pair", read))
    }

    private func unread(_ field: String, _ read: [String]) -> String {
        "\(name) as set up here reads no \(field); it reads \(read.joined(separator: ", "))"
    }

    /// The columns that the task reads.
    private var fieldsRead: [String] {
        switch task.type {
        case .textClassification: ["text", "text_pair", task.multiLabel ? "labels" : "label"]
        case .textRegression: ["text", "text_pair", "score"]
        case .tokenClassification: ["tokens", "tags"]
        case .maskedLanguageModeling: ["text"]
        case .textEmbedding:
            task.embedding?.loss == .cosine
                ? ["text", "text_pair", "score"] : ["anchor", "positive", "negative"]
        }
    }

    func checkAugmentation() throws(JSONFault) {
        for (index, augmentation) in data.augment.enumerated() {
            guard let reason = obstacle(to: augmentation.type) else { continue }
            throw JSONFault(
                .value, path: "data.augment[\(index)].type",
                "\"\(augmentation.type.rawValue)\" does not go with \(name): \(reason); leave it out")
        }
    }

    private func obstacle(to type: Augmentation.Kind) -> String? {
        switch (type, task.type) {
        case (.mixup, .textClassification): nil
        case (.mixup, _): "mixtures have no answer there"
        case (.randomDeletion, .tokenClassification), (.randomSwap, .tokenClassification),
            (.randomInsertion, .tokenClassification):
            "it would tear words from their tags"
        case (.tokenMasking, .maskedLanguageModeling), (.cutoff, .maskedLanguageModeling):
            "the task masks tokens itself, see task.masking"
        default: nil
        }
    }

    func checkBalance() throws(JSONFault) {
        let isClassification = task.type == .textClassification
        if data.classWeights != .none {
            try refuse(
                !isClassification, "data.class_weights",
                "only \"text-classification\" weighs labels, not \(name); leave it out")
        }
        if case .weights(let weights) = data.classWeights, let labels = task.labels {
            for label in weights.keys.sorted() where !labels.contains(label) {
                let hint = label.nearest(among: labels).map { "did you mean \"\($0)\"?" } ?? "see task.labels"
                throw JSONFault(
                    .value, path: "data.class_weights.\(label.prefix(60))", "there is no such label; \(hint)")
            }
        }
        guard data.oversample != .none else { return }
        try refuse(
            !isClassification || task.multiLabel, "data.oversample",
            "only texts with one label each can be drawn evenly by label; leave it out")
    }
}
