import FineTuning
import Foundation
import HTTP
import JSON
import POSIX
import Scheduling
import Storage

/// The server itself: figures, health, its description.
extension API {
    var systemEndpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/system", .read, system),
            Endpoint(.get, "/v1/openapi.json", .read, description),
            Endpoint(.get, "/healthz", nil, isPrompt: true) { _ in .json(["status": "ok"]) },
            Endpoint(.get, "/readyz", nil, readiness),
            Endpoint(.get, "/metrics", .read, figures),
        ]
    }

    private func system(_ request: Request) async throws -> Response {
        let memory = try Machine.memory()
        let states = try await database.jobs.counts()
        let object: JSONValue = [
            "object": "system", "version": .string(configuration.version), "cores": JSONValue(Machine.cores),
            "memory": ["total_bytes": JSONValue(memory.total), "available_bytes": JSONValue(memory.available)],
            "disk": ["free_bytes": JSONValue(try database.directory.freeBytes())],
            "workers": ["total": JSONValue(scheduler.slots), "busy": JSONValue(states[.running] ?? 0)],
            "queue": ["queued": JSONValue(states[.queued] ?? 0), "running": JSONValue(states[.running] ?? 0)],
        ]
        return .json(object)
    }

    private func description(_ request: Request) async throws -> Response {
        let bytes = try FileDescriptor.open("\(assets)/openapi.json").readToEnd()
        return Response(contentType: "application/json", bytes)
    }

    /// Ready: the database answers and there is room to write.
    private func readiness(_ request: Request) async throws -> Response {
        let unavailable = { (reason: String) in
            Response.json(["status": "unavailable", "reason": .string(reason)], status: .serviceUnavailable)
        }
        do {
            _ = try await database.jobs.counts()
            let free = try database.directory.freeBytes()
            if free < configuration.reservedDiskBytes { return unavailable("the disk has only \(free) bytes free") }
        } catch {
            return unavailable("the database does not answer")
        }
        return .json(["status": "ok"])
    }

    private func figures(_ request: Request) async throws -> Response {
        let states = try await database.jobs.counts()
        let memory = try Machine.memory()
        let free = try database.directory.freeBytes()
        var text = PrometheusText()
        text.add(
            "finetuned_jobs", .gauge, "Jobs by state.",
            JobState.allCases.map { ([("state", $0.rawValue)], Double(states[$0] ?? 0)) })
        text.add("finetuned_worker_slots", .gauge, "Jobs that may run at once.", scheduler.slots)
        text.add("finetuned_last_event", .counter, "Number of the last event.", database.feed.lastSequence)
        text.add("finetuned_memory_available_bytes", .gauge, "Memory free on the machine.", memory.available)
        text.add("finetuned_disk_free_bytes", .gauge, "Disk space free for data.", free)
        text.add("finetuned_uptime_seconds", .counter, "Seconds since the start.", Int((.now - started) / .seconds(1)))
        let tallies = counters.all.map { key, tally in
            ([("method", key.method), ("route", key.route), ("status", String(key.status))], tally)
        }
        text.add(
            "finetuned_http_requests_total", .counter, "Answers by route.",
            tallies.map { ($0.0, Double($0.1.count)) })
        text.add(
            "finetuned_http_request_seconds_total", .counter, "Time until answers began, by route.",
            tallies.map { ($0.0, $0.1.seconds) })
        return Response(contentType: "text/plain; version=0.0.4; charset=utf-8", Array(text.text.utf8))
    }
}
