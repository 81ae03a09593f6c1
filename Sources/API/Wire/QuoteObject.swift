import FineTuning
import JSON

/// What was predicted of a job, and what it took.
struct QuoteObject {
    let quote: Quote

    /// Null where nothing was predicted and nothing measured.
    var json: JSONValue {
        guard quote != Quote() else { return .null }
        let predicted = quote.predicted?.json.object ?? JSONObject()
        var object = JSONObject()
        for name in ["total_steps", "tokens", "seconds", "peak_memory_bytes", "disk_bytes"] {
            object[name] = predicted[name] ?? .null
        }
        object["actual_seconds"] = JSONValue(quote.seconds) { JSONValue($0) }
        object["actual_peak_memory_bytes"] = JSONValue(quote.peakMemoryBytes) { JSONValue($0) }
        return .object(object)
    }
}
