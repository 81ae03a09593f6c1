internal import FineTuning
internal import Foundation
internal import Models
internal import POSIX
internal import RunDirectory

/// A checkpoint with adapters as a whole model: its weights with the adapters merged in, without the files of peft.
enum MergedModel {
    /// Copies the whole model's files into a new directory.
    ///
    /// - Parameters:
    ///   - directory: the checkpoint's.
    ///   - output: the directory to make.
    /// - Returns: the files.
    /// - Throws: `JobError` of code `invalid_model` where the directory holds no adapters with the weights beside them.
    static func write(_ directory: String, to output: String) throws -> [CheckpointFile] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: directory).sorted()
        guard names.contains(AdapterConfiguration.weightsName), names.contains(CheckpointFiles.weights) else {
            throw JobError(
                .invalidModel, "the model in \(directory) has no adapters that could be merged; it is whole as it is",
                param: "model")
        }
        let adapter: Set = [AdapterConfiguration.weightsName, AdapterConfiguration.fileName]
        let wanted = names.filter { name in
            var isFolder: ObjCBool = false
            return !adapter.contains(name) && !CheckpointFiles.resumeState.contains(name)
                && FileManager.default.fileExists(atPath: "\(directory)/\(name)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        for name in wanted {
            let target = URL(fileURLWithPath: "\(output)/\(name)")
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: "\(directory)/\(name)", toPath: target.path)
        }
        return try ChecksumList(of: wanted, in: output).files
    }
}
