internal import Tensors

extension Trainer {
    /// Runs `body` with the weights that are evaluated and exported in place: the average, where there is one.
    public func withExportedWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard let average else { return try body() }
        average.swap(on: task.pool)
        defer { average.swap(on: task.pool) }
        return try body()
    }

    /// What the run needs to go on beside the exported weights and ``state``, by the names in the resume file.
    ///
    /// While the exported weights are in place, the average holds the live ones.
    var resumeTensors: [ResumeTensor] {
        let states = optimizer.state + (penalty?.state ?? []) + (average?.state ?? [])
        guard task.resumesFromPretrained else { return states.map { ResumeTensor($0) } }
        let trained = task.store.parameters.filter(\.isTrainable)
        return states.map { ResumeTensor($0) } + trained.map { ResumeTensor($0, of: task.store) }
    }

    /// Goes on where a checkpoint stood, whose exported weights are loaded and whose figures are in ``state``.
    ///
    /// - Parameter path: the checkpoint's directory.
    /// - Throws: `SafetensorsError` where a tensor is missing or of another size.
    public func restore(from path: String) throws {
        optimizer.updateCount = state.step
        average?.updateCount = state.step
        try withExportedWeights {
            try ResumeState.restore(resumeTensors, from: "\(path)/\(CheckpointFiles.optimizer)")
        }
        try ledger.restore(from: "\(path)/\(CheckpointFiles.ledger)")
    }
}
