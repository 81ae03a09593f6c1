internal import FineTuning
internal import Foundation
internal import POSIX
internal import RunDirectory
internal import SQLite

/// Looks a data directory over: the database, and all files that it names against their recorded sizes and hashes.
///
/// It only reads, also beside a running server: what that changes meanwhile is not taken for damage.
public struct IntegrityCheck {
    let directory: DataDirectory
    private let migrator: Migrator
    var report = IntegrityReport()
    /// Whether a server has the directory, so that it changes.
    let isServed: Bool

    private init(directory: DataDirectory, migrations: String) throws {
        self.directory = directory
        migrator = try Migrator(directory: migrations)
        // A lock that cannot be asked after, as on a file system that is only read, is held by nobody.
        isServed = (try? FileLock.isHeld(directory.lockPath)) ?? false
    }

    /// Looks a data directory over.
    ///
    /// - Parameter migrations: the directory of the `NNNN_what.sql` files.
    /// - Throws: `MigrationError` where the database is of a newer version; `SQLiteError` where another process holds it
    ///   too long; an error of the system where a directory cannot be read.
    /// - Complexity: O(size of the data directory); memory is flat but for the database's names.
    public static func run(_ directory: DataDirectory, migrations: String) throws -> IntegrityReport {
        var check = try IntegrityCheck(directory: directory, migrations: migrations)
        try check.run()
        return check.report
    }

    private mutating func run() throws {
        guard let (connection, inventory) = try database() else { return }
        try checkFiles(inventory, connection)
        try checkCheckpoints(inventory, connection)
        checkLedgers(inventory)
        try lookForStrays(inventory, connection)
    }

    mutating func find(_ kind: IntegrityFinding.Kind, _ path: String, _ message: String) {
        report.findings.append(IntegrityFinding(kind, path, message))
    }

    /// Checks the database; nil where it is too damaged to name anything.
    private mutating func database() throws -> (Connection, Inventory)? {
        report.findings += try Self.lostCommits(directory)
        do {
            let connection = try Connection(path: directory.databasePath, access: .readOnly)
            for fault in try connection.faults(.full) { findInDatabase(fault) }
            let pending = try migrator.pending(connection)
            let inventory = try connection.transaction(.deferred) {
                // The rows of an earlier version are read once they are upgraded.
                if pending.isEmpty { try checkRows(connection) }
                return try Inventory(connection)
            }
            inventory.faults.forEach { findInDatabase($0) }
            return (connection, inventory)
        } catch let error as SQLiteError where !error.isBusy {
            findInDatabase("it cannot be read: \(error)")
            return nil
        }
    }

    /// What was committed, and a damage of the log keeps SQLite from finding: no copy of the database tells of it.
    static func lostCommits(_ directory: DataDirectory) throws -> [IntegrityFinding] {
        let fault = try WriteAheadLog(database: directory.databasePath).fault()
        return fault.map { [IntegrityFinding(.damaged, "finetuned.sqlite-wal", "\($0)")] } ?? []
    }

    mutating func findInDatabase(_ message: String) { find(.damaged, "finetuned.sqlite", message) }

    private mutating func checkFiles(_ inventory: Inventory, _ connection: Connection) throws {
        for file in inventory.files {
            report.files += 1
            report.bytes += file.bytes
            guard let fault = file.fault(in: "\(directory.path)/files") else { continue }
            // Deleted since: then the row has gone before the content.
            let isNamed = try connection.value("SELECT 1 FROM files WHERE id = ?", file.name, as: Int.self) != nil
            if isNamed { find(kind("files/\(file.name)"), "files/\(file.name)", fault) }
        }
    }

    /// Whether something that is at fault is there at all.
    func kind(_ path: String) -> IntegrityFinding.Kind { exists(path) ? .damaged : .missing }

    private func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(directory.path)/\(path)")
    }

    private mutating func checkCheckpoints(_ inventory: Inventory, _ connection: Connection) throws {
        let places = Set(inventory.checkpoints.map(\.path))
        for checkpoint in inventory.checkpoints {
            report.checkpoints += 1
            report.bytes += checkpoint.files.reduce(0) { $0 + $1.bytes }
            let findings = CheckpointContent(root: directory.path, path: checkpoint.path).findings(
                recorded: checkpoint.files)
            if !findings.isEmpty, try isCurrent(checkpoint, connection) { report.findings += findings }
        }
        // A model whose checkpoint has no row still says itself what it must be.
        for model in inventory.models where !places.contains(model) {
            let findings = CheckpointContent(root: directory.path, path: model).findings(recorded: [])
            let isNamed = try connection.value("SELECT 1 FROM models WHERE directory = ?", model, as: Int.self) != nil
            if isNamed { report.findings += findings }
        }
    }

    /// Whether a checkpoint is still what it was when the inventory was taken. One that was replaced or removed since
    /// has lost its row; where its worker has only journalled that, the database does not know yet.
    private func isCurrent(_ checkpoint: Inventory.StoredCheckpoint, _ connection: Connection) throws -> Bool {
        let (stored, journal) = try connection.transaction(.deferred) {
            (
                try connection.first("SELECT * FROM checkpoints WHERE id = ?", checkpoint.id) {
                    try Inventory.checkpoint($0)
                },
                try connection.first(
                    "SELECT journal_attempt, journal_offset FROM jobs WHERE id = ? AND state = 'running'",
                    checkpoint.jobID
                ) { row in (attempt: try row[0] as Int, offset: try row[1] as Int) }
            )
        }
        guard stored == checkpoint else { return false }
        guard let journal else { return true }
        let run = RunDirectory(path: directory.attemptPath(checkpoint.jobID, attempt: journal.attempt))
        let name = checkpoint.path.split(separator: "/").last.map(String.init)
        var offset = journal.offset
        // A journal that cannot be read tells of no removal: then what was found stands.
        while let batch = try? JournalReader(run).read(from: offset), !batch.entries.isEmpty {
            for case .checkpoint(let told) in batch.entries.map(\.content) {
                if told.name == name || told.removed.contains(where: { $0 == name }) { return false }
            }
            offset = batch.nextOffset
        }
        return true
    }

    private mutating func checkLedgers(_ inventory: Inventory) {
        for ledger in inventory.ledgers {
            let path = "\(ledger.directory)/ledger.jsonl"
            if !exists(path) {
                find(.missing, path, "the ledger of the job is gone")
            } else if let fault = ledger.copy?.fault(in: "\(directory.path)/\(ledger.directory)") {
                find(.damaged, path, fault)
            }
        }
    }
}
