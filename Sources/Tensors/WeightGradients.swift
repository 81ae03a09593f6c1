internal import CKernels

/// The gradients of linear layers: matrix products over all rows, shared out over the threads in one go. The tape has one
/// that all operations use in turn.
struct WeightGradients {
    /// A product dW += gᵀ·x over `rows`, or a column sum db += Σ g when `x` is nil.
    private struct Task {
        var rows: Int
        var gradient: UnsafePointer<Float>
        var gradientStride: Int
        var outputs: Int
        var x: UnsafePointer<Float>?
        var xStride: Int
        var inputs: Int
        var target: UnsafeMutablePointer<Float>
        var targetStride: Int
    }

    private var tasks: [Task] = []
    private let store: ParameterStore
    private let threads: Int

    init(store: ParameterStore, threads: Int) {
        self.store = store
        self.threads = threads
    }

    /// Adds those of a layer that train.
    ///
    /// - Parameters:
    ///   - gradient: of the layer's output, (rows × outputs).
    ///   - x: the layer's input, (rows × inputs); may be nil when no weight trains.
    mutating func add(_ layer: LinearParameters, gradient: Tensor, x: Tensor?, withBias: Bool = true) {
        let (rows, stride) = (gradient.rows, gradient.columns)
        if let x {
            forRuns(of: layer.weights) { column, outputs, target, list in
                list.split(
                    Task(
                        rows: rows, gradient: gradient.base + column, gradientStride: stride, outputs: outputs,
                        x: x.base, xStride: x.columns, inputs: x.columns, target: target, targetStride: x.columns))
            }
        }
        guard withBias else { return }
        forRuns(of: layer.biases) { column, outputs, target, list in
            list.add(sumOf: gradient.base + column, rows: rows, columns: outputs, stride: stride, to: target)
        }
    }

    /// Adds the product target += gradientᵀ·x of matrices that are no layer's.
    ///
    /// - Parameters:
    ///   - gradient: (rows × outputs), rows `stride` floats apart.
    ///   - x: (rows × inputs), rows `xStride` floats apart.
    ///   - target: (outputs × inputs).
    mutating func add(
        gradient: UnsafePointer<Float>, stride: Int, outputs: Int, x: UnsafePointer<Float>, xStride: Int, inputs: Int,
        rows: Int, target: UnsafeMutablePointer<Float>
    ) {
        split(
            Task(
                rows: rows, gradient: gradient, gradientStride: stride, outputs: outputs, x: x, xStride: xStride,
                inputs: inputs, target: target, targetStride: inputs))
    }

    private mutating func add(
        sumOf gradient: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int,
        to target: UnsafeMutablePointer<Float>
    ) {
        let width = 128
        for first in Swift.stride(from: 0, to: columns, by: width) {
            tasks.append(
                Task(
                    rows: rows, gradient: gradient + first, gradientStride: stride,
                    outputs: min(width, columns - first), x: nil, xStride: 0, inputs: 0, target: target + first,
                    targetStride: 0))
        }
    }

    /// Calls `body(first output, outputs, gradient)` for neighbours that train and whose gradients are neighbours too, as one.
    private mutating func forRuns(
        of parameters: [Parameter],
        _ body: (Int, Int, UnsafeMutablePointer<Float>, inout WeightGradients) -> Void
    ) {
        var column = 0
        var run: (column: Int, outputs: Int, target: UnsafeMutablePointer<Float>, end: UnsafeMutablePointer<Float>)?
        for parameter in parameters {
            let outputs = parameter.shape.outermost
            let gradient = store.gradient(parameter)
            // A frozen layer between two others ends a run: its columns lie between theirs, but it has no gradient.
            if let last = run, last.end != gradient?.baseAddress {
                body(last.column, last.outputs, last.target, &self)
                run = nil
            }
            if let gradient, let target = gradient.baseAddress {
                run = (
                    run?.column ?? column, (run?.outputs ?? 0) + outputs, run?.target ?? target, target + gradient.count
                )
            }
            column += outputs
        }
        if let last = run { body(last.column, last.outputs, last.target, &self) }
    }

    /// One piece a thread along the longer side of the gradient, which packs the least.
    private mutating func split(_ task: Task) {
        let byOutputs = task.outputs >= task.inputs
        let extent = byOutputs ? task.outputs : task.inputs
        let size = max(((extent + threads - 1) / threads + 15) / 16 * 16, 16)
        for first in stride(from: 0, to: extent, by: size) {
            var piece = task
            if byOutputs {
                piece.outputs = min(size, extent - first)
                piece.gradient += first
                piece.target += first * task.targetStride
            } else {
                piece.inputs = min(size, extent - first)
                piece.x = task.x.map { $0 + first }
                piece.target += first
            }
            tasks.append(piece)
        }
    }

    /// Computes all, and forgets them.
    mutating func run(on pool: ThreadPool) {
        tasks.withUnsafeBufferPointer { tasks in
            pool.run(tasks.count) { index, _ in
                let task = tasks[index]
                if let x = task.x {
                    BLAS.multiply(
                        m: task.outputs, n: task.inputs, k: task.rows, a: task.gradient, lda: task.gradientStride,
                        transposeA: true, b: x, ldb: task.xStride, beta: 1, c: task.target, ldc: task.targetStride)
                } else {
                    ck_add_column_sums(task.rows, task.outputs, task.gradient, task.gradientStride, task.target)
                }
            }
        }
        tasks.removeAll(keepingCapacity: true)
    }
}
