internal import JSON
public import POSIX

/// The directory of one attempt: the whole contract between the daemon and a worker.
///
/// The daemon writes `recipe.json` and, to stop the worker, `stop`; the worker appends `journal.jsonl` and writes
/// checkpoints. Neither ever needs more than these files and the worker's lock.
public struct RunDirectory: Sendable, Hashable {
    /// The directory's path, without a slash at its end.
    public let path: String

    /// The run directory at a path.
    public init(path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// `recipe.json`
    public var recipePath: String { "\(path)/recipe.json" }
    /// `journal.jsonl`
    public var journalPath: String { "\(path)/journal.jsonl" }
    /// `stop`
    var stopPath: String { "\(path)/stop" }
    /// `ledger.jsonl`: the losses of each training line, the most suspicious first; there once a run has finished.
    public var ledgerPath: String { "\(path)/ledger.jsonl" }
    /// `log.txt`: what the worker wrote to its standard output and error.
    public var logPath: String { "\(path)/log.txt" }

    /// The checkpoints directory of a recipe, as an absolute path or one relative to the working directory.
    public func checkpointsPath(_ recipe: RunRecipe) -> String {
        recipe.checkpointsDirectory.hasPrefix("/")
            ? recipe.checkpointsDirectory : "\(path)/\(recipe.checkpointsDirectory)"
    }

    /// Whether a worker was launched, or was just about to be.
    public func hasLog() throws(SystemCallError) -> Bool {
        do throws(SystemCallError) {
            _ = try FileDescriptor.open(logPath)
            return true
        } catch {
            if error.isNoSuchFile { return false }
            throw error
        }
    }

    /// Whether a worker that was launched lives, also before it has taken its own lock: the launcher locks the log and
    /// hands it on, so that there is no moment in between.
    public func isLaunched() throws(SystemCallError) -> Bool { try FileLock.isHeld(logPath) }

    /// Writes `recipe.json`, durably.
    public func write(_ recipe: RunRecipe) throws(SystemCallError) {
        try DurableFile.write(Array(recipe.json.prettyText.utf8), to: recipePath)
    }

    /// Reads `recipe.json`.
    ///
    /// - Throws: ``RunDirectoryError`` that names the file and the fault.
    public func recipe() throws(RunDirectoryError) -> RunRecipe {
        let bytes = try reading(recipePath) { () throws(SystemCallError) in
            try FileDescriptor.open(recipePath).readToEnd()
        }
        do {
            return try RunRecipe(JSONCursor(JSONValue(parsing: bytes)))
        } catch let error as JSONSyntaxError {
            throw RunDirectoryError(path: recipePath, reason: error.description)
        } catch let error as JSONFault {
            throw RunDirectoryError(path: recipePath, reason: error.description)
        } catch {
            throw RunDirectoryError(path: recipePath, reason: "\(error)")
        }
    }

    /// Leaves word for the worker to stop, durably; it is read when the worker gets SIGTERM, or at its start.
    public func requestStop(_ reason: StopReason) throws(SystemCallError) {
        try DurableFile.write(Array(reason.rawValue.utf8), to: stopPath)
    }

    /// Why the worker is to stop; nil where nobody asked for it.
    ///
    /// - Throws: ``RunDirectoryError`` where the file is there and holds no reason.
    public func requestedStop() throws(RunDirectoryError) -> StopReason? {
        let bytes: [UInt8]
        do throws(SystemCallError) {
            bytes = try FileDescriptor.open(stopPath).readToEnd()
        } catch {
            if error.isNoSuchFile { return nil }
            throw RunDirectoryError(path: stopPath, reason: error.reason)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let reason = StopReason(rawValue: text) else {
            throw RunDirectoryError(path: stopPath, reason: "\"\(text.prefix(40))\" is no reason to stop")
        }
        return reason
    }

    private func reading<Value>(
        _ path: String, _ body: () throws(SystemCallError) -> Value
    ) throws(RunDirectoryError) -> Value {
        do throws(SystemCallError) { return try body() } catch {
            throw RunDirectoryError(path: path, reason: error.reason)
        }
    }
}
