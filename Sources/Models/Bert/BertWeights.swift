internal import Safetensors
internal import Tensors

/// Fills the parameters of a BERT classifier, from a file or afresh.
struct BertWeights {
    let store: ParameterStore
    let configuration: BertConfiguration
    let seed: UInt64

    /// Weights N(0, initializer_range), biases 0, normalisation 1, as Transformers initialises them.
    ///
    /// Each parameter has a random stream of its own, keyed by the seed and its place.
    func initialise(_ parameters: [Parameter]) {
        for parameter in parameters {
            let value = store.value(parameter)
            if parameter.decays {
                RandomNumbers.fill(
                    value, normalWithDeviation: configuration.initializerRange, seed: seed,
                    stream: UInt64(parameter.index))
            } else {
                value.update(repeating: parameter.name.hasSuffix("LayerNorm.weight") ? 1 : 0)
            }
        }
    }

    /// Reads what the directory has and initialises the rest.
    ///
    /// - Parameter keepsHead: whether the file's classifier is wanted; its absence is then an error.
    func load(_ directory: SafetensorsDirectory, keepsHead: Bool) throws -> LoadReport {
        var report = LoadReport()
        var used: Set<String> = []
        var missing: [Parameter] = []
        for parameter in store.parameters {
            let isHead = parameter.block == "classifier"
            let found = isHead && !keepsHead ? nil : name(of: parameter, in: directory)
            guard let found else {
                guard parameter.block == "pooler" || (isHead && !keepsHead) else {
                    throw ModelError.missingTensor(file: directory.path, name: parameter.name)
                }
                missing.append(parameter)
                continue
            }
            let shape = directory.tensor(named: found)?.shape ?? []
            guard shape == parameter.shape.extents else {
                throw ModelError.wrongShape(
                    file: directory.path, name: found, found: shape, expected: parameter.shape.extents)
            }
            try directory.read(found, into: store.value(parameter))
            used.insert(found)
        }
        initialise(missing)
        report.initialised = missing.map(\.name)
        report.unexpected = directory.names.filter { !used.contains($0) && !$0.hasSuffix("embeddings.position_ids") }
        return report
    }

    /// The number of classes of a file's head, which must be that of the configuration's labels if it names any.
    static func classCount(in directory: SafetensorsDirectory, _ configuration: BertConfiguration) throws -> Int {
        let name = "classifier.weight"
        guard let count = directory.tensor(named: name)?.shape.first, count > 0 else {
            throw ModelError.missingTensor(file: directory.path, name: name)
        }
        let named = configuration.labels.count
        guard named == 0 || named == count else {
            throw ModelError.invalidConfiguration(
                file: directory.path + "/config.json", reason: "id2label names \(named) classes, \(name) has \(count)")
        }
        return count
    }

    /// The name of a parameter in the file: with or without `bert.`, and in old files `gamma` and `beta`.
    private func name(of parameter: Parameter, in directory: SafetensorsDirectory) -> String? {
        var names = [BertLayout.exportedName(parameter.name), parameter.name]
        if parameter.name.contains("LayerNorm.") {
            names += names.map { name in
                name.hasSuffix(".weight") ? name.dropLast(6) + "gamma" : name.dropLast(4) + "beta"
            }
        }
        return names.first { directory.tensor(named: $0) != nil }
    }
}
