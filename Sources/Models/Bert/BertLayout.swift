internal import Tensors

/// The parameters of a BERT classifier: names, shapes and order, as data.
///
/// Names are those of `BertModel` in Transformers' modeling_bert.py without the prefix `bert.`, which an exported file
/// has on all but the classifier. Query, key and value are neighbours so that they can be one product.
struct BertLayout {
    let configuration: BertConfiguration
    let labelCount: Int

    /// All parameters in the order of the slab.
    var specifications: [ParameterSpecification] {
        embeddings + (0..<configuration.layerCount).flatMap(layer) + pooler + classifier
    }

    /// The name in a file that Transformers loads as `BertForSequenceClassification`.
    static func exportedName(_ name: String) -> String { name.hasPrefix("classifier.") ? name : "bert." + name }

    private var hidden: Int { configuration.hiddenSize }

    private var embeddings: [ParameterSpecification] {
        let block = "embeddings"
        return [
            weight("\(block).word_embeddings.weight", [configuration.vocabularySize, hidden], block),
            weight("\(block).position_embeddings.weight", [configuration.maximumPositions, hidden], block),
            weight("\(block).token_type_embeddings.weight", [configuration.typeVocabularySize, hidden], block),
        ] + norm("\(block).LayerNorm", block)
    }

    private func layer(_ number: Int) -> [ParameterSpecification] {
        let block = "encoder.layer.\(number)"
        let projections = ["query", "key", "value"].map { "\(block).attention.self.\($0)" }
        let middle = configuration.intermediateSize
        return projections.map { weight("\($0).weight", [hidden, hidden], block) }
            + projections.map { constant("\($0).bias", hidden, block) }
            + linear("\(block).attention.output.dense", hidden, hidden, block)
            + norm("\(block).attention.output.LayerNorm", block)
            + linear("\(block).intermediate.dense", middle, hidden, block)
            + linear("\(block).output.dense", hidden, middle, block)
            + norm("\(block).output.LayerNorm", block)
    }

    private var pooler: [ParameterSpecification] {
        configuration.head.pooling == .cls ? linear("pooler.dense", hidden, hidden, "pooler") : []
    }

    private var classifier: [ParameterSpecification] {
        let widths = [hidden] + configuration.head.hiddenSizes
        let layers = zip(widths, widths.dropFirst()).enumerated().flatMap { number, widths in
            linear("classifier.hidden.\(number)", widths.1, widths.0, "classifier")
        }
        return layers + linear("classifier", labelCount, widths[widths.count - 1], "classifier")
    }

    private func weight(_ name: String, _ shape: Shape, _ block: String) -> ParameterSpecification {
        ParameterSpecification(name: name, shape: shape, block: block, decays: true)
    }

    private func constant(_ name: String, _ count: Int, _ block: String) -> ParameterSpecification {
        ParameterSpecification(name: name, shape: [count], block: block, decays: false)
    }

    private func linear(_ name: String, _ outputs: Int, _ inputs: Int, _ block: String) -> [ParameterSpecification] {
        [weight("\(name).weight", [outputs, inputs], block), constant("\(name).bias", outputs, block)]
    }

    private func norm(_ name: String, _ block: String) -> [ParameterSpecification] {
        [constant("\(name).weight", hidden, block), constant("\(name).bias", hidden, block)]
    }
}
