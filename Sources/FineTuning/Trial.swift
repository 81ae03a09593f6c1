public import JSON

/// A sweep's try of one setting: a job of its own.
public struct Trial: Sendable, Hashable {
    /// The setting's number, from 0.
    public var number: Int
    /// The rung of successive halving, from 0.
    public var rung: Int
    /// The job that tries it.
    public var jobID: String
    /// The values that the sweep varies, by path.
    public var parameters: JSONObject
    /// The job's state.
    public var state: JobState
    /// The epochs that it trains for.
    public var epochs: Int
    /// The sweep's metric of the model that came out.
    public var value: Double?
    /// That model's checkpoint, or how far the job is.
    public var step: Int?

    /// A trial.
    public init(
        number: Int, rung: Int, jobID: String, parameters: JSONObject, state: JobState, epochs: Int, value: Double?,
        step: Int?
    ) {
        self.number = number
        self.rung = rung
        self.jobID = jobID
        self.parameters = parameters
        self.state = state
        self.epochs = epochs
        self.value = value
        self.step = step
    }
}

extension Trial {
    /// The trial as JSON, also the `data` of the event of its end.
    public var json: JSONValue {
        [
            "job_id": .string(jobID), "number": JSONValue(number), "rung": JSONValue(rung),
            "parameters": .object(parameters), "epochs": JSONValue(epochs), "status": .string(state.rawValue),
            "value": JSONValue(value) { JSONValue($0) }, "step": JSONValue(step) { JSONValue($0) },
        ]
    }
}

extension [Trial] {
    /// Those that came to a value, best first; of equals the earlier.
    public func ranked(by metric: MetricName) -> [Trial] {
        filter { $0.value != nil }.sorted { left, right in
            let (first, second) = (left.value ?? 0, right.value ?? 0)
            return first == second ? left.number < right.number : metric.isImprovement(first, over: second)
        }
    }

    /// The best of the last rung that brought a value, as halving goes on with the best: a rung that failed as a whole
    /// does not undo what came before.
    public func best(by metric: MetricName) -> Trial? {
        let last = filter { $0.value != nil }.map(\.rung).max()
        return filter { $0.rung == last }.ranked(by: metric).first
    }
}
