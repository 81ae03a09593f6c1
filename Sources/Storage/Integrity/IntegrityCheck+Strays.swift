internal import FineTuning
internal import Foundation
internal import RunDirectory
internal import SQLite

/// What lies in the directories and is named by nothing.
extension IntegrityCheck {
    /// What is younger may be on its way into the database of a running server; seconds.
    private static let youth = 60.0

    mutating func lookForStrays(_ inventory: Inventory, _ connection: Connection) throws {
        let known = Set(inventory.files.map(\.name))
        for name in try names("files") where !known.contains(name) {
            let isNamed = try connection.value("SELECT 1 FROM files WHERE id = ?", name, as: Int.self) != nil
            if !isNamed { findStray("files/\(name)", "no stored file has this identifier") }
        }
        let kept = Set(inventory.checkpoints.map(\.path) + inventory.models)
        for job in try names("runs") {
            guard let state = inventory.jobs[job] else {
                let isNamed = try connection.value("SELECT 1 FROM jobs WHERE id = ?", job, as: Int.self) != nil
                if !isNamed { findStray("runs/\(job)", "no job has this identifier") }
                continue
            }
            // The worker of an unfinished job is ahead of the database, and removes what it leaves there.
            let checkpoints = "runs/\(job)/checkpoints"
            guard state.isTerminal else { continue }
            for name in try names(checkpoints) where name != ".lock" && !kept.contains("\(checkpoints)/\(name)") {
                findStray("\(checkpoints)/\(name)", "the job is over and has no such checkpoint")
            }
        }
    }

    private func names(_ path: String) throws -> [String] {
        try DataDirectory.names(in: "\(directory.path)/\(path)")
    }

    private mutating func findStray(_ path: String, _ message: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(directory.path)/\(path)")
        // One that has gone meanwhile is no stray.
        guard let changed = attributes?[.modificationDate] as? Date else { return }
        if isServed, -changed.timeIntervalSinceNow < Self.youth { return }
        find(.stray, path, message)
    }
}
