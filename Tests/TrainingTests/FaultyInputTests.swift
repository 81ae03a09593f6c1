import FineTuning
import Foundation
import POSIX
import RunDirectory
import Testing
import Training

@Suite struct `A job that cannot be trained` {
    /// Trains and gives the error that the journal and the terminal tell alike.
    private func failure(of run: WorkerRun) async throws -> JobError {
        #expect(try await run.train() == .exited(1))
        guard case .failed(let error) = try run.entries().last else {
            throw Wait.InVain(description: "the journal ends with \(String(describing: try run.entries().last))")
        }
        #expect(try run.log(1).contains("\(error.code.rawValue): \(error.message)"))
        #expect(try run.names().isEmpty, "no checkpoint")
        return error
    }

    private static let good = "{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"b\", \"label\": \"y\"}\n"

    @Test(arguments: [
        ("", ["train.jsonl has 1 fault", "no rows"]),
        ("{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"b\", \"label\": \"x\"}\n", ["label", "\"x\""]),
        (good + "no JSON\n", ["line 3", "not valid JSON"]),
        (good + "{\"text\": \"c\"}\n", ["line 3", "label"]),
        (good + "{\"text\": 7, \"label\": \"x\"}\n", ["line 3", "text"]),
        (good + "[1, 2]\n", ["line 3", "object"]),
        (good + "\u{FEFF}{\"text\": \"c\", \"label\": \"x\", \"label\": \"y\"}\n", ["line 3"]),
    ])
    func `names file, line and fault of bad data`(content: String, words: [String]) async throws {
        let error = try await failure(of: WorkerRun(training: content))
        #expect(error.code == .invalidTrainingFile)
        #expect(error.param == "training_file")
        for word in words { #expect(error.message.localizedCaseInsensitiveContains(word), "\(error.message)") }
    }

    @Test func `names a data file that is not there`() async throws {
        let run = try WorkerRun()
        try FileManager.default.removeItem(atPath: run.recipe.trainingFile.path)
        let error = try await failure(of: run)
        #expect(error.code == .invalidTrainingFile)
        #expect(error.message.contains("train.jsonl"))
    }

    /// What is wrong with a model's directory.
    enum Fault: CaseIterable {
        case missing, noConfiguration, garbledConfiguration, hugeHeader, garbledHeader, cutWeights, noTokenizer
        case foreignFamily

        func apply(to model: String) throws {
            func rewrite(_ name: String, _ change: (inout Data) -> Void) throws {
                let file = URL(fileURLWithPath: "\(model)/\(name)")
                var data = try Data(contentsOf: file)
                change(&data)
                try data.write(to: file)
            }
            let remove = { (name: String) in try FileManager.default.removeItem(atPath: "\(model)/\(name)") }
            switch self {
            case .missing: try FileManager.default.removeItem(atPath: model)
            case .noConfiguration: try remove("config.json")
            case .garbledConfiguration: try rewrite("config.json") { $0 = $0.prefix(40) }
            case .hugeHeader:
                try rewrite("model.safetensors") { $0.replaceSubrange(0..<8, with: repeatElement(0xFF, count: 8)) }
            case .garbledHeader: try rewrite("model.safetensors") { $0[9] = 0x7B }
            case .cutWeights: try rewrite("model.safetensors") { $0.removeLast(4) }
            case .noTokenizer:
                try remove("tokenizer.json")
                try remove("vocab.txt")
            case .foreignFamily:
                try rewrite("config.json") { data in
                    data = Data(
                        String(decoding: data, as: UTF8.self)
                            .replacing("\"model_type\": \"bert\"", with: "\"model_type\": \"mamba\"").utf8)
                }
            }
        }

        /// What the message must name.
        var file: String {
            switch self {
            case .missing: "there is no model directory"
            case .noConfiguration, .garbledConfiguration: "config.json"
            case .hugeHeader, .garbledHeader, .cutWeights: "model.safetensors"
            case .noTokenizer: "tokenizer.json"
            case .foreignFamily: "mamba"
            }
        }
    }

    @Test(arguments: Fault.allCases)
    func `names the file and fault of a bad model`(fault: Fault) async throws {
        let run = try WorkerRun()
        try fault.apply(to: run.recipe.modelDirectory)
        let error = try await failure(of: run)
        #expect(error.code == .invalidModel)
        #expect(error.message.contains(fault.file), "\(error.message)")
    }

    @Test func `names what the model does not have that the recipe asks for`() async throws {
        let error = try await failure(of: WorkerRun { $0.layers.train = .top(3) })
        #expect(error.code == .invalidRecipe)
        #expect(error.param == "layers.train.top")
    }

    @Test func `keeps the last good checkpoint when training diverges, and says where`() async throws {
        let run = try WorkerRun {
            $0.hyperparameters.epochs = 40
            $0.strategy.learningRate = 10
            $0.strategy.weightDecay = 10
            $0.strategy.warmupRatio = 0
            $0.strategy.schedule = .constant
            $0.strategy.keepCheckpoints = 1
        }
        #expect(try await run.train() == .exited(1))
        guard case .failed(let error) = try run.entries().last else {
            throw Wait.InVain(description: "the journal ends with \(String(describing: try run.entries().last))")
        }
        #expect(error.code == .diverged)
        let last = try #require(try run.curve().last)
        #expect(error.message.contains("diverged in step \(last.step + 1)"), "\(error.message)")
        #expect(error.message.contains("lower strategy.learning_rate"))
        #expect(try run.names() == [PublishedCheckpoint.name(step: last.step / 5 * 5)])
    }

    @Test func `says what is wrong with the recipe where there is no journal yet`() async throws {
        let run = try WorkerRun()
        let directory = run.directory(1)
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        try DurableFile.write(
            Array("{\"format_version\": 1, \"recipe\": {\"modle\": 1}}".utf8), to: directory.recipePath)
        let output = try FileDescriptor.open("\(run.path)/error.txt", O_WRONLY | O_CREAT)
        let worker = try ChildProcess(
            WorkerRun.program, arguments: ["train", directory.path], environment: [:], error: output.raw)
        #expect(await worker.waitForExit() == .exited(4))
        let text = try String(contentsOfFile: "\(run.path)/error.txt", encoding: .utf8)
        #expect(text.contains("recipe.json"), "\(text)")
        #expect(!FileManager.default.fileExists(atPath: directory.journalPath))
    }
}
