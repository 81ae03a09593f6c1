public import JSON
internal import Tensors

extension EncoderConfiguration {
    /// Reads `config.json` in a model directory.
    ///
    /// - Throws: ``ModelError`` for a file that cannot be read, a fault in it, or a setting without support here.
    public init(directory: String) throws(ModelError) {
        let file = directory + "/config.json"
        let bytes = try ConfigurationFile.read(file)
        do {
            try self.init(json: JSONValue(parsing: bytes), file: file)
        } catch let error as ModelError {
            throw error
        } catch {
            throw .invalidConfiguration(file: file, reason: "\(error)")
        }
    }

    /// Reads a configuration; fields that are absent have the defaults of the family, which is BERT where none is named.
    ///
    /// - Parameters:
    ///   - json: the content of `config.json`.
    ///   - file: what to call it in errors.
    /// - Throws: `JSONFault` for a fault in a field, ``ModelError`` for a setting without support here.
    public init(json: JSONValue, file: String = "config.json") throws {
        var fields = try JSONCursor(json).fields()
        let type = try fields.optional("model_type")?.string() ?? EncoderFamily.bert.modelType
        guard let family = EncoderFamily.all.first(where: { $0.modelType == type }) else {
            throw ModelError.unsupported(
                file: file, field: "model_type", value: type, known: EncoderFamily.all.map(\.modelType))
        }
        self.init(family)
        try readSizes(&fields)
        try readRates(&fields)
        try readVariants(&fields, file: file)
        labels = try Self.readLabels(&fields)
        problem = (try fields.optional("problem_type")?.string()).flatMap(ProblemType.init)
        if let cursor = fields.optional(Self.headField) { headShape = try Self.readHead(cursor) }
        source = json.object ?? JSONObject()
        guard hiddenSize % headCount == 0 else {
            throw ModelError.invalidConfiguration(
                file: file,
                reason: "\(family.fields.hiddenSize) \(hiddenSize) is not a multiple of "
                    + "\(family.fields.headCount) \(headCount)")
        }
        guard maximumPositions > positionOffset else {
            throw ModelError.invalidConfiguration(
                file: file,
                reason: "max_position_embeddings \(maximumPositions) leaves no position behind the padding token "
                    + "\(positionOffset - 1)")
        }
    }

    /// Where a head that Transformers does not have is described.
    static let headField = "finetuned_head"

    private mutating func readSizes(_ fields: inout JSONFields) throws(JSONFault) {
        let names = family.fields
        vocabularySize = try fields.optional("vocab_size")?.integer(in: 1...10_000_000) ?? vocabularySize
        hiddenSize = try fields.optional(names.hiddenSize)?.integer(in: 1...65_536) ?? hiddenSize
        layerCount = try fields.optional(names.layerCount)?.integer(in: 1...1_000) ?? layerCount
        headCount = try fields.optional(names.headCount)?.integer(in: 1...65_536) ?? headCount
        intermediateSize = try fields.optional(names.intermediateSize)?.integer(in: 1...1_048_576) ?? intermediateSize
        maximumPositions =
            try fields.optional("max_position_embeddings")?.integer(in: 1...1_048_576) ?? maximumPositions
        if fields.has("pad_token_id") {
            paddingToken = try fields.optional("pad_token_id")?.integer(in: 0...vocabularySize - 1)
        }
        if let name = names.typeVocabularySize {
            typeVocabularySize = try fields.optional(name)?.integer(in: 1...65_536) ?? typeVocabularySize
        }
    }

    private mutating func readRates(_ fields: inout JSONFields) throws(JSONFault) {
        func read(_ name: String, in range: ClosedRange<Double>) throws(JSONFault) -> Float? {
            try fields.optional(name).map { cursor throws(JSONFault) in Float(try cursor.number(in: range)) }
        }
        let names = family.fields
        hiddenDropout = try read(names.hiddenDropout, in: 0...0.99) ?? hiddenDropout
        attentionDropout = try read(names.attentionDropout, in: 0...0.99) ?? attentionDropout
        classifierDropout = try read(names.classifierDropout, in: 0...0.99) ?? classifierDropout
        if let name = names.layerNormEpsilon { layerNormEpsilon = try read(name, in: 0...1) ?? layerNormEpsilon }
        initializerRange = try read("initializer_range", in: 0...10) ?? initializerRange
    }

    private mutating func readVariants(_ fields: inout JSONFields, file: String) throws {
        let field = family.fields.activation
        if let name = try fields.optional(field)?.string() {
            let alias = ["gelu_pytorch_tanh": Activation.geluTanh, "gelu_python": .gelu]
            guard let found = Activation(rawValue: name) ?? alias[name] else {
                throw ModelError.unsupported(
                    file: file, field: field, value: name,
                    known: (Activation.allCases.map(\.rawValue) + alias.keys).sorted())
            }
            activation = found
        }
        if let value = try fields.optional("position_embedding_type")?.string(), value != "absolute" {
            throw ModelError.unsupported(
                file: file, field: "position_embedding_type", value: value, known: ["absolute"])
        }
        for field in ["is_decoder", "add_cross_attention", "sinusoidal_pos_embds"] {
            if let value = try fields.optional(field)?.bool(), value {
                throw ModelError.unsupported(file: file, field: field, value: "true", known: ["false"])
            }
        }
        tiesWordEmbeddings = try fields.optional("tie_word_embeddings")?.bool() ?? tiesWordEmbeddings
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

    private static func readHead(_ cursor: JSONCursor) throws(JSONFault) -> HeadShape {
        var fields = try cursor.fields()
        var shape = HeadShape()
        shape.pooling = try fields.optional("pooling")?.choice() ?? shape.pooling
        for element in try fields.optional("hidden_sizes")?.elements() ?? [] {
            shape.hiddenSizes.append(try element.integer(in: 1...65_536))
        }
        return shape
    }
}
