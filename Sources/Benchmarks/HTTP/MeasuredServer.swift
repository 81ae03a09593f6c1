import Foundation
import FoundationNetworking
import JSON

/// A running server whose routes are measured, with the newest of its jobs and files.
struct MeasuredServer {
    /// A request that is measured.
    struct Route {
        let name: String
        let path: String
        /// The request in wrk's Lua.
        let script: String
    }

    /// `http://127.0.0.1:8080`
    let origin: String
    let token: String?
    /// What marks the files that the measurement uploads.
    private let filename = "http-benchmark-\(UUID().uuidString).jsonl"
    private static let files = "/v1/files"
    private static let jobs = "/v1/fine_tuning/jobs"

    /// What is asked of the API most, each route with something to answer.
    func routes() async throws -> [Route] {
        let job = try await newest(Self.jobs, "create a job first")
        let file = try await newest(Self.files, "upload a file first")
        return [
            get("job", "\(Self.jobs)/\(job)"), get("list of jobs", Self.jobs),
            get("page of events", "\(Self.jobs)/\(job)/events"), get("static file", "/"),
            get("download", "\(Self.files)/\(file)/content"),
            Route(name: "upload of 64 KiB", path: Self.files, script: uploadScript),
        ]
    }

    /// Deletes what the measurement has uploaded.
    func clear() async throws {
        while true {
            let page = try await value("GET", "\(Self.files)?limit=10000")["data"]?.array ?? []
            let own = page.filter { $0["filename"]?.string == filename }.compactMap { $0["id"]?.string }
            if own.isEmpty { return }
            for id in own { _ = try await value("DELETE", "\(Self.files)/\(id)") }
        }
    }

    private func get(_ name: String, _ path: String) -> Route { Route(name: name, path: path, script: authorization) }

    private var authorization: String {
        token.map { #"wrk.headers["Authorization"] = "Bearer \#($0)""# + "\n" } ?? ""
    }

    private var uploadScript: String {
        let edge = "edge-of-the-benchmark"
        return authorization + """
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "multipart/form-data; boundary=\(edge)"
            wrk.body = '--\(edge)\\r\\nContent-Disposition: form-data; name="purpose"\\r\\n\\r\\nfine-tune\\r\\n'
                .. '--\(edge)\\r\\nContent-Disposition: form-data; name="file"; filename="\(filename)"\\r\\n\\r\\n'
                .. string.rep('{"text": "where is my parcel?", "label": "shipping"}\\n', 1285) .. '\\r\\n--\(edge)--\\r\\n'

            """
    }

    private func newest(_ list: String, _ advice: String) async throws -> String {
        guard let id = try await value("GET", "\(list)?limit=1")["data"]?.array?.first?["id"]?.string else {
            throw BenchmarkError.server(origin, reason: "\(list) is empty: \(advice)")
        }
        return id
    }

    private func value(_ method: String, _ path: String) async throws -> JSONValue {
        guard let url = URL(string: origin + path) else { throw BenchmarkError.server(origin, reason: "is no address") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let (data, response): (Data, URLResponse)
        do {
            (data, response) = try await URLSession.shared.data(for: request)
        } catch {
            throw BenchmarkError.server(origin, reason: error.localizedDescription)
        }
        guard (response as? HTTPURLResponse)?.statusCode == 200 else {
            throw BenchmarkError.server(origin, reason: "answers \(path): \(String(decoding: data, as: UTF8.self))")
        }
        return try JSONValue(parsing: Array(data))
    }
}
