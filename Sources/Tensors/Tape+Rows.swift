internal import CKernels

extension Tape {
    /// Rows a task for elementwise work with partial sums: fixed, so that sums do not depend on the threads.
    static let rowsPerSum = 128

    /// Rows a task for matrix products: few tasks, since each packs the other matrix anew, but two a thread, so that none
    /// waits long for another that was held up.
    ///
    /// Tried on a MiniLM step of 32 × 128 tokens with two threads: four tasks a thread take 1.5 to 5 % longer; one a thread
    /// is no faster and takes 13 to 20 MiB more of scratch memory.
    func rowsPerProduct(_ rows: Int) -> Int {
        let wanted = (rows + 2 * pool.threadCount - 1) / (2 * pool.threadCount)
        return min(max((wanted + 15) / 16 * 16, 16), 1024)
    }

    /// Calls `body(first, count, worker)` for blocks of rows, in parallel.
    func forBlocks(of rows: Int, size: Int, _ body: (_ first: Int, _ count: Int, _ worker: Int) -> Void) {
        pool.run((rows + size - 1) / size) { task, worker in
            let first = task * size
            body(first, min(size, rows - first), worker)
        }
    }

    /// Adds one of the rows of each part of `partials`, (parts × rows × columns), in order to the gradient of a parameter if
    /// it trains.
    func addPartialSums(_ partials: Tensor, row: Int, to parameter: Parameter) {
        guard let gradient = store.gradient(parameter)?.baseAddress else { return }
        let (columns, parts) = (partials.columns, partials.shape.outermost)
        for part in 0..<parts {
            ck_add(columns, partials.base + (part * (partials.rows / parts) + row) * columns, gradient)
        }
    }
}
