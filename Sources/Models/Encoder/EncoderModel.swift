public import Safetensors
public import Tensors

/// A text encoder with a head on it, trained on packed batches: store, tape and network of any family.
///
/// A pass: ``begin(_:)``, then ``output(_:rows:)`` as often as the loss needs it, a loss on ``tape``, and
/// `tape.backward(from:)`. Not thread-safe: one thread at a time uses a model; it spreads its work over its own pool.
public final class EncoderModel {
    /// The architecture.
    public let configuration: EncoderConfiguration
    /// What stands on the encoder.
    public let head: HeadConfiguration
    /// All parameters with their gradients; `setTrainable` on it chooses what training changes.
    public let store: ParameterStore
    /// Where passes are recorded; losses go on it too.
    public let tape: Tape
    /// What the file lacked and what it had too much.
    public let report: LoadReport

    /// The adapters beside the trunk's linear layers; nil without any.
    public var lora: LoRAConfiguration? { layout.lora }

    let layout: EncoderLayout
    private let network: EncoderNetwork
    private let pooler: KeptPooler
    private var conditions = ForwardConditions.evaluation
    private lazy var mergedWeights = MergedWeights(store, layout)

    /// The threads the model works on.
    public var pool: ThreadPool { tape.pool }

    /// A model of random weights: N(0, initializer_range), biases 0, normalisation 1.
    ///
    /// - Parameters:
    ///   - configuration: the architecture.
    ///   - head: what stands on it.
    ///   - lora: adapters beside linear layers, with which nothing trains but what ``trainsBesideAdapters(_:)`` says; nil
    ///     for none.
    ///   - seed: of the weights.
    ///   - pool: the threads to work on.
    /// - Throws: ``ModelError/noSuchLayer(pattern:known:)``
    public convenience init(
        configuration: EncoderConfiguration, head: HeadConfiguration, lora: LoRAConfiguration? = nil, seed: UInt64,
        pool: ThreadPool
    ) throws(ModelError) {
        let layout = try EncoderLayout(configuration: configuration, head: head, lora: lora)
        let store = ParameterStore(layout.parameters.map(\.specification))
        EncoderWeights(store: store, layout: layout, seed: seed).initialise(store.parameters.indices)
        self.init(layout, store, KeptPooler(), LoadReport(), pool)
    }

    /// A model with the weights of a Hugging Face file, under names with or without the family's prefix.
    ///
    /// - Parameters:
    ///   - weights: the file or its shards.
    ///   - configuration: of the same directory, perhaps with other dropout.
    ///   - head: what stands on it.
    ///   - keepsHead: whether the head's values come from the file, where they must be (but for a masked-language-model
    ///     head, which takes what is there); else they are new.
    ///   - lora: new adapters beside linear layers, with which nothing trains but what ``trainsBesideAdapters(_:)``
    ///     says; nil for none.
    ///   - seed: of the values of new parameters.
    ///   - pool: the threads to work on.
    /// - Throws: ``ModelError`` for tensors that are missing or of the wrong shape and for patterns of adapters that fit
    ///   no layer, `SafetensorsError`.
    public convenience init(
        weights: SafetensorsDirectory, configuration: EncoderConfiguration, head: HeadConfiguration, keepsHead: Bool,
        lora: LoRAConfiguration? = nil, seed: UInt64, pool: ThreadPool
    ) throws {
        let layout = try EncoderLayout(configuration: configuration, head: head, lora: lora)
        let sources = try WeightSources(layout, in: weights, keepsHead: keepsHead)
        let store = ParameterStore(layout.parameters.map(\.specification))
        var report = try EncoderWeights(store: store, layout: layout, seed: seed).load(weights, sources)
        let pooler = try KeptPooler(weights, layout)
        report.unexpected.removeAll(where: pooler.sources.contains)
        self.init(layout, store, pooler, report, pool)
    }

    private init(
        _ layout: EncoderLayout, _ store: ParameterStore, _ pooler: KeptPooler, _ report: LoadReport, _ pool: ThreadPool
    ) {
        self.pooler = pooler
        configuration = layout.configuration
        head = layout.head
        self.layout = layout
        self.store = store
        self.report = report
        tape = Tape(store: store, pool: pool)
        network = EncoderNetwork(store, layout)
        if layout.lora != nil { store.setTrainable(trainsBesideAdapters) }
    }

