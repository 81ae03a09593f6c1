internal import Foundation
public import JSON
internal import Tensors

extension BertConfiguration {
    /// Reads `config.json` in a model directory.
    ///
    /// - Throws: ``ModelError`` for a file that cannot be read, a fault in it, or a setting without support here.
    public init(directory: String) throws(ModelError) {
        let file = directory + "/config.json"
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        } catch {
            throw .unreadable(file: file, reason: error.localizedDescription)
        }
        do {
            try self.init(json: JSONValue(parsing: bytes), file: file)
        } catch let error as ModelError {
            throw error
        } catch {
            throw .invalidConfiguration(file: file, reason: "\(error)")
        }
    }

    /// Reads a configuration; fields that are absent have the defaults of `BertConfig`.
    ///
    /// - Parameters:
    ///   - json: the content of `config.json`.
    ///   - file: what to call it in errors.
    /// - Throws: `JSONFault` for a fault in a field, ``ModelError`` for a setting without support here.
    public init(json: JSONValue, file: String = "config.json") throws {
        self.init()
        var fields = try JSONCursor(json).fields()
        if let type = try fields.optional("model_type")?.string(), type != "bert" {
            throw ModelError.unsupported(file: file, field: "model_type", value: type, known: ["bert"])
        }
        try readSizes(&fields)
        try readRates(&fields)
        try readVariants(&fields, file: file)
        labels = try Self.readLabels(&fields)
        if let cursor = fields.optional(Self.headField) { head = try Self.readHead(cursor) }
        source = json.object ?? JSONObject()
        guard hiddenSize % headCount == 0 else {
            throw ModelError.invalidConfiguration(
                file: file,
                reason: "hidden_size \(hiddenSize) is not a multiple of num_attention_heads \(headCount)")
        }
    }

    /// The `config.json` of a sequence classifier with these label names, by class number.
    ///
    /// Keeps every field of the file the model came from, so that nothing is lost that means nothing here.
    public func json(labels: [String]) -> JSONValue {
        var object = source
        let numbered = labels.enumerated()
        object["architectures"] = ["BertForSequenceClassification"]
        object["model_type"] = "bert"
        object["vocab_size"] = JSONValue(vocabularySize)
        object["hidden_size"] = JSONValue(hiddenSize)
        object["num_hidden_layers"] = JSONValue(layerCount)
        object["num_attention_heads"] = JSONValue(headCount)
        object["intermediate_size"] = JSONValue(intermediateSize)
        object["hidden_act"] = .string(activation.rawValue)
        object["hidden_dropout_prob"] = JSONValue(hiddenDropout)
        object["attention_probs_dropout_prob"] = JSONValue(attentionDropout)
        object["classifier_dropout"] = JSONValue(classifierDropout) { JSONValue($0) }
        object["max_position_embeddings"] = JSONValue(maximumPositions)
        object["type_vocab_size"] = JSONValue(typeVocabularySize)
        object["layer_norm_eps"] = JSONValue(layerNormEpsilon)
        object["initializer_range"] = JSONValue(initializerRange)
        object["problem_type"] = "single_label_classification"
        object["id2label"] = .object(JSONObject(numbered.map { (String($0), JSONValue.string($1)) }))
        object["label2id"] = .object(JSONObject(numbered.map { ($1, JSONValue($0)) }))
        object["num_labels"] = nil
        object[Self.headField] =
            head == HeadConfiguration()
            ? nil
            : [
                "pooling": .string(head.pooling.rawValue),
                "hidden_sizes": .array(head.hiddenSizes.map { JSONValue($0) }),
            ]
        return .object(object)
    }

    /// Where a head that Transformers does not have is described.
    private static let headField = "finetuned_head"

    private mutating func readSizes(_ fields: inout JSONFields) throws(JSONFault) {
        vocabularySize = try fields.optional("vocab_size")?.integer(in: 1...10_000_000) ?? vocabularySize
        hiddenSize = try fields.optional("hidden_size")?.integer(in: 1...65_536) ?? hiddenSize
        layerCount = try fields.optional("num_hidden_layers")?.integer(in: 1...1_000) ?? layerCount
        headCount = try fields.optional("num_attention_heads")?.integer(in: 1...65_536) ?? headCount
        intermediateSize = try fields.optional("intermediate_size")?.integer(in: 1...1_048_576) ?? intermediateSize
        maximumPositions =
            try fields.optional("max_position_embeddings")?.integer(in: 1...1_048_576) ?? maximumPositions
        if fields.has("pad_token_id") {
            paddingToken = try fields.optional("pad_token_id")?.integer(in: 0...vocabularySize - 1)
        }
        typeVocabularySize = try fields.optional("type_vocab_size")?.integer(in: 1...65_536) ?? typeVocabularySize
    }

    private mutating func readRates(_ fields: inout JSONFields) throws(JSONFault) {
        func read(_ name: String, in range: ClosedRange<Double>) throws(JSONFault) -> Float? {
            try fields.optional(name).map { cursor throws(JSONFault) in Float(try cursor.number(in: range)) }
        }
        hiddenDropout = try read("hidden_dropout_prob", in: 0...0.99) ?? hiddenDropout
        attentionDropout = try read("attention_probs_dropout_prob", in: 0...0.99) ?? attentionDropout
        classifierDropout = try read("classifier_dropout", in: 0...0.99)
        layerNormEpsilon = try read("layer_norm_eps", in: 0...1) ?? layerNormEpsilon
        initializerRange = try read("initializer_range", in: 0...10) ?? initializerRange
    }

    private mutating func readVariants(_ fields: inout JSONFields, file: String) throws {
        if let name = try fields.optional("hidden_act")?.string() {
            let alias = ["gelu_pytorch_tanh": Activation.geluTanh, "gelu_python": .gelu]
            guard let found = Activation(rawValue: name) ?? alias[name] else {
                throw ModelError.unsupported(
                    file: file, field: "hidden_act", value: name,
                    known: (Activation.allCases.map(\.rawValue) + alias.keys).sorted())
            }
            activation = found
        }
        let required = [("position_embedding_type", "absolute")]
        for (field, known) in required {
            if let value = try fields.optional(field)?.string(), value != known {
                throw ModelError.unsupported(file: file, field: field, value: value, known: [known])
            }
        }
        for field in ["is_decoder", "add_cross_attention"] {
            if let value = try fields.optional(field)?.bool(), value {
                throw ModelError.unsupported(file: file, field: field, value: "true", known: ["false"])
            }
        }
    }

    /// `id2label`, whose keys are the class numbers as text.
    private static func readLabels(_ fields: inout JSONFields) throws(JSONFault) -> [String] {
        guard let cursor = fields.optional("id2label") else { return [] }
        var names: [Int: String] = [:]
        var members = try cursor.fields()
        for key in members.rest {
            guard let number = Int(key), let member = members.optional(key) else {
                throw cursor.fault("keys are class numbers, found \"\(key.prefix(60))\"")
            }
            names[number] = try member.string()
        }
        guard names.keys.sorted() == Array(0..<names.count) else {
            throw cursor.fault("class numbers are 0 to \(names.count - 1), each once")
        }
        return names.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func readHead(_ cursor: JSONCursor) throws(JSONFault) -> HeadConfiguration {
        var fields = try cursor.fields()
        var head = HeadConfiguration()
        head.pooling = try fields.optional("pooling")?.choice() ?? head.pooling
        for element in try fields.optional("hidden_sizes")?.elements() ?? [] {
            head.hiddenSizes.append(try element.integer(in: 1...65_536))
        }
        return head
    }
}
