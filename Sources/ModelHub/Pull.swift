internal import Cryptography
internal import Foundation
internal import POSIX

/// Brings a model into a directory of models, whole or not at all.
///
/// Everything is gathered in `.NAME.partial` beside the model's place and renamed when it is complete and checked. What
/// was gathered stays there when the transfer breaks off, and the next pull goes on from it.
public struct Pull: Sendable {
    /// What a pull came to.
    public struct Result: Sendable, Hashable {
        /// Where the model is.
        public let directory: String
        /// Bytes of its files.
        public let bytes: Int
        /// Whether it was there already.
        public let wasComplete: Bool
    }

    /// Where the model comes from.
    public let source: ModelSource
    /// What it is called here.
    public let name: String
    /// The directory of models.
    public let models: String
    private let settings: PullSettings

    /// A pull that has not begun.
    ///
    /// - Parameter name: what the model is called here; nil takes the source's name.
    /// - Throws: ``PullError/malformedName(_:)``.
    public init(
        _ source: ModelSource, as name: String? = nil, into models: String, settings: PullSettings = PullSettings()
    ) throws(PullError) {
        self.source = source
        self.name = name ?? source.defaultName
        self.models = URL(fileURLWithPath: models).standardizedFileURL.path
        self.settings = settings
        guard HubRepository.isName(self.name) else { throw .malformedName(self.name) }
    }

    private var place: String { "\(models)/\(name)" }
    private var staging: String { "\(models)/.\(name).partial" }

    /// Fetches what is missing.
    ///
    /// - Parameters:
    ///   - verify: looks over the gathered directory before it takes its place; what it throws ends the pull.
    ///   - progress: is told how far the transfer is.
    /// - Throws: ``PullError``, `SystemCallError`, and what `verify` throws.
    public func run(
        verify: (_ directory: String) async throws -> Void,
        progress: @escaping @Sendable (PullProgress) -> Void
    ) async throws -> Result {
        try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
        let lockPath = "\(models)/.\(name).lock"
        guard let lock = try FileLock.tryAcquire(lockPath) else { throw PullError.busy(path: place) }
        defer { withExtendedLifetime(lock) {} }
        let transfer: any ModelTransfer =
            switch source {
            case .hub(let repository): try HubTransfer(repository, settings: settings, progress: progress)
            case .directory(let path): DirectoryTransfer(directory: path, progress: progress)
            }
        let files = try await transfer.files()
        let total = files.reduce(0) { $0 + $1.bytes }
        if transfer.provesEquality, try files.allSatisfy({ try Self.isComplete($0, in: place) }) {
            return Result(directory: place, bytes: total, wasComplete: true)
        }
        try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
        try await transfer.gather(files, into: staging)
        try clear(keeping: Set(files.map(\.path)))
        try await verify(staging)
        try publish()
        return Result(directory: place, bytes: total, wasComplete: false)
    }

    /// Whether a file is there with its length and, where known, its SHA-256.
    static func isComplete(_ file: ModelFile, in directory: String) throws -> Bool {
        let path = "\(directory)/\(file.path)"
        guard FileManager.default.fileExists(atPath: path) else { return false }
        guard let digest = file.sha256 else { return try FileDescriptor.open(path).size() == file.bytes }
        let found = try SHA256.hash(fileAt: path)
        return found.bytes == file.bytes && found.digest.hex == digest
    }

    /// Deletes what an earlier pull of another revision left.
    private func clear(keeping paths: Set<String>) throws {
        for path in FileManager.default.enumerator(atPath: staging)?.compactMap({ $0 as? String }) ?? [] {
            var isDirectory: ObjCBool = false
            let full = "\(staging)/\(path)"
            guard FileManager.default.fileExists(atPath: full, isDirectory: &isDirectory) else { continue }
            if isDirectory.boolValue {
                try DurableFile.synchronizeDirectory(full)
            } else if !paths.contains(path) {
                try FileManager.default.removeItem(atPath: full)
            }
        }
    }

    /// Puts the gathered directory into its place; the one that was there goes. There is no moment without one.
    private func publish() throws {
        guard FileManager.default.fileExists(atPath: place) else {
            return try DurableFile.rename(from: staging, to: place)
        }
        // A name of its own: what is replaced must not be taken for something gathered by the next pull.
        let spare = "\(models)/.\(name).old"
        if FileManager.default.fileExists(atPath: spare) { try FileManager.default.removeItem(atPath: spare) }
        try DurableFile.rename(from: staging, to: spare)
        try DurableFile.exchange(spare, with: place)
        try FileManager.default.removeItem(atPath: spare)
    }
}
