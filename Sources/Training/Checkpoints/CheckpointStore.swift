internal import FineTuning
internal import Foundation
internal import JSON
internal import POSIX
public import RunDirectory

/// A directory of checkpoints, `step-000100` and so on, that all attempts of a job share.
public struct CheckpointStore: Sendable {
    /// The directory's path.
    public let path: String

    /// A checkpoint that may be resumed from.
    public struct Found: Sendable {
        /// Its name within the directory.
        public let name: String
        /// Where the run stood.
        public let state: TrainingState
        /// All its files but the checksums.
        public let checksums: ChecksumList
    }

    /// What a search for a checkpoint found.
    public struct Search: Sendable {
        /// The newest whole checkpoint of the run.
        public var newest: Found?
        /// Checkpoints that are damaged, with what is wrong.
        public var damaged: [(name: String, fault: String)] = []
        /// Checkpoints of another recipe or other data.
        public var foreign: [String] = []
    }

    /// The checkpoints in a directory, which is made where it is missing.
    ///
    /// - Throws: an error where it cannot be made.
    public init(path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// The path of a checkpoint, or of a file of it.
    public func path(_ name: String, _ file: String? = nil) -> String {
        file.map { "\(path)/\(name)/\($0)" } ?? "\(path)/\(name)"
    }

    /// The names of all checkpoints, oldest step first.
    public func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path)
            .compactMap { name in Self.step(of: name).map { (step: $0, name: name) } }
            .sorted { $0.step < $1.step }.map(\.name)
    }

    /// The step in a checkpoint's name; nil for other names.
    static func step(of name: String) -> Int? {
        guard name.hasPrefix("step-"), let step = Int(name.dropFirst(5)), PublishedCheckpoint.name(step: step) == name
        else { return nil }
        return step
    }

    /// Looks for the newest checkpoint of a run, checking every file of it; damaged ones are passed over.
    ///
    /// - Parameter fingerprint: of the run.
    /// - Complexity: O(size of the files of the checkpoint found and of those passed over).
    public func search(fingerprint: String) throws -> Search {
        var search = Search()
        for name in try names().reversed() {
            do {
                let state = try TrainingState(read(name, CheckpointFiles.state))
                guard state.fingerprint == fingerprint else {
                    // Damage may only make it seem another run's.
                    let checksums = try? ChecksumList(read(name, ChecksumList.fileName))
                    let recorded = checksums?.files.first { $0.name == CheckpointFiles.state }
                    if let fault = recorded?.fault(in: path(name)) {
                        search.damaged.append((name, fault))
                    } else {
                        search.foreign.append(name)
                    }
                    continue
                }
                let checksums = try ChecksumList(read(name, ChecksumList.fileName))
                if let fault = checksums.firstFault(in: path(name)) {
                    search.damaged.append((name, fault))
                } else {
                    search.newest = Found(name: name, state: state, checksums: checksums)
                    return search
                }
            } catch {
                search.damaged.append((name, "\(error)"))
            }
        }
        return search
    }

    private func read(_ name: String, _ file: String) throws -> JSONCursor {
        JSONCursor(try JSONValue(parsing: try FileDescriptor.open(path(name, file)).readToEnd()))
    }

    /// Removes a checkpoint.
    ///
    /// It is renamed first: a removal that is cut off leaves no half checkpoint under a checkpoint's name.
    public func remove(_ name: String) throws {
        let grave = path(".removed-\(name)")
        try removeIfPresent(grave)
        try DurableFile.rename(from: path(name), to: grave)
        try FileManager.default.removeItem(atPath: grave)
    }

    /// Removes what interrupted writes and removals have left.
    public func removeLeftovers() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path)
        where name.hasPrefix(".removed-") || name.hasPrefix(".writing-") {
            try FileManager.default.removeItem(atPath: path(name))
        }
    }

    /// A new empty directory to write a checkpoint in.
    func makeTemporary(for name: String) throws -> String {
        let temporary = path(".writing-\(name)")
        try removeIfPresent(temporary)
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
        return temporary
    }

    /// Gives a written directory its name, durably; one that has the name already is removed before.
    func publish(_ temporary: String, as name: String) throws {
        if FileManager.default.fileExists(atPath: path(name)) { try remove(name) }
        try DurableFile.rename(from: temporary, to: path(name))
    }

    func removeIfPresent(_ path: String) throws {
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    /// Which checkpoints are not needed any more: all but the last `keep` and the best.
    ///
    /// - Parameters:
    ///   - names: all checkpoints, oldest first.
    ///   - keep: how many of the last stay, at least 1.
    ///   - best: the step of the best one.
    static func superfluous(_ names: [String], keep: Int, best: Int?) -> [String] {
        names.dropLast(max(keep, 1)).filter { step(of: $0) != best }
    }
}
