internal import FineTuning
internal import Scheduling

extension Log {
    /// Tells of something that happened to a job.
    func write(_ event: Event) {
        let fields = [("job", event.jobID), ("kind", event.kind.rawValue), ("message", event.message)]
        write(Level(event.level), "job", fields)
    }

    /// Tells what the scheduler has to say to an operator.
    func write(_ notice: SchedulerNotice) {
        let job = notice.jobID.map { [("job", $0)] } ?? []
        write(Level(notice.level), "scheduler", job + [("message", notice.message)])
    }
}

extension Log.Level {
    fileprivate init(_ level: Event.Level) {
        self =
            switch level {
            case .info: .info
            case .warn: .warn
            case .error: .error
            }
    }
}
