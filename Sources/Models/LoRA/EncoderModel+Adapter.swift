public import JSON
public import Safetensors
public import Tensors

extension EncoderModel {
    /// The tensors of `adapter_model.safetensors` as peft writes it: adapters, and what trains beside them in full.
    public var adapterTensors: [SafetensorsEntry] {
        store.parameters.filter(isInAdapterFile).map { parameter in
            SafetensorsEntry(
                name: Self.adapterPrefix + layout.exportedName(parameter), shape: parameter.shape.extents,
                values: UnsafeBufferPointer(store.value(parameter)))
        }
    }

    /// `adapter_config.json` as peft writes it.
    ///
    /// - Parameter base: what `from_pretrained` shall load the base model from: a name of the hub or a path.
    /// - Precondition: the model has adapters.
    public func adapterJSON(base: String) -> JSONValue {
        guard let lora else { preconditionFailure("a model without adapters has no adapter_config.json") }
        let trunk = TrunkLayout(configuration: configuration, head: head)
        return AdapterConfiguration(
            lora: lora, base: base,
            targetModules: lora.targets.modules(of: configuration.family, among: trunk.linearNames),
            savedModules: savedModules, taskType: head.adapterTaskType
        ).json(architecture: configuration.family.architecture(of: head), family: configuration.family)
    }

    /// Takes the values of adapters and head from a file that peft or this module wrote.
    ///
    /// - Parameter file: `adapter_model.safetensors`.
    /// - Throws: ``ModelError`` for tensors that are missing or of the wrong shape, `SafetensorsError`.
    public func load(adapter file: SafetensorsFile) throws {
        for parameter in store.parameters {
            let name = Self.adapterPrefix + layout.exportedName(parameter)
            guard let tensor = file.tensor(named: name) else {
                guard parameter.role == .trunk || head == .maskedLanguageModel && parameter.role == .head else {
                    throw ModelError.missingTensor(file: file.path, name: name)
                }
                continue
            }
            guard tensor.shape == parameter.shape.extents else {
                throw ModelError.wrongShape(
                    file: file.path, name: name, found: tensor.shape, expected: parameter.shape.extents)
            }
            try file.read(name, into: store.value(parameter))
        }
    }

    /// Whether adapters alone tell a base model and this one apart, so that peft's files can say it all.
    ///
    /// A masked-language-model head is tied to the embeddings and cannot be saved beside adapters: where the base model
    /// has none, only the merged model says it all.
    public var isAdapterOfBase: Bool {
        lora != nil && (head != .maskedLanguageModel || !store.parameters.contains { isNew($0) && $0.role == .head })
    }

    /// Whether training with adapters changes a parameter: adapters and the head, but for a masked-language-model head
    /// that the base model has, which stays as it is (see ``isAdapterOfBase``).
    public func trainsBesideAdapters(_ parameter: Parameter) -> Bool {
        switch parameter.role {
        case .adapter: true
        case .head: head != .maskedLanguageModel || isNew(parameter)
        case .trunk: false
        }
    }

    private static let adapterPrefix = "base_model.model."

    private func isNew(_ parameter: Parameter) -> Bool { report.sources[parameter.name] == nil }

    /// Adapters, the head, and a pooler that the base model does not have.
    private func isInAdapterFile(_ parameter: Parameter) -> Bool {
        switch parameter.role {
        case .adapter: true
        case .head: head != .maskedLanguageModel
        case .trunk: isNew(parameter)
        }
    }

    /// peft's `modules_to_save`: what the adapter's file has in full.
    private var savedModules: [String] {
        switch head {
        case .sequence, .token:
            ["classifier", "score"]
                + (store.parameters.contains { isNew($0) && $0.block == "pooler" && $0.role == .trunk }
                    ? ["pooler"] : [])
        case .maskedLanguageModel, .embedding: []
        }
    }
}

extension HeadConfiguration {
    /// peft's `task_type`; nil where peft has none.
    var adapterTaskType: String? {
        switch self {
        case .sequence: "SEQ_CLS"
        case .token: "TOKEN_CLS"
        case .maskedLanguageModel: nil
        case .embedding: "FEATURE_EXTRACTION"
        }
    }
}
