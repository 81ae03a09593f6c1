internal import RunDirectory

extension WorkerRequest {
    /// The files and directories that it is about.
    var paths: [String] {
        switch self {
        case .check(let training, let validation, _, _, let modelDirectory):
            [training.path, validation?.path, modelDirectory].compactMap(\.self)
        case .estimate(let run):
            [run.trainingFile.path, run.validationFile?.path, run.modelDirectory].compactMap(\.self)
        case .card(let directory), .predict(let directory, _), .embed(let directory, _): [directory]
        case .merge(let directory, let output): [directory, output]
        }
    }
}
