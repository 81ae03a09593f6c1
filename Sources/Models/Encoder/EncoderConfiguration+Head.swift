internal import JSON
public import Safetensors

extension EncoderConfiguration {
    /// The head that a model directory has; nil where it has a trunk only.
    ///
    /// What `architectures` names decides; where it names nothing, a classifier with named labels is one for sequences.
    ///
    /// - Throws: ``ModelError`` where the head's tensors and `id2label` differ in the number of outputs.
    public func head(in weights: SafetensorsDirectory) throws(ModelError) -> HeadConfiguration? {
        let named = source["architectures"]?.array?.first?.string
        let names = family.architectures
        switch named {
        case names.tokenClassification:
            return .token(
                outputs: try outputCount("classifier.weight", in: weights), hiddenSizes: headShape.hiddenSizes)
        case names.maskedLanguageModel: return .maskedLanguageModel
        case names.sequenceClassification:
            return .sequence(outputs: try outputCount(sequenceOutput, in: weights), shape: headShape)
        case nil:
            guard !labels.isEmpty, weights.tensor(named: sequenceOutput) != nil else { return nil }
            return .sequence(outputs: try outputCount(sequenceOutput, in: weights), shape: headShape)
        default: return nil
        }
    }

    private var sequenceOutput: String { family.form(of: .sequence(outputs: 1, shape: headShape)).output + ".weight" }

    /// The number of outputs of a file's head, which must be that of the labels if there are any.
    private func outputCount(_ name: String, in weights: SafetensorsDirectory) throws(ModelError) -> Int {
        guard let count = weights.tensor(named: name)?.shape.first, count > 0 else {
            throw .missingTensor(file: weights.path, name: name)
        }
        guard labels.isEmpty || labels.count == count else {
            throw .invalidConfiguration(
                file: weights.path + "/config.json",
                reason: "id2label names \(labels.count) classes, \(name) has \(count)")
        }
        return count
    }
}
