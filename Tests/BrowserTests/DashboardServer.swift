import Foundation
import FoundationNetworking
import JSON
import POSIX

/// `finetuned serve` with a data directory of its own and a tiny random BERT; ends with ``stop()``.
actor DashboardServer {
    /// `http://127.0.0.1:PORT`
    nonisolated let origin: String
    /// Everything it writes.
    nonisolated let directory: String
    private var process: Service

    /// The checkout that this file belongs to.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)

    /// Starts the server and waits until it answers.
    init() async throws {
        let files = FileManager.default
        directory = NSTemporaryDirectory() + "finetuned-browser-\(UUID().uuidString)"
        let models = "\(directory)/models"
        try files.createDirectory(atPath: models, withIntermediateDirectories: true)
        try files.copyItem(
            atPath: "\(Self.root)/Tests/EndToEndTests/Fixtures/tiny-bert", toPath: "\(models)/tiny-bert")
        process = try await Self.serve(directory, port: 0)
        origin = "http://127.0.0.1:\(process.port)"
    }

    private static func serve(_ directory: String, port: UInt16) async throws -> Service {
        let programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        return try await Service(
            programs.appending(path: "finetuned").path(percentEncoded: false),
            arguments: [
                "serve", "--data", "\(directory)/data", "--models", "\(directory)/models",
                "--listen", "127.0.0.1:\(port)", "--workers", "1", "--assets", root,
            ], port: #"127\.0\.0\.1:(\d+)"#)
    }

    /// Kills the server as a power cut would, without its workers.
    func kill() async throws {
        try await process.kill()
    }

    /// Starts it again where it was.
    func restart() async throws {
        process = try await Self.serve(directory, port: process.port)
    }

    /// Stops it and deletes its directory.
    func stop() async throws {
        await process.stop()
        // Jobs outlive the server, but are not to write into a directory that is being removed.
        while case let workers = try workers(), !workers.isEmpty {
            for worker in workers { _ = try ProcessReference(worker)?.send(.kill) }
            await Task.yield()
        }
        try FileManager.default.removeItem(atPath: directory)
    }

    /// The processes that have been told of the directory; of one that has ended no command line is left.
    private func workers() throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init).filter { identifier in
            (try? String(contentsOfFile: "/proc/\(identifier)/cmdline", encoding: .utf8))?.contains(directory) == true
        }
    }

    /// Uploads a file for training and returns its id.
    nonisolated func upload(_ text: String, name: String) async throws -> String {
        let boundary = "boundary-of-the-browser-tests"
        let body = [
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n",
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n",
            "Content-Type: application/octet-stream\r\n\r\n\(text)\r\n--\(boundary)--\r\n",
        ].joined()
        let answer = try await Self.answer(
            "POST", "\(origin)/v1/files", Data(body.utf8), type: "multipart/form-data; boundary=\(boundary)")
        guard let id = answer.body["id"]?.string else { throw WebDriverError.notStarted(answer.body.text) }
        return id
    }

    /// Starts a job and returns its id.
    nonisolated func createJob(_ request: JSONValue) async throws -> String {
        let answer = try await Self.answer(
            "POST", "\(origin)/v1/fine_tuning/jobs", Data(request.bytes), type: "application/json")
        guard let id = answer.body["id"]?.string else { throw WebDriverError.notStarted(answer.body.text) }
        return id
    }

    /// A job as the API shows it.
    nonisolated func job(_ id: String) async throws -> JSONValue {
        try await Self.answer("GET", "\(origin)/v1/fine_tuning/jobs/\(id)").body
    }

    /// A job once it has ended, by its stream of events.
    nonisolated func end(of id: String) async throws -> JSONValue {
        // The stream ends after the terminal state.
        guard let url = URL(string: "\(origin)/v1/fine_tuning/jobs/\(id)/events?stream=true") else {
            throw WebDriverError.notStarted(id)
        }
        _ = try await URLSession.shared.data(for: URLRequest(url: url, timeoutInterval: 120))
        return try await job(id)
    }

    private static func answer(
        _ method: String, _ address: String, _ body: Data? = nil, type: String? = nil
    ) async throws -> (status: Int, body: JSONValue) {
        guard let url = URL(string: address) else { throw WebDriverError.notStarted("not an address: \(address)") }
        var request = URLRequest(url: url, timeoutInterval: 60)
        request.httpMethod = method
        request.httpBody = body
        if let type { request.setValue(type, forHTTPHeaderField: "Content-Type") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        return (status, data.isEmpty ? .null : try JSONValue(parsing: [UInt8](data)))
    }
}
