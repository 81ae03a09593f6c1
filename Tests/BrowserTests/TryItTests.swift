import JSON
import Testing

/// The box to try a model in, for each task.
@Suite(
    "Trying a model", .serialized,
    .enabled(if: Browser.driverPath != nil, "chromedriver is not installed (Debian: chromium-driver)"))
struct TryItTests {
    /// Opens a fine-tuned model that gives a fixed answer, and asks it.
    private func answer(
        _ model: String, _ prediction: JSONValue, to text: String? = nil, _ check: (Dashboard) async throws -> Void
    ) async throws {
        var answers = try RecordedAnswers.all().object ?? JSONObject()
        answers["POST /v1/predictions"] = ["object": "list", "data": prediction]
        try await Dashboard.lent { dashboard in
            try await dashboard.browser.answer(with: .object(answers))
            try await dashboard.open("#/models/ft%3Aall-MiniLM-L6-v2%3Aorg%3A\(model)%3A1234")
            if let text {
                try await dashboard.browser.type(text, into: "#try-text")
                try await dashboard.browser.click("#try-button")
            } else {
                try await dashboard.browser.click("#try-example")
            }
            try await dashboard.browser.wait(until: "document.querySelector('#try-result').children.length > 0")
            try await check(dashboard)
            #expect(try await dashboard.browser.complaints() == [])
        }
    }

    @Test func `Entities are marked in the text, wherever its characters are wide`() async throws {
        let entities: JSONValue = [
            ["type": "PER", "start": 2, "end": 5, "text": "Ada", "score": 0.9],
            ["type": "LOC", "start": 15, "end": 20, "text": "Turin", "score": 0.8],
        ]
        try await answer("ner", [["index": 0, "entities": entities]], to: "é Ada lives in Turin.") {
            (dashboard: Dashboard) async throws in
            #expect(try await dashboard.texts(".marked-text mark") == ["Ada PER", "Turin LOC"])
            let whole = try await dashboard.browser.run(
                "return [...document.querySelector('.marked-text').childNodes].filter((each) => each.nodeType === 3).map((each) => each.data)"
            )
            #expect(whole == ["é ", " lives in ", "."])
        }
    }

    @Test func `Several labels are shown with the share of each`() async throws {
        let scores: JSONValue = [
            ["label": "billing", "score": 0.9], ["label": "bug", "score": 0.7], ["label": "login", "score": 0.1],
        ]
        try await answer("multi", [["index": 0, "labels": ["billing", "bug"], "scores": scores]], to: "x") {
            (dashboard: Dashboard) async throws in
            #expect(try await dashboard.texts(".answer .tag") == ["billing", "bug"])
            #expect(try await dashboard.texts("#try-result .scores li[data-first=true]").count == 2)
            #expect(try await dashboard.texts("#try-result .scores li").count == 3)
        }
    }

    @Test func `A score is a number`() async throws {
        try await answer("reg", [["index": 0, "score": 3.25]], to: "x") { (dashboard: Dashboard) async throws in
            #expect(try await dashboard.texts(".answer") == ["3.250"])
        }
    }

    @Test func `Hidden words are filled in, with what else they could be`() async throws {
        let fill: JSONValue = [["token": "closed", "score": 0.6], ["token": "off", "score": 0.2]]
        try await answer("mlm", [["index": 0, "fills": [fill]]]) { (dashboard: Dashboard) async throws in
            #expect(
                try await dashboard.texts(".marked-text") == ["The pump must be closed before the valve is opened."])
            #expect(try await dashboard.texts("#try-result .scores li").count == 2)
        }
    }

    @Test func `Texts are ranked by the likeness of their vectors`() async throws {
        let vectors: [[JSONValue]] = [[1, 0], [0, 1], [1, 0.1], [1, 1]]
        try await answer("emb", .array(vectors.map { ["embedding": .array($0)] })) {
            (dashboard: Dashboard) async throws in
            let order = try await dashboard.texts("#try-result .scores .clip")
            #expect(order == ["Where is my parcel?", "Signing in does not work", "How to choose a new password"])
            let sent = try await dashboard.browser.run("return window.asked.at(-1).body.input.length")
            #expect(sent == 4)
        }
    }
}
