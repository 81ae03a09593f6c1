public import FineTuning
internal import Foundation
internal import JSON
internal import Models
internal import POSIX
internal import RunDirectory
internal import Safetensors
internal import Tokenizers

extension JobError {
    /// The job's error for whatever was thrown below.
    public init(cause error: any Error) {
        switch error {
        case let error as JobError: self = error
        case .invalidBatch(let reason) as ModelError: self.init(.internalError, "a batch does not fit: \(reason)")
        case .noSuchLayer as ModelError:
            self.init(.invalidRecipe, "layers.lora.targets: \(error)", param: "layers.lora.targets")
        case let error as ModelError: self.init(.invalidModel, error.description, param: "model")
        case let error as TokenizerError: self.init(.invalidModel, error.description, param: "model")
        case .system(let call, let path, let code, _) as SafetensorsError where SystemCallError.meansFull(code):
            self.init(cause: SystemCallError(call: call, code: code, path: path))
        case let error as SafetensorsError: self.init(.invalidModel, error.description, param: "model")
        case let error as SystemCallError where SystemCallError.meansFull(error.code):
            self.init(.diskFull, "the disk is full: \(error); free some space, then resume the job")
        case let error as SystemCallError: self.init(.internalError, error.description)
        case let error as JSONFault: self.init(.invalidRecipe, error.description, param: error.path)
        default: self.init(.internalError, "\(error)")
        }
    }
}

extension SystemCallError {
    /// Whether an error number says that there is no more room: on the disk (ENOSPC), within a user's share of it
    /// (EDQUOT), or within the limit of a file's size (EFBIG, as `ulimit -f` sets it).
    static func meansFull(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
}
