internal import Tensors

/// The parameters of an encoder with its head: names, shapes and order, as data.
///
/// Names are those of Transformers without the family's prefix (`bert.`), which an exported file has on all but the
/// head. Query, key and value are neighbours so that they can be one product. Blocks are `embeddings`,
/// `encoder.layer.N`, `pooler` and the head's, in all families alike.
struct EncoderLayout {
    let configuration: EncoderConfiguration
    let head: HeadConfiguration
    let lora: LoRAConfiguration?
    /// The names of the linear layers that have an adapter.
    let adapted: Set<String>
    /// All parameters in the order of the slab; adapters follow the block they belong to.
    let parameters: [EncoderParameter]

    /// - Throws: ``ModelError/noSuchLayer(pattern:known:)``, and ``ModelError/unsupported(file:field:value:known:)`` for a
    ///   masked-language-model head with a decoder of its own.
    init(
        configuration: EncoderConfiguration, head: HeadConfiguration, lora: LoRAConfiguration? = nil
    ) throws(ModelError) {
        if head == .maskedLanguageModel, !configuration.tiesWordEmbeddings {
            throw .unsupported(
                file: "config.json", field: "tie_word_embeddings", value: "false", known: ["true"])
        }
        self.configuration = configuration
        self.head = head
        self.lora = lora
        let trunk = TrunkLayout(configuration: configuration, head: head)
        let adapted = try lora?.targets.resolved(in: trunk.linearNames, of: configuration.family) ?? []
        self.adapted = adapted
        let adapters = lora.map { AdapterLayout(lora: $0, adapted: adapted) }
        parameters =
            trunk.blocks.flatMap { block in block + (adapters?.parameters(beside: block) ?? []) }
            + HeadLayout(configuration: configuration, head: head).parameters
    }

    /// The name of a parameter in a file that Transformers loads as the class of this head.
    func exportedName(_ parameter: Parameter) -> String {
        if parameter.role == .head { return parameter.name }
        if case .embedding = head { return parameter.name }
        return configuration.family.prefix + parameter.name
    }
}
