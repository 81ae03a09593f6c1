internal import Foundation
internal import Glibc
internal import POSIX

/// Copies a model from a directory of this machine.
struct DirectoryTransfer: ModelTransfer {
    let directory: String
    let progress: @Sendable (PullProgress) -> Void

    private static let pieceBytes = 4 << 20

    // Files of the same length may differ.
    var provesEquality: Bool { false }

    func files() async throws -> [ModelFile] {
        var files: [ModelFile] = []
        for path in FileManager.default.enumerator(atPath: directory)?.compactMap({ $0 as? String }) ?? [] {
            var isDirectory: ObjCBool = false
            // Links are followed: a hub's cache consists of them.
            guard FileManager.default.fileExists(atPath: "\(directory)/\(path)", isDirectory: &isDirectory),
                !isDirectory.boolValue
            else { continue }
            files.append(ModelFile(path: path, bytes: try FileDescriptor.open("\(directory)/\(path)").size()))
        }
        return try FileSelection.select(from: files, source: directory)
    }

    func gather(_ files: [ModelFile], into staging: String) async throws {
        let total = files.reduce(0) { $0 + $1.bytes }
        var arrived = 0
        for file in files {
            let destination = "\(staging)/\(file.path)"
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: destination).deletingLastPathComponent(), withIntermediateDirectories: true)
            let source = try FileDescriptor.open("\(directory)/\(file.path)")
            let copy = try FileDescriptor.open(destination, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
            var copied = 0
            while true {
                let piece = try source.read(upTo: Self.pieceBytes)
                if piece.isEmpty { break }
                try Task.checkCancellation()
                try copy.write(all: piece)
                copied += piece.count
                progress(PullProgress(file: file.path, arrivedBytes: arrived + copied, totalBytes: total))
            }
            guard copied == file.bytes else {
                throw PullError.damaged(file: file.path, expected: "\(file.bytes) bytes", found: "\(copied)")
            }
            try copy.synchronize()
            arrived += copied
        }
    }
}
