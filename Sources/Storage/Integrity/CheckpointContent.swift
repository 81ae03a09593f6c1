internal import FineTuning
internal import Foundation
internal import JSON
internal import POSIX
internal import RunDirectory

/// The files of a checkpoint's directory, held against its own list of checksums and against what is recorded of it.
struct CheckpointContent {
    /// The data directory.
    let root: String
    /// The checkpoint's directory, relative to that.
    let path: String

    private var directory: String { "\(root)/\(path)" }

    /// What is wrong with it.
    ///
    /// - Parameter recorded: the files that the database has; those of its list of checksums are more.
    func findings(recorded: [CheckpointFile]) -> [IntegrityFinding] {
        guard FileManager.default.fileExists(atPath: directory) else {
            return [IntegrityFinding(.missing, path, "the checkpoint is gone")]
        }
        var findings: [IntegrityFinding] = []
        var files = recorded
        do {
            let listed = try list()
            for file in recorded where !listed.contains(file) {
                findings.append(
                    IntegrityFinding(
                        .damaged, "\(path)/\(file.name)",
                        "the database and \(ChecksumList.fileName) record different hashes of it"))
            }
            files = listed + recorded.filter { !listed.contains($0) }
            findings += strays(Set(files.map(\.name) + [ChecksumList.fileName]))
        } catch {
            let place = "\(path)/\(ChecksumList.fileName)"
            let isThere = FileManager.default.fileExists(atPath: "\(root)/\(place)")
            findings.append(IntegrityFinding(isThere ? .damaged : .missing, place, "\(error)"))
        }
        for file in files {
            guard let fault = file.fault(in: directory) else { continue }
            let isThere = FileManager.default.fileExists(atPath: "\(directory)/\(file.name)")
            findings.append(IntegrityFinding(isThere ? .damaged : .missing, "\(path)/\(file.name)", fault))
        }
        return findings
    }

    /// The list of checksums.
    ///
    /// No hash of the list itself is kept. Written in one way only, it betrays a change all the same: as another form,
    /// or as a sum that does not fit.
    private func list() throws -> [CheckpointFile] {
        let bytes = try FileDescriptor.open("\(directory)/\(ChecksumList.fileName)").readToEnd()
        let list = try ChecksumList(JSONCursor(JSONValue(parsing: bytes)))
        guard Array(list.json.prettyText.utf8) == bytes else {
            throw RunDirectoryError(path: ChecksumList.fileName, reason: "its form has changed")
        }
        return list.files
    }

    private func strays(_ known: Set<String>) -> [IntegrityFinding] {
        let names = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return names.sorted().filter { name in
            var isFolder: ObjCBool = false
            return !known.contains(name)
                && FileManager.default.fileExists(atPath: "\(directory)/\(name)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.map { IntegrityFinding(.stray, "\(path)/\($0)", "the checkpoint does not name it") }
    }
}
