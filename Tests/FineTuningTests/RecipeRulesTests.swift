import FineTuning
import JSON
import Testing

@Suite("A recipe")
struct RecipeRulesTests {
    private func request(_ parts: JSONObject) throws -> JobRequest {
        var body: JSONObject = ["model": "m", "training_file": "f"]
        for member in parts.members { body[member.name] = member.value }
        return try JobRequest(.object(body), threads: 2, seed: 1)
    }

    @Test(
        "gives itself back from its JSON, whatever is set",
        arguments: [
            ["task": ["type": "text-classification", "ordinal": true, "labels": ["1", "2", "3"]]],
            [
                "task": ["multi_label": true, "labels": ["a"]],
                "data": ["class_weights": ["a": 2], "fields": ["labels": "l"]],
            ],
            [
                "task": ["type": "text-regression", "head": ["pooling": "mean"]],
                "strategy": ["optimizer": ["type": "lion"], "schedule": "polynomial", "schedule_power": 2],
            ],
            [
                "task": ["type": "token-classification"], "data": ["format": "conll", "fields": ["tags": "ner"]],
                "layers": ["lora": ["rank": 4, "targets": ["query", "*.dense"], "dora": true, "merge": true]],
                "strategy": [
                    "adversarial": ["type": "fgm", "epsilon": 0.5], "early_stopping": ["metric": "entity_f1"],
                ],
            ],
            [
                "task": ["type": "masked-language-modeling", "masking": ["probability": 0.3, "whole_word": false]],
                "data": ["format": "text", "augment": [["type": "random_swap"]]],
            ],
            [
                "task": ["type": "text-embedding", "embedding": ["loss": "triplet", "margin": 1]],
                "layers": ["gradual_unfreezing": ["every_epochs": 2]],
                "strategy": [
                    "optimizer": ["type": "sgd", "momentum": 0.5, "nesterov": true], "ema": 0.99, "l2_sp": 0.01,
                    "layer_decay": 0.9, "gradient_accumulation": 4, "adversarial": nil, "warmup_ratio": 0,
                ],
            ],
            [
                "data": [
                    "header": false, "format": "csv", "oversample": "balanced", "class_weights": "balanced",
                    "augment": [
                        ["type": "mixup", "alpha": 0.4], ["type": "cutoff", "ratio": 0.2, "probability": 0.5],
                    ],
                ], "strategy": ["optimizer": ["type": "adafactor"], "head_learning_rate": 1e-3],
            ],
        ] as [JSONObject])
    func roundTrip(parts: JSONObject) throws {
        let recipe = try request(parts).recipe
        #expect(try Recipe(JSONCursor(JSONValue(parsing: recipe.json.bytes))) == recipe)
    }

