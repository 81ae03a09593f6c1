import FineTuning
import JSON
import Storage
import Testing

@testable import API

struct EventRoutesTests {
    private func path(_ job: Job) -> String { "/v1/fine_tuning/jobs/\(job.id)/events" }

    @Test func `Events are listed newest first and paged without loss or repetition`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            try await server.ingest((1...7).map { TestServer.point($0) }, job)
            var numbers: [Int] = []
            var after = ""
            while true {
                let page = try await server.client.get("\(path(job))?limit=3\(after)").json
                let events = try #require(page["data"]?.array)
                numbers += events.compactMap { $0["seq"]?.integer }
                guard page["has_more"] == true, let last = page["last_id"]?.string else { break }
                after = "&after=\(last)"
            }
            #expect(numbers == Array(Set(numbers)).sorted(by: >))
            let newest = try await server.client.get("\(path(job))?limit=1").json["data"]?.array?.first
            #expect(newest?["object"] == "fine_tuning.job.event")
            #expect(newest?["id"]?.string?.hasPrefix("ftevent-") == true)
            #expect(newest?["type"] == "metrics")
            #expect(newest?["level"] == "info")
            #expect(newest?["job_id"]?.string == job.id)
            #expect(newest?["data"]?["step"] == 7)
            #expect(numbers.count == 11)
            for query in [
                "after=ftevent-x", "limit=1&limit=2", "after=&after=", "stream=false&stream=true", "metrics=1",
            ] {
                #expect(try await server.client.get("\(path(job))?\(query)").status == 400, "\(query)")
            }
            for query in ["after=&after=7", "after="] {
                #expect(try await server.client.get("/v1/events?\(query)").status == 400, "\(query)")
            }
            let told = try await server.client.get("\(path(job))?metrics=false").json["data"]?.array
            #expect(told?.isEmpty == false && told?.contains { $0["type"] == "metrics" } == false)
        }
    }

    @Test func `A stream begins behind an event that is named by its number or its id`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            try await server.ingest((1...3).map { TestServer.point($0) }, job)
            let known = try #require(try await server.client.get("\(path(job))?limit=2").json["data"]?.array?.last)
            let (id, number) = (try #require(known["id"]?.string), try #require(known["seq"]?.integer))
            for name in [id, String(number)] {
                let events = try await server.client.events("\(path(job))?stream=true&after=\(name)", count: 1)
                #expect(events.map(\.id) == [number + 1], "\(name)")
            }
            let refusal = try await server.client.get("\(path(job))?stream=true&after=x")
            #expect(refusal.status == 400)
            #expect(try refusal.error("message") == "expected the id or the number of an event, got \"x\"")
        }
    }

    @Test func `The stream tells what was and what comes, and ends with the job`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            try await server.ingest([TestServer.point(1)], job)
            async let stream = server.client.events("\(path(job))?stream=true")
            try await server.ingest([TestServer.point(2), TestServer.evaluation(2)], job)
            try await server.checkpoint(2, job, ["config.json": "{}"])
            _ = try await server.succeed(job, step: 2)
            let events = try await stream
            let ids = events.compactMap(\.id)
            #expect(ids.count == events.count)
            #expect(ids == Array(Set(ids)).sorted())
            #expect(events.filter { $0.kind == "metrics" }.count == 2)
            #expect(events.contains { $0.kind == "evaluation" } && events.contains { $0.kind == "checkpoint" })
            let last = try JSONValue(parsing: try #require(events.last).data)
            #expect(events.last?.kind == "status")
            #expect(last["data"]?["status"] == "succeeded")
            #expect(last["data"]?["previous"] == "running")
            #expect(last["data"]?["attempt"] == 1)
        }
    }

    @Test func `A client that comes back with Last-Event-ID misses nothing and hears nothing twice`() async throws {
        try await TestServer.run { server in
            let job = try await server.runningJob()
            try await server.ingest((1...20).map { TestServer.point($0) }, job)
            let before = try await server.client.events(path(job), count: 9)
            let cursor = try #require(before.last?.id)
            try await server.ingest((21...700).map { TestServer.point($0, of: 700) }, job)
            try await server.checkpoint(700, job, ["config.json": "{}"])
            _ = try await server.succeed(job, step: 700)
            let after = try await server.client.events(path(job), headers: ["Last-Event-ID": String(cursor)])
            let ids = (before + after).compactMap(\.id)
            #expect(ids == Array(Set(ids)).sorted())
            let steps = try (before + after).filter { $0.kind == "metrics" }.map { event in
                try JSONValue(parsing: event.data)["data"]?["step"]?.integer
            }
            #expect(steps == Array(1...700))
            let end = try #require(after.last?.id)
            let again = try await server.client.get(
                path(job), headers: ["Accept": "text/event-stream", "Last-Event-ID": String(end)])
            #expect(again.status == 204)
        }
    }

    @Test func `The stream of all jobs begins now, or where the client was`() async throws {
        try await TestServer.run { server in
            let first = try await server.runningJob()
            let start = server.database.feed.lastSequence
            async let stream = server.client.events("/v1/events?after=\(start)", count: 4)
            try await server.ingest([TestServer.point(1)], first)
            let second = try await server.queuedJob()
            let events = try await stream
            #expect(events.first?.id == start + 1)
            let jobs = try events.compactMap { try JSONValue(parsing: $0.data)["job_id"]?.string }
            #expect(Set(jobs) == [first.id, second.id])
        }
    }

    @Test func `The stream tells how soon to reconnect, and refuses a wrong cursor`() async throws {
        try await TestServer.run { server in
            let job = try await server.queuedJob()
            _ = try await server.client.post("/v1/fine_tuning/jobs/\(job.id)/cancel")
            let answer = try await server.client.get(path(job), headers: ["Accept": "text/event-stream"])
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "text/event-stream; charset=utf-8")
            #expect(answer["cache-control"] == "no-store")
            #expect(answer.text.hasPrefix("retry: 1000\n\n"))
            for cursor in ["x", "-1", "99999999999999999999"] {
                let refused = try await server.client.get(
                    path(job), headers: ["Accept": "text/event-stream", "Last-Event-ID": cursor])
                #expect(refused.status == 400)
                #expect(try refused.error("param") == "Last-Event-ID")
            }
            #expect(try await server.client.get("/v1/fine_tuning/jobs/ftjob-x/events?stream=true").status == 404)
        }
    }
}
