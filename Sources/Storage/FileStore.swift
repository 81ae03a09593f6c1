public import FineTuning
internal import Cryptography
internal import Foundation
internal import Glibc
public import POSIX
internal import SQLite

/// Uploaded files and the results of jobs; the content lies in `files/`, named by the identifier.
public struct FileStore: Sendable {
    let database: Database

    /// The order of a list by the time of creation.
    public enum Order: String, Sendable, CaseIterable {
        /// Oldest first.
        case ascending = "asc"
        /// Newest first.
        case descending = "desc"
    }

    /// Takes over a complete file from `tmp/` under its identifier.
    ///
    /// - Parameters:
    ///   - temporaryPath: see ``DataDirectory/temporaryPath()``; the content is synchronized here.
    ///   - principal: whose it becomes.
    /// - Throws: `SystemCallError`, `SQLiteError`, ``StorageError/quotaExceeded(_:)``; then nothing is left behind.
    public func add(
        _ file: StoredFile, movingFrom temporaryPath: String, by principal: Principal? = nil
    ) async throws {
        try FileDescriptor.open(temporaryPath).synchronize()
        try DurableFile.rename(from: temporaryPath, to: path(file.id))
        do {
            try await database.write { transaction in
                if let principal { try transaction.requireRoom(for: file.bytes, of: principal) }
                try Self.insert(file, creator: principal?.id ?? "", transaction.connection)
                try transaction.audit(.fileCreate, file.id, by: principal)
            }
        } catch {
            try removeContent(file.id)
            throw error
        }
    }

