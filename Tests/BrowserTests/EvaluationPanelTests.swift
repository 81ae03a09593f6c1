import JSON
import Testing

/// The evaluation of a job's page, for each task.
@Suite(
    "The evaluation panel", .serialized,
    .enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
struct EvaluationPanelTests {
    @Test func `A classifier shows confusions, labels, calibration, the attack and its worst examples`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/jobs/ftjob-full")
            try await dashboard.browser.wait(until: "document.querySelector('#confusion-matrix')")
            let best = try RecordedAnswers.bestEvaluation(of: "ftjob-full")
            let labels = 7
            #expect(try await dashboard.texts("#confusion-matrix tbody th").count == labels)
            #expect(try await dashboard.texts(".classes tbody tr").count == labels)
            #expect(try await dashboard.texts("#metrics figure").count == 7)
            let temperature = try await dashboard.formatted("number", best["calibration"]?["temperature"] ?? .null, 3)
            #expect(try await dashboard.browser.text("#calibration").contains("Dividing the logits by \(temperature)"))
            let clean = try await dashboard.formatted("percent", best["metrics"]?["accuracy"] ?? .null)
            #expect(try await dashboard.texts("#attack strong").first == clean)
            #expect(try await dashboard.texts(".worst tbody tr").count == 10)
            // Another evaluation is another matrix.
            let before = try await dashboard.browser.text("#confusion-matrix")
            try await dashboard.browser.run(
                """
                const choice = document.querySelector('#evaluation-choice');
                choice.value = choice.options[0].value;
                choice.dispatchEvent(new Event('change'));
                """)
            try await dashboard.browser.wait(
                until: "document.querySelector('#confusion-matrix').innerText !== \(JSONValue.string(before).text)")
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test func `Scores are drawn beside the truth, a point each, with what they say in words`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/jobs/ftjob-reg")
            try await dashboard.browser.wait(until: "document.querySelector('#scatter .point')")
            let scores = try #require(try RecordedAnswers.bestEvaluation(of: "ftjob-reg")["scores"])
            let truth = try #require(scores["truth"]?.array), answers = try #require(scores["answers"]?.array)
            #expect(truth.count > 5)
            let titles = try await dashboard.texts("#scatter .point title")
            #expect(titles.count == truth.count)
            let first = try await (
                dashboard.formatted("number", truth[0], 3), dashboard.formatted("number", answers[0], 3)
            )
            #expect(titles.first == "Right is \(first.0), the model says \(first.1)")
            // Both axes reach as far, so a point is right where it lies on the diagonal: as far from the left as from below.
            let isPlaced = try await dashboard.browser.run(
                """
                const [, side] = document.querySelector('#scatter .ideal').getAttribute('d').match(/^M0 (\\d+)/);
                return [...document.querySelectorAll('#scatter .point')].every((point, i) => {
                    const over = (side - point.getAttribute('cy')) - point.getAttribute('cx');
                    return Math.abs(over) < 0.2 || Math.sign(over) === Math.sign(arguments[1][i] - arguments[0][i]);
                });
                """, [.array(truth), .array(answers)])
            #expect(isPlaced == true)
            let label = try await dashboard.browser.run(
                "return document.querySelector('#scatter svg').getAttribute('aria-label')")
            #expect(label.string?.contains("the truth spans") == true)
            #expect(try await dashboard.browser.complaints() == [])
            try await dashboard.expectNarrow("#/jobs/ftjob-reg")
        }
    }

    private static let tasks: [(job: String, first: String, says: String)] = [
        ("ftjob-ner", "Entity F1", "of the entities were found whole"),
        ("ftjob-reg", "Squared error", "on average"),
        ("ftjob-mlm", "Perplexity", "of the hidden words were guessed"),
        ("ftjob-emb", "Nearest is right", "the right partner is the nearest of all"),
    ]

    @Test(arguments: Self.tasks)
    func `Each task has its own metrics and says in words what they mean`(
        job: String, first: String, says: String
    ) async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.open("#/jobs/\(job)")
            try await dashboard.browser.wait(until: "document.querySelector('#metrics figure')")
            #expect(try await dashboard.texts("#metrics .label").first == first)
            #expect(try await dashboard.browser.text("#evaluation .lead").contains(says))
            let charts = "[...document.querySelectorAll('#metrics canvas')]"
            try await dashboard.browser.wait(until: "\(charts).every((each) => each.dataset.drawn === 'true')")
            #expect(try await dashboard.browser.run("return document.querySelector('#confusion-matrix')") == .null)
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test func `The panel fits a telephone, and the page its weight`() async throws {
        try await Dashboard.recorded { dashboard in
            try await dashboard.expectNarrow("#/jobs/ftjob-full")
        }
    }
}
