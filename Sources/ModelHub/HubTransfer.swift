internal import Cryptography
internal import Foundation
internal import Glibc
internal import POSIX

/// Fetches a model from a hub.
struct HubTransfer: ModelTransfer {
    private let repository: HubRepository
    private let client: HubClient
    private let settings: PullSettings
    private let progress: @Sendable (PullProgress) -> Void

    init(
        _ repository: HubRepository, settings: PullSettings, progress: @escaping @Sendable (PullProgress) -> Void
    ) throws(PullError) {
        self.repository = repository
        self.settings = settings
        self.progress = progress
        client = try HubClient(
            endpoint: settings.endpoint, timeout: settings.timeout, isPrivate: settings.isHubPrivate)
    }

    var provesEquality: Bool { true }

    func files() async throws -> [ModelFile] {
        try FileSelection.select(from: try await client.files(of: repository), source: repository.description)
    }

    func gather(_ files: [ModelFile], into directory: String) async throws {
        let total = files.reduce(0) { $0 + $1.bytes }
        var before = 0
        for file in files {
            let arrived = before
            try await fetch(file, into: directory) { bytes in
                progress(PullProgress(file: file.path, arrivedBytes: arrived + bytes, totalBytes: total))
            }
            before += file.bytes
        }
    }

    /// Fetches one file, going on where a transfer broke off, and checks it.
    private func fetch(
        _ file: ModelFile, into directory: String, progress: @escaping @Sendable (Int) -> Void
    ) async throws {
        let path = "\(directory)/\(file.path)"
        // Without a SHA-256 a file of an earlier pull may be of another revision; such files are small.
        if file.sha256 != nil, try Pull.isComplete(file, in: directory) { return progress(file.bytes) }
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        // The content's identity in the name: what arrived of another revision is never continued.
        let partial = "\(path).\(file.contentID).partial"
        let resumed = FileManager.default.fileExists(atPath: partial)
        try await transfer(file, into: partial, progress: progress)
        do {
            try check(file, at: partial)
        } catch {
            try FileManager.default.removeItem(atPath: partial)
            // What an earlier pull left may have been damaged since; a fresh transfer tells.
            guard resumed else { throw error }
            return try await fetch(file, into: directory, progress: progress)
        }
        try DurableFile.rename(from: partial, to: path)
    }

    private func transfer(
        _ file: ModelFile, into partial: String, progress: @escaping @Sendable (Int) -> Void
    ) async throws {
        let address = client.address(of: file, in: repository)
        var fruitless = 0
        // The most that ever arrived: a server that makes the transfer start over brings nothing by that.
        var furthest = try FileDescriptor.open(partial, O_RDWR | O_CREAT, mode: 0o644).size()
        while true {
            let download = try Download(
                into: partial, expectedBytes: file.bytes, redirects: client.redirects, progress: progress)
            let reason: String
            switch try await download.run(try client.request(address)) {
            case .complete: return
            case .refused(let status) where status == 429 || status >= 500: reason = "the hub answers \(status)"
            case .refused(let status): throw PullError.refused(url: address, status: status)
            case .interrupted(let cause): reason = cause
            }
            let now = try FileDescriptor.open(partial).size()
            fruitless = now > furthest ? 0 : fruitless + 1
            furthest = max(furthest, now)
            guard fruitless < settings.fruitlessAttempts else {
                throw PullError.interrupted(file: file.path, reason: reason)
            }
            try await Task.sleep(for: settings.retryDelay * (1 << fruitless))
        }
    }

    private func check(_ file: ModelFile, at path: String) throws {
        let found = try SHA256.hash(fileAt: path)
        guard found.bytes == file.bytes else {
            throw PullError.damaged(file: file.path, expected: "\(file.bytes) bytes", found: "\(found.bytes)")
        }
        guard let digest = file.sha256, found.digest.hex != digest else { return }
        throw PullError.damaged(file: file.path, expected: "SHA-256 \(digest)", found: found.digest.hex)
    }
}
