/// Figures in the Prometheus text exposition format, version 0.0.4.
struct PrometheusText {
    private(set) var text = ""

    /// The kinds of metrics.
    enum Kind: String {
        case counter, gauge
    }

    /// Adds a metric with its series.
    mutating func add(
        _ name: String, _ kind: Kind, _ help: String, _ series: [(labels: [(String, String)], value: Double)]
    ) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for (labels, value) in series {
            let list = labels.map { "\($0)=\"\(Self.escape($1))\"" }.joined(separator: ",")
            let number = value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
            text += "\(name)\(list.isEmpty ? "" : "{\(list)}") \(number)\n"
        }
    }

    /// Adds a metric of one series.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        add(name, kind, help, [([], Double(value))])
    }

    private static func escape(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
