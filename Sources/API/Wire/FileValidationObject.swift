import FineTuning
import JSON

/// What a check of a data file found, line by line.
struct FileValidationObject {
    let fileID: String
    let report: DataReport

    var json: JSONValue {
        var object: JSONObject = [
            "object": "file.validation", "file_id": .string(fileID), "valid": .bool(report.isValid),
            "rows": JSONValue(report.rows), "errors": JSONValue(report.errors),
            "warnings": JSONValue(report.warnings), "labels": .array(report.labels.map(\.json)),
            "findings": .array(report.findings.map(\.json)), "findings_truncated": JSONValue(report.unlisted),
            "length_histogram": report.lengths?.json ?? .null,
        ]
        for (name, value) in report.taskParts { object[name] = value }
        return .object(object)
    }
}