    @Test("of before the issue of all tasks still reads")
    func older() throws {
        let text = #"""
            {"model": "m", "seed": 1, "hyperparameters": {"n_epochs": 3, "batch_size": 16, "learning_rate_multiplier": 1.0},
             "task": {"type": "text-classification", "head": {"hidden_sizes": [], "dropout": null, "pooling": "auto"},
                      "labels": ["a", "b"], "head_init": "auto"},
             "layers": {"train": {"top": 2}},
             "strategy": {"optimizer": {"type": "adamw", "betas": [0.9, 0.999], "epsilon": 1e-8}, "learning_rate": 5e-5,
                          "schedule": "linear", "warmup_ratio": 0.06, "weight_decay": 0.01, "max_grad_norm": 1.0,
                          "dropout": null, "label_smoothing": 0.0,
                          "early_stopping": {"metric": "macro_f1", "patience": 3, "min_delta": 0.0}, "keep": "best",
                          "evaluate_every": "epoch", "checkpoint_every": "epoch", "keep_checkpoints": 2},
             "data": {"fields": {"text": "text", "text_pair": null, "label": "label"}, "max_length": 128,
                      "validation_split": 0.1, "shuffle": true},
             "resources": {"threads": 2, "priority": 0}}
            """#
        let recipe = try Recipe(JSONCursor(JSONValue(parsing: Array(text.utf8))))
        #expect(recipe.layers == LayersSpecification(train: .top(2)))
        #expect(recipe.selectionMetric == .macroF1)
        #expect(recipe.task.multiLabel == false && recipe.task.masking == nil)
    }

    @Test(
        "takes its learning rate from task, layers and optimizer",
        arguments: [
            ([:], 5e-5), (["layers": ["train": "head"]], 1e-3), (["layers": ["lora": [:]]], 5e-4),
            (["task": ["type": "text-embedding"]], 2e-5), (["strategy": ["optimizer": ["type": "lion"]]], 1e-5),
            (["strategy": ["optimizer": ["type": "sgd"]]], 5e-3),
        ] as [(JSONObject, Double)])
    func learningRates(parts: JSONObject, rate: Double) throws {
        #expect(abs((try request(parts).recipe.strategy.learningRate ?? 0) / rate - 1) < 1e-12)
    }

    @Test(
        "watches the metric of its task",
        arguments: [
            ([:], .validLoss), (["task": ["type": "token-classification"]], .entityF1),
            (["task": ["type": "text-embedding"]], .meanReciprocalRank),
            (["task": ["type": "text-embedding", "embedding": ["loss": "cosine"]]], .spearman),
            (["strategy": ["early_stopping": ["metric": "auroc"]]], .auroc),
        ] as [(JSONObject, MetricName)])
    func selection(parts: JSONObject, metric: MetricName) throws {
        #expect(try request(parts).recipe.selectionMetric == metric)
    }

    @Test("resolves what a task, an adapter and an attack leave open")
    func resolution() throws {
        let masked = try request(["task": ["type": "masked-language-modeling"]]).recipe
        #expect(masked.task.masking == Masking() && masked.task.embedding == nil)
        let adapted = try request(["layers": ["lora": [:]], "strategy": ["early_stopping": [:]]]).recipe
        #expect(adapted.layers.train == .head && !adapted.layers.trunkIsFrozen)
        #expect(adapted.strategy.earlyStopping?.metric == .validLoss)
        let attacked = try request(["strategy": ["adversarial": ["type": "pgd", "epsilon": 2, "steps": 5]]]).recipe
        #expect(attacked.strategy.adversarial?.stepSize == 1)
        let slanted = try request(["strategy": ["schedule": "slanted_triangular"]]).recipe
        #expect(slanted.strategy.warmupRatio == 0.1)
    }

    private static let embedding: JSONObject = ["type": "text-embedding"]

    @Test(
        "that means nothing is refused, with what to do",
        arguments: [
            (["layers": ["lora": [:], "train": "all"]], "layers.train", "leave it out"),
            (["layers": ["lora": [:], "gradual_unfreezing": [:]]], "layers.gradual_unfreezing", "one of the two"),
            (["layers": ["train": "head", "gradual_unfreezing": [:]]], "layers.gradual_unfreezing", "to unfreeze"),
            (["layers": ["lora": ["rank": 0]]], "layers.lora.rank", "1 to 1024"),
            (["layers": ["lora": ["rnak": 4]]], "layers.lora.rnak", "did you mean \"rank\"?"),
            (["layers": ["lora": ["targets": []]]], "layers.lora.targets", "1 to 100"),
            (["layers": ["train": "head"], "task": .object(embedding)], "layers.train", "no head"),
            (["strategy": ["early_stopping": ["metric": "spearman"]]], "strategy.early_stopping.metric", "\"auroc\""),
            (["task": ["type": "text-regression", "labels": ["a", "b"]]], "task.labels", "has no labels"),
            (["task": ["multi_label": true, "ordinal": true]], "task.ordinal", "choose one"),
            (
                ["task": ["type": "text-regression", "multi_label": true]], "task.multi_label",
                "only \"text-classification\""
            ),
            (["task": ["masking": [:]]], "task.masking", "token_masking"),
            (["task": ["embedding": [:]]], "task.embedding", "only \"text-embedding\""),
            (
                ["task": ["type": "text-embedding", "embedding": ["loss": "cosine", "margin": 1]]],
                "task.embedding.margin", "only the loss \"triplet\""
            ),
            (
                ["task": ["type": "token-classification", "head": ["pooling": "mean"]]], "task.head.pooling",
                "every token"
            ),
            (
                ["task": ["type": "masked-language-modeling", "head": ["hidden_sizes": [8]]]], "task.head.hidden_sizes",
                "leave them out"
            ),
            (
                ["strategy": ["head_learning_rate": 1e-3], "task": .object(embedding)], "strategy.head_learning_rate",
                "no head"
            ),
            (["strategy": ["layer_decay": 0.9], "layers": ["train": "head"]], "strategy.layer_decay", "unfreeze"),
            (["strategy": ["l2_sp": 0.1], "layers": ["lora": [:]]], "strategy.l2_sp", "frozen"),
            (
                ["strategy": ["label_smoothing": 0.1], "task": ["ordinal": true]], "strategy.label_smoothing",
                "soft targets"
            ),
            (
                ["strategy": ["label_smoothing": 0.1], "task": ["type": "text-regression"]], "strategy.label_smoothing",
                "no labels"
            ),
            (
                ["strategy": ["optimizer": ["type": "sgd", "betas": [0.9, 0.99]]]], "strategy.optimizer.betas",
                "has no betas"
            ),
            (["strategy": ["optimizer": ["momentum": 0.9]]], "strategy.optimizer.momentum", "only \"sgd\""),
            (
                ["strategy": ["optimizer": ["type": "sgd", "momentum": 0, "nesterov": true]]],
                "strategy.optimizer.nesterov", "above 0"
            ),
            (["strategy": ["schedule_power": 2]], "strategy.schedule_power", "polynomial"),
            (
                ["strategy": ["adversarial": ["type": "fgm"]], "task": .object(embedding)], "strategy.adversarial",
                "no attack"
            ),
            (
                ["strategy": ["adversarial": ["type": "fgm"]], "data": ["augment": [["type": "mixup"]]]],
                "strategy.adversarial", "one of the two"
            ),
            (["strategy": ["adversarial": ["type": "gfm"]]], "strategy.adversarial.type", "\"freelb\""),
            (["data": ["format": "conll"]], "data.format", "token-classification"),
            (["data": ["format": "text"]], "data.format", "masked-language-modeling"),
            (["data": ["format": "jsonl", "header": true]], "data.header", "CSV and TSV"),
            (["data": ["header": "yes"]], "data.header", "\"auto\", true or false"),
            (["data": ["fields": ["tags": "ner"]]], "data.fields.tags", "it reads text, text_pair, label"),
            (
                ["data": ["fields": ["text_pair": "b"]], "task": ["type": "token-classification"]],
                "data.fields.text_pair", "tokens, tags"
            ),
            (
                ["data": ["augment": [["type": "random_swap"]]], "task": ["type": "token-classification"]],
                "data.augment[0].type", "tags"
            ),
            (
                ["data": ["augment": [["type": "mixup"]]], "task": ["type": "text-regression"]],
                "data.augment[0].type", "leave it out"
            ),
            (["data": ["augment": [["type": "cutoff"], ["type": "cutoff"]]]], "data.augment[1]", "stands twice"),
            (["data": ["augment": [["type": "cutoff", "alpha": 1]]]], "data.augment[0].alpha", "only \"mixup\""),
            (
                ["data": ["class_weights": ["bgu": 2]], "task": ["labels": ["bug", "billing"]]],
                "data.class_weights.bgu",
                "did you mean \"bug\"?"
            ),
            (
                ["data": ["class_weights": "balanced"], "task": ["type": "text-regression"]], "data.class_weights",
                "weighs"
            ),
            (["data": ["class_weights": "heavy"]], "data.class_weights", "\"balanced\""),
            (["data": ["oversample": "balanced"], "task": ["multi_label": true]], "data.oversample", "one label each"),
        ] as [(JSONObject, String, String)])
    func refusals(parts: JSONObject, path: String, word: String) throws {
        let fault = #expect(throws: JSONFault.self) { try request(parts) }
        #expect(fault?.path == path)
        #expect(fault?.message.contains(word) == true, "\(fault?.message ?? "")")
    }

    @Test("has a way to improve for every metric, and every task knows its default")
    func metrics() {
        for kind in TaskKind.allCases {
            let task = TaskSpecification(kind)
            #expect(task.metrics.contains(task.defaultSelectionMetric))
            #expect(task.metrics.contains(task.headlineMetric))
        }
        #expect(MetricName.spearman.isImprovement(0.5, over: 0.4) && !MetricName.mse.isImprovement(0.5, over: 0.4))
        #expect(!MetricName.spearman.isImprovement(.nan, over: 0.4))
    }
}
