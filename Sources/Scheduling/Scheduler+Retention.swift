internal import FineTuning
internal import Storage

/// Removing what has had its time.
extension Scheduler {
    /// Deletes files whose time is over.
    func deleteExpiredFiles() async {
        do {
            let files = try await database.files.deleteExpired()
            if !files.isEmpty { configuration.report(SchedulerNotice(.info, "deleted \(files.count) expired files")) }
        } catch {
            configuration.report(SchedulerNotice(.warn, "expired files cannot be deleted: \(error)"))
        }
    }

    /// Removes what old runs left, all but their models and results.
    func pruneRuns() async {
        guard let kept = configuration.keptRuns else { return }
        do {
            let runs = try await RunRetention(database: database).prune(keep: kept, done: prunedRuns)
            for run in runs {
                if run.isDone { prunedRuns.insert(run.jobID) }
                for checkpoint in run.checkpoints { await answerer.unload(modelDirectory: checkpoint) }
                if run.checkpoints.isEmpty { continue }
                configuration.report(
                    SchedulerNotice(
                        .info, jobID: run.jobID, "removed \(run.checkpoints.count) checkpoints of an old run"))
            }
        } catch {
            configuration.report(SchedulerNotice(.warn, "old runs cannot be removed: \(error)"))
        }
    }

    /// Removes the oldest entries of the audit log.
    func trimAuditLog() async {
        do {
            try await database.audit.trim(days: configuration.auditDays)
        } catch {
            configuration.report(SchedulerNotice(.warn, "the audit log cannot be trimmed: \(error)"))
        }
    }
}
