internal import FineTuning
internal import Foundation
internal import POSIX

extension JobError {
    /// So many requests wait for worker processes already.
    static func tooManyWaiting(_ count: Int) -> JobError {
        JobError(.busy, "\(count) requests wait for a worker process already; try again in a few seconds")
    }

    /// A worker process cannot be started: as long as the machine is short of something, or at all.
    static func notStarted(_ error: SystemCallError) -> JobError {
        if error.isShortage {
            return JobError(.busy, "no worker process can be started just now (\(error.reason)); try again later")
        }
        return JobError(.workerDied, "the worker program cannot be started: \(error)")
    }

    /// Nothing is answered any more.
    static let shuttingDown = JobError(.busy, "the server is shutting down")

    /// The error with files called by their names, as clients know them, instead of where they lie on this machine.
    func naming(_ paths: [String]) -> JobError {
        var error = self
        for path in paths {
            guard let name = path.split(separator: "/").last else { continue }
            error.message = error.message.replacing(path, with: name)
        }
        return error
    }

    /// The error with paths below these directories told as relative ones.
    func relative(to directories: [String]) -> JobError {
        var error = self
        for directory in directories { error.message = error.message.replacing("\(directory)/", with: "") }
        return error
    }

    /// The model's files are gone.
    static let modelIsGone = JobError(.invalidModel, "the model's files are gone", param: "model")
}
