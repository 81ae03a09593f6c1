import JSON
import Testing

/// The form of a new job: what it offers for each task, and the request that it makes.
@Suite(
    "The form of a new job", .serialized,
    .enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
struct NewJobFormTests {
    /// Sets fields by their paths, as typing and choosing does.
    private func set(_ fields: [(String, String)], _ dashboard: Dashboard) async throws {
        for (path, value) in fields {
            try await dashboard.browser.run(
                """
                const input = document.querySelector(`[data-path="${arguments[0]}"]`);
                if (input.type === 'checkbox') input.checked = arguments[1] === 'true'; else input.value = arguments[1];
                input.dispatchEvent(new Event('input', { bubbles: true }));
                """, [.string(path), .string(value)])
        }
    }

    /// The request beside the form.
    private func request(_ dashboard: Dashboard) async throws -> JSONValue {
        let text = try await dashboard.browser.run("return document.querySelector('.request pre').textContent").string
        return try JSONValue(parsing: [UInt8]((text ?? "").utf8))
    }

    @Test func `Side branches, optimizer, attack and stopping become the request that the API takes`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/new?model=all-MiniLM-L6-v2")
            try await dashboard.browser.click("#layers-lora-choice")
            try await set(
                [
                    ("layers.lora.rank", "4"), ("layers.lora.dora", "true"), ("layers.lora.targets", "query, value"),
                    ("strategy.optimizer.type", "sgd"), ("strategy.optimizer.momentum", "0.8"),
                    ("strategy.schedule", "polynomial"), ("strategy.schedule_power", "2"),
                    ("strategy.adversarial.type", "pgd"), ("strategy.adversarial.epsilon", "0.5"),
                    ("strategy.early_stopping.metric", "macro_f1"), ("strategy.evaluate_every", "50"),
                    ("data.class_weights", "balanced"), ("task.multi_label", "ordered"),
                ], dashboard)
            try await dashboard.browser.run("document.querySelector('#augment-random_swap').click()")
            let expected: JSONValue = [
                "model": "all-MiniLM-L6-v2", "task": ["type": "text-classification", "ordinal": true],
                "data": ["augment": [["type": "random_swap"]], "class_weights": "balanced"],
                "strategy": [
                    "schedule": "polynomial", "optimizer": ["type": "sgd", "momentum": 0.8], "schedule_power": 2,
                    "adversarial": ["type": "pgd", "epsilon": 0.5], "early_stopping": ["metric": "macro_f1"],
                    "evaluate_every": ["steps": 50],
                ],
                "layers": ["lora": ["rank": 4, "targets": ["query", "value"], "dora": true]],
            ]
            #expect(try await request(dashboard) == expected)
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test func `What another task does not know is neither shown nor sent`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/new")
            try await set([("data.class_weights", "balanced"), ("strategy.label_smoothing", "0.1")], dashboard)
            try await dashboard.browser.click("#task-text-embedding")
            try await set([("task.embedding.loss", "triplet"), ("task.embedding.margin", "0.3")], dashboard)
            let sent = try await request(dashboard)
            #expect(sent["task"] == ["type": "text-embedding", "embedding": ["loss": "triplet", "margin": 0.3]])
            #expect(sent["data"] == nil && sent["strategy"] == nil)
            #expect(try await dashboard.browser.text(".line-format pre").contains("negative"))
            let head = try await dashboard.browser.run(
                "return document.querySelector('#layers-head-choice').closest('.option').hidden")
            #expect(head == true)
        }
    }

    @Test func `A file shows which task it is for`() async throws {
        try await Dashboard.lent { dashboard in
            let file = try await dashboard.server.upload(
                "{\"tokens\": [\"Ada\", \"codes\"], \"tags\": [\"B-PER\", \"O\"]}\n", name: "people.jsonl")
            try await dashboard.open("#/new")
            try await dashboard.browser.wait(until: "document.querySelector('#known-files').options.length === 2")
            try await dashboard.browser.run(
                """
                const choice = document.querySelector('#known-files');
                choice.value = arguments[0];
                choice.dispatchEvent(new Event('change'));
                """, [.string(file)])
            try await dashboard.browser.wait(until: "document.querySelector('#task-token-classification').checked")
            #expect(try await dashboard.browser.text("#task-why").contains("people.jsonl looks like it"))
            try await dashboard.browser.click("#task-text-regression")
            #expect(try await request(dashboard)["task"]?["type"] == "text-regression")
        }
    }

    @Test func `The learning rate is drawn with its warm-up, and every layer where they learn at their own pace`()
        async throws
    {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/new?model=all-MiniLM-L6-v2")
            let lines = "document.querySelectorAll('#schedule-preview .deep').length"
            #expect(try await dashboard.browser.run("return \(lines)") == 0)
            try await dashboard.browser.wait(until: "!document.querySelector('.layer-strip').hidden")
            try await set([("strategy.layer_decay", "0.8")], dashboard)
            #expect(try await dashboard.browser.run("return \(lines)") == 7)
            #expect(try await dashboard.browser.text("#schedule-preview figcaption").contains("the lowest of 7 blocks"))
        }
    }
}
