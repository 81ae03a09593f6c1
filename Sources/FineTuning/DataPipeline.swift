public import JSON

/// How the files become training examples.
public struct DataPipeline: Sendable, Hashable, JSONRepresentable {
    /// How the files hold their rows.
    public var format: FileFormat = .auto
    /// Whether the first row of a CSV or TSV file names the columns.
    public var header: HeaderRow = .auto
    /// The columns' names.
    public var fields = FieldNames()
    /// Longer texts are cut to this many tokens, special tokens included; those of masked language modeling are divided.
    public var maxLength = 128
    /// The share of the training file held back for validation where no validation file is given.
    public var validationSplit = 0.1
    /// Whether the examples are shuffled anew for each epoch.
    public var shuffle = true
    /// Random changes of the training examples, in this order.
    public var augment: [Augmentation] = []
    /// How much the examples of each label count.
    public var classWeights: ClassWeights = .none
    /// Whether examples of rare labels are shown more often.
    public var oversample: Oversampling = .none

    /// The defaults.
    public init() {}

    /// Reads the object; what is absent keeps its default.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        format = try fields.optional("format")?.choice() ?? format
        header = try Recipe.part(fields.optional("header")) ?? header
        if let names = fields.optional("fields") { self.fields = try FieldNames(names) }
        maxLength = try fields.optional("max_length")?.integer(in: 8...8192) ?? maxLength
        validationSplit = try fields.optional("validation_split")?.number(in: 0...0.9) ?? validationSplit
        shuffle = try fields.optional("shuffle")?.bool() ?? shuffle
        if let list = fields.optional("augment") { augment = try Self.augmentations(list) }
        classWeights = try Recipe.part(fields.optional("class_weights")) ?? classWeights
        oversample = try fields.optional("oversample")?.choice() ?? oversample
        try fields.finish()
    }

    private static func augmentations(_ cursor: JSONCursor) throws(JSONFault) -> [Augmentation] {
        var list: [Augmentation] = []
        for element in try cursor.elements() {
            let augmentation = try Augmentation(element)
            guard !list.contains(where: { $0.type == augmentation.type }) else {
                throw element.fault("\"\(augmentation.type.rawValue)\" stands twice")
            }
            list.append(augmentation)
        }
        return list
    }

    /// The settings of an augmentation, where it is asked for.
    public func augmentation(_ type: Augmentation.Kind) -> Augmentation? { augment.first { $0.type == type } }

    /// The pipeline as JSON.
    public var json: JSONValue {
        [
            "format": .string(format.rawValue), "header": header.json, "fields": fields.json,
            "max_length": JSONValue(maxLength), "validation_split": .number(validationSplit),
            "shuffle": .bool(shuffle), "augment": .array(augment.map(\.json)), "class_weights": classWeights.json,
            "oversample": .string(oversample.rawValue),
        ]
    }
}
