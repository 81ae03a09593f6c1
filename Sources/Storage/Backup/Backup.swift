internal import FineTuning
internal import Foundation
internal import Glibc
internal import POSIX
internal import SQLite

/// Copies a data directory, also beside a running server, to one that a server can run on.
///
/// The database is copied as it is at one moment (`VACUUM INTO`, sqlite.org/lang_vacuum.html); then the files that the
/// copy names. Content lies on the disk before a row names it, and is never written to afterwards, so that no moment
/// needs to be held: only what is deleted meanwhile can be missing, and then the copy forgets it too. Run directories
/// are left out but for the ledgers: the server that starts on the copy puts running jobs back in the queue, and they go
/// on from their checkpoints.
///
/// All of it is made under a temporary name beside the destination, looked over as ``IntegrityCheck`` does, and only then
/// given its name.
public struct Backup {
    /// How often the checkpoints of unfinished jobs are copied, where their workers remove them meanwhile.
    private static let tries = 5

    private let source: DataDirectory
    private let migrations: String
    private let destination: String
    /// Where it is made.
    private let stage: String

    /// A backup of a data directory.
    ///
    /// - Parameter migrations: the directory of the `NNNN_what.sql` files.
    /// - Throws: ``BackupError`` where the destination cannot be used.
    public init(of source: DataDirectory, to destination: String, migrations: String) throws {
        self.source = source
        self.migrations = migrations
        self.destination = DataDirectory.absolute(destination)
        stage = "\(self.destination).partial-\(UUID().uuidString.prefix(8))"
        var status = stat()
        guard lstat(self.destination, &status) != 0 else { throw BackupError.exists(path: self.destination) }
        if self.destination.hasPrefix(source.path + "/") { throw BackupError.inside(path: self.destination) }
        guard access(parent, W_OK | X_OK) == 0, stat(parent, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw BackupError.noParent(path: parent)
        }
    }

    private var parent: String { URL(fileURLWithPath: destination).deletingLastPathComponent().path }

    /// Makes it.
    ///
    /// - Returns: what a look over the copy found. What was damaged before is damaged in the copy, and told.
    /// - Throws: ``BackupError``, `MigrationError`, `SQLiteError`, an error of the system; then nothing is left of it.
    public func run() throws -> IntegrityReport {
        do {
            let lost = try IntegrityCheck.lostCommits(source)
            try make()
            var report = try IntegrityCheck.run(DataDirectory(existing: stage), migrations: migrations)
            report.findings += lost
            for directory in try Tree.directories(of: stage) { try DurableFile.synchronizeDirectory(directory) }
            try DurableFile.rename(from: stage, to: destination)
            return report
        } catch {
            // The first fault is the one to tell.
            try? FileManager.default.removeItem(atPath: stage)
            throw error
        }
    }

    private func make() throws {
        let live = try Connection(path: source.databasePath, access: .readOnly)
        _ = try Migrator(directory: migrations).pending(live)
        try requireRoom(live)
        for name in ["", "/files", "/models", "/runs", "/tmp"] { try DataDirectory.createDirectory(stage + name) }
        let inventory = try copyDatabase(live)
        try copyContent(inventory, live)
        try copyModels()
        // Its lock is not taken, and its name is there for who asks whether a server has it.
        try DurableFile.write([], to: DataDirectory(existing: stage).lockPath)
    }