    static func insert(_ file: StoredFile, creator: String, _ connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO files (id, bytes, created_at, expires_at, filename, purpose, sha256, creator)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, file.id, file.bytes, file.createdAt, file.expiresAt, file.filename, file.purpose.rawValue,
            file.sha256, creator)
    }

    /// Writes the content of a result file durably; its row is stored when the job is settled with it.
    ///
    /// A stop in between leaves a file that the next start removes.
    /// - Parameter createdAt: seconds since 1970.
    public func write(_ content: [UInt8], filename: String, createdAt: Int) throws(SystemCallError) -> StoredFile {
        let file = StoredFile(
            bytes: content.count, createdAt: createdAt, filename: filename, purpose: .fineTuneResults,
            sha256: SHA256.hash(content).hex)
        try DurableFile.write(content, to: path(file.id))
        return file
    }

    /// Takes a copy of a file durably as a result file; its row is stored when the job is settled with it.
    ///
    /// - Parameter createdAt: seconds since 1970.
    /// - Complexity: O(size); memory is flat.
    public func take(copyOf source: String, filename: String, createdAt: Int) throws -> StoredFile {
        let temporary = database.directory.temporaryPath()
        do {
            let (bytes, digest) = try Self.copy(source, to: temporary)
            let file = StoredFile(
                bytes: bytes, createdAt: createdAt, filename: filename, purpose: .fineTuneResults, sha256: digest)
            try DurableFile.rename(from: temporary, to: path(file.id))
            return file
        } catch {
            // On a full disk half a copy would keep the space from others until the next start. Where it cannot be
            // removed either, the first fault is the one to tell.
            unlink(temporary)
            throw error
        }
    }

    /// Copies a file durably.
    ///
    /// - Returns: its size and its SHA-256 in hexadecimal.
    private static func copy(_ source: String, to target: String) throws -> (bytes: Int, digest: String) {
        let from = try FileDescriptor.open(source)
        let to = try FileDescriptor.open(target, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        var digest = SHA256()
        var offset = 0
        while true {
            let block = try from.read(at: offset, upTo: 1 << 20)
            if block.isEmpty { break }
            try to.write(all: block)
            digest.update(block)
            offset += block.count
        }
        try to.synchronize()
        return (offset, digest.finalize().hex)
    }

    /// Removes what ``write(_:filename:createdAt:)`` wrote, where no job was settled with it.
    public func discard(_ file: StoredFile) throws { try removeContent(file.id) }

    /// Where the content of a file lies.
    public func path(_ id: String) -> String { database.directory.filePath(id) }

    /// The file of that identifier.
    ///
    /// - Throws: ``StorageError/notFound(_:id:)``
    public func file(_ id: String) async throws -> StoredFile {
        let file = try await database.read { connection in
            try connection.first("SELECT * FROM files WHERE id = ?", id) { try StoredFile(row: $0) }
        }
        guard let file else { throw StorageError.notFound(.file, id: id) }
        return file
    }

    /// Files in the order of their creation.
    ///
    /// - Parameters:
    ///   - after: identifier of the last file of the page before.
    ///   - limit: how many at most.
    ///   - purpose: only those of this purpose.
    public func page(
        after: String? = nil, limit: Int, order: Order = .descending, purpose: StoredFile.Purpose? = nil
    ) async throws -> Page<StoredFile> {
        try await database.read { connection in
            var values: [any SQLConvertible] = []
            var sql = "SELECT * FROM files WHERE TRUE"
            if let purpose {
                sql += " AND purpose = ?"
                values.append(purpose.rawValue)
            }
            if let after {
                let number = try connection.value("SELECT number FROM files WHERE id = ?", after, as: Int.self)
                guard let number else { throw StorageError.notFound(.file, id: after) }
                sql += order == .descending ? " AND number < ?" : " AND number > ?"
                values.append(number)
            }
            sql += " ORDER BY number \(order.rawValue) LIMIT ?"
            values.append(limit + 1)
            return Page(try connection.query(sql, values: values) { try StoredFile(row: $0) }, limit: limit)
        }
    }

    /// Bytes of all files together.
    public func totalBytes() async throws -> Int {
        try await database.read { try $0.value("SELECT COALESCE(SUM(bytes), 0) FROM files") ?? 0 }
    }

    /// How many bytes of files a principal may still store, and why no more; nil without a limit.
    ///
    /// For a look before the bytes are there; ``add(_:movingFrom:by:)`` decides.
    public func room(of principal: Principal) async throws -> (left: Int, excess: Quota.Excess)? {
        let standard = database.defaultQuota
        return try await database.read { connection in
            let quota = try Quota(of: principal.id, default: standard, connection)
            guard let limit = quota.storedBytes else { return nil }
            let used = try Self.bytes(of: principal.id, connection)
            let left = max(0, limit - used)
            return (left, Quota.Excess(resource: .storedBytes, limit: limit, used: used, asked: left + 1))
        }
    }

    /// Bytes of a creator's files.
    static func bytes(of creator: String, _ connection: Connection) throws -> Int {
        try connection.value("SELECT COALESCE(SUM(bytes), 0) FROM files WHERE creator = ?", creator) ?? 0
    }

    /// Deletes a file.
    ///
    /// - Parameter principal: who deletes it, for the audit log.
    /// - Throws: ``StorageError/notFound(_:id:)``, and ``StorageError/fileInUse(id:jobID:)`` while an unfinished job
    ///   needs it.
    public func delete(_ id: String, by principal: Principal? = nil) async throws {
        try await database.write { transaction in
            if let job = try Self.user(of: id, transaction.connection) {
                throw StorageError.fileInUse(id: id, jobID: job)
            }
            guard try transaction.connection.run("DELETE FROM files WHERE id = ?", id) == 1 else {
                throw StorageError.notFound(.file, id: id)
            }
            try transaction.audit(.fileDelete, id, by: principal)
        }
        try removeContent(id)
    }

    /// Deletes the files whose time is over and that no unfinished job needs.
    ///
    /// - Returns: their identifiers.
    @discardableResult
    public func deleteExpired() async throws -> [String] {
        let expired = try await database.write { transaction in
            let ids = try transaction.connection.query(
                "SELECT id FROM files WHERE expires_at <= ?", transaction.now
            ) { row -> String in try row["id"] }
            let unused = try ids.filter { try Self.user(of: $0, transaction.connection) == nil }
            for id in unused { try transaction.connection.run("DELETE FROM files WHERE id = ?", id) }
            return unused
        }
        var failure: (any Error)?
        for id in expired {
            // One that resists must not keep the others on the disk.
            do { try removeContent(id) } catch { failure = error }
        }
        if let failure { throw failure }
        return expired
    }

    /// An unfinished job that needs the file.
    private static func user(of id: String, _ connection: Connection) throws -> String? {
        try connection.value(
            """
            SELECT id FROM jobs
            WHERE state IN ('validating_files', 'queued', 'running', 'paused') AND ? IN (training_file, validation_file)
            LIMIT 1
            """, id)
    }

    /// Removes the content after the row, where it is there; a stop between the two leaves a file that the next start
    /// removes.
    private func removeContent(_ id: String) throws {
        do { try FileManager.default.removeItem(atPath: path(id)) } catch CocoaError.fileNoSuchFile {}
    }
}

extension StoredFile {
    /// Reads a row of `files`.
    init(row: borrowing Row) throws {
        self.init(
            id: try row["id"], bytes: try row["bytes"], createdAt: try row["created_at"],
            expiresAt: try row["expires_at"], filename: try row["filename"], purpose: try row.choice("purpose"),
            sha256: try row["sha256"])
    }
}
