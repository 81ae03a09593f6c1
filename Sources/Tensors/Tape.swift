internal import CKernels

/// Records operations as they are done, and walks them backwards.
///
/// Append-only; nodes refer to values by number and never to the tape, so nothing can form a cycle. Values that
/// depend on no trainable parameter are not recorded and keep nothing. A tape serves one step at a time:
/// operations, then ``backward(from:seed:)`` or ``discard()``.
public final class Tape {
    /// Where activations live.
    public let arena: Arena
    /// The threads to use.
    public let pool: ThreadPool
    /// The parameters that operations refer to.
    public let store: ParameterStore
    /// Random streams of this step's dropout; nil switches dropout off.
    public var dropout: DropoutState?
    /// Whether operations are recorded; off for evaluation.
    public var isRecording = true

    private var nodes = NodeStack()
    private var gradients: [Int: Tensor] = [:]
    private var valueCount = 0
    private var streamCount: UInt32 = 0
    /// The list of products of weight gradients, kept for its memory.
    var weightGradients: WeightGradients

    /// A tape over the parameters of `store`.
    public init(store: ParameterStore, pool: ThreadPool, arena: Arena = Arena()) {
        precondition(BLAS.isSingleThreaded)
        self.store = store
        self.pool = pool
        self.arena = arena
        weightGradients = WeightGradients(store: store, threads: pool.threadCount)
    }

    /// Wraps a tensor as a value that depends on nothing.
    public func constant(_ tensor: Tensor) -> Value { value(tensor, needsGradient: false) }

    /// Wraps a tensor as a value whose gradient is wanted though no parameter lies below it, to measure or test an
    /// operation's backward pass by itself; the gradient is dropped with the tape.
    public func variable(_ tensor: Tensor) -> Value { value(tensor, needsGradient: true) }

    func value(_ tensor: Tensor, needsGradient: Bool) -> Value {
        valueCount += 1
        return Value(id: valueCount - 1, tensor: tensor, needsGradient: needsGradient && isRecording)
    }

    func record(_ node: some Node) { nodes.push(node) }

    /// Whether any of the parameters is to be updated and the tape records.
    func trains(_ parameters: [Parameter]) -> Bool { isRecording && parameters.contains { store.updates($0) } }

    /// Whether any of up to three parameters is to be updated and the tape records.
    func trains(_ first: Parameter, _ second: Parameter? = nil, _ third: Parameter? = nil) -> Bool {
        guard isRecording else { return false }
        return store.updates(first) || second.map { store.updates($0) } ?? false
            || third.map { store.updates($0) } ?? false
    }

    /// The stream for the next operation that drops, or nil when nothing is to be dropped.
    func nextDropout(probability: Float) -> Dropout? {
        streamCount += 1
        guard let dropout, probability > 0 else { return nil }
        return Dropout(state: dropout, stream: streamCount - 1, probability: probability)
    }

    /// Walks the tape backwards from `output`, adding to the gradients in the store, and empties the tape.
    ///
    /// - Parameters:
    ///   - output: where to start; its gradient is `seed` in every element.
    ///   - seed: the gradient of the output, 1 for a loss.
    public func backward(from output: Value, seed: Float = 1) {
        if output.needsGradient {
            let gradient = arena.tensor(output.shape)
            gradient.base.update(repeating: seed, count: gradient.count)
            gradients[output.id] = gradient
        }
        while let entry = nodes.popLast() { entry.walkBack(self) }
        discard()
    }

    /// Forgets everything recorded.
    public func discard() {
        nodes.removeAll()
        gradients.removeAll(keepingCapacity: true)
        valueCount = 0
        streamCount = 0
    }

    /// The gradient of a value that its users have completed; nil when no user passed one down.
    func takeGradient(_ id: Int) -> Tensor? { gradients.removeValue(forKey: id) }

    /// Adds a gradient that the caller gives up to that of a value.
    func addGradient(_ gradient: Tensor, to value: Int) {
        guard let sum = gradients[value] else {
            gradients[value] = gradient
            return
        }
        forBlocks(of: sum.count, size: 1 << 15) { first, count, _ in
            ck_add(count, gradient.base + first, sum.base + first)
        }
    }

    /// Where to add the gradient of a value: the memory, and 1 when it holds a sum already, else 0 with undefined contents.
    func gradientTarget(_ value: Int, _ shape: Shape) -> (tensor: Tensor, beta: Float) {
        if let tensor = gradients[value] { return (tensor, 1) }
        let tensor = arena.tensor(shape)
        gradients[value] = tensor
        return (tensor, 0)
    }

    /// Where to add the gradient of a value: a sum begun already, or zeros.
    func zeroedGradientTarget(_ value: Int, _ shape: Shape) -> Tensor {
        let target = gradientTarget(value, shape)
        if target.beta == 0 { target.tensor.base.update(repeating: 0, count: shape.count) }
        return target.tensor
    }
}

/// A recorded operation: what its backward pass needs.
protocol Node {
    /// Takes the gradient of its result from the tape and adds those of its inputs and parameters.
    func backward(_ tape: Tape)
}