    /// Refuses to begin what would fill the disk.
    private func requireRoom(_ live: Connection) throws {
        let inventory = try live.transaction(.deferred) { try Inventory(live) }
        let pages = try live.value(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", as: Int.self)
        let directories = inventory.checkpoints.map(\.path) + inventory.ledgers.map(\.directory)
        var needed = (pages ?? 0) + inventory.files.reduce(0) { $0 + $1.bytes }
        for directory in directories { needed += try Tree.bytes(of: "\(source.path)/\(directory)") }
        for model in try source.ownModels() { needed += try Tree.bytes(of: model.directory) }
        var status = statvfs()
        guard statvfs(parent, &status) == 0 else { throw SystemCallError.last("statvfs", path: parent) }
        let free = Int(status.f_bavail) * Int(status.f_frsize)
        guard free > needed else { throw BackupError.noRoom(path: parent, needed: needed, free: free) }
    }

    /// Copies the database, and the checkpoints that running workers may remove while they are copied: so often, until
    /// none is missing.
    ///
    /// - Returns: what the copy names.
    private func copyDatabase(_ live: Connection) throws -> Inventory {
        let copy = "\(stage)/finetuned.sqlite"
        for round in 1... {
            _ = try FileDescriptor.open(copy, O_RDWR | O_CREAT | O_TRUNC, mode: 0o600)
            try live.run("VACUUM INTO ?", copy)
            // It is written without waiting for the disk.
            try FileDescriptor.open(copy).synchronize()
            let inventory = try Inventory(Connection(path: copy, access: .readOnly))
            let lost = try inventory.checkpoints.filter { checkpoint in
                let isMoving = inventory.jobs[checkpoint.jobID]?.isTerminal == false
                return try isMoving && !copyDirectory(checkpoint.path)
            }
            if lost.isEmpty { return inventory }
            if round == Self.tries {
                try forget(lost.map { ("checkpoints", $0.id) })
                return inventory
            }
            for job in Set(lost.map(\.jobID)) { try FileManager.default.removeItem(atPath: "\(stage)/runs/\(job)") }
        }
        preconditionFailure("the last round returns")
    }

    /// Copies a directory to the same place in the copy, unless it is there.
    ///
    /// - Returns: false where it is not, or no longer, in the original; then nothing is left of it.
    private func copyDirectory(_ path: String) throws -> Bool {
        let target = "\(stage)/\(path)"
        if FileManager.default.fileExists(atPath: target) { return true }
        try DataDirectory.createDirectory(target)
        if try Tree.copy("\(source.path)/\(path)", to: target) { return true }
        try FileManager.default.removeItem(atPath: target)
        return false
    }

    private func copyContent(_ inventory: Inventory, _ live: Connection) throws {
        var lost: [(table: String, id: String)] = []
        for file in inventory.files where !(try copyFile("files/\(file.name)")) { lost.append(("files", file.name)) }
        for checkpoint in inventory.checkpoints where inventory.jobs[checkpoint.jobID]?.isTerminal != false {
            if !(try copyDirectory(checkpoint.path)) { lost.append(("checkpoints", checkpoint.id)) }
        }
        for model in inventory.models { _ = try copyDirectory(model) }
        for ledger in inventory.ledgers {
            try DataDirectory.createDirectory("\(stage)/\(ledger.directory)")
            _ = try copyFile("\(ledger.directory)/ledger.jsonl")
        }
        // What a user deleted since is forgotten; what is merely gone stays named, and the look over the copy tells.
        try forget(
            lost.filter { entry in
                try live.value("SELECT 1 FROM \(entry.table) WHERE id = ?", entry.id, as: Int.self) == nil
            })
    }

    /// Copies a file to the same place in the copy.
    ///
    /// - Returns: false where it is not, or no longer, in the original.
    private func copyFile(_ path: String) throws(SystemCallError) -> Bool {
        do throws(SystemCallError) {
            try DurableFile.copy("\(source.path)/\(path)", to: "\(stage)/\(path)")
            return true
        } catch {
            if error.isNoSuchFile { return false }
            throw error
        }
    }

    /// Deletes rows from the copy.
    private func forget(_ rows: [(table: String, id: String)]) throws {
        if rows.isEmpty { return }
        let connection = try Connection(path: "\(stage)/finetuned.sqlite")
        try connection.transaction {
            for row in rows { try connection.run("DELETE FROM \(row.table) WHERE id = ?", row.id) }
        }
        // Back to one file, which can be read where nothing can be written.
        try connection.execute("PRAGMA journal_mode=DELETE")
    }

    /// Copies the pretrained models that lie in the data directory; no hashes of theirs are recorded, so they are
    /// compared with the originals.
    private func copyModels() throws {
        for model in try source.ownModels() {
            let target = "\(stage)/models/\(model.name)"
            try DataDirectory.createDirectory(target)
            guard try Tree.copy(model.directory, to: target), try Tree.isEqual(model.directory, target) else {
                throw StorageError.notFound(.model, id: model.name)
            }
        }
    }
}

extension DataDirectory {
    /// The pretrained models that lie in the data directory itself.
    fileprivate func ownModels() throws -> [BaseModel] {
        FileManager.default.fileExists(atPath: "\(path)/models") ? try baseModels() : []
    }
}
