public import JSON

/// A search over settings: a parent job whose trials are jobs of their own.
public struct Sweep: Sendable, Hashable, JSONRepresentable {
    /// How settings are chosen.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// Every combination.
        case grid
        /// Drawn from the job's seed.
        case random
    }

    /// Trials that a sweep may have.
    public static let mostTrials = 256

    /// How settings are chosen.
    public var method: Method
    /// What is varied, in the order given.
    public var parameters: [SweepParameter]
    /// Settings to be tried; of a random sweep.
    public var trials: Int?
    /// Whether most settings are given up early.
    public var halving: SweepHalving?
    /// By which figure of the validation trials are compared; nil until the task's own is filled in.
    public var metric: MetricName?

    /// Reads `{"method", "parameters", "trials", "halving", "metric"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        method = try fields.optional("method")?.choice() ?? .grid
        parameters = try Self.parameters(fields.required("parameters"))
        let trials = fields.optional("trials")
        self.trials = try trials?.integer(in: 1...Self.mostTrials)
        halving = try Recipe.part(fields.optional("halving"))
        metric = try fields.optional("metric")?.choice()
        try fields.finish()
        switch (method, trials) {
        case (.grid, let trials?): throw trials.fault("a grid tries every combination; leave it out")
        case (.random, nil):
            throw JSONFault(.missing, path: "\(cursor.path).trials", "a random sweep needs a number of trials")
        case (.grid, nil), (.random, _?): break
        }
        try checkGrid(cursor.path)
    }

    private static func parameters(_ cursor: JSONCursor) throws(JSONFault) -> [SweepParameter] {
        guard let object = cursor.value.object else {
            throw cursor.fault("expected an object of values by place, got \(cursor.value.kind)", kind: .type)
        }
        guard (1...16).contains(object.count) else { throw cursor.fault("expected 1 to 16 settings") }
        var parameters: [SweepParameter] = []
        for member in object.members {
            let place = JSONCursor(member.value, path: "\(cursor.path).\(member.name.prefix(80))")
            parameters.append(try SweepParameter(path: member.name, place))
        }
        return parameters
    }

    private func checkGrid(_ path: String) throws(JSONFault) {
        guard method == .grid else { return }
        var combinations = 1
        for parameter in parameters {
            guard let values = parameter.grid else {
                throw JSONFault(
                    .missing, path: "\(path).parameters.\(parameter.path).count",
                    "a grid needs a number of values; give it, an array of values, or the method \"random\"")
            }
            combinations *= values.count
            guard combinations <= Self.mostTrials else {
                throw JSONFault(
                    .value, path: "\(path).parameters",
                    "there are more than \(Self.mostTrials) combinations; take fewer values, or the method \"random\"")
            }
        }
    }

    /// The sweep as JSON.
    public var json: JSONValue {
        [
            "method": .string(method.rawValue),
            "parameters": .object(JSONObject(parameters.map { ($0.path, $0.json) })),
            "trials": JSONValue(trials) { JSONValue($0) }, "halving": halving?.json ?? .null,
            "metric": JSONValue(metric) { .string($0.rawValue) },
        ]
    }

    /// Values by path for every trial; the same seed draws the same.
    public func assignments(seed: Int) -> [JSONObject] {
        switch method {
        case .grid:
            return parameters.reduce([JSONObject()]) { partial, parameter in
                partial.flatMap { object in
                    (parameter.grid ?? []).map { value in
                        var object = object
                        object[parameter.path] = value
                        return object
                    }
                }
            }
        case .random:
            var draw = SplitMix(state: UInt64(bitPattern: Int64(seed)))
            return (0..<(trials ?? 0)).map { _ in
                JSONObject(parameters.map { ($0.path, $0.value(at: Double.random(in: 0..<1, using: &draw))) })
            }
        }
    }
}
