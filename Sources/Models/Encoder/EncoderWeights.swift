internal import Safetensors
internal import Tensors

/// Fills the parameters of an encoder, from a file or afresh.
struct EncoderWeights {
    let store: ParameterStore
    let layout: EncoderLayout
    let seed: UInt64

    /// Weights N(0, initializer_range), biases 0, normalisation 1, as Transformers initialises them.
    ///
    /// Each parameter has a random stream of its own, keyed by the seed and its place.
    func initialise(_ indices: some Sequence<Int>) {
        let declarations = layout.parameters
        for index in indices {
            let parameter = store.parameters[index]
            let value = store.value(parameter)
            switch declarations[index].initial {
            case .normal:
                RandomNumbers.fill(
                    value, normalWithDeviation: layout.configuration.initializerRange, seed: seed,
                    stream: UInt64(index))
            case .zero: value.update(repeating: 0)
            case .one: value.update(repeating: 1)
            case .uniform(let bound):
                RandomNumbers.fill(value, uniformIn: -bound...bound, seed: seed, stream: UInt64(index))
            case .rowNorms: resetMagnitude(parameter)
            }
        }
    }

    /// Sets DoRA's magnitudes to what leaves the adapted weight as it is; the weight and its A and B stand before.
    private func resetMagnitude(_ magnitude: Parameter) {
        let name = String(magnitude.name.dropLast(AdapterLayout.magnitude.count))
        let parameters = EncoderParameters(store: store, configuration: layout.configuration, lora: layout.lora)
        parameters.adapter(name)?.resetMagnitude(parameters.parameter(name + ".weight"), of: store)
    }

    /// Reads what the directory has and initialises the rest.
    ///
    /// - Parameter keepsHead: whether the file's head is wanted. Its absence is then an error, but for the
    ///   masked-language-model head, of which files often have a part or nothing.
    func load(_ directory: SafetensorsDirectory, keepsHead: Bool) throws -> LoadReport {
        var report = LoadReport()
        var used: Set<String> = []
        var missing: [Int] = []
        for (parameter, declaration) in zip(store.parameters, layout.parameters) {
            let isHead = parameter.role == .head
            let found = isHead && !keepsHead ? nil : name(of: parameter, declaration, in: directory)
            guard let found else {
                guard mayBeAbsent(parameter, keepsHead: keepsHead) else {
                    throw ModelError.missingTensor(file: directory.path, name: parameter.name)
                }
                missing.append(parameter.index)
                continue
            }
            let shape = directory.tensor(named: found)?.shape ?? []
            guard shape == parameter.shape.extents else {
                throw ModelError.wrongShape(
                    file: directory.path, name: found, found: shape, expected: parameter.shape.extents)
            }
            try directory.read(found, into: store.value(parameter))
            used.insert(found)
            report.sources[parameter.name] = found
        }
        initialise(missing)
        report.initialised = missing.map { store.parameters[$0].name }
        if case .maskedLanguageModel = layout.head {
            used.insert(layout.configuration.family.languageModel.decoderWeight)
        }
        report.unexpected = directory.names.filter { !used.contains($0) && !$0.hasSuffix("embeddings.position_ids") }
        return report
    }

    /// The tensors of a directory that hold the parameters, by the parameters' names; only those of the same shape.
    func sources(in directory: SafetensorsDirectory) -> [String: String] {
        zip(store.parameters, layout.parameters).reduce(into: [:]) { sources, entry in
            guard let found = name(of: entry.0, entry.1, in: directory),
                directory.tensor(named: found)?.shape == entry.0.shape.extents
            else { return }
            sources[entry.0.name] = found
        }
    }

    private func mayBeAbsent(_ parameter: Parameter, keepsHead: Bool) -> Bool {
        switch parameter.role {
        case .trunk: parameter.block == "pooler"
        case .head: !keepsHead || layout.head == .maskedLanguageModel
        case .adapter: true
        }
    }

    /// The name of a parameter in the file: with or without the family's prefix, or one of its further names.
    private func name(
        of parameter: Parameter, _ declaration: EncoderParameter, in directory: SafetensorsDirectory
    ) -> String? {
        let prefix = layout.configuration.family.prefix
        return ([parameter.name] + declaration.aliases).flatMap { [prefix + $0, $0] }
            .first { directory.tensor(named: $0) != nil }
    }
}
