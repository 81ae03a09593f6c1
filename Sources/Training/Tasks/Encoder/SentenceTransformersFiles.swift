internal import JSON
internal import Models
internal import Safetensors
internal import Tensors

/// The files that make a model directory one of sentence-transformers too: `SentenceTransformer(directory).encode(…)`
/// gives the head's output.
///
/// In the form that all its versions read.
struct SentenceTransformersFiles {
    let pooling: SentencePooling
    /// Whether the pooled vectors are scaled to length 1.
    let normalizes: Bool
    let hiddenSize: Int
    /// The longest text, in tokens.
    let maxLength: Int
    /// The linear layers behind the pooling.
    var layers: [DenseLayer] = []

    var files: [ModelFile] {
        var modules: [JSONValue] = []
        var files: [ModelFile] = []
        func add(_ type: String, _ folder: String, _ content: [ModelFile]) {
            let number = modules.count
            let path = folder.isEmpty ? "" : "\(number)_\(folder)"
            modules.append([
                "idx": JSONValue(number), "name": .string("\(number)"), "path": .string(path),
                "type": .string("sentence_transformers.models.\(type)"),
            ])
            files += content.map { ModelFile("\(path)/\($0.name)", $0.content) }
        }
        add("Transformer", "", [])
        add("Pooling", "Pooling", [ModelFile("config.json", .text(poolingConfiguration.prettyText))])
        if normalizes { add("Normalize", "Normalize", [ModelFile("config.json", .text("{}\n"))]) }
        for layer in layers { add("Dense", "Dense", dense(layer)) }
        let settings: JSONValue = ["max_seq_length": JSONValue(maxLength), "do_lower_case": false]
        return [
            ModelFile("modules.json", .text(JSONValue.array(modules).prettyText)),
            ModelFile("sentence_bert_config.json", .text(settings.prettyText)),
        ] + files
    }

    private var poolingConfiguration: JSONValue {
        [
            "word_embedding_dimension": JSONValue(hiddenSize), "pooling_mode_cls_token": .bool(pooling == .cls),
            "pooling_mode_mean_tokens": .bool(pooling == .mean), "pooling_mode_max_tokens": .bool(pooling == .max),
            "pooling_mode_mean_sqrt_len_tokens": false,
        ]
    }

    private func dense(_ layer: DenseLayer) -> [ModelFile] {
        let function =
            switch layer.activation {
            case nil: "torch.nn.modules.linear.Identity"
            case .tanh: "torch.nn.modules.activation.Tanh"
            case .relu: "torch.nn.modules.activation.ReLU"
            case .gelu, .geluTanh: preconditionFailure("no head has a GELU behind a linear layer over pooled vectors")
            }
        let configuration: JSONValue = [
            "in_features": JSONValue(layer.weight.shape[1]), "out_features": JSONValue(layer.weight.shape[0]),
            "bias": true, "activation_function": .string(function),
        ]
        let tensors = [
            SafetensorsEntry(name: "linear.weight", shape: layer.weight.shape, values: layer.weight.values),
            SafetensorsEntry(name: "linear.bias", shape: layer.bias.shape, values: layer.bias.values),
        ]
        return [
            ModelFile("config.json", .text(configuration.prettyText)),
            ModelFile("model.safetensors", .tensors(tensors)),
        ]
    }
}
