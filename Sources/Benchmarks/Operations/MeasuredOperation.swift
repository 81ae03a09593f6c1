import Tensors

/// An operation with the work that it cannot do without.
struct MeasuredOperation {
    /// Floating-point operations of products, and bytes to be read and written at least once.
    struct Work {
        var flops = 0.0
        var bytes = 0.0
    }

    let name: String
    let forward: Work
    /// Nil for what has no backward pass.
    var backward: Work?
    /// Parameters that train while this is measured; all others are frozen.
    var trains: (Parameter) -> Bool = { _ in true }
    /// Whether elements are dropped.
    var drops = false
    /// Makes the inputs anew for every run, since some operations take over their memory.
    let prepare: () -> [Value]
    let run: ([Value]) -> Value

    /// The best times of some runs after one to warm up, in seconds.
    func measure(runs: Int, _ workbench: Workbench) -> (forward: Double, backward: Double) {
        workbench.store.setTrainable(trains)
        var (forward, backward) = (Timing(), Timing())
        for number in 0...runs {
            let tape = workbench.tape
            tape.discard()
            tape.dropout = drops ? DropoutState(seed: 1, step: UInt64(number)) : nil
            let inputs = prepare()
            var (forwardTime, backwardTime) = (Timing(), Timing())
            let output = forwardTime.measure { run(inputs) }
            if self.backward != nil { backwardTime.measure { tape.backward(from: output, seed: 1e-3) } }
            guard number > 0 else { continue }
            forward.append(forwardTime)
            backward.append(backwardTime)
        }
        workbench.tape.discard()
        return (forward.best, backward.best)
    }
}
