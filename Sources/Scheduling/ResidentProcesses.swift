internal import FineTuning
internal import Foundation
internal import JSON
internal import RunDirectory

/// Worker processes that keep a model each, so that only the first prediction waits for it to load.
///
/// Requests are served in the order they came, as far as the models' processes are free; where a new model needs room,
/// the one that was asked longest ago goes.
actor ResidentProcesses {
    private struct Model {
        var process: WorkerProcess?
        /// The model's files when the process started.
        var stamp: DirectoryStamp?
        var isBusy = true
        /// Rises with every request.
        var lastUse: UInt64 = 0
        var idleTimer: Task<Void, any Error>?
    }

    private struct Waiter {
        let ticket: UInt64
        let directory: String
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let program: String
    private let threads: Int
    private let limits: AnswererLimits
    private var models: [String: Model] = [:]
    private var line: [Waiter] = []
    private var tickets: UInt64 = 0
    private var isClosed = false

    init(program: String, threads: Int, limits: AnswererLimits) {
        self.program = program
        self.threads = threads
        self.limits = limits
    }

    /// Asks the process of a model, when it is this request's turn.
    ///
    /// - Throws: `JobError`; `CancellationError` where the task is cancelled before its turn. From then on the answer is
    ///   waited for, so that the process is free for the next.
    func ask(_ request: WorkerRequest, modelDirectory: String) async throws -> JSONValue {
        try await turn(modelDirectory)
        defer { finish(modelDirectory) }
        try Task.checkCancellation()
        return try await answer(request, modelDirectory)
    }

    /// Ends the process of a model, if it has one and nobody waits for its answer.
    func unload(modelDirectory: String) {
        guard let model = models[modelDirectory] else { return }
        // A busy one is replaced before its next answer, as its files are others by then.
        if !model.isBusy { end(modelDirectory) }
    }

    /// Ends all processes and sends everybody away who waits or comes later.
    func shutdown() {
        isClosed = true
        for waiter in line { waiter.continuation.resume(throwing: JobError.shuttingDown) }
        line = []
        for directory in Array(models.keys) {
            models[directory]?.process?.kill()
            if models[directory]?.isBusy == false { end(directory) }
        }
    }

    private func answer(_ request: WorkerRequest, _ directory: String) async throws -> JSONValue {
        while true {
            let process = try process(of: directory)
            let isUsed = process.hasAnswered
            do {
                return try await process.ask(
                    request, timeout: limits.predictionTime, replyLimit: limits.replyBytes)
            } catch let death as LostProcess {
                models[directory]?.process = nil
                if isClosed { throw JobError.shuttingDown }
                // It died while nobody asked it: that is not this request's fault. A new process gets no second chance.
                guard isUsed, !death.tookRequest else { throw death.error }
            }
        }
    }

    /// A live process that has seen no other files of the model than are there now.
    private func process(of directory: String) throws -> WorkerProcess {
        if isClosed { throw JobError.shuttingDown }
        let stamp: DirectoryStamp
        do {
            stamp = try DirectoryStamp(path: directory)
        } catch {
            models[directory]?.process?.kill()
            models[directory]?.process = nil
            if case CocoaError.fileReadNoSuchFile = error { throw JobError.modelIsGone }
            throw error
        }
        if let model = models[directory], let process = model.process {
            if process.isAlive, model.stamp == stamp { return process }
            process.kill()
            models[directory]?.process = nil
        }
        let process = try WorkerProcess.start(program: program, threads: threads)
        models[directory]?.process = process
        models[directory]?.stamp = stamp
        return process
    }
}

/// Who is next.
extension ResidentProcesses {
    /// Waits until a model has a free place; then the place is taken.
    private func turn(_ directory: String) async throws {
        try Task.checkCancellation()
        if isClosed { throw JobError.shuttingDown }
        if line.isEmpty, takePlace(directory) { return }
        if line.count >= limits.waiting { throw JobError.tooManyWaiting(line.count) }
        tickets += 1
        let ticket = tickets
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                line.append(Waiter(ticket: ticket, directory: directory, continuation: continuation))
                admitWaiters()
            }
        } onCancel: {
            Task { await self.leaveLine(ticket) }
        }
    }

    private func leaveLine(_ ticket: UInt64) {
        guard let index = line.firstIndex(where: { $0.ticket == ticket }) else { return }
        line.remove(at: index).continuation.resume(throwing: CancellationError())
    }

    /// Frees a model's place after an answer, and lets in who waits for it.
    private func finish(_ directory: String) {
        if models[directory]?.process == nil || isClosed {
            end(directory)
        } else {
            tickets += 1
            models[directory]?.isBusy = false
            models[directory]?.lastUse = tickets
            models[directory]?.idleTimer = Task { [weak self, idle = limits.idle] in
                try await Task.sleep(for: idle)
                await self?.endIdle(directory)
            }
        }
        admitWaiters()
    }

    private func admitWaiters() {
        var index = 0
        while index < line.count {
            if takePlace(line[index].directory) {
                line.remove(at: index).continuation.resume()
            } else {
                index += 1
            }
        }
    }

    /// Takes a model's place, where its process is free or another's can make room.
    private func takePlace(_ directory: String) -> Bool {
        if let model = models[directory] {
            if model.isBusy { return false }
            model.idleTimer?.cancel()
            models[directory]?.isBusy = true
            return true
        }
        if models.count >= limits.models {
            let idle = models.filter { !$0.value.isBusy }
            guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return false }
            end(oldest.key)
        }
        models[directory] = Model()
        return true
    }

    private func endIdle(_ directory: String) {
        // The timer may have run out just as a request came.
        guard !Task.isCancelled, models[directory]?.isBusy == false else { return }
        end(directory)
    }

    private func end(_ directory: String) {
        let model = models.removeValue(forKey: directory)
        model?.idleTimer?.cancel()
        model?.process?.kill()
    }
}
