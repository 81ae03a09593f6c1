internal import FineTuning
internal import Safetensors
internal import Tensors

/// How far each block of the trunk has moved from the pretrained model: ‖W - W⁰‖ / ‖W⁰‖.
///
/// W⁰ is read from the pretrained model's mapped file, tensor by tensor, and never held as a whole. With adapters W is the
/// weight with its adapter merged in. Blocks that the pretrained model does not have, such as a new head, have no drift.
final class WeightDrift {
    private let store: ParameterStore
    private let base: SafetensorsDirectory
    /// The tensor of the pretrained model that each parameter began as.
    private let sources: [(parameter: Parameter, tensor: String)]
    private let adapters: [Int: LowRankAdapter]
    /// Σ W⁰² of each block, in the network's order; nil until they are first asked for.
    private var norms: [(block: String, squares: Double)]?

    /// - Parameters:
    ///   - sources: tensors of `base` by the names of the parameters that begin as they are.
    ///   - adapters: by the name of the weight beside which they stand.
    init(
        store: ParameterStore, base: SafetensorsDirectory, sources: [String: String],
        adapters: [String: LowRankAdapter]
    ) {
        self.store = store
        self.base = base
        self.sources = store.parameters.compactMap { parameter in
            guard parameter.role == .trunk, let tensor = sources[parameter.name],
                base.tensor(named: tensor)?.shape == parameter.shape.extents
            else { return nil }
            return (parameter, tensor)
        }
        self.adapters = adapters.reduce(into: [:]) { byIndex, entry in
            if let parameter = store[entry.key] { byIndex[parameter.index] = entry.value }
        }
    }

    /// The drift of each block now, in the network's order.
    ///
    /// - Throws: `SafetensorsError` where the pretrained model can no longer be read.
    func measure() throws -> [BlockDrift] {
        var distances: [String: Double] = [:]
        for (parameter, tensor) in sources {
            let adapter = adapters[parameter.index]
            guard adapter != nil || store.parameters[parameter.index].isTrainable else { continue }
            distances[parameter.block, default: 0] += try distance(parameter, tensor, adapter)
        }
        return try lengths().map { block, squares in
            let distance = distances[block] ?? 0
            return BlockDrift(block: block, ratio: squares > 0 ? (distance / squares).squareRoot() : 0)
        }
    }

    private func lengths() throws -> [(block: String, squares: Double)] {
        if let norms { return norms }
        var found: [(block: String, squares: Double)] = []
        for (parameter, tensor) in sources {
            let squares = try base.withFloats(of: tensor, SquaredSum.of)
            if found.last?.block == parameter.block {
                found[found.count - 1].squares += squares
            } else {
                found.append((parameter.block, squares))
            }
        }
        norms = found
        return found
    }

    private func distance(_ parameter: Parameter, _ tensor: String, _ adapter: LowRankAdapter?) throws -> Double {
        let now = UnsafeBufferPointer(store.value(parameter))
        return try base.withFloats(of: tensor) { start in
            guard let adapter else { return SquaredSum.ofDifference(now, start) }
            return withUnsafeTemporaryAllocation(of: Float.self, capacity: parameter.count) { merged in
                adapter.merge(parameter, of: store, into: merged)
                return SquaredSum.ofDifference(UnsafeBufferPointer(merged), start)
            }
        }
    }
}
