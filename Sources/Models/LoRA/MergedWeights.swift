internal import Tensors

/// The weights beside adapters with the adapters merged into them, in memory of their own.
final class MergedWeights {
    private let store: ParameterStore
    private var adapters: [(weight: Parameter, adapter: LowRankAdapter, offset: Int)] = []
    private let slab: Slab

    /// Room for the adapted weights of a model; its contents are undefined until ``merge()``.
    init(_ store: ParameterStore, _ layout: EncoderLayout) {
        let parameters = EncoderParameters(store: store, configuration: layout.configuration, lora: layout.lora)
        var offset = 0
        for name in layout.adapted.sorted() {
            guard let adapter = parameters.adapter(name) else { continue }
            let weight = parameters.parameter(name + ".weight")
            adapters.append((weight, adapter, offset))
            offset += weight.count
        }
        self.store = store
        slab = Slab(count: offset)
    }

    /// The adapters by the names of the weights that they stand beside.
    var byWeight: [String: LowRankAdapter] {
        adapters.reduce(into: [:]) { byWeight, entry in byWeight[entry.weight.name] = entry.adapter }
    }

    /// Computes them anew.
    func merge() {
        for (weight, adapter, offset) in adapters {
            adapter.merge(weight, of: store, into: room(weight, offset))
        }
    }

    /// A weight with its adapter merged into it; nil for parameters without an adapter.
    subscript(parameter: Parameter) -> UnsafeMutableBufferPointer<Float>? {
        adapters.first { $0.weight.index == parameter.index }.map { room($0.weight, $0.offset) }
    }

    private func room(_ weight: Parameter, _ offset: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: slab.base + offset, count: weight.count)
    }
}
