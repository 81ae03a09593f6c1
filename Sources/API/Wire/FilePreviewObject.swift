import FineTuning
import JSON

/// The first rows of a data file as they were understood, and what it holds in all.
struct FilePreviewObject {
    let fileID: String
    let report: DataReport

    var json: JSONValue {
        var object: JSONObject = [
            "object": "file.preview", "file_id": .string(fileID), "rows": .array(report.preview.map(\.json)),
            "labels": .array(report.labels.map(\.json)), "length_histogram": report.lengths?.json ?? .null,
        ]
        for (name, value) in report.taskParts { object[name] = value }
        return .object(object)
    }
}
