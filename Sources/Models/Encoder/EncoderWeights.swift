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
    func load(_ directory: SafetensorsDirectory, _ sources: WeightSources) throws -> LoadReport {
        var report = LoadReport()
        var used: Set<String> = []
        var missing: [Int] = []
        for (parameter, source) in zip(store.parameters, sources.names) {
            guard let source else {
                missing.append(parameter.index)
                continue
            }
            try directory.read(source, into: store.value(parameter))
            used.insert(source)
            report.sources[parameter.name] = source
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
            guard let found = WeightSources.name(of: entry.1, layout, in: directory),
                directory.tensor(named: found)?.shape == entry.0.shape.extents
            else { return }
            sources[entry.0.name] = found
        }
    }
}
