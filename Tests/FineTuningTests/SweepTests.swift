import FineTuning
import JSON
import Testing

@Suite("A sweep")
struct SweepTests {
    private func request(_ sweep: JSONValue, _ more: JSONObject = [:]) throws -> JobRequest {
        var body: JSONObject = ["model": "m", "training_file": "f", "seed": 7, "sweep": sweep]
        for member in more.members { body[member.name] = member.value }
        return try JobRequest(.object(body), threads: 1)
    }

    @Test("by a grid tries every combination, in order, each with defaults of its own")
    func grid() throws {
        let request = try request([
            "parameters": [
                "layers.train": ["all", "head"],
                "hyperparameters.batch_size": ["min": 8, "max": 32, "scale": "log", "integer": true, "count": 3],
            ]
        ])
        #expect(request.sweep?.metric == .validLoss)
        #expect(request.points.map(\.recipe.hyperparameters.batchSize) == [8, 16, 32, 8, 16, 32])
        #expect(request.points.map(\.recipe.strategy.learningRate) == [5e-5, 5e-5, 5e-5, 1e-3, 1e-3, 1e-3])
        #expect(request.points[4].parameters == ["layers.train": "head", "hyperparameters.batch_size": 16])
        #expect(request.points.allSatisfy { $0.recipe.seed == 7 })
    }

    @Test("by chance draws the same settings from the same seed, within their bounds and evenly in the logarithm")
    func random() throws {
        let sweep: JSONValue = [
            "method": "random", "trials": 200,
            "parameters": [
                "strategy.learning_rate": ["min": 1e-6, "max": 1e-2, "scale": "log"],
                "data.max_length": ["min": 32, "max": 64, "integer": true], "strategy.schedule": ["linear", "cosine"],
            ],
        ]
        let request = try request(sweep)
        #expect(try self.request(sweep).points == request.points)
        #expect(try self.request(sweep, ["seed": 8]).points != request.points)
        let rates = request.points.compactMap(\.recipe.strategy.learningRate)
        #expect(rates.count == 200 && rates.allSatisfy { (1e-6...1e-2).contains($0) })
        // Half of them lie below the geometric mean: 100, with a deviation of 7.
        #expect((70...130).contains(rates.count { $0 < 1e-4 }))
        #expect(Set(request.points.map(\.recipe.data.maxLength)).isSubset(of: Set(32...64)))
        #expect(Set(request.points.map(\.recipe.strategy.schedule)) == [.linear, .cosine])
    }

    @Test("finds hyperparameters where the body has them", arguments: ["", "method.supervised."])
    func places(prefix: String) throws {
        let sweep: JSONValue = ["parameters": .object(["\(prefix)hyperparameters.n_epochs": [1, 2]])]
        let method: JSONValue = ["type": "supervised", "supervised": ["hyperparameters": ["batch_size": 4]]]
        for more in [["method": method], ["hyperparameters": ["batch_size": 4]]] as [JSONObject] {
            let points = try request(sweep, more).points
            #expect(points.map(\.recipe.hyperparameters.epochs) == [1, 2])
            #expect(points.allSatisfy { $0.recipe.hyperparameters.batchSize == 4 })
        }
    }

    @Test(
        "with halving has rungs that end with all epochs",
        arguments: [
            (9, 9, 3, 1, [9, 3, 1], [1, 3, 9]), (10, 9, 3, 1, [10, 4, 2], [1, 3, 9]),
            (4, 100, 2, 30, [4, 2], [50, 100]),
            (2, 9, 3, 1, [2], [9]), (27, 2, 3, 1, [27], [2]),
        ])
    func rungs(points: Int, epochs: Int, factor: Int, least: Int, trials: [Int], lengths: [Int]) {
        var halving = SweepHalving()
        (halving.factor, halving.minEpochs) = (factor, least)
        let rungs = halving.rungs(points: points, epochs: epochs)
        #expect(rungs.map(\.trials) == trials)
        #expect(rungs.map(\.epochs) == lengths)
    }

