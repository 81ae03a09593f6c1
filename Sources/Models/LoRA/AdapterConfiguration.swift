public import JSON

/// `adapter_config.json`: peft's `LoraConfig`.
public struct AdapterConfiguration: Sendable, Hashable {
    /// The adapters.
    public var lora: LoRAConfiguration
    /// What the base model is loaded from: a name of the hub or a path.
    public var base: String
    /// `target_modules`: ends of the names of layers with adapters.
    public var targetModules: [String]
    /// `modules_to_save`: ends of the names of modules that are saved in full.
    public var savedModules: [String]
    /// `task_type`, such as `SEQ_CLS`.
    public var taskType: String?

    /// The name of the file, and of the file of tensors beside it.
    public static let fileName = "adapter_config.json"
    /// The name of the file of tensors.
    public static let weightsName = "adapter_model.safetensors"

    /// Reads `adapter_config.json` in a directory.
    ///
    /// - Throws: ``ModelError`` for a file that cannot be read, a fault in it, or a setting without support here.
    public init(directory: String) throws(ModelError) {
        let file = directory + "/" + Self.fileName
        do {
            try self.init(json: JSONValue(parsing: ConfigurationFile.read(file)), file: file)
        } catch let error as ModelError {
            throw error
        } catch {
            throw .invalidConfiguration(file: file, reason: "\(error)")
        }
    }

    /// Reads a configuration of adapters.
    ///
    /// - Parameters:
    ///   - json: the content of `adapter_config.json`.
    ///   - file: what to call it in errors.
    /// - Throws: `JSONFault` for a fault in a field, ``ModelError`` for a setting without support here.
    public init(json: JSONValue, file: String = fileName) throws {
        var fields = try JSONCursor(json).fields()
        try Self.refuseVariants(&fields, file: file)
        targetModules = try Self.strings(fields.required("target_modules"))
        savedModules = try fields.optional("modules_to_save").map(Self.strings) ?? []
        base = try fields.optional("base_model_name_or_path")?.string() ?? ""
        taskType = try fields.optional("task_type")?.string()
        lora = LoRAConfiguration(
            rank: try fields.optional("r")?.integer(in: 1...65_536) ?? 8,
            alpha: try fields.optional("lora_alpha")?.number(in: 0...1e9) ?? 8,
            dropout: Float(try fields.optional("lora_dropout")?.number(in: 0...0.99) ?? 0),
            targets: .patterns(targetModules), stabilizesRank: try fields.optional("use_rslora")?.bool() ?? false,
            hasMagnitude: try fields.optional("use_dora")?.bool() ?? false)
    }

    init(lora: LoRAConfiguration, base: String, targetModules: [String], savedModules: [String], taskType: String?) {
        self.lora = lora
        self.base = base
        self.targetModules = targetModules
        self.savedModules = savedModules
        self.taskType = taskType
    }

    private static func refuseVariants(_ fields: inout JSONFields, file: String) throws {
        for (field, known) in [("peft_type", "LORA"), ("bias", "none")] {
            if let value = try fields.optional(field)?.string(), value != known {
                throw ModelError.unsupported(file: file, field: field, value: value, known: [known])
            }
        }
        for field in ["fan_in_fan_out", "lora_bias", "use_qalora"] {
            if let value = try fields.optional(field)?.bool(), value {
                throw ModelError.unsupported(file: file, field: field, value: "true", known: ["false"])
            }
        }
        for field in ["rank_pattern", "alpha_pattern"] {
            if let cursor = fields.optional(field), cursor.value.object?.isEmpty != true {
                throw ModelError.unsupported(file: file, field: field, value: cursor.value.text, known: ["{}"])
            }
        }
        for field in [
            "layers_to_transform", "layers_pattern", "exclude_modules", "layer_replication", "target_parameters",
        ] {
            if let cursor = fields.optional(field) {
                throw ModelError.unsupported(file: file, field: field, value: cursor.value.text, known: ["null"])
            }
        }
    }

    private static func strings(_ cursor: JSONCursor) throws(JSONFault) -> [String] {
        var strings: [String] = []
        for element in try cursor.elements() { strings.append(try element.string()) }
        return strings
    }

    /// The file's content, with the fields that peft writes at their defaults.
    func json(architecture: String, family: EncoderFamily) -> JSONValue {
        func list(_ names: [String]) -> JSONValue { names.isEmpty ? .null : .array(names.map { .string($0) }) }
        let module = String(family.modelType.map { $0 == "-" ? "_" : $0 })
        let mapping: JSONValue = [
            "base_model_class": .string(architecture),
            "parent_library": .string("transformers.models.\(module).modeling_\(module)"),
        ]
        return [
            "alpha_pattern": [:], "auto_mapping": taskType == nil ? mapping : .null,
            "base_model_name_or_path": .string(base), "bias": "none", "exclude_modules": .null,
            "fan_in_fan_out": false, "inference_mode": true, "init_lora_weights": true, "layer_replication": .null,
            "layers_pattern": .null, "layers_to_transform": .null, "loftq_config": [:],
            "lora_alpha": Int(exactly: lora.alpha).map { JSONValue($0) } ?? JSONValue(lora.alpha), "lora_bias": false,
            "lora_dropout": JSONValue(lora.dropout),
            "megatron_config": .null, "megatron_core": "megatron.core", "modules_to_save": list(savedModules),
            "peft_type": "LORA", "r": JSONValue(lora.rank), "rank_pattern": [:], "revision": .null,
            "target_modules": list(targetModules), "task_type": taskType.map { .string($0) } ?? .null,
            "trainable_token_indices": .null, "use_dora": .bool(lora.hasMagnitude),
            "use_rslora": .bool(lora.stabilizesRank),
        ]
    }
}
