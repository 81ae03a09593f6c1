internal import CKernels

extension Tape {
    /// Rows a task for elementwise work with partial sums: fixed, so that sums do not depend on the threads.
    static let rowsPerSum = 128

    /// Rows a task for matrix products: few tasks, since each packs the other matrix anew, but some more than threads.
    func rowsPerProduct(_ rows: Int) -> Int {
        let wanted = (rows + 4 * pool.threadCount - 1) / (4 * pool.threadCount)
        return min(max((wanted + 15) / 16 * 16, 16), 512)
    }

    /// Calls `body(first, count, worker)` for blocks of rows, in parallel.
    func forBlocks(of rows: Int, size: Int, _ body: (_ first: Int, _ count: Int, _ worker: Int) -> Void) {
        pool.run((rows + size - 1) / size) { task, worker in
            let first = task * size
            body(first, min(size, rows - first), worker)
        }
    }

    /// Adds `partials`, (parts × parameters × columns), in order to the gradients of those parameters that train.
    func addPartialSums(_ partials: Tensor, to parameters: [Parameter]) {
        let columns = partials.columns
        for part in 0..<partials.shape.extents[0] {
            for (position, parameter) in parameters.enumerated() {
                guard let gradient = store.gradient(parameter)?.baseAddress else { continue }
                ck_add(columns, partials.base + (part * parameters.count + position) * columns, gradient)
            }
        }
    }
}
