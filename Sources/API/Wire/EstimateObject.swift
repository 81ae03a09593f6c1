import FineTuning
import JSON

/// What a job would ask of the machine, and what its data check warns of.
struct EstimateObject {
    let estimate: Estimate
    let report: DataReport

    var json: JSONValue {
        var object: JSONObject = ["object": "fine_tuning.job.estimate"]
        for member in estimate.json.object?.members ?? [] { object[member.name] = member.value }
        object["warnings"] = .array(report.findings.map(\.json))
        return .object(object)
    }
}
