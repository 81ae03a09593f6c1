internal import FineTuning
internal import JSON
internal import SQLite

/// A change of a job's state, with what changes along with it and the event that tells it.
struct JobTransition {
    let from: JobState
    let to: JobState
    /// The attempt that the job must be in.
    let attempt: Int
    let message: String
    var level: Event.Level = .info
    /// Assignments to further columns, such as `faults = ?`, with their values.
    var assignments: [(sql: String, value: any SQLConvertible)] = []
    /// Why the job failed or was paused; cleared where it is nil.
    var error: JobError?
    /// Further members of the event's data.
    var data: [(String, JSONValue)] = []
}

extension WriteTransaction {
    /// Changes a job's state, if it is still as the transition expects, and adds the event.
    ///
    /// - Returns: false where another change came first; then nothing happens.
    @discardableResult
    func apply(_ transition: JobTransition, to id: String) throws -> Bool {
        precondition(
            transition.from.canTransition(to: transition.to), "no way from \(transition.from) to \(transition.to)")
        var sql = "UPDATE jobs SET state = ?, error_json = ?, finished_at = ?"
        var values: [any SQLConvertible] = [
            transition.to.rawValue, transition.error?.json.text, transition.to.isTerminal ? now : nil as Int?,
        ]
        if transition.from == .running { sql += ", intent = NULL" }
        for assignment in transition.assignments {
            sql += ", \(assignment.sql)"
            values.append(assignment.value)
        }
        sql += " WHERE id = ? AND state = ? AND attempt = ? RETURNING id"
        values += [id, transition.from.rawValue, transition.attempt]
        let changed = try connection.query(sql, values: values) { row -> String in try row["id"] }
        guard !changed.isEmpty else { return false }
        let data: [(String, JSONValue)] = [
            ("status", .string(transition.to.rawValue)), ("previous", .string(transition.from.rawValue)),
            ("attempt", JSONValue(transition.attempt)), ("error", transition.error?.json ?? .null),
        ]
        try append(
            .status, job: id, level: transition.level, message: transition.message,
            data: .object(JSONObject(data + transition.data)))
        try followTrial(id, in: transition.to)
        return true
    }
}
