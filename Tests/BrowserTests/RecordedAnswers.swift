import Foundation
import JSON
import Testing

/// What a server answered about jobs of every kind on a model of six layers, by method and path, for pages whose look
/// depends on more than a small run gives.
enum RecordedAnswers {
    /// All of `Fixtures/recorded-answers.json`, which `Scripts/record_answers.py` makes.
    static func all() throws -> JSONValue {
        let path = "\(DashboardServer.root)/Tests/BrowserTests/Fixtures/recorded-answers.json"
        return try JSONValue(parsing: [UInt8](Data(contentsOf: URL(filePath: path))))
    }

    /// The evaluation of a job whose loss is the lowest, which its page shows first.
    static func bestEvaluation(of job: String) throws -> JSONValue {
        let answers = try all()
        let step = answers["GET /v1/fine_tuning/jobs/\(job)"]?["best"]?["step"]
        let evaluations = answers["GET /v1/fine_tuning/jobs/\(job)/metrics"]?["evaluations"]?.array ?? []
        return try #require(evaluations.first { $0["step"] == step })
    }
}