    @Test("gives itself back from its JSON")
    func roundTrip() throws {
        let sweep = try #require(
            try request([
                "method": "random", "trials": 9, "metric": "accuracy", "halving": ["factor": 3],
                "parameters": ["strategy.dropout": ["min": 0, "max": 0.5], "layers.train": ["all", ["top": 2]]],
            ]).sweep)
        #expect(try Sweep(JSONCursor(JSONValue(parsing: sweep.json.bytes))) == sweep)
    }

    @Test(
        "that makes no sense is refused at its place",
        arguments: [
            ([:], "sweep.parameters", "required"), (["parameters": [:]], "sweep.parameters", "1 to 16"),
            (["parameters": ["training_file": ["a"]]], "sweep.parameters.training_file", "strategy.learning_rate"),
            (["parameters": ["strategy..dropout": [0]]], "sweep.parameters.strategy..dropout", "place"),
            (["parameters": ["seed": []]], "sweep.parameters.seed", "1 to 256"),
            (["parameters": ["seed": [1, 1]]], "sweep.parameters.seed", "stands twice"),
            (["parameters": ["seed": 3]], "sweep.parameters.seed", "an array of values"),
            (
                ["parameters": ["strategy.dropout": ["min": 0, "max": 1]]], "sweep.parameters.strategy.dropout.count",
                "grid"
            ),
            (
                ["parameters": ["strategy.dropout": ["min": 1, "max": 0, "count": 2]]],
                "sweep.parameters.strategy.dropout.max", "greater"
            ),
            (
                ["parameters": ["strategy.dropout": ["min": -1e308, "max": 1e308, "count": 2]]],
                "sweep.parameters.strategy.dropout", "too wide"
            ),
            (
                ["parameters": ["strategy.dropout": ["min": 0, "max": 1, "count": 2, "scale": "log"]]],
                "sweep.parameters.strategy.dropout", "above 0"
            ),
            (
                ["parameters": ["strategy.dropout": [0.1, 2]]], "sweep.parameters.strategy.dropout",
                "strategy.dropout = 2"
            ),
            (["parameters": ["strategy.drpout": [0.1]]], "sweep.parameters.strategy.drpout", "did you mean"),
            (["parameters": ["layers.train": ["all"], "layers.lora": [[:]]]], "sweep.parameters.layers.train", "lora"),
            (["parameters": ["seed": [1]], "trials": 3], "sweep.trials", "every combination"),
            (["parameters": ["seed": [1]], "method": "random"], "sweep.trials", "needs a number"),
            (["parameters": ["seed": [1]], "metric": "spearman"], "sweep.metric", "\"auroc\""),
            (
                ["parameters": ["seed": [1, 2, 3], "hyperparameters.n_epochs": [1]], "halving": [:]],
                "sweep.parameters.hyperparameters.n_epochs", "leave one"
            ),
            (["parameters": ["seed": [1, 2]], "halving": [:]], "sweep.halving", "at least 3 settings"),
            (["parameters": ["data.validation_split": [0, 0.1]]], "sweep", "validation_file"),
            (
                ["parameters": ["seed": ["min": 0, "max": 400, "count": 200], "data.shuffle": [true, false]]],
                "sweep.parameters", "more than 256"
            ),
            (["parameters": ["seed": [1]], "halvign": [:]], "sweep.halvign", "did you mean \"halving\"?"),
        ] as [(JSONValue, String, String)])
    func refusals(sweep: JSONValue, path: String, word: String) throws {
        let fault = #expect(throws: JSONFault.self) { try request(sweep) }
        #expect(fault?.path == path)
        #expect(fault?.message.contains(word) == true, "\(fault?.message ?? "")")
    }

    @Test("ranks its trials in the metric's direction, and the best is of the last rung that brought a value")
    func ranking() {
        func trial(_ number: Int, _ rung: Int, _ value: Double?) -> Trial {
            Trial(
                number: number, rung: rung, jobID: "\(number)-\(rung)", parameters: [:], state: .succeeded, epochs: 1,
                value: value, step: 1)
        }
        let first = [trial(2, 0, 0.5), trial(0, 0, 0.5), trial(1, 0, nil), trial(3, 0, 0.1)]
        #expect(first.ranked(by: .validLoss).map(\.number) == [3, 0, 2])
        #expect(first.ranked(by: .accuracy).map(\.number) == [0, 2, 3])
        #expect(first.best(by: .validLoss)?.jobID == "3-0")
        #expect((first + [trial(3, 1, nil)]).best(by: .validLoss)?.jobID == "3-0")
        #expect((first + [trial(3, 1, 0.4), trial(0, 1, 0.2)]).best(by: .validLoss)?.jobID == "0-1")
        #expect([trial(0, 0, nil)].best(by: .validLoss) == nil && [Trial]().best(by: .validLoss) == nil)
    }

    @Test("is estimated as all of its trials together")
    func estimate() throws {
        let single = Estimate(totalSteps: 30, tokens: 300, seconds: 3, peakMemoryBytes: 7, diskBytes: 5)
        let grid = try request(["parameters": ["hyperparameters.n_epochs": [3, 6]]])
        #expect(
            single.of(grid) == Estimate(totalSteps: 90, tokens: 900, seconds: 9, peakMemoryBytes: 7, diskBytes: 10))
        let halving = try request(
            ["parameters": ["seed": [1, 2, 3, 4, 5, 6]], "halving": [:]], ["hyperparameters": ["n_epochs": 3]])
        // Six trials of one epoch and two of three.
        #expect(single.of(halving).seconds == 12)
    }
}
