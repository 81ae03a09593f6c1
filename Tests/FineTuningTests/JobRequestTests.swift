import FineTuning
import JSON
import Testing

@Suite("A job request")
struct JobRequestTests {
    private func request(_ body: JSONValue) throws -> JobRequest { try JobRequest(body, threads: 2, seed: 42) }

    @Test("needs a model and a training file, and fills in the rest")
    func smallest() throws {
        let request = try request(["model": "m", "training_file": "file-a"])
        #expect(request.recipe.seed == 42)
        #expect(request.recipe.strategy.learningRate == 5e-5)
        #expect(request.recipe.resources.threads == 2)
        #expect(request.recipe.hyperparameters.epochs == 3)
        #expect(request.recipe.layers == LayersSpecification(train: .all))
    }

    @Test("takes a far higher learning rate for a head alone, and scales it by the multiplier")
    func learningRates() throws {
        let body: JSONValue = [
            "model": "m", "training_file": "f", "layers": ["train": "head"],
            "method": [
                "type": "supervised",
                "supervised": ["hyperparameters": ["learning_rate_multiplier": 2.0, "n_epochs": "auto"]],
            ],
        ]
        #expect(try request(body).recipe.strategy.learningRate == 2e-3)
    }

    @Test(
        "refuses a multiplier that carries the learning rate out of its bounds, so that every recipe can be read again",
        arguments: [1e6, 1e-6])
    func outlandishMultiplier(multiplier: Double) throws {
        let hyperparameters: JSONValue = ["learning_rate_multiplier": .number(multiplier)]
        let older = #expect(throws: JSONFault.self) {
            try request(["model": "m", "training_file": "f", "hyperparameters": hyperparameters])
        }
        #expect(older?.path == "hyperparameters.learning_rate_multiplier")
        let newer = #expect(throws: JSONFault.self) {
            try request([
                "model": "m", "training_file": "f",
                "method": ["type": "supervised", "supervised": ["hyperparameters": hyperparameters]],
            ])
        }
        #expect(newer?.path == "method.supervised.hyperparameters.learning_rate_multiplier")
    }

    @Test("reads the older place of the hyperparameters too")
    func legacy() throws {
        let body: JSONValue = ["model": "m", "training_file": "f", "hyperparameters": ["n_epochs": 7]]
        #expect(try request(body).recipe.hyperparameters.epochs == 7)
    }

    @Test(
        "gives back a recipe from its JSON",
        arguments: [
            ["train": "all"], ["train": "head"], ["train": ["top": 2]],
            ["train": ["include": ["encoder.*"], "exclude": ["*.bias"]]],
        ] as [JSONValue])
    func roundTrip(layers: JSONValue) throws {
        let body: JSONValue = [
            "model": "m", "training_file": "f", "layers": layers,
            "task": ["labels": ["b", "a"], "head": ["hidden_sizes": [8], "dropout": 0.2, "pooling": "mean"]],
            "strategy": [
                "max_grad_norm": nil, "dropout": 0, "evaluate_every": ["steps": 5],
                "early_stopping": ["metric": "macro_f1", "patience": 2],
            ], "data": ["fields": ["text": "body"], "shuffle": false],
        ]
        let recipe = try request(body).recipe
        #expect(recipe.strategy.maxGradNorm == nil)
        #expect(try Recipe(JSONCursor(JSONValue(parsing: recipe.json.bytes))) == recipe)
    }

    @Test("may hold nothing back and stop early, where it has a validation file")
    func validationFile() throws {
        let body: JSONValue = [
            "model": "m", "training_file": "f", "validation_file": "v", "strategy": ["early_stopping": ["patience": 1]],
            "data": ["validation_split": 0],
        ]
        #expect(try request(body).recipe.strategy.earlyStopping?.patience == 1)
    }

    @Test(
        "is refused with the path of the fault and what would be right",
        arguments: [
            (["training_file": "f"], "model", "this field is required"),
            (["model": 3, "training_file": "f"], "model", "expected a string, got a number"),
            (["model": "m", "training_file": "f", "strateggy": [:]], "strateggy", "did you mean \"strategy\"?"),
            (
                ["model": "m", "training_file": "f", "strategy": ["learning_rate": "fast"]], "strategy.learning_rate",
                "expected a number, got a string"
            ),
            (
                ["model": "m", "training_file": "f", "strategy": ["dropout": 1.5]], "strategy.dropout",
                "out of range: expected 0.0 to 0.95"
            ),
            (
                ["model": "m", "training_file": "f", "task": ["type": "cooking"]], "task.type",
                "\"text-classification\""
            ),
            (["model": "m", "training_file": "f", "task": ["labels": ["a"]]], "task.labels", "at least 2 labels"),
            (["model": "m", "training_file": "f", "task": ["labels": ["a", "a"]]], "task.labels[1]", "stands twice"),
            (["model": "m", "training_file": "f", "layers": ["train": ["top": -1]]], "layers.train.top", "0 to 1000"),
            (["model": "m", "training_file": "f", "layers": ["train": [:]]], "layers.train", "\"top\" or \"include\""),
            (
                ["model": "m", "training_file": "f", "method": ["type": "dpo"]], "method.type",
                "expected \"supervised\""
            ),
            (["model": "m", "training_file": "f", "suffix": "a b"], "suffix", "letters, digits"),
            (["model": "m", "training_file": "f", "metadata": ["a": 1]], "metadata.a", "expected a string"),
            (
                ["model": "m", "training_file": "f", "integrations": [["type": "wandb"]]], "integrations",
                "leave it out"
            ),
            (
                [
                    "model": "m", "training_file": "f", "strategy": ["early_stopping": ["patience": 1]],
                    "data": ["validation_split": 0],
                ], "strategy.early_stopping", "give a validation_file"
            ),
            ([], "", "expected an object, got an array"),
        ] as [(JSONValue, String, String)])
    func refusals(body: JSONValue, path: String, word: String) throws {
        let fault = #expect(throws: JSONFault.self) { try request(body) }
        #expect(fault?.path == path)
        #expect(fault?.message.contains(word) == true, "\(fault?.message ?? "")")
    }
}
