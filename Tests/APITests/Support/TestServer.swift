import FineTuning
import Foundation
import HTTP
import JSON
import POSIX
import RunDirectory
import Scheduling
import Storage

@testable import API

/// The API behind a real server on loopback, over a real database in a directory of its own. Jobs run as far as a test
/// takes them: no worker trains before the scheduler is started.
struct TestServer {
    let api: API
    let database: Database
    let client: TestClient
    private let server: Server

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The worker program, which is built beside the tests' program.
    static let worker = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "finetune-worker").path

    /// Runs `body` against a new server.
    static func run(
        configure: (inout APIConfiguration) -> Void = { _ in }, _ body: (TestServer) async throws -> Void
    ) async throws {
        let server = try await TestServer(configure)
        do {
            try await body(server)
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    private init(_ configure: (inout APIConfiguration) -> Void) async throws {
        let directory = try DataDirectory(path: try TemporaryDirectory.make().path)
        let empty = "\(directory.path)/models/sentence/all-MiniLM-L6-v2"
        try DataDirectory.createDirectory(empty)
        try DurableFile.write(Array("{}".utf8), to: "\(empty)/config.json")
        try FileManager.default.copyItem(
            atPath: "\(Self.root)/Tests/EndToEndTests/Fixtures/tiny-bert", toPath: "\(directory.path)/models/tiny-bert")
        database = try await Database(directory: directory, migrations: "\(Self.root)/migrations")
        var configuration = APIConfiguration(version: "1.2.3")
        configuration.reservedDiskBytes = 0
        configure(&configuration)
        api = try Self.api(configuration, database)
        server = Server(configuration: ServerConfiguration(address: .loopback()), router: api.makeRouter())
        client = TestClient(address: try await server.start())
    }

    private func stop() async throws {
        try await server.drain(timeout: .milliseconds(10))
        await api.scheduler.stop()
        await api.answerer.shutdown()
        try FileManager.default.removeItem(atPath: database.directory.path)
    }

    /// A client that sends a token.
    func client(token: String) -> TestClient { TestClient(address: client.address, token: token) }
}

/// Jobs in the states that a scheduler would bring them to.
extension TestServer {
    static let labels = ["billing", "bug"]

    /// An uploaded file's id.
    func upload(_ content: String = "{\"text\":\"a\",\"label\":\"bug\"}\n") async throws -> String {
        try await client.upload(content).json["id"]?.string ?? ""
    }

    /// A job that waits.
    func queuedJob(_ more: JSONObject = [:]) async throws -> Job {
        var body: JSONObject = ["model": "tiny-bert", "training_file": .string(try await upload())]
        for member in more.members { body[member.name] = member.value }
        let id = try await client.post("/v1/fine_tuning/jobs", .object(body)).json["id"]?.string ?? ""
        let job = try await database.jobs.job(id)
        try await database.jobs.finishValidation(id, recipe: job.recipe, warnings: [])
        return try await database.jobs.job(id)
    }

    /// A job whose first attempt began.
    func runningJob() async throws -> Job {
        _ = try await queuedJob()
        guard let job = try await database.jobs.claim() else { throw APIError.invalid(nil, "nothing to claim") }
        return job
    }

    /// Takes in journal lines of a running job.
    func ingest(_ contents: [JournalEntry.Content], _ job: Job) async throws {
        let offset = try await database.jobs.journalOffset(job.id, attempt: job.attempt) ?? 0
        let entries = contents.enumerated().map {
            JournalEntry(sequence: offset + $0 + 1, time: 1_700_000_000, content: $1)
        }
        try await database.jobs.ingest(
            entries, jobID: job.id, attempt: job.attempt, from: offset, to: offset + entries.count)
    }

    static func point(_ step: Int, loss: Double = 1, of total: Int = 100) -> JournalEntry.Content {
        .metrics(
            MetricPoint(
                step: step, totalSteps: total, epoch: Double(step) / Double(total), trainLoss: loss, trainAccuracy: 0.5,
                learningRate: 1e-4, gradientNorm: 1, samplesPerSecond: 100, tokens: step * 10))
    }

    static func evaluation(_ step: Int) -> JournalEntry.Content {
        var confusion = ConfusionMatrix(labels: labels)
        confusion.add(truth: 0, answer: 0)
        confusion.add(truth: 1, answer: 0)
        return .evaluation(Evaluation(step: step, epoch: 1, validLoss: 0.7, confusion: confusion))
    }

    /// Writes a checkpoint's files and takes it in.
    func checkpoint(_ step: Int, _ job: Job, _ files: [String: String]) async throws {
        let name = PublishedCheckpoint.name(step: step)
        let directory = "\(database.directory.checkpointsPath(job.id))/\(name)"
        try DataDirectory.createDirectory(directory)
        var listed: [CheckpointFile] = []
        for (file, content) in files.sorted(by: { $0.key < $1.key }) {
            try DurableFile.write(Array(content.utf8), to: "\(directory)/\(file)")
            listed.append(
                CheckpointFile(name: file, bytes: content.utf8.count, sha256: Hash.sha256(content)))
        }
        let published = PublishedCheckpoint(step: step, name: name, files: listed, isBest: true, removed: [])
        try await ingest([.checkpoint(published)], job)
    }

    /// Ends a running job with the model of a checkpoint.
    func succeed(_ job: Job, step: Int, hasLedger: Bool = false) async throws -> FineTunedModel {
        let model = FineTunedModel(
            name: job.modelName(organization: "local"), jobID: job.id, parent: job.recipe.model,
            createdAt: 1_700_000_100, directory: "runs/\(job.id)/checkpoints/\(PublishedCheckpoint.name(step: step))",
            task: .textClassification, labels: Self.labels)
        _ = try await database.jobs.settle(
            job.id, attempt: job.attempt,
            outcome: .succeeded(.init(model: model, resultFiles: [], trainedTokens: 1000, hasLedger: hasLedger))
        )
        return model
    }
}

extension TestServer {
    private static func api(_ configuration: APIConfiguration, _ database: Database) throws -> API {
        let answerer = Answerer(program: worker, threads: 1)
        let scheduler = Scheduler(
            database: database, slots: 1, launcher: LocalLauncher(program: worker), answerer: answerer)
        return API(
            configuration: configuration, database: database, scheduler: scheduler, answerer: answerer,
            assets: "\(root)/public")
    }
}
