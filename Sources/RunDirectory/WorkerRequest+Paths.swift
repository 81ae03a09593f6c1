extension WorkerRequest {
    /// The files and directories that it is about.
    public var paths: [String] { readablePaths + writablePaths }

    /// The files and directories that are read for it.
    public var readablePaths: [String] {
        switch self {
        case .check(let training, let validation, _, _, let modelDirectory):
            [training.path, validation?.path, modelDirectory].compactMap(\.self)
        case .estimate(let run): run.readablePaths
        case .card(let directory), .predict(let directory, _), .embed(let directory, _), .merge(let directory, _):
            [directory]
        }
    }

    /// The directories that are written to for it.
    public var writablePaths: [String] {
        if case .merge(_, let output) = self { [output] } else { [] }
    }
}

extension RunRecipe {
    /// The files and directories that are read for a run.
    public var readablePaths: [String] {
        [trainingFile.path, validationFile?.path, modelDirectory].compactMap(\.self)
    }
}
