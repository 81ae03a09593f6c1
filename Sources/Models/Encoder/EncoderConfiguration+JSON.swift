public import JSON
internal import Tensors

extension EncoderConfiguration {
    /// The `config.json` of a model with this head.
    ///
    /// Keeps every field of the file the model came from, so that nothing is lost that means nothing here.
    ///
    /// - Parameters:
    ///   - head: of the model.
    ///   - labels: names of the outputs, by number; empty where they have none.
    ///   - problem: what the outputs for a sequence mean.
    public func json(
        head: HeadConfiguration, labels: [String] = [], problem: ProblemType? = nil
    ) -> JSONValue {
        var object = source
        let names = family.fields
        object["architectures"] = [.string(family.architecture(of: head))]
        object["model_type"] = .string(family.modelType)
        object["vocab_size"] = JSONValue(vocabularySize)
        object[names.hiddenSize] = JSONValue(hiddenSize)
        object[names.layerCount] = JSONValue(layerCount)
        object[names.headCount] = JSONValue(headCount)
        object[names.intermediateSize] = JSONValue(intermediateSize)
        object[names.activation] = .string(activation.rawValue)
        object[names.hiddenDropout] = JSONValue(hiddenDropout)
        object[names.attentionDropout] = JSONValue(attentionDropout)
        if let dropout = outputDropout ?? classifierDropout {
            object[names.classifierDropout] = JSONValue(dropout)
        } else {
            object[names.classifierDropout] = .null
        }
        object["max_position_embeddings"] = JSONValue(maximumPositions)
        object["pad_token_id"] = JSONValue(paddingToken) { JSONValue($0) }
        if let name = names.typeVocabularySize { object[name] = JSONValue(typeVocabularySize) }
        if let name = names.layerNormEpsilon { object[name] = JSONValue(layerNormEpsilon) }
        object["initializer_range"] = JSONValue(initializerRange)
        write(head, labels, problem, to: &object)
        return .object(object)
    }

    private func write(
        _ head: HeadConfiguration, _ labels: [String], _ problem: ProblemType?, to object: inout JSONObject
    ) {
        let numbered = labels.enumerated()
        let hasLabels = !labels.isEmpty
        object["problem_type"] = problem.map { .string($0.rawValue) }
        object["id2label"] =
            hasLabels ? .object(JSONObject(numbered.map { (String($0), JSONValue.string($1)) })) : nil
        object["label2id"] = hasLabels ? .object(JSONObject(numbered.map { ($1, JSONValue($0)) })) : nil
        object["num_labels"] = nil
        let shape: HeadShape
        switch head {
        case .sequence(_, let own): shape = own
        case .token(_, let sizes): shape = HeadShape(hiddenSizes: sizes)
        case .maskedLanguageModel, .embedding: shape = HeadShape()
        }
        object[Self.headField] =
            shape.isNative
            ? nil
            : [
                "pooling": .string(shape.pooling.rawValue),
                "hidden_sizes": .array(shape.hiddenSizes.map { JSONValue($0) }),
            ]
    }
}

extension EncoderFamily {
    /// The name of Transformers' class with this head.
    func architecture(of head: HeadConfiguration) -> String {
        switch head {
        case .sequence: architectures.sequenceClassification
        case .token: architectures.tokenClassification
        case .maskedLanguageModel: architectures.maskedLanguageModel
        case .embedding: architectures.base
        }
    }
}
