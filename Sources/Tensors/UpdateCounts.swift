/// How often each parameter was updated: bias corrections count from when a parameter is first updated, as PyTorch's
/// optimizers do, so that one that has rested starts afresh.
///
/// Held as floats to go into the resume file with the moments; exact up to 2²⁴ updates.
final class UpdateCounts {
    /// Updates of the optimizer as a whole.
    private(set) var total = 0
    private let slab: Slab

    init(_ store: ParameterStore) { slab = Slab(count: store.parameters.count) }

    /// The count of a parameter, by its index in the store.
    subscript(parameter: Int) -> Int { Int(slab.base[parameter]) }

    /// Counts an update of every parameter that does not rest.
    func advance(_ store: ParameterStore) {
        total += 1
        for index in store.parameters.indices where store.parameters[index].isUpdated { slab.base[index] += 1 }
    }

    func setAll(to count: Int) {
        total = count
        slab.elements.update(repeating: Float(count))
    }

    var state: StateTensor { StateTensor(name: "updates", shape: [slab.count], elements: slab.elements) }
}