    /// Empties the tape for passes under these conditions.
    public func begin(_ conditions: ForwardConditions) {
        tape.discard()
        self.conditions = conditions
        tape.dropout = conditions.dropout
        tape.isRecording = conditions.isRecording
    }

    /// The head's output for a batch, recorded on the tape: shapes as in ``HeadConfiguration``.
    ///
    /// - Parameters:
    ///   - batch: its labels are not looked at.
    ///   - rows: for heads for tokens, the only rows that are wanted, (R) rising, perhaps none; the output is then (R × outputs) and
    ///     costs accordingly. Nil for all.
    /// - Throws: ``ModelError/invalidBatch(reason:)`` for what lies beyond a table.
    public func output(_ batch: PackedBatch, rows: [Int32]? = nil) throws(ModelError) -> Value {
        output(features: try features(batch, rows: rows))
    }

    /// What enters the head: one vector a sequence, (B × H), or a token, (T × H), or a chosen row, (R × H).
    ///
    /// Depends on no parameter of the head, so that with a frozen trunk it can be kept from epoch to epoch.
    ///
    /// - Throws: as ``output(_:rows:)``.
    public func features(_ batch: PackedBatch, rows: [Int32]? = nil) throws(ModelError) -> Value {
        try check(batch, rows)
        let batch = configuration.family.usesTokenTypes ? batch : batch.ignoringTokenTypes
        return network.features(
            batch, rows: head.isPooled ? nil : rows, perturbation: conditions.perturbation, on: tape)
    }

    /// The head's output for what enters it, mixed as the conditions say.
    ///
    /// - Parameter features: (rows × H); from ``features(_:rows:)``, or a constant of the tape.
    public func output(features: Value) -> Value {
        guard let mixing = conditions.mixing else { return network.output(features: features, on: tape) }
        let mixed = tape.mixRows(features, partners: mixing.partners, shares: mixing.shares)
        return network.output(features: mixed, on: tape)
    }

    /// The head's output for a batch without dropout and without recording.
    ///
    /// - Returns: row by row.
    /// - Throws: as ``output(_:rows:)``.
    public func evaluate(_ batch: PackedBatch, rows: [Int32]? = nil) throws(ModelError) -> [Float] {
        begin(.evaluation)
        return try output(batch, rows: rows).tensor.elements
    }

    /// All parameters under the names that Transformers gives them, for a model file; adapters are merged into the
    /// weights beside them.
    ///
    /// The values are those of the store, or with adapters of memory that the model owns and the next use of this
    /// property fills anew.
    public var exportedTensors: [SafetensorsEntry] {
        mergedWeights.merge()
        return store.parameters.filter { $0.role != .adapter }.map { parameter in
            SafetensorsEntry(
                name: layout.exportedName(parameter), shape: parameter.shape.extents,
                values: UnsafeBufferPointer(exportedValue(of: parameter)))
        } + pooler.entries
    }

    /// The tensors of a directory that hold this model's parameters, by the parameters' names.
    public func sources(in directory: SafetensorsDirectory) -> [String: String] {
        EncoderWeights(store: store, layout: layout, seed: 0).sources(in: directory)
    }

    /// The adapters, by the names of the weights beside which they stand.
    public var adapters: [String: LowRankAdapter] { mergedWeights.byWeight }

    /// A parameter as ``exportedTensors`` has it: with adapters merged when that was last used.
    func exportedValue(of parameter: Parameter) -> UnsafeMutableBufferPointer<Float> {
        mergedWeights[parameter] ?? store.value(parameter)
    }

    /// Refuses what would read beyond a table.
    private func check(_ batch: PackedBatch, _ rows: [Int32]?) throws(ModelError) {
        func check(_ what: String, _ values: [Int32], _ limit: Int) throws(ModelError) {
            if let value = values.first(where: { $0 < 0 || $0 >= limit }) {
                throw .invalidBatch(reason: "\(what) \(value), the model has 0 to \(limit - 1)")
            }
        }
        guard batch.sequenceCount > 0 else { throw .invalidBatch(reason: "has no sequences") }
        try check("token id", batch.tokens, configuration.vocabularySize)
        if configuration.family.usesTokenTypes {
            try check("token type", batch.tokenTypes, configuration.typeVocabularySize)
        }
        try check("position", batch.positions, configuration.longestSequence)
        guard let rows else { return }
        guard (rows.first ?? 0) >= 0, Int(rows.last ?? 0) < batch.tokenCount,
            zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw .invalidBatch(reason: "rows must rise within 0 to \(batch.tokenCount - 1)") }
    }
}
